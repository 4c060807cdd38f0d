"""Schemas drafted from values that were seen, no bolder than these show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from leadline_openapi import jsontext
from leadline_openapi.leniency.faults import json_type

Facts = Mapping[str, str]
"""What is known of a request that was refused: texts by the words that `x-violation` has for them."""

_DISTINCT = 8
"""So many values of one place are told apart."""
_VARIANTS = 4
_LONGEST = 40
"""Characters of a text that may be a name, and no person's words."""


@dataclass(slots=True)
class Shape:
    """All values that were seen at one place."""

    count: int = 0
    types: Counter[str] = field(default_factory=Counter)
    values: list[Any] = field(default_factory=list)
    variants: dict[frozenset[str], dict[str, Shape]] = field(default_factory=dict)
    sizes: Counter[frozenset[str]] = field(default_factory=Counter)
    items: Shape | None = None
    empty: bool = False
    told: set[str] | None = None

    def take(self, value: Any, facts: Facts) -> None:
        """Note *value*, the answer to a request of which *facts* are known."""
        self.count += 1
        self.types[json_type(value)] += 1
        if isinstance(value, dict):
            names = frozenset(value)
            self.sizes[names] += 1
            members = self.variants.setdefault(names, {})
            for name, one in value.items():
                members.setdefault(name, Shape()).take(one, facts)
        elif isinstance(value, list):
            self.items = self.items or Shape()
            self.empty = self.empty or not value
            for one in value:
                self.items.take(one, facts)
        else:
            self._scalar(value, facts)

    def _scalar(self, value: Any, facts: Facts) -> None:
        if len(self.values) < _DISTINCT and not any(
            jsontext.same(value, one) for one in self.values
        ):
            self.values.append(value)
        if isinstance(value, str) and facts:
            telling = {name for name, fact in facts.items() if fact and fact == value}
            self.told = telling if self.told is None else self.told & telling

    def merge(self, other: Shape) -> None:
        """Note all that *other* has seen."""
        self.count += other.count
        self.types += other.types
        self.sizes += other.sizes
        for one in other.values:
            if len(self.values) < _DISTINCT and not any(
                jsontext.same(one, known) for known in self.values
            ):
                self.values.append(one)
        for names, members in other.variants.items():
            _merge_members(self.variants.setdefault(names, {}), members)
        if other.items:
            self.items = self.items or Shape()
            self.items.merge(other.items)
        self.empty = self.empty or other.empty
        if other.told is not None:
            self.told = other.told if self.told is None else self.told & other.told

    @property
    def constant(self) -> bool:
        """Whether always the same value was seen, and no text that a person is to read."""
        if len(self.values) != 1 or len(self.types) != 1:
            return False
        value = self.values[0]
        return not isinstance(value, str) or _is_name(value)

    @property
    def forked(self) -> bool:
        """Whether it comes in shapes that nothing tells apart: its schema has branches."""
        inner = [one for members in self.variants.values() for one in members.values()]
        inner += [self.items] if self.items else []
        return self._branched or any(one.forked for one in inner)

    @property
    def _common(self) -> frozenset[str]:
        """The members that are always there."""
        return frozenset.intersection(*self.variants)

    @property
    def _members(self) -> dict[str, Shape]:
        """All members, those of the most frequent shape first."""
        every: dict[str, Shape] = {}
        for names, _ in self.sizes.most_common():
            _merge_members(every, self.variants[names])
        return every

    @property
    def _branched(self) -> bool:
        """Whether members come and go, for no reason that their texts tell."""
        if len(self.variants) < 2 or len(self.types) != 1:
            return False
        optional = self._members.keys() - self._common
        return not all(self._members[name].told for name in optional)

    def schema(self, *, refusal: bool) -> dict[str, Any]:
        """
        The JSON Schema of what was seen.

        In a *refusal*, texts tell of violations, as `x-violation` says where a property may.
        """
        if len(self.types) != 1:
            return {"type": sorted(self.types)} if self.types else {}
        kind = next(iter(self.types))
        if kind == "object":
            return self._object(refusal=refusal)
        if kind == "array":
            return self._array(refusal=refusal)
        if self.constant:
            return {"type": kind, "const": self.values[0]}
        return {"type": kind, "examples": self.values[:1]}

    def property(self, *, refusal: bool) -> dict[str, Any]:
        """The schema of what was seen as a property."""
        if not refusal or set(self.types) != {"string"}:
            return self.schema(refusal=refusal)
        if self.told:
            fact = next(name for name in _FACTS if name in self.told)
            return {"type": "string", "minLength": 1, "x-violation": f"{{{fact}}}"}
        if self.constant:
            return self.schema(refusal=refusal)
        return {"type": "string", "x-violation": "{message}"}

    def _array(self, *, refusal: bool) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "array"}
        if not self.empty:
            schema["minItems"] = 1
        if self.items and self.items.count:
            schema["items"] = self.items.schema(refusal=refusal)
        return schema

    def _object(self, *, refusal: bool) -> dict[str, Any]:
        if self._branched:
            return {"anyOf": self._branches(refusal=refusal)}
        return _object(self._members, self._common, refusal=refusal)

    def _branches(self, *, refusal: bool) -> list[dict[str, Any]]:
        """A schema for each of the sets of members, the most frequent first; the rarest are put together."""
        ranked = [names for names, _ in self.sizes.most_common()]
        head, tail = ranked[: _VARIANTS - 1], ranked[_VARIANTS - 1 :]
        found = [_object(self.variants[names], names, refusal=refusal) for names in head]
        if tail:
            rest: dict[str, Shape] = {}
            for names in tail:
                _merge_members(rest, self.variants[names])
            found.append(_object(rest, frozenset.intersection(*tail), refusal=refusal))
        return found


def shape_of(values: Iterable[Any]) -> Shape:
    """What *values*, which no refusals are, have in common."""
    shape = Shape()
    for value in values:
        shape.take(value, {})
    return shape


_FACTS = ("field", "pointer", "property", "words", "keyword", "location")
"""What a text may tell of a violation, the most telling first."""


def _object(
    members: Mapping[str, Shape], required: frozenset[str], *, refusal: bool
) -> dict[str, Any]:
    needed = [name for name in members if name in required]
    return {
        "type": "object",
        **({"required": needed} if needed else {}),
        "properties": {name: one.property(refusal=refusal) for name, one in members.items()},
    }


def _merge_members(known: dict[str, Shape], more: Mapping[str, Shape]) -> None:
    for name, one in more.items():
        known.setdefault(name, Shape()).merge(one)


def _is_name(text: str) -> bool:
    """Whether *text* may be a name or a code."""
    return 0 < len(text) <= _LONGEST and not any(character.isspace() for character in text)
