"""One plain value for a schema: what the contract itself offers first, else the simplest that fits.

Deterministic, so that a mock's answers and a suite's cases repeat. The value is confirmed by the schema's
own validator; where keywords interact in a way that is not followed here, there is none.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from leadline_openapi.flatten import Flat, Places
from leadline_openapi.schema import Library, Schema

_DEPTH = 12
_DISTINCT = "abcdefghij"
"""For arrays whose items must differ."""
_FORMATS = {
    "date-time": "2024-01-01T00:00:00Z",
    "date": "2024-01-01",
    "time": "00:00:00Z",
    "duration": "PT1H",
    "email": "someone@example.com",
    "hostname": "example.com",
    "ipv4": "127.0.0.1",
    "ipv6": "::1",
    "uri": "https://example.com/",
    "uri-reference": "/",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "byte": "AA==",
}


class NoSample(Exception):
    """No value was found for the schema."""


def sample(schema: Schema, *, full: bool = False) -> Any:
    """
    A value that is valid against *schema*; with *full*, optional members are there too.

    Raises `NoSample` when none was found, which does not prove that there is none.
    """
    return _Sampler(schema.library, full=full).first((schema.pointer,), 0)


def sampled(schema: Schema, *, full: bool = False) -> Any:
    """`sample`, remembered; whoever wants to change the value copies it. Raises `NoSample`."""
    known = _samples.setdefault(schema, {})
    if full not in known:
        try:
            known[full] = sample(schema, full=full)
        except NoSample as error:
            known[full] = error
    if isinstance(known[full], NoSample):
        raise known[full]
    return known[full]


_samples: WeakKeyDictionary[Schema, dict[bool, Any]] = WeakKeyDictionary()


class _Sampler:
    def __init__(self, library: Library, *, full: bool) -> None:
        self._library = library
        self._full = full

    def candidates(self, places: Places, depth: int) -> Iterator[Any]:
        """Values that may fit, the likeliest first; a handful at most."""
        if depth > _DEPTH:
            raise NoSample("the schema needs endless nesting")
        flat = self._library.flat(places)
        if flat.impossible:
            return
        yield from _offered(flat)
        if not flat.branches:
            for name in flat.types:
                yield from self._typed(name, flat, depth)
            return
        for branch in flat.branches:
            try:
                yield from self._branch(flat, branch, depth)
            except NoSample:
                continue

    def first(self, places: Places, depth: int) -> Any:
        """The likeliest value that every schema at *places* admits."""
        for candidate in self._fitting(places, depth):
            return candidate
        raise NoSample(f"no value was found for the schema at {', '.join(places)}")

    def _fitting(self, places: Places, depth: int) -> Iterator[Any]:
        schemas = [Schema(place, self._library) for place in places]
        for candidate in self.candidates(places, depth):
            if all(schema.is_valid(candidate) for schema in schemas):
                yield candidate

    def _branch(self, flat: Flat, branch: str, depth: int) -> Iterator[Any]:
        """The values of one branch; where it is an object, with the members required beside it."""
        own = self._library.flat((branch,))
        for candidate in self.candidates((branch,), depth + 1):
            if isinstance(candidate, dict) and (flat.properties or own.properties):
                yield {**self._object(flat, depth), **candidate}
            else:
                yield candidate

    def _typed(self, name: str, flat: Flat, depth: int) -> Iterator[Any]:
        match name:
            case "object":
                yield self._object(flat, depth)
            case "array":
                yield self._array(flat, depth)
            case "string":
                yield from _strings(flat.keywords)
            case "integer" | "number":
                yield from _numbers(flat.keywords, whole=name == "integer")
            case "boolean":
                yield from (True, False)
            case _:
                yield None

    def _object(self, flat: Flat, depth: int) -> dict[str, Any]:
        required = flat.keywords.get("required", [])
        names = [name for name in flat.properties if self._full or name in required]
        made: dict[str, Any] = {}
        for name in [*names, *(name for name in required if name not in flat.properties)]:
            try:
                made[name] = self.first(flat.properties.get(name, flat.extra), depth + 1)
            except NoSample:
                if name in required:
                    raise
        for number in range(len(made), int(flat.keywords.get("minProperties", 0))):
            made[f"member{number}"] = self.first(flat.extra, depth + 1)
        return made

    def _array(self, flat: Flat, depth: int) -> list[Any]:
        made = [self.first(places, depth + 1) for places in flat.prefix]
        usual = min(1, int(flat.keywords.get("maxItems", 1))) if self._full else 0
        wanted = int(flat.keywords.get("minItems", usual))
        if wanted > len(made):
            pool = list(self._fitting(flat.items, depth + 1))
            while len(made) < wanted and pool:
                unused = [value for value in pool if value not in made]
                made.append(unused[0] if unused else pool[0])
        return made


def _offered(flat: Flat) -> Iterator[Any]:
    for word in ("const", "default", "example"):
        if word in flat.keywords:
            yield flat.keywords[word]
    yield from flat.keywords.get("examples", ())
    yield from flat.keywords.get("enum", ())


def _strings(keywords: Any) -> Iterator[str]:
    shortest = int(keywords.get("minLength", 0))
    longest = int(keywords.get("maxLength", max(shortest, 6)))
    if keywords.get("format") in _FORMATS:
        yield _FORMATS[keywords["format"]]
    if "pattern" in keywords:
        yield from _matching(keywords["pattern"], shortest, keywords.get("maxLength"))
    yield "string"[:longest].ljust(shortest, "x")
    for character in _DISTINCT:
        yield character.ljust(shortest, "x")[: max(1, longest)]


@cache
def _matching(pattern: str, shortest: int, longest: int | None) -> tuple[str, ...]:
    """Strings for *pattern*, found by Hypothesis: slow, so only schemas with a pattern pay for it, once."""
    import re

    from hypothesis import HealthCheck, errors, find, settings
    from hypothesis import strategies as st

    patient = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)
    quiet = settings(database=None, derandomize=True, suppress_health_check=patient)
    try:
        found = find(
            st.from_regex(re.compile(pattern)),
            lambda text: shortest <= len(text) <= (longest or math.inf) and text.isprintable(),
            settings=quiet,
        )
    except (errors.HypothesisException, re.error):
        return ()
    return (found,)


def _numbers(keywords: Any, *, whole: bool) -> Iterator[float]:
    step = keywords.get("multipleOf", 1 if whole else None)
    low = keywords.get("minimum", keywords.get("exclusiveMinimum"))
    high = keywords.get("maximum", keywords.get("exclusiveMaximum"))
    beside = [
        bound + by
        for bound, by in ((low, 1), (low, 0.5), (high, -1), (high, -0.5))
        if bound is not None
    ]
    middle = [(low + high) / 2] if low is not None and high is not None else []
    for value in (0, 1, low, high, *beside, *middle, *range(2, len(_DISTINCT))):
        if value is not None:
            found = _multiple(value, step, up=low is not None) if step else value
            yield int(found) if whole and found == int(found) else found


def _multiple(value: float, step: float, *, up: bool) -> float:
    count = math.ceil(value / step) if up else math.floor(value / step)
    return count * step
