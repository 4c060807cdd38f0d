"""Values for a schema, good and bad: every keyword from both sides, at every position."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from leadline_contracts.schemas import sampled
from leadline_openapi import jsontext
from leadline_openapi.flatten import Flat, Places
from leadline_openapi.sample import NoSample
from leadline_openapi.schema import Schema
from leadline_openapi.violation import show

_DEPTH = 4
_UNKNOWN = "leadlineUnknown"
_LONG = "".join(f"{number:04} " for number in range(200))
_OF_TYPE: dict[str, Any] = {
    "null": None,
    "boolean": True,
    "integer": 7,
    "number": 0.5,
    "string": "text",
    "array": [],
    "object": {},
}


_TEXTS = ("", "text", " Two Words ", "ünïcødé 🚗", 'quotes " and \\', "line\nbreak", _LONG)


@dataclass(frozen=True, slots=True)
class Variant:
    """
    One *value* for a schema, said in *name*; *good* is what it is meant to be, not a verdict.

    *path* leads to the part of the value that the variant is about; *rule* to what is tested.
    """

    value: Any
    name: str
    path: tuple[str, ...]
    rule: str
    good: bool


def variants(schema: Schema) -> Iterator[Variant]:
    """Variants of values for *schema*, in the order of the document."""
    yield from _Maker(schema).make((schema.pointer,), 0)


class _Maker:
    def __init__(self, schema: Schema) -> None:
        self._library = schema.library

    def make(self, places: Places, depth: int) -> Iterator[Variant]:
        flat = self._library.flat(places)
        if flat.impossible or depth > _DEPTH or flat.keywords.get("readOnly") is True:
            return  # what is readOnly "SHOULD NOT be sent" (OAS 3.1.1 section 4.8.24.1)
        at = places[0] if places else ""
        for branch in flat.branches:
            yield from self.make((branch,), depth + 1)
        if not flat.branches:
            yield from _wrong_types(flat, at)
            if {"format", "pattern"} & flat.keywords.keys():
                with suppress(NoSample):
                    yield _good(self._sample(places), at)
            yield from _scalars(flat, at)
            if "object" in flat.types:
                yield from self._object(flat, places, depth)
            if "array" in flat.types:
                yield from self._array(flat, places, depth)

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
        good = _distinct(variant.value for variant in inner if variant.good)
        yield from _lengths(flat, good)
        for variant in inner:
            path = ("*", *variant.path)
            yield replace(variant, value=[variant.value], path=path)
        for variant in {one.rule: one for one in inner if not one.good}.values() if good else ():
            path = ("*", *variant.path)
            for where, items in (
                ("last", [*good[:2], variant.value]),
                ("first", [variant.value, *good[:2]]),
            ):
                name = f"{variant.name}, as the {where} item"
                yield replace(variant, value=items, path=path, name=name)
        yield Variant(good, "all kinds of items", (), at, good=True)
        yield Variant(good[::-1], "all kinds of items in reverse", (), at, good=True)
        if good:
            unique = flat.keywords.get("uniqueItems") is True
            rule = flat.rules["uniqueItems"] if unique else at
            yield Variant([good[0], good[0]], "an item twice", (), rule, good=not unique)

    def _sample(self, places: Places) -> Any:
        return sampled(Schema(places[0], self._library))


def _distinct(values: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if not any(jsontext.same(value, known) for known in found):
            found.append(value)
    return found


def _wrong_types(flat: Flat, at: str) -> Iterator[Variant]:
    allowed = set(flat.types)
    if "type" not in flat.keywords and "enum" not in flat.keywords:
        return
    rule = flat.rules.get("type", at)
    for name, value in _OF_TYPE.items():
        fits = name in allowed or (name == "integer" and "number" in allowed)
        if not fits:
            yield Variant(
                value, f"{show(value)} instead of {_type_names(flat)}", (), rule, good=False
            )


def _type_names(flat: Flat) -> str:
    """The types of *flat* in words."""
    return " or ".join(flat.types)


def _scalars(flat: Flat, at: str) -> Iterator[Variant]:
    keywords = flat.keywords
    for word, values in (("const", [keywords.get("const")]), ("enum", keywords.get("enum"))):
        if word in keywords:
            yield from _enum(values, flat.rules[word], word)
            return
    if "null" in flat.types:
        yield _good(None, at)
    if "boolean" in flat.types:
        yield from (_good(value, at) for value in (True, False))
    if {"integer", "number"} & set(flat.types):
        yield from _numbers(flat, at)
    if "string" in flat.types:
        yield from _strings(flat, at)


def _good(value: Any, rule: str) -> Variant:
    return Variant(value, f"{show(value)} is fine", (), rule, good=True)


def _bad(value: Any, rule: str, why: str) -> Variant:
    return Variant(value, f"{show(value)} {why}", (), rule, good=False)


def _enum(values: Any, rule: str, word: str) -> Iterator[Variant]:
    for value in values:
        yield _good(value, rule)
    near: list[Any] = ["leadline-unknown"]
    for value in values:
        if isinstance(value, str):
            near += [value.swapcase(), value.lower(), value.upper(), value.capitalize()]
            near += [f"{value} ", f" {value}", value[:-1]]
    for value in dict.fromkeys(near):
        if value not in values:
            yield _bad(value, rule, f"is not in the {word}")


def _numbers(flat: Flat, at: str) -> Iterator[Variant]:
    whole = "number" not in flat.types
    for value in (0, 1, -1, 123, 2**31, 2**53 - 1, 1.0):
        yield _good(value, at)
    if whole:
        yield _bad(1.5, flat.rules.get("type", at), "is no integer")
    else:
        yield from (_good(value, at) for value in (0.5, -0.25, 1e-7))
    step = 1 if whole else 0.5
    for word, good, bad in (
        ("minimum", 0, -step),
        ("exclusiveMinimum", step, 0),
        ("maximum", 0, step),
        ("exclusiveMaximum", -step, 0),
    ):
        if word in flat.keywords:
            bound, rule = flat.keywords[word], flat.rules[word]
            yield _good(bound + good, rule)
            yield _bad(bound + bad, rule, f"is beyond {word} {bound}")
    if "multipleOf" in flat.keywords:
        factor, rule = flat.keywords["multipleOf"], flat.rules["multipleOf"]
        yield _good(factor * 3, rule)
        yield _bad(factor * 1.5, rule, f"is no multiple of {factor}")


def _strings(flat: Flat, at: str) -> Iterator[Variant]:
    keywords: Mapping[str, Any] = flat.keywords
    for value in _TEXTS:
        yield _good(value, at)
    if "minLength" in keywords:
        shortest = int(keywords["minLength"])
        yield _good("x" * shortest, flat.rules["minLength"])
        if shortest:
            yield _bad("x" * (shortest - 1), flat.rules["minLength"], "is too short")
    if "maxLength" in keywords:
        longest = int(keywords["maxLength"])
        yield _good("x" * longest, flat.rules["maxLength"])
        yield _bad("x" * (longest + 1), flat.rules["maxLength"], "is too long")
    if "pattern" in keywords:
        for value in ("", "\u0000", "leadline"):
            yield _bad(value, flat.rules["pattern"], "does not match the pattern")


def _lengths(flat: Flat, good: list[Any]) -> Iterator[Variant]:
    """Arrays at the limits of their length and beyond, of items that are fine."""
    if not good:
        return
    for word, beyond, why in (("minItems", -1, "too few items"), ("maxItems", 1, "too many items")):
        if word not in flat.keywords:
            continue
        limit, rule = int(flat.keywords[word]), flat.rules[word]
        for count, name in ((limit, f"as many items as {word} says"), (limit + beyond, why)):
            if count >= 0:
                items = [good[number % len(good)] for number in range(count)]
                yield Variant(items, name, (), rule, good=count == limit)
