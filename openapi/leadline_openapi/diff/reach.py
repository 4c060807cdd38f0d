"""Which members and items the schemas that apply to one value have evaluated, for `unevaluated…` beside them.

JSON Schema Core 2020-12, section 11: `unevaluatedProperties` and `unevaluatedItems` see what the keywords
of the same schema, and the schemas that these apply to the same value, have spoken of, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from leadline_openapi import pointer as pointers

Find = Callable[[str], Any]
"""Gives the schema at a pointer."""

_LISTS = ("oneOf", "anyOf")
_BRANCHES = ("if", "then", "else")


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Members by *names* and *patterns*, the first items up to *prefix*; all *members*, all *items*."""

    names: frozenset[str] = frozenset()
    patterns: frozenset[str] = frozenset()
    members: bool = False
    prefix: int = 0
    items: bool = False

    def __or__(self, other: Evaluated) -> Evaluated:
        return Evaluated(
            self.names | other.names,
            self.patterns | other.patterns,
            self.members or other.members,
            max(self.prefix, other.prefix),
            self.items or other.items,
        )

    def has_rest(self, word: str) -> bool:
        """Whether what nothing names may be evaluated, so that it is not left for *word*."""
        return self.items if word == "unevaluatedItems" else self.members or bool(self.patterns)

    def includes(self, other: Evaluated) -> bool:
        """Whether that is plainly all of *other*, and maybe more."""
        are_members = self.members or (
            not other.members and self.names >= other.names and self.patterns >= other.patterns
        )
        return are_members and (self.items or (not other.items and self.prefix >= other.prefix))


@dataclass(frozen=True, slots=True)
class Reach:
    """What a schema evaluates *always*, and what it *may* evaluate: if some branch of it holds."""

    always: Evaluated
    may: Evaluated

    @property
    def either(self) -> Evaluated:
        """What may have been evaluated, for whatever reason."""
        return self.always | self.may

    def depends(self, word: str) -> bool:
        """Whether it depends on the value what is left for *word*, `unevaluatedProperties` or `…Items`."""
        if word == "unevaluatedItems":
            named = self.may.prefix > self.always.prefix
            return not self.always.items and (named or self.may.has_rest(word))
        named = not self.may.names <= self.always.names
        return not self.always.members and (named or self.may.has_rest(word))


def reach(find: Find, at: str, *, is_inner: bool = False) -> Reach:
    """What the schema at *at* evaluates, apart from what its own `unevaluated…` do, unless *is_inner*."""
    always = parts(find, at)
    below = tuple(one for place in always for one in branches(place, find(place)))
    found = Evaluated()
    for place in always:
        found |= _own(find(place), is_inner=is_inner or place != at)
    inner = _closure(find, below, _inner)
    # Which items `contains` evaluates is up to the items.
    may = Evaluated(items=any("contains" in as_object(find(place)) for place in (*always, *inner)))
    for place in inner:
        may |= _own(find(place), is_inner=True)
    return Reach(found, may)


def parts(find: Find, at: str) -> tuple[str, ...]:
    """The schemas that apply whenever the one at *at* does, by `$ref` and `allOf`; itself first."""
    return _closure(find, (at,), _parts)


def _own(schema: Any, *, is_inner: bool) -> Evaluated:
    schema = as_object(schema)
    return Evaluated(
        names=frozenset(schema.get("properties", ())),
        patterns=frozenset(schema.get("patternProperties", ())),
        members="additionalProperties" in schema
        or (is_inner and "unevaluatedProperties" in schema),
        prefix=len(schema.get("prefixItems", ())),
        items="items" in schema or (is_inner and "unevaluatedItems" in schema),
    )


def _closure(
    find: Find, starts: tuple[str, ...], following: Callable[[str, Any], Iterator[str]]
) -> tuple[str, ...]:
    found: dict[str, None] = {}
    waiting = list(reversed(starts))
    while waiting:
        at = waiting.pop()
        if at not in found:
            found[at] = None
            waiting += reversed(list(following(at, find(at))))
    return tuple(found)


def _inner(at: str, schema: Any) -> Iterator[str]:
    yield from _parts(at, schema)
    yield from branches(at, schema)


def _parts(at: str, schema: Any) -> Iterator[str]:
    """The schemas that apply whenever *schema* does."""
    schema = as_object(schema)
    if isinstance(reference := schema.get("$ref"), str):
        yield reference[1:]
    yield from (f"{at}/allOf/{index}" for index in range(len(schema.get("allOf", ()))))


def branches(at: str, schema: Any) -> Iterator[str]:
    """The schemas that may hold, or not, where *schema* does."""
    schema = as_object(schema)
    for word in _LISTS:
        yield from (f"{at}/{word}/{index}" for index in range(len(schema.get(word, ()))))
    yield from (f"{at}/{word}" for word in _BRANCHES if word in schema)
    for name in schema.get("dependentSchemas", ()):
        yield at + pointers.pointer(("dependentSchemas", name))


def as_object(schema: Any) -> dict[str, Any]:
    """*schema*; one that is `true` or `false` has no keywords."""
    return schema if isinstance(schema, dict) else {}
