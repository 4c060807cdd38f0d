"""Compare `oneOf` and `anyOf`: which variant faces which, and what is added or removed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Any

from leadline_openapi import pointer as pointers
from leadline_openapi.diff.apart import are_apart
from leadline_openapi.diff.difference import Difference, relation
from leadline_openapi.diff.facing import NEW, OLD, covers, referring
from leadline_openapi.diff.grounds import PROVEN, UNDECIDED, Held
from leadline_openapi.diff.identical import asserted
from leadline_openapi.diff.view import Places, View
from leadline_openapi.diff.walk import SAME, Pair

if TYPE_CHECKING:
    from leadline_openapi.diff.nodes import Nodes

_KEYWORDS = {"one-of": "oneOf", "any-of": "anyOf"}
_WRAPPING = frozenset(("$ref", "allOf", "discriminator"))
"""What else stands beside variants, and says no more of itself."""
Branches = tuple[str, ...]


def differences(nodes: Nodes, pair: Pair, old: View, new: View) -> Iterator[Difference]:
    """Variants that are added and removed; those that face each other are compared later."""
    for name, keyword in _KEYWORDS.items():
        before, after = old.variants(keyword), new.variants(keyword)
        if len(before) != len(after):
            yield from _as_wholes(nodes, name, pair, old, new)
            continue
        for left, right in zip(before, after, strict=True):
            yield from _Variants(nodes, pair, keyword, left, right).differences()


def is_among(nodes: Nodes, which: int, pair: Pair) -> bool:
    """
    Whether the schemas of the document *which* are proven to fit variants that the other one is made of.

    They do where one variant is written as they are, and, of `oneOf`, no other one has a value with it in
    common. So it is proven of schemas too that lead back to themselves.
    """
    facing, other = nodes.facing, 1 - which
    seen = facing.view(other, pair[other])
    said = [(part, asserted(part.schema).keys() - _WRAPPING) for part in seen.parts]
    if seen.impossible or any(not words <= {*_KEYWORDS.values()} for _, words in said):
        return False
    for keyword in _KEYWORDS.values():
        for branches in seen.variants(keyword):
            alike = [at for at in branches if _is_alike(nodes, which, pair[which], at)]
            rest = [at for at in branches if at not in alike[:1]]
            if not alike or (
                keyword == "oneOf"
                and not all(are_apart(facing, other, (alike[0],), (at,)) for at in rest)
            ):
                return False
    return True


def _is_alike(nodes: Nodes, which: int, places: Places, branch: str) -> bool:
    """Whether *places* of the document *which* say what *branch* of the other one does."""
    both = (referring(places), referring((branch,)))
    return nodes.identity.are(*(both if which == OLD else both[::-1]))


def _as_wholes(nodes: Nodes, name: str, pair: Pair, old: View, new: View) -> Iterator[Difference]:
    before, after = old.aspect(name), new.aspect(name)
    forward = nodes.judge.asks(OLD, pair[OLD], after)
    backward = nodes.judge.asks(NEW, pair[NEW], before)
    keyword = _KEYWORDS[name]
    found = Difference(
        code=f"{name}-{relation(forward, backward)}",
        pair=pair,
        old_at=(old.first(keyword) or (next(iter(pair[OLD]), None),))[0],
        new_at=(new.first(keyword) or (next(iter(pair[NEW]), None),))[0],
        forward=forward,
        backward=backward,
    )
    if found.is_one:
        yield found


class _Variants:
    """One list of variants, and the list that it has become."""

    def __init__(
        self, nodes: Nodes, pair: Pair, keyword: str, old: Branches, new: Branches
    ) -> None:
        self._nodes = nodes
        self._pair = pair
        self._keyword = keyword
        self._old = old
        self._new = new

    def differences(self) -> Iterator[Difference]:
        facing, removed, added = self._matched()
        for one, other in facing:
            self._nodes.enter(self._pair, (one,), (other,), SAME)
        for at in removed:
            yield from self._gone(OLD, at)
        for at in added:
            yield from self._gone(NEW, at)
        changed = removed or added or any(not self._are_alike(*both) for both in facing)
        if self._keyword == "oneOf" and changed:
            yield from self._overlap()

    def _matched(self) -> tuple[list[tuple[str, str]], list[str], list[str]]:
        """Which variants are the same, by what they say, then by name, then by what they are about."""
        left, right = list(self._old), list(self._new)
        found: list[tuple[str, str]] = []
        for fits in (self._are_alike, self._are_namesakes, self._are_about_one):
            for one in list(left):
                other = next((other for other in right if fits(one, other)), None)
                if other is not None:
                    found.append((one, other))
                    left.remove(one)
                    right.remove(other)
        if len(left) == len(right) == 1:
            return [*found, (left[0], right[0])], [], []
        return found, left, right

    def _are_alike(self, old: str, new: str) -> bool:
        return self._nodes.identity.are(
            *(self._source(which, at) for which, at in ((OLD, old), (NEW, new)))
        )

    def _are_namesakes(self, old: str, new: str) -> bool:
        one, other = (self._name(which, at) for which, at in ((OLD, old), (NEW, new)))
        return one != "" and one == other

    def _are_about_one(self, old: str, new: str) -> bool:
        one, other = (self._marks(which, at) for which, at in ((OLD, old), (NEW, new)))
        return one == other

    def _source(self, which: int, at: str) -> Any:
        return self._nodes.facing.source(which, at)

    def _name(self, which: int, at: str) -> str:
        source = self._source(which, at)
        if not isinstance(source, dict):
            return ""
        if isinstance(reference := source.get("$ref"), str):
            return pointers.tokens(reference[1:])[-1]
        return str(source.get("title", ""))

    def _marks(self, which: int, at: str) -> tuple[Any, ...]:
        """The types of a variant, and the values of its members that can have one only."""
        seen = self._nodes.facing.view(which, (at,))
        constants = []
        for name in seen.names:
            values = self._nodes.facing.view(which, seen.member(name)).aspect("enum")
            constants += [(name, repr(value.get("const", value.get("enum")))) for value in values]
        return sorted(seen.types), constants

    def _gone(self, which: int, at: str) -> Iterator[Difference]:
        """The variant *at* of the document *which* has none that faces it."""
        others = self._new if which == OLD else self._old
        held = self._nodes.judge.asks(
            which, self._pair[which], [{"anyOf": referring(others)}], seeds=(at,)
        )
        both = (held, PROVEN) if which == OLD else (PROVEN, held)
        found = Difference(
            code="variant-removed" if which == OLD else "variant-added",
            pair=self._pair,
            old_at=at if which == OLD else _list_at(self._old),
            new_at=at if which == NEW else _list_at(self._new),
            forward=both[0],
            backward=both[1],
            name=self._name(which, at),
        )
        if found.is_one:
            yield found

    def _overlap(self) -> Iterator[Difference]:
        """Values that were valid under one variant, and are now under several, or the other way round."""
        forward, backward = self._stays_single(OLD), self._stays_single(NEW)
        found = Difference(
            code=f"one-of-{relation(forward, backward)}",
            pair=self._pair,
            old_at=_list_at(self._old),
            new_at=_list_at(self._new),
            forward=forward,
            backward=backward,
        )
        if found.is_one:
            yield found

    def _stays_single(self, which: int) -> Held:
        """Whether what fits one variant of the document *which* fits no two of the other one's."""
        others = self._new if which == OLD else self._old
        facing = self._nodes.facing
        pairs = combinations(others, 2)
        if all(are_apart(facing, 1 - which, (one,), (other,)) for one, other in pairs):
            return PROVEN
        if self._are_narrower(which):
            return PROVEN

        def fits_several(value: Any) -> bool:
            return sum(facing.is_valid(1 - which, (at,), value) for at in others) > 1

        own = self._pair[which]
        about = referring(others)
        return self._nodes.judge.search(which, own, about, fits_several) or UNDECIDED

    def _are_narrower(self, which: int) -> bool:
        """Whether each variant of the other document admits no more than one of its own here."""
        own = self._old if which == OLD else self._new
        others = self._new if which == OLD else self._old
        alike = self._are_alike if which == OLD else lambda one, at: self._are_alike(at, one)
        free = list(own)
        forms = {at: self._nodes.facing.canonical(which, referring((at,))) for at in own}
        for at in others:
            form = self._nodes.facing.canonical(1 - which, referring((at,)))
            fitting = (one for one in free if covers(forms[one], form) or alike(one, at))
            match = next(fitting, None)
            if match is None:
                return False
            free.remove(match)
        return True


def _list_at(branches: Branches) -> str | None:
    return branches[0].rpartition("/")[0] if branches else None
