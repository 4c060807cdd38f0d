"""Schemas made simpler for the model generator: what it would get wrong is left out.

A reduced schema admits every value that the full one admits, and perhaps more. One liberty is taken: where
`properties` or `items` say what a schema is about and `type` is missing, the type is taken for granted.
What gets lost on the way is told by `leadline_openapi.agreement`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leadline_openapi.models.kinds import (
    LIMITS,
    NARROWING,
    UNIONS,
    Document,
    among,
    asserted,
    is_composed,
    is_object,
    is_tagged,
    json_type,
    literals,
    parts,
    types,
)
from leadline_openapi.models.merging import merge


def reduce(
    document: Document, schema: Mapping[str, Any], *, texts_only: bool = False
) -> dict[str, Any]:
    """
    The reduced copy of *schema*; the schemas inside it are those of the original.

    *texts_only* says that values come as strings, so that no other value can be asked for.
    """
    if is_composed(schema):
        if is_object(document, schema):
            return dict(schema)  # `inheriting` makes a class of it
        schema = _composed(document, schema)
    reduced = dict(schema)
    _values(reduced, (float, list, dict, int) if texts_only else (float, list, dict))
    _limits(reduced)
    _numbers(reduced)
    if "prefixItems" in reduced:
        reduced.pop("items", None)
    if "patternProperties" in reduced:
        reduced.pop("additionalProperties", None)
    _union(document, reduced)
    _ghosts(reduced)
    return reduced


def _values(schema: dict[str, Any], unfit: tuple[type, ...]) -> None:
    """Keep the values that `type` admits, and the keyword only if a `Literal` can hold them."""
    fixed = literals(schema)
    if schema.keys().isdisjoint({"const", "enum"}):
        return
    schema.pop("const", None)
    schema.pop("enum", None)
    if not fixed:
        return
    kinds = sorted({json_type(value) for value in fixed})
    named = [kind for kind in types(schema) if any(among(one, [kind]) for one in kinds)] or kinds
    unfit_for_literal = fixed == [None] or any(isinstance(value, unfit) for value in fixed)
    if not unfit_for_literal:
        schema["enum"] = fixed
    if unfit_for_literal or "type" in schema:
        schema["type"] = named[0] if len(named) == 1 else named


def _limits(schema: dict[str, Any]) -> None:
    """Drop the limits that speak of other types than the schema's."""
    named = types(schema) or {json_type(value) for value in schema.get("enum", ())}
    if named and "$ref" not in schema:
        mine = {word for kind in named for word in LIMITS.get(kind, ())}
        for word in [word for words in LIMITS.values() for word in words if word not in mine]:
            schema.pop(word, None)


def _numbers(schema: dict[str, Any]) -> None:
    for word in (
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "minProperties",
        "maxProperties",
    ):
        if word in schema:
            schema[word] = int(schema[word])
    step = schema.get("multipleOf")
    if isinstance(step, float) and not step.is_integer():
        del schema["multipleOf"]  # Pydantic divides in binary: 0.3 is no multiple of 0.1


def _composed(document: Document, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The composed *schema* as one without parts; if it is nothing but one, a union of that alone."""
    said = [part for part in parts(document, schema) if asserted(part)]
    if len(said) == 1 and asserted(schema).keys() == {"allOf"}:
        plain = {word: value for word, value in schema.items() if word != "allOf"}
        return {**plain, "anyOf": said}
    return merge(document, schema).schema


def _union(document: Document, schema: dict[str, Any]) -> None:
    for word in UNIONS:
        if word in schema and NARROWING & schema.keys() - {word}:
            del schema[word]  # beside other members the generator would write a class per branch
        elif word in schema:
            named = schema.pop("type", None)
            schema[word] = [_with_type(part, named) for part in schema[word]]
    if "discriminator" in schema and not (
        any(word in schema for word in UNIONS) and is_tagged(document, schema)
    ):
        del schema["discriminator"]  # else the generator would change the classes of the branches


def _with_type(branch: Any, named: Any) -> Any:
    if named is None or not isinstance(branch, dict) or {"type", "$ref"} & set(branch):
        return branch
    return {"type": named, **branch}


def _ghosts(schema: dict[str, Any]) -> None:
    """Members that are required but not described become members of any type."""
    if "object" in types(schema) and "required" in schema:
        known = schema.get("properties", {})
        others = schema.get("additionalProperties", True)
        ghosts = {name: others for name in schema["required"] if name not in known}
        schema["properties"] = {**known, **ghosts}
