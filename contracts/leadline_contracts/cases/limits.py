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
