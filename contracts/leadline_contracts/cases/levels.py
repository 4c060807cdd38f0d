"""Value classes: the kinds of valid values of one input, each with values that stand for it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from leadline_contracts.cases.scalars import bound
from leadline_contracts.cases.texts import FRACTIONS, LONG, TEXTS, WHOLE
from leadline_contracts.cases.values import variants
from leadline_contracts.draft import plain, written
from leadline_contracts.schemas import certain, shared
from leadline_openapi.flatten import Flat, Places
from leadline_openapi.parameters import ABSENT
from leadline_openapi.sample import NoSample, sampled
from leadline_openapi.schema import Library, Schema

MOST = 10
"""Classes of one input, about: the rows of a covering array grow with the square of it."""
_MANY = 120
_EXACT = frozenset(("zero", "a number", "a negative number"))
"""Kinds of numbers that also single precision holds."""


@dataclass(frozen=True, slots=True)
class Level:
    """One value class: its *name*, and *values* that take turns."""

    name: str
    values: tuple[Any, ...]


ABSENCE = Level("absent", (ABSENT,))


def levels(library: Library, places: Places, name: str, number: int) -> tuple[Level, ...]:
    """
    The value classes of what is described at *places*, each with valid values only.

    *name* and *number* make ordinary values that no other input has, so that mixed-up inputs show.
    """
    flat = library.flat(places)
    if flat.impossible or flat.keywords.get("readOnly") is True:
        return ()
    if flat.branches:
        kinds: Iterable[Level] = _told(library, places)
    elif flat.keywords.keys() & {"const", "enum"}:
        kinds = chunked(flat.keywords.get("enum", [flat.keywords.get("const")]), MOST)
    else:
        kinds = _typed(library, flat, places, name, number)
    return tuple(_valid(library, places, kinds))


def chunked(values: Iterable[Any], most: int) -> Iterator[Level]:
    """*values* as levels: each one its own, or in *most* groups that are about equal."""
    listed = list(values)
    count = min(most, len(listed))
    for number in range(count):
        group = tuple(listed[number::count])
        yield Level(", ".join(map(_short, group[:3])), group)


def _valid(library: Library, places: Places, kinds: Iterable[Level]) -> Iterator[Level]:
    """*kinds* without what the schemas forbid or servers may see otherwise, and without repetition."""
    schemas = [shared(library, place) for place in places]
    seen: set[bytes] = set()
    for level in kinds:
        kept = []
        for value in level.values:
            text = written(value)
            meant = plain(value)
            if text not in seen and all(
                one.is_valid(meant) and certain(one, meant) for one in schemas
            ):
                seen.add(text)
                kept.append(value)
        if kept:
            yield Level(level.name, tuple(kept))


def _typed(library: Library, flat: Flat, places: Places, name: str, number: int) -> Iterator[Level]:
    """The levels of each type that *flat* admits, the valid ones and others."""
    for kind in flat.types:
        match kind:
            case "null":
                yield Level("null", (None,))
            case "boolean":
                yield from (Level("true", (True,)), Level("false", (False,)))
            case "integer" | "number":
                yield from _numbers(flat, number, whole="number" not in flat.types)
            case "string":
                yield from _strings(library, flat, places, name)
            case "array":
                yield from _arrays(library, flat, places, name, number)
            case _:
                yield from _told(library, places)


def _numbers(flat: Flat, number: int, *, whole: bool) -> Iterator[Level]:
    bounds = [bound(flat, word) for word in ("minimum", "maximum") if word in flat.keywords]
    kinds: dict[str, tuple[Any, ...]] = {
        **WHOLE,
        "a number": (101 + number, 7, *bounds),
        **({} if whole else FRACTIONS),
    }
    single = flat.keywords.get("format") == "float"
    for name, values in kinds.items():
        if not single or name in _EXACT:
            yield Level(name, values)


def _strings(library: Library, flat: Flat, places: Places, name: str) -> Iterator[Level]:
    keywords: Mapping[str, Any] = flat.keywords
    yield Level("an ordinary text", (f"{name} text", name[:1]))
    shortest = int(keywords.get("minLength", 0))
    for kind, texts in TEXTS.items():
        yield Level(kind, tuple(_stretched(text, shortest) for text in texts))
    limits = [int(keywords[word]) for word in ("minLength", "maxLength") if word in keywords]
    if limits:
        yield Level("a text at a limit", tuple("x" * limit for limit in limits))
    if keywords.keys() & {"pattern", "format", "minLength"}:
        yield from _sampled(library, places)


def _stretched(text: str, shortest: int) -> str:
    """*text*, if there is any, with so much behind it that it is long enough even when composed."""
    missing = shortest - len(unicodedata.normalize("NFC", text))
    return text + "x" * missing if text and missing > 0 else text


def _sampled(library: Library, places: Places) -> Iterator[Level]:
    try:
        yield Level("a sample", (sampled(Schema(places[0], library)),))
    except NoSample:
        return


def _told(library: Library, places: Places) -> Iterator[Level]:
    """What the values of the single cases are, in groups."""
    schema = Schema(places[0], library)
    found = {written(one.value): one.value for one in variants(schema) if one.good}
    try:
        whole = sampled(schema, full=True)
        found.setdefault(written(whole), whole)
    except NoSample:
        pass
    yield from chunked(found.values(), MOST)


def _arrays(
    library: Library, flat: Flat, places: Places, name: str, number: int
) -> Iterator[Level]:
    """None, single ones, and several of every kind: in no order, doubled, many."""
    yield Level("no items", ([],))
    if not flat.items:
        yield from _told(library, places)
        return
    item = library.flat(flat.items)
    closed = bool(item.keywords.keys() & {"const", "enum"}) and not item.branches
    inner = levels(library, flat.items, name, number)
    every = [value for level in inner for value in level.values if value != LONG]
    if closed:
        values = [value for level in inner for value in level.values]
        yield from (_in_turn(level) for level in chunked(values, MOST - 3))
    else:
        yield from (
            Level(f"one item: {level.name}", tuple([value] for value in level.values))
            for level in inner[: MOST // 3]
        )
        yield Level("other items", tuple([value] for value in every))
    if not every:
        return
    many = _numerous(every, number)
    ends = [every[0], every[-1]]
    several = (every[::-1], [*ends[::-1], every[-1]], every, ends, ends[::-1])
    yield Level("several items", several)
    yield Level("many items", (many, [every[0]] * 3))


def _in_turn(level: Level) -> Level:
    """The values of an enum *level* together and each alone."""
    group = list(level.values)
    alone = [[value] for value in group] if len(group) > 1 else []
    return Level(level.name, (group, *alone, *([group[::-1]] if alone else [])))


def _numerous(every: list[Any], number: int) -> list[Any]:
    if all(type(value) is int for value in every[:1]):
        return [1000 * (number + 1) + (index * 37) % _MANY for index in range(_MANY)]
    return [every[index % len(every)] for index in range(_MANY)]


def _short(value: Any) -> str:
    text = written(value).decode("utf-8", "replace")
    return text if len(text) <= 20 else f"{text[:20]}…"
