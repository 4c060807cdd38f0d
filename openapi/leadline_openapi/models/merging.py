"""What several schemas say of the same value, put as one: `allOf`, and what stands beside a `$ref`.

This is about values that are no objects; what is made of objects is in `inheriting`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from leadline_openapi.jsontext import same
from leadline_openapi.models.kinds import (
    NARROWING,
    UNIONS,
    Document,
    among,
    asserted,
    literals,
    parts,
    types,
)

_MERGED = NARROWING - {"$ref", "allOf", "const"} | {
    *("type", "discriminator", "prefixItems", "patternProperties")
}
"""What is taken over from a part: what says which values are valid, as far as the models know it."""

_TIGHTER: Mapping[str, Any] = {
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), max),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), min),
}


@dataclass(frozen=True, slots=True)
class Merged:
    """A *schema* without `allOf`, and with nothing beside a `$ref`; *exact* if it says the same."""

    schema: dict[str, Any]
    exact: bool


def merge(document: Document, schema: Any) -> Merged:
    """
    The *schema* and all its parts as one schema, with the annotations of *schema*.

    Where two parts say what no single keyword can, it has what the first of them says.
    """
    found = list(_assertions(document, schema))
    total = dict(schema) if isinstance(schema, dict) else {}
    for word in ("allOf", "$ref", "const"):
        total.pop(word, None)
    exact = not any(_reaches_others(one, found) for one in found)
    for word, value in (entry for one in found for entry in one.items()):
        both = value
        if word in total and not same(total[word], value):
            both = _both(word, total[word], value)
        exact = exact and both is not None
        total[word] = total[word] if both is None else both
    if "enum" in total and not literals(total):
        total.pop("type", None)
        exact = False
    said = _MERGED & total.keys() - {"discriminator"}
    alone = said.isdisjoint(UNIONS) or len(said) == 1
    return Merged(total, exact and (alone or len(found) == 1))


def _assertions(document: Document, schema: Any) -> Iterator[dict[str, Any]]:
    """What each part of *schema* says by itself, if anything."""
    if not isinstance(schema, dict):
        return
    own = {word: value for word, value in schema.items() if word in _MERGED}
    if "const" in schema:
        listed = schema.get("enum", [schema["const"]])
        own["enum"] = [value for value in listed if same(value, schema["const"])]
    if all(asserted(branch).keys() == {"type"} for branch in own.get("anyOf", (None,))):
        kinds = (kind for branch in own.pop("anyOf") for kind in types(branch))
        yield {"type": list(dict.fromkeys(kinds))}
    if own:
        yield own
    for part in parts(document, schema):
        yield from _assertions(document, part)


def _reaches_others(one: dict[str, Any], found: list[dict[str, Any]]) -> bool:
    """Whether `additionalProperties` speaks of members that others describe than *one*, which has it."""
    if one.get("additionalProperties", True) is True:
        return False
    known = one.get("properties", {}).keys()
    return any(other.get("properties", {}).keys() - known for other in found)


def _both(word: str, one: Any, two: Any) -> Any:
    """The value of the keyword *word* that says what *one* and *two* say, `None` if there is none."""
    if word in _TIGHTER:
        return _TIGHTER[word](one, two)
    if word == "type":
        shared = _shared_types(types({"type": one}), types({"type": two}))
        return shared[0] if len(shared) == 1 else shared or None
    if word == "enum":
        return [value for value in one if any(same(value, other) for other in two)] or None
    if word == "required":
        return list(dict.fromkeys((*one, *two)))
    if word == "properties" and all(same(one[name], two[name]) for name in one.keys() & two.keys()):
        return {**one, **two}
    if word == "multipleOf" and float(one).is_integer() and float(two).is_integer():
        return math.lcm(int(one), int(two))
    return None


def _shared_types(one: list[str], two: list[str]) -> list[str]:
    """The types that are among both; an integer is a number."""
    shared = [kind for kind in one if among(kind, two)]
    return shared + [kind for kind in two if among(kind, one) and kind not in shared]
