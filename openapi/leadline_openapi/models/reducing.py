"""Schemas made simpler for the model generator: what it would get wrong is left out.

A reduced schema admits every value that the full one admits, and perhaps more. One liberty is taken: where
`properties` or `items` say what a schema is about and `type` is missing, the type is taken for granted.
What gets lost on the way is told by `leadline_openapi.agreement`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leadline_openapi import pointer as pointers

Document = Mapping[str, Any]

LIMITS = {
    "string": ("minLength", "maxLength", "pattern"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "array": ("items", "minItems", "maxItems"),
    "object": ("properties", "required", "additionalProperties", "minProperties", "maxProperties"),
}
"""Keywords by the type of the values that they speak of."""
LIMITS["integer"] = LIMITS["number"]

UNIONS = ("anyOf", "oneOf")
_STRUCTURING = frozenset(("$ref", "enum", "const", "allOf", *UNIONS))
NARROWING = _STRUCTURING | frozenset(word for words in LIMITS.values() for word in words)
"""What narrows a union that it stands beside; but `type`, which its branches can take over."""


def types(schema: Any) -> list[str]:
    """The types that *schema* names, none if it names none."""
    named = schema.get("type", []) if isinstance(schema, dict) else []
    return [named] if isinstance(named, str) else list(named)


def resolve(document: Document, schema: Any) -> Any:
    """*schema*, or what it refers to if it is nothing but a reference."""
    while isinstance(schema, dict) and isinstance(reference := schema.get("$ref"), str):
        schema = pointers.find(document, reference[1:])
    return schema


def is_object(document: Document, schema: Any) -> bool:
    """Whether *schema* describes objects, perhaps beside `null`, and will be a class."""
    target = resolve(document, schema)
    if not isinstance(target, dict) or set(types(target)) - {"object", "null"}:
        return False
    if {"properties", "required"} & target.keys():
        return True
    if any(word in target for word in UNIONS):
        return False
    if "allOf" in target:
        return any(is_object(document, part) for part in target["allOf"])
    return "object" in types(target) and target.get("additionalProperties") is False


def is_nullable_object(document: Document, schema: Any) -> bool:
    """Whether *schema* describes objects, which will be a class, and `null` beside them."""
    return (
        is_object(document, schema)
        and _allows_null(document, schema)
        and _says_null(document, schema)
    )


def _allows_null(document: Document, schema: Any) -> bool:
    target = resolve(document, schema)
    named = types(target)
    return (not named or "null" in named) and all(
        _allows_null(document, part) for part in target.get("allOf", ())
    )


def _says_null(document: Document, schema: Any) -> bool:
    target = resolve(document, schema)
    return "null" in types(target) or any(
        _says_null(document, part) for part in target.get("allOf", ())
    )


def has_plain_all_of(document: Document, schema: Mapping[str, Any]) -> bool:
    """Whether the generator understands the `allOf` of *schema*: all objects, or one type for all."""
    if is_object(document, schema):
        return all(is_object(document, part) for part in schema["allOf"])
    parts = [schema, *(resolve(document, part) for part in schema["allOf"])]
    if not all(isinstance(part, dict) for part in parts):
        return False
    named = {tuple(types(part)) for part in parts if types(part)}
    limits = [word for part in parts for word in part if word in NARROWING]
    limits.remove("allOf")
    return (
        len(named) == 1
        and len(next(iter(named))) == 1
        and len(limits) == len(set(limits))
        and _STRUCTURING.isdisjoint(limits)
    )


def is_tagged(document: Document, schema: Mapping[str, Any]) -> bool:
    """Whether each branch of the union *schema* fixes the discriminator's property to a text."""
    name = schema["discriminator"]["propertyName"]
    tags = [tag(resolve(document, part), name) for word in UNIONS for part in schema.get(word, ())]
    return None not in tags and len(set(tags)) == len(tags)


def tag(branch: Any, name: str) -> str | None:
    """The text that every object of the schema *branch* has as its member *name*."""
    if not isinstance(branch, dict) or types(branch) != ["object"]:
        return None
    member = branch.get("properties", {}).get(name)
    fixed = (
        literals(member) if isinstance(member, dict) and name in branch.get("required", ()) else []
    )
    return fixed[0] if len(fixed) == 1 and isinstance(fixed[0], str) else None


def unfit_beside_reference(document: Document, schema: Mapping[str, Any]) -> list[str]:
    """What stands beside the `$ref` of *schema* and does not just limit the one type behind it."""
    if "$ref" not in schema:
        return []
    kinds = types(resolve(document, schema))
    fitting = {"$ref", *(LIMITS.get(kinds[0], ()) if len(kinds) == 1 else ())}
    return [word for word in schema if word in NARROWING | {"type"} and word not in fitting]


def literals(schema: Mapping[str, Any]) -> list[Any]:
    """The values of `const` or `enum` that `type` admits, none if there is neither."""
    listed = [schema["const"]] if "const" in schema else schema.get("enum", ())
    named = types(schema)
    return [value for value in listed if not named or _fits(value, named)]


def reduce(
    document: Document, schema: Mapping[str, Any], *, texts_only: bool = False
) -> dict[str, Any]:
    """
    The reduced copy of *schema*; the schemas inside it are those of the original.

    *texts_only* says that values come as strings, so that no other value can be asked for.
    """
    reduced = dict(schema)
    _values(reduced, (float, list, dict, int) if texts_only else (float, list, dict))
    _limits(reduced)
    _numbers(reduced)
    for word in unfit_beside_reference(document, reduced):
        del reduced[word]
    if "prefixItems" in reduced:
        reduced.pop("items", None)
    if "patternProperties" in reduced:
        reduced.pop("additionalProperties", None)
    if "allOf" in reduced and not has_plain_all_of(document, reduced):
        _all_of(document, reduced)
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
    if any(isinstance(value, unfit) for value in fixed):
        schema.setdefault("type", sorted({json_type(value) for value in fixed}))
    elif fixed:
        schema["enum"] = fixed


def _fits(value: Any, named: list[str]) -> bool:
    return json_type(value) in named or (json_type(value) == "integer" and "number" in named)


def json_type(value: Any) -> str:
    """The JSON type of *value*; `integer` if it is one."""
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}
    return "null" if value is None else names.get(type(value), "object")


def _limits(schema: dict[str, Any]) -> None:
    """Drop the limits that speak of other types than the schema's."""
    named = types(schema)
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


def _all_of(document: Document, schema: dict[str, Any]) -> None:
    """Keep the parts that describe objects; if there are none, the first part alone."""
    parts = schema.pop("allOf")
    if objects := [part for part in parts if is_object(document, part)]:
        schema["allOf"] = objects
    elif schema.keys().isdisjoint(NARROWING):
        schema["anyOf"] = parts[:1]


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
    if "object" in types(schema) and "allOf" not in schema and "required" in schema:
        known = schema.get("properties", {})
        others = schema.get("additionalProperties", True)
        ghosts = {name: others for name in schema["required"] if name not in known}
        schema["properties"] = {**known, **ghosts}
