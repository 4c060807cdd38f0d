"""Do the branches of a schema evaluate all that those of another one do, so that no more is left to refuse?

What is left for `unevaluatedProperties` and `unevaluatedItems` depends on the branches that a value fits.
Whether it still fits them is told where the branches themselves are compared.
"""

from __future__ import annotations

from typing import Any

from leadline_openapi import pointer as pointers
from leadline_openapi.diff.reach import Evaluated, Find, as_object, parts, reach

_LISTS = ("oneOf", "anyOf")
_CONTAINED = ("contains", "minContains", "maxContains")
_TELLING = ("const", "enum")

Branches = dict[str, str]
"""Where branches stand, by what tells them apart."""


class Leaving:
    """Compares schemas of a document with those of another one; each *find* gives the schemas of one."""

    def __init__(self, find: Find, other_find: Find) -> None:
        self._find = find
        self._other_find = other_find

    def leaves_no_more(self, at: str, other: str, word: str) -> bool:
        """Whether it is plain that the schema *other* leaves for *word* no more than the one at *at* does."""
        mine, its = reach(self._find, at), reach(self._other_find, other)
        if (mine.may | its.may).has_rest(word):
            # Else it is told where members and items that nothing names are compared.
            said = _spelled(self._find, as_object(self._find(at)).get(word), ())
            if said != _spelled(self._other_find, as_object(self._other_find(other)).get(word), ()):
                return False
        lost = mine.always.names - its.always.names
        if lost and (its.may.members or its.may.patterns or lost & its.may.names):
            return False  # what always was evaluated depends on branches now
        kept = Evaluated(
            frozenset(),
            mine.always.patterns,
            mine.always.members,
            mine.always.prefix,
            mine.always.items,
        )
        return its.always.includes(kept) and self._are_branches_covered(at, other, ())

    def _is_covered(self, at: str, other: str, seen: tuple[tuple[str, str], ...]) -> bool:
        """Whether the branch *other* evaluates all that the one at *at* does."""
        if (at, other) in seen:
            return True
        mine, its = (
            reach(find, place, is_inner=True).always
            for find, place in ((self._find, at), (self._other_find, other))
        )
        return its.includes(mine) and self._are_branches_covered(at, other, (*seen, (at, other)))

    def _are_branches_covered(self, at: str, other: str, seen: tuple[tuple[str, str], ...]) -> bool:
        mine, its = _lists(self._find, at), _lists(self._other_find, other)
        return [word for word, _ in mine] == [word for word, _ in its] and all(
            key in covering and self._is_covered(place, covering[key], seen)
            for (_, branches), (_, covering) in zip(mine, its, strict=True)
            for key, place in branches.items()
        )


def _lists(find: Find, at: str) -> list[tuple[Any, Branches]]:
    """All branches below *at*, with what decides between them."""
    found: list[tuple[Any, Branches]] = []
    for place in parts(find, at):
        schema = as_object(find(place))
        found += [(word, _told_apart(find, place, word)) for word in _LISTS if word in schema]
        if "if" in schema:
            words = [word for word in ("then", "else") if word in schema]
            asked = repr(_spelled(find, schema["if"], ()))
            found.append((f"if {asked}", {word: f"{place}/{word}" for word in words}))
        if names := schema.get("dependentSchemas"):
            steps = {name: pointers.pointer(("dependentSchemas", name)) for name in names}
            found.append(("dependentSchemas", {name: place + step for name, step in steps.items()}))
        if "contains" in schema:
            said = {word: schema[word] for word in _CONTAINED if word in schema}
            found.append((f"contains {_spelled(find, said, ())!r}", {}))
    return found


def _told_apart(find: Find, at: str, word: str) -> Branches:
    """The branches of the list *word* by name, else by what they are about, else by all that they say."""
    places = [f"{at}/{word}/{index}" for index in range(len(find(at)[word]))]
    found = {_mark(find, place): place for place in places}
    if len(found) < len(places):
        found = {repr(_spelled(find, find(place), ())): place for place in places}
    return found


def _mark(find: Find, at: str) -> str:
    schema = as_object(find(at))
    if name := schema.get("$ref") or schema.get("title"):
        return str(name)
    said = [as_object(find(place)) for place in parts(find, at)]
    constants = [
        (name, [as_object(member).get(word) for word in _TELLING])
        for one in said
        for name, member in one.get("properties", {}).items()
        if not as_object(member).keys().isdisjoint(_TELLING)
    ]
    return repr(([one.get("type") for one in said if "type" in one], constants))


def _spelled(find: Find, tree: Any, seen: tuple[str, ...]) -> Any:
    """*tree* with what it refers to in the place of references."""
    if isinstance(tree, list):
        return [_spelled(find, one, seen) for one in tree]
    if not isinstance(tree, dict):
        return tree
    made = {word: _spelled(find, said, seen) for word, said in tree.items() if word != "$ref"}
    if isinstance(reference := tree.get("$ref"), str):
        at = reference[1:]
        made["$ref"] = seen.index(at) if at in seen else _spelled(find, find(at), (*seen, at))
    return made
