"""Values for a schema, good and bad: every keyword from both sides, at every position."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from leadline_contracts.cases.enums import neighbours
from leadline_contracts.cases.scalars import LIKELY, Variant, bad, good, scalars, wrong_types
from leadline_contracts.schemas import shared
from leadline_openapi import jsontext
from leadline_openapi.flatten import Flat, Places
from leadline_openapi.sample import NoSample, sampled
from leadline_openapi.schema import Library, Schema

_DEPTH = 4
_UNKNOWN = "leadlineUnknown"


def variants(schema: Schema) -> Iterator[Variant]:
    """Variants of values for *schema*, in the order of the document."""
    yield from _Maker(schema.library).make((schema.pointer,), 0)


class _Maker:
    def __init__(self, library: Library) -> None:
        self._library = library

    def make(self, places: Places, depth: int) -> Iterator[Variant]:
        flat = self._library.flat(places)
        if flat.impossible or depth > _DEPTH or flat.keywords.get("readOnly") is True:
            return  # what is readOnly "SHOULD NOT be sent" (OAS 3.1.1 section 4.8.24.1)
        at = places[0] if places else ""
        for branch in flat.branches:
            yield from self.make((branch,), depth + 1)
        if not flat.branches:
            yield from wrong_types(flat, at, self._likely(flat, places))
            if {"format", "pattern"} & flat.keywords.keys():
                with suppress(NoSample):
                    yield from self._around_pattern(flat, places)
            enum = flat.keywords.get("enum")
            yield from scalars(flat, at, neighbours(self._library, enum) if enum else ())
            if "object" in flat.types:
                yield from self._object(flat, places, depth)
            if "array" in flat.types:
                yield from self._array(flat, places, depth)

    def _around_pattern(self, flat: Flat, places: Places) -> Iterator[Variant]:
        """What fits, and near misses of it, which a loose search overlooks."""
        fitting = self._sample(places)
        yield good(fitting, places[0])
        if "pattern" in flat.keywords and isinstance(fitting, str):
            rule = flat.rules["pattern"]
            for text in _misspelt(fitting):
                yield bad(text, rule, "does not match the pattern")

    def _likely(self, flat: Flat, places: Places) -> dict[str, Any]:
        """A good value of each type that *flat* admits, an ordinary one where that can be."""
        found = {}
        for name in flat.types:
            if name in LIKELY:
                value = LIKELY[name]
                if not all(shared(self._library, place).is_valid(value) for place in places):
                    with suppress(NoSample):
                        value = sampled(shared(self._library, places[0]))
                found[name] = value
        return found

    def _object(self, flat: Flat, places: Places, depth: int) -> Iterator[Variant]:
        try:
            base = self._sample(places)
        except NoSample:
            return
        if not isinstance(base, dict):
            return
        at = places[0]
        required = flat.keywords.get("required", ())
        yield Variant(base, "only what is required", (), at, good=True)
        for name in required:
            rest = {key: value for key, value in base.items() if key != name}
            yield Variant(rest, "is missing", (name,), flat.rules["required"], good=False)
        if flat.keywords.get("additionalProperties") is False:
            extra = {**base, _UNKNOWN: 1}
            rule = flat.rules["additionalProperties"]
            yield Variant(extra, "an unknown member", (_UNKNOWN,), rule, good=False)
            yield from _misnamed(flat, base, rule)
        elif flat.keywords.get("additionalProperties") is True:
            extra = {**base, _UNKNOWN: 1}
            rule = flat.rules["additionalProperties"]
            yield Variant(extra, "a member of any name", (_UNKNOWN,), rule, good=True)
        members = dict(flat.properties)
        if flat.extra:
            members[_UNKNOWN] = flat.extra
        for name, member in members.items():
            for variant in self.make(member, depth + 1):
                path = (name, *variant.path)
                yield replace(variant, value={**base, name: variant.value}, path=path)

    def _array(self, flat: Flat, places: Places, depth: int) -> Iterator[Variant]:
        at = places[0] if places else ""
        if not flat.items:
            return
        yield Variant([], "no items", (), at, good=True)
        inner = list(self.make(flat.items, depth + 1))
        fine = jsontext.distinct(one.value for one in inner if one.good and not one.disputed)
        yield from _lengths(flat, fine)
        if fine:
            item = next(filter(None, fine), fine[0])  # what is empty may pass as nothing
            rule = flat.rules.get("type", at)
            yield Variant(item, "an item instead of an array", (), rule, good=False)
        for variant in inner:
            path = ("*", *variant.path)
            yield replace(variant, value=[variant.value], path=path)
        for variant in {one.rule: one for one in inner if not one.good}.values() if fine else ():
            path = ("*", *variant.path)
            for where, items in (
                ("last", [*fine[:2], variant.value]),
                ("first", [variant.value, *fine[:2]]),
            ):
                name = f"{variant.name}, as the {where} item"
                yield replace(variant, value=items, path=path, name=name)
        several = fine[: int(flat.keywords.get("maxItems", len(fine)))]
        yield Variant(several, "all kinds of items", (), at, good=True)
        yield Variant(several[::-1], "all kinds of items in reverse", (), at, good=True)
        if fine:
            unique = flat.keywords.get("uniqueItems") is True
            rule = flat.rules["uniqueItems"] if unique else at
            yield Variant([fine[0], fine[0]], "an item twice", (), rule, good=not unique)

    def _sample(self, places: Places) -> Any:
        return sampled(shared(self._library, places[0]))


def _misspelt(text: str) -> Iterator[str]:
    """*text* with something before or behind it, with a character less or more, or with another one."""
    yield from (f"{text}\n", f" {text}", f"{text} ", f"{text}\x00")
    if text:
        first, last = text[0], text[-1]
        yield from (text[1:], text[:-1], f"{first}{text}", f"{text}{last}")
        for other in ("!", "x", "X", "0"):
            yield from (f"{other}{text[1:]}", f"{text[:-1]}{other}")


def _misnamed(flat: Flat, base: dict[str, Any], rule: str) -> Iterator[Variant]:
    """Names that are nearly those of members."""
    name = next((name for name in flat.properties if name not in base), "")
    for other in (name.swapcase(), f"{name} ", ""):
        if name and other not in flat.properties:
            yield Variant({**base, other: 1}, f"a member `{other}`", (other,), rule, good=False)


def _lengths(flat: Flat, fine: list[Any]) -> Iterator[Variant]:
    """Arrays at the limits of their length and beyond, of items that are fine."""
    if not fine:
        return
    for word, beyond, why in (("minItems", -1, "too few items"), ("maxItems", 1, "too many items")):
        if word not in flat.keywords:
            continue
        limit, rule = int(flat.keywords[word]), flat.rules[word]
        for count, name in ((limit, f"as many items as {word} says"), (limit + beyond, why)):
            if count >= 0:
                items = [fine[number % len(fine)] for number in range(count)]
                yield Variant(items, name, (), rule, good=count == limit)
