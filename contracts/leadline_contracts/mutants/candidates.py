"""Values to try a schema with. Not the certificate's: a suite must not be judged by its own cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import permutations
from typing import Any
from weakref import WeakKeyDictionary

from leadline_contracts.schemas import certain
from leadline_openapi import jsontext
from leadline_openapi.flatten import Places
from leadline_openapi.sample import NoSample, sample
from leadline_openapi.schema import Library, Schema

_DEPTH = 3
_TEXTS = (
    "",
    "a",
    "A",
    "text",
    " padded ",
    "MiXed Case",
    "e\u0301t\u00e9 \U0001f697",
    "0",
    "lorem ipsum " * 40,
)
_NUMBERS = (0, 1, -1, 2, 10, 0.5, -0.25, 123.456, 2**31, -(2**31) - 1, 2**53 - 1, 10**20)


def finite(library: Library, places: Places) -> list[Any] | None:
    """Every value that the schemas at *places* admit, where they list them; else `None`."""
    flat = library.flat(places)
    for word in ("const", "enum"):
        if word in flat.keywords:
            listed = [flat.keywords[word]] if word == "const" else flat.keywords[word]
            return [value for value in listed if fits(library, places, value)]
    if not flat.branches and set(flat.types) <= {"boolean", "null"} and "type" in flat.keywords:
        return [value for value in (True, False, None) if fits(library, places, value)]
    return None


def valid(library: Library, places: Places, depth: int = 0) -> Iterator[Any]:
    """Values that every schema at *places* admits, the contract's own first."""
    known = _valid.setdefault(library, {})
    if (places, depth) not in known:
        known[places, depth] = _distinct(library, places, depth)
    return iter(known[places, depth])


_valid: WeakKeyDictionary[Library, dict[tuple[Places, int], list[Any]]] = WeakKeyDictionary()


def _distinct(library: Library, places: Places, depth: int) -> list[Any]:
    listed = finite(library, places)
    found = _pool(library, places, depth) if listed is None else listed
    return jsontext.distinct(value for value in found if fits(library, places, value))


def witness(library: Library, places: Places, differs: Callable[[Any], bool]) -> Any:
    """A value that every server must take, and for which *differs* holds. Raises `LookupError`."""
    for value in valid(library, places):
        if differs(value) and all(certain(Schema(place, library), value) for place in places):
            return value
    raise LookupError


def _pool(library: Library, places: Places, depth: int) -> Iterator[Any]:
    flat = library.flat(places)
    if depth > _DEPTH or not places or flat.impossible:
        return
    for full in (False, True):
        with suppress(NoSample):
            yield sample(Schema(places[0], library), full=full)
    for branch in flat.branches:
        yield from valid(library, (*places, branch), depth + 1)
    yield None
    yield from (True, False)
    yield from (flat.keywords[word] for word in _BOUNDS if word in flat.keywords)
    yield from _NUMBERS
    yield from _TEXTS
    for word in ("minLength", "maxLength"):
        if isinstance(length := flat.keywords.get(word), int) and length <= 100_000:
            yield "x" * length
            yield "X" + "x" * (length - 2) + " "
    if "array" in flat.types:
        yield from _arrays(library, flat.items, depth)


_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")


def _arrays(library: Library, items: Places, depth: int) -> Iterator[Any]:
    inner: list[Any] = []
    for value in valid(library, items, depth + 1) if items else iter(("b", "a", "c")):
        inner.append(value)
        if len(inner) == 3:
            break
    yield []
    for value in inner:
        yield [value]
        yield [value, value]
    for pair in permutations(inner, 2):
        yield list(pair)
        yield [*pair, pair[0]]
    if inner:
        yield [inner[number % len(inner)] for number in range(100)]


_schemas: WeakKeyDictionary[Library, dict[str, Schema]] = WeakKeyDictionary()


def fits(library: Library, places: Places, value: Any) -> bool:
    """Whether every schema at *places* admits *value*."""
    known = _schemas.setdefault(library, {})
    for place in places:
        if place not in known:
            known[place] = Schema(place, library)
    return all(known[place].is_valid(value) for place in places)
