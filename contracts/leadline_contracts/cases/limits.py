"""Cases on which correct servers differ: limits of stores and readers. None of them may be a crash."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from leadline_contracts.case import Case, Due
from leadline_contracts.cases.texts import ANY, EITHER, LONG, UNPREDICTABLE
from leadline_contracts.draft import Draft, Spelled, json_media
from leadline_contracts.schemas import shared
from leadline_openapi import Operation
from leadline_openapi.flatten import Flat
from leadline_openapi.parameters import Parameter
from leadline_openapi.schema import Schema

_LARGE = 500_000
"""Characters in a body that is larger than many readers take at their defaults."""
_USUAL = 90_000
"""Characters that every reader takes: the lowest default in common use is 100 kB."""
_LENGTHS = (255, 256, 257, 1023, 1024, 1025, 4095, 4096, 4097)
_BEYOND = (65_535, 65_536, 70_000)
"""Lengths of texts around the sizes of columns and buffers; the latter are more than many stores hold."""
_MANY = 100


def cases(operation: Operation, base: Draft) -> Iterator[Case]:
    """The limit cases of *operation*, around the simplest accepted request *base*."""
    media = json_media(operation)
    if media is not None and media.schema is not None:
        yield from _about_body(media.schema, base.with_body(base.body, media.name))
    for parameter in operation.parameters:
        yield from _about_parameter(parameter, base)


def _about_body(schema: Schema, draft: Draft) -> Iterator[Case]:
    flat = schema.library.flat((schema.pointer,))
    if flat.branches or not flat.properties:
        return
    for due, exotic in (
        (Due.EITHER, EITHER),
        (Due.ANY, ANY),
        (Due.UNPREDICTABLE, UNPREDICTABLE),
    ):
        for name, (kind, value) in exotic.items():
            body = _everywhere(schema, flat, kind, value)
            if body:
                yield draft.with_value(body).case(
                    f"{name}, wherever it can be", "body", due, schema.pointer, compound=True
                )
    yield from _lengths(schema, flat, draft)
    texts = _everywhere(schema, flat, "string", LONG * 2)
    if texts:
        full = draft.with_value(texts)
        yield full.case("long texts", "body", Due.ACCEPT, schema.pointer, compound=True)
        count = _LARGE // len(texts) // len(LONG) + 1
        huge = draft.with_value(dict.fromkeys(texts, LONG * count))
        yield huge.case("a large body", "body", Due.EITHER, schema.pointer, compound=True)
    if flat.keywords.get("additionalProperties") is not False:
        extra = {**_simple(draft), "leadlineUnknown": 1}
        yield draft.with_value(extra).case("an unknown member", "body", Due.ANY, schema.pointer)


def _lengths(schema: Schema, flat: Flat, draft: Draft) -> Iterator[Case]:
    """Texts of telling lengths in every member that takes them, beyond the usual ones in some members."""
    for length in _LENGTHS:
        found = _everywhere(schema, flat, "string", _text(length))
        for number, part in enumerate(_parts(found, _USUAL // length), 1):
            full = draft.with_value(part)
            name = f"texts of {length} characters" + (f", part {number}" if number > 1 else "")
            yield full.case(name, "body", Due.ACCEPT, schema.pointer, compound=True)
    for number, length in enumerate(_BEYOND):
        parts = list(_parts(_everywhere(schema, flat, "string", _text(length)), _LARGE // length))
        if parts:
            full = draft.with_value(parts[number % len(parts)])
            name = f"texts of {length} characters"
            yield full.case(name, "body", Due.EITHER, schema.pointer, compound=True)


def _text(length: int) -> str:
    """A text of *length* characters, each part of it different while it is short."""
    return (LONG * (length // len(LONG) + 1))[:length]


def _parts(members: dict[str, Any], most: int) -> Iterator[dict[str, Any]]:
    """*members* in parts of *most*."""
    names = list(members)
    for start in range(0, len(names), most):
        yield {name: members[name] for name in names[start : start + most]}


def _simple(draft: Draft) -> dict[str, Any]:
    value = draft.case("", "", Due.ANY, "").value
    return value if isinstance(value, dict) else {}


def _everywhere(schema: Schema, flat: Flat, kind: str, value: Any) -> dict[str, Any]:
    """Every member that admits *value*, with it."""
    judged = 0.5 if kind == "number" else 7 if isinstance(value, Spelled) else value
    found = {}
    for name, places in flat.properties.items():
        told = schema.library.flat(places)
        plain = told.keywords.keys().isdisjoint(("format", "readOnly"))
        if plain and all(shared(schema.library, place).is_valid(judged) for place in places):
            found[name] = value
    return found


def _about_parameter(parameter: Parameter, base: Draft) -> Iterator[Case]:
    """Names and values of which OpenAPI does not say what they mean."""
    if parameter.location == "header" and "string" in parameter.types:
        long = base.with_raw(parameter, [(parameter.name, "9" * 3000)])
        yield long.case("very long", f"header {parameter.name}", Due.ANY, parameter.pointer)
    if parameter.location != "query" or parameter.json:
        return
    simple = base.without(parameter).case("", "", Due.ANY, parameter.pointer)
    joint = "&" if "?" in simple.target else "?"
    name, area = parameter.name, f"query {parameter.name}"
    for title, query in (
        ("twice", f"{name}=1&{name}=2"),
        ("without a value", name),
        ("in another case", f"{name.swapcase()}=1"),
        ("as an array", f"{name}[]=1"),
        ("as an object", f"{name}[a]=1"),
        ("not percent-encoded rightly", f"{name}=%zz"),
        ("not UTF-8", f"{name}=%ff"),
        ("a NUL character", f"{name}=%00"),
        ("2^63", f"{name}=9223372036854775808"),
        ("very long", f"{name}={'9' * 3000}"),
        ("many times", "&".join([f"{name}=1"] * _MANY)),
    ):
        target = f"{simple.target}{joint}{query}"
        yield replace(simple, name=title, area=area, target=target)
