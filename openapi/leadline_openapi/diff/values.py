"""Values that may tell two schemas apart: those that one offers, and those at the limits of both.

They are guesses, in a fixed order; whoever takes one has both validators judge it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import islice, product
from typing import Any

import jsonschema_rs

from leadline_openapi.diff import regular, scalars
from leadline_openapi.diff.facing import Facing
from leadline_openapi.diff.hints import Hints
from leadline_openapi.diff.references import refers
from leadline_openapi.diff.view import Places
from leadline_openapi.flatten import Flat

UNKNOWN = "leadlineUnknown"
"""A member that no contract declares."""

_DEPTH = 4
_WIDE = 1
"""Deeper than this, objects have no more members than they must: webs of schemas are large."""
_FEW = 4
_MEMBERS = 30
_LONGEST = 300
_WAYS = 30
_FREE = (UNKNOWN, "z", "y", "x", "d", "c", "b", "a", "A", "0", "name")
_KINDS = ("number", "string", "array", "object")
_BY_NAME = frozenset(("patternProperties", "unevaluatedProperties", "unevaluatedItems"))
_ANYTHING: tuple[Any, ...] = (
    *(None, True, 0, 1.5, "text", "", [], {}, [None, "text"], {UNKNOWN: None}),
)


class Maker:
    """
    Makes values for the schemas of the document *which* of *facing*.

    *hints* are what the other one says.
    """

    def __init__(self, facing: Facing, which: int, hints: Hints) -> None:
        self._library = facing.libraries[which]
        self._fits = partial(facing.is_valid, which)
        self._view = partial(facing.view, which)
        self._hints = hints
        self._known: dict[tuple[Places, int], list[Any]] = {}

    def values(self, places: Places, depth: int = 0) -> Iterator[Any]:
        """Values that may be valid against all schemas at *places*, the likeliest first."""
        flat = self._flat(places)
        if flat.impossible:
            return
        yield from _offered(flat)
        yield from self._hints.values
        for branch in flat.branches if depth < _DEPTH else ():
            yield from self._branch(flat, branch, depth)
        is_typed = "type" in flat.keywords
        likely = (
            flat.types if is_typed or flat.properties or flat.items or not flat.branches else ()
        )
        for name in likely:
            yield from self._typed(name, flat, depth)
        if not is_typed:
            yield from _ANYTHING
            for name in _KINDS:
                if name not in likely:
                    yield from self._typed(name, flat, depth)

    def few(self, places: Places, depth: int) -> list[Any]:
        """Some values that are valid against all schemas at *places*; empty where none was found."""
        key = (places, min(depth, _DEPTH))
        if key not in self._known:
            self._known[key] = []  # a schema that contains itself needs none of itself
            tried = islice(self.values(places, depth), 200)
            fitting = (one for one in tried if self._fits(places, one))
            self._known[key] = list(islice(fitting, _FEW))
        return self._known[key]

    def objects(self, places: Places) -> Iterator[dict[str, Any]]:
        """Objects to put a member into: with what is required, and with everything."""
        flat = self._flat(places)
        for full in (False, True):
            yield self._object(flat, 0, full=full)
        for branch in flat.branches:
            for value in self.few((branch,), 1):
                if isinstance(value, dict):
                    yield {**self._object(flat, 0, full=False), **value}

    def lists(self, places: Places, index: int | None, value: Any) -> Iterator[list[Any]]:
        """Lists that have *value* at *index*; behind the first items, for `None`."""
        flat = self._flat(places)
        at = len(flat.prefix) if index is None else index
        yield from self._lists(flat, 0, {at: value})

    def free_names(self, places: Places) -> list[str]:
        """Names that the schemas at *places* do not declare, and allow for a member."""
        return self._free(self._flat(places))[:_FEW]

    def _flat(self, places: Places) -> Flat:
        """What the schemas at *places* say, patterns and `unevaluated…` included."""
        flat = self._library.flat(places)
        if _BY_NAME.isdisjoint(flat.keywords):
            return flat
        seen = self._view(places)
        examples = [name for one in seen.patterns for name in (regular.texts(one, 0, 20) or [])[:1]]
        names = (*flat.properties, *flat.keywords.get("required", ()), *examples)
        return replace(
            flat,
            properties={name: seen.member(name) for name in names},
            extra=seen.extra,
            items=seen.item(None),
            prefix=tuple(seen.item(index) for index in range(seen.prefix)),
        )

    def _branch(self, flat: Flat, branch: str, depth: int) -> Iterator[Any]:
        outer: dict[str, Any] | None = None
        for value in islice(self.values((branch,), depth + 1), 40):
            if isinstance(value, dict) and (flat.properties or flat.keywords.get("required")):
                outer = self._object(flat, depth, full=False) if outer is None else outer
                yield {**outer, **value}
            yield value

    def _typed(self, name: str, flat: Flat, depth: int) -> Iterator[Any]:
        match name:
            case "object":
                yield from self._objects(flat, depth)
            case "array":
                yield from self._arrays(flat, depth)
            case "string":
                yield from scalars.texts(flat, self._hints)
            case "integer" | "number":
                yield from scalars.numbers(flat, self._hints, whole=name == "integer")
            case "boolean":
                yield from (True, False)
            case _:
                yield None

    def _object(self, flat: Flat, depth: int, *, full: bool) -> dict[str, Any]:
        required = flat.keywords.get("required", [])
        names = [name for name in flat.properties if full or name in required][: _MEMBERS * 4]
        made = {}
        for name in [*names, *(name for name in required if name not in flat.properties)]:
            if found := self._member(flat, name, depth):
                made[name] = found[0]
        missing = int(flat.keywords.get("minProperties", 0)) - len(made)
        return {**made, **self._more(flat, depth, min(100, missing), made)} if missing > 0 else made

    def _more(self, flat: Flat, depth: int, count: int, made: Mapping[str, Any]) -> dict[str, Any]:
        """So many further members, declared ones first."""
        declared = [name for name in flat.properties if name not in made]
        free = [name for name in self._free(flat) if name not in made]
        names = [*declared, *free, *(f"member{number}" for number in range(count))]
        found: dict[str, Any] = {}
        for name in names:
            if len(found) >= count:
                break
            if values := self._member(flat, name, depth):
                found[name] = values[0]
        return found

    def _member(self, flat: Flat, name: str, depth: int) -> list[Any]:
        if depth >= _DEPTH + 2:
            return []
        return self.few(flat.properties.get(name, flat.extra), depth + 1)

    def _free(self, flat: Flat) -> list[str]:
        rule = flat.keywords.get("propertyNames", True)
        names = list(_FREE)
        if isinstance(rule, dict):
            for pattern in (rule["pattern"],) if "pattern" in rule else ():
                names += regular.texts(pattern, 0, 20) or []
            names += [name for name in rule.get("enum", ()) if isinstance(name, str)]
        if isinstance(rule, dict) and not refers(rule):
            is_allowed = jsonschema_rs.Draft202012Validator(rule).is_valid
            names = [name for name in names if is_allowed(name)]
        return [name for name in dict.fromkeys(names) if name not in flat.properties]

    def _objects(self, flat: Flat, depth: int) -> Iterator[dict[str, Any]]:
        least = self._object(flat, depth, full=False)
        yield least
        if depth > _WIDE:
            return
        most = self._object(flat, depth, full=True)
        yield most
        unknown = next(iter(self.few(flat.extra, depth + 1)), None) if flat.extra else None
        for name in [*self._free(flat)[:2], UNKNOWN]:
            yield {**least, name: unknown}
        for name in [*flat.properties, *self._hints.names][: _MEMBERS * 2]:
            for value in self._member(flat, name, depth):
                yield {**least, name: value}
            if name in most:
                yield {key: value for key, value in most.items() if key != name}
                yield {key: value for key, value in least.items() if key != name}
        for name in ("", "ä", "A", *(name for name in _FREE if name not in flat.properties)):
            yield {**least, name: unknown}
        for count in self._hints.lengths if not flat.keywords.get("required") else ():
            yield self._more(flat, depth, min(count, 100), {})
        for count in self._hints.lengths:
            yield {**least, **self._more(flat, depth, min(count, 100) - len(least), least)}

    def _arrays(self, flat: Flat, depth: int) -> Iterator[list[Any]]:
        yield from self._lists(flat, depth, {})
        first = [next(iter(self.few(places, depth + 1)), None) for places in flat.prefix]
        for value in self._hints.values:
            yield [*first, value]
        if not flat.items:
            yield from ([*first, value] for value in _ANYTHING)

    def _lists(self, flat: Flat, depth: int, fixed: Mapping[int, Any]) -> Iterator[list[Any]]:
        words = flat.keywords
        least, most = int(words.get("minItems", 0)), int(words.get("maxItems", _LONGEST))
        prefix = len(flat.prefix)
        own = {least, least + 1, most, prefix, prefix + 1, prefix + 2}
        lowest = max(fixed, default=-1) + 1
        lengths = {length for length in own | set(self._hints.lengths) if length <= _LONGEST}
        for length in sorted({max(lowest, length) for length in lengths}):
            pools = [
                [fixed[at]] if at in fixed else self._pool(flat, at, depth) for at in range(length)
            ]
            if all(pools):
                yield from _chosen(pools)

    def _pool(self, flat: Flat, at: int, depth: int) -> list[Any]:
        """Values for the item *at*, those that `contains` asks for among them."""
        if depth >= _DEPTH + 2:
            return []
        prefix = flat.prefix
        found = list(self.few(prefix[at] if at < len(prefix) else flat.items, depth + 1))
        if isinstance(flat.keywords.get("contains"), dict):
            found += self.few((flat.rules["contains"],), depth + 1)
        return found if at < len(prefix) else [*found, *_distinct(flat, found)]


def _chosen(pools: list[list[Any]]) -> Iterator[list[Any]]:
    """Lists with an item from each of *pools*: all alike, all different, and many ways if they are short."""
    for shift in range(_FEW):
        yield [pool[shift % len(pool)] for pool in pools]
    yield [pool[at % len(pool)] for at, pool in enumerate(pools)]
    yield [pool[-1 - at % len(pool)] for at, pool in enumerate(pools)]
    if 1 < len(pools) <= _FEW:
        yield from map(list, islice(product(*pools), _WAYS))


def _offered(flat: Flat) -> Iterator[Any]:
    for word in ("const", "default", "example"):
        if word in flat.keywords:
            yield flat.keywords[word]
    yield from flat.keywords.get("examples", ())
    yield from flat.keywords.get("enum", ())


def _distinct(flat: Flat, pool: list[Any]) -> list[Any]:
    """Items that differ, where they may be any text or number."""
    if not flat.items:
        return list(range(_LONGEST))
    if pool and all(isinstance(value, str) for value in pool):
        return [f"{pool[0]}{number}" for number in range(20)]
    if pool and all(isinstance(one, int) and not isinstance(one, bool) for one in pool):
        return list(range(_LONGEST))
    return []
