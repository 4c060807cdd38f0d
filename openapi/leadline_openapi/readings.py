"""What the text of a parameter may mean, given the types that its schema admits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from leadline_openapi import pointer as pointers
from leadline_openapi.jsontext import NotJson, parse

SCALARS = frozenset(("null", "boolean", "integer", "number", "string"))
EVERY = SCALARS | {"array", "object"}
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.ASCII)


def scalar(raw: str, types: frozenset[str]) -> Any:
    """The first of `scalars`."""
    return next(scalars(raw, types), raw)


def scalars(raw: str, types: frozenset[str]) -> Iterator[Any]:
    """What *raw* may mean as one of *types*, the narrowest first; the text itself if nothing fits."""
    fits = False
    if raw in {"true", "false"} and "boolean" in types:
        fits = True
        yield raw == "true"
    if types & {"integer", "number"} and _JSON_NUMBER.fullmatch(raw):
        try:
            yield parse(raw.encode())
        except NotJson:
            pass  # out of range: the text stands for itself
        else:
            fits = True
    if "string" in types:
        fits = True
        yield raw
    if raw in {"", "null"} and "null" in types:
        fits = True
        yield None
    if not fits:
        yield raw


def parts(
    schema: Any, document: dict[str, Any], seen: frozenset[int] = frozenset()
) -> Iterator[dict[str, Any]]:
    """*schema* and what applies to the same value: behind `$ref`, and in the branches."""
    if not isinstance(schema, dict) or id(schema) in seen:
        return
    yield schema
    inner = [part for word in ("allOf", "anyOf", "oneOf") for part in schema.get(word, ())]
    if isinstance(reference := schema.get("$ref"), str):
        inner.append(pointers.find(document, reference[1:]))
    for part in inner:
        yield from parts(part, document, seen | {id(schema)})


def types(
    schema: Any, document: dict[str, Any], seen: frozenset[int] = frozenset()
) -> frozenset[str]:
    """The types that *schema* may admit: a superset, never too few."""
    if not isinstance(schema, dict) or id(schema) in seen:
        return EVERY
    seen = seen | {id(schema)}
    found = EVERY
    if "type" in schema:
        named = schema["type"]
        found &= frozenset([named] if isinstance(named, str) else named)
    if "number" in found:
        found |= {"integer"}
    if isinstance(reference := schema.get("$ref"), str):
        found &= types(pointers.find(document, reference[1:]), document, seen)
    for part in schema.get("allOf", ()):
        found &= types(part, document, seen)
    for word in ("anyOf", "oneOf"):
        if parts := schema.get(word):
            found &= frozenset().union(*(types(part, document, seen) for part in parts))
    if "const" in schema or "enum" in schema:
        values = schema.get("enum", [schema.get("const")])
        found &= frozenset().union(*map(_types_of, values))
    return found


def _types_of(value: Any) -> frozenset[str]:
    """The types of a value; an integer is a number, and `1.0` is an integer."""
    match value:
        case None:
            return frozenset({"null"})
        case bool():
            return frozenset({"boolean"})
        case int() | float():
            return frozenset({"integer", "number"})
        case str():
            return frozenset({"string"})
        case list():
            return frozenset({"array"})
    return frozenset({"object"})
