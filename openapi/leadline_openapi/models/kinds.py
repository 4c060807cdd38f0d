"""What a schema is about, as far as one look at it tells: types, values, whether it will be a class."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
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

UNCHECKED = (
    *("not", "if", "then", "else", "contains", "prefixItems", "unevaluatedItems"),
    *("patternProperties", "propertyNames", "dependentRequired", "dependentSchemas"),
    "unevaluatedProperties",
)
"""Assertions for which the generator writes nothing."""

_ASSERTING = NARROWING | {"type", "uniqueItems", *UNCHECKED}


def types(schema: Any) -> list[str]:
    """The types that *schema* names, none if it names none."""
    named = schema.get("type", []) if isinstance(schema, dict) else []
    return [named] if isinstance(named, str) else list(named)


def asserted(schema: Any) -> dict[str, Any]:
    """What *schema* says about the values that are valid, without its annotations."""
    if not isinstance(schema, dict):
        return {}
    return {word: value for word, value in schema.items() if word in _ASSERTING}


def resolve(document: Document, schema: Any) -> Any:
    """*schema*, or what it refers to if it is nothing but a reference."""
    while isinstance(schema, dict) and isinstance(reference := schema.get("$ref"), str):
        schema = pointers.find(document, reference[1:])
    return schema


def is_object(document: Document, schema: Any) -> bool:
    """Whether *schema* describes objects, perhaps beside `null`, and will be a class."""
    target = resolve(document, schema)
    if not _admits_objects(schema) or not _admits_objects(target):
        return False
    if {"properties", "required"} & target.keys():
        return True
    if any(word in target for word in UNIONS):
        return False
    if "allOf" in target:
        near_first = sorted(target["allOf"], key=_is_reference)  # chains of bases are long
        return any(is_object(document, part) for part in near_first)
    return "object" in types(target) and target.get("additionalProperties") is False


def _is_reference(schema: Any) -> bool:
    return isinstance(schema, dict) and "$ref" in schema


def _admits_objects(schema: Any) -> bool:
    """Whether *schema* is one that admits objects, and nothing else but `null`, by its type."""
    if not isinstance(schema, dict):
        return False
    named = set(types(schema))
    return not named or (named <= {"object", "null"} and "object" in named)


def is_nullable_object(document: Document, schema: Any) -> bool:
    """Whether *schema* describes objects, which will be a class, and `null` beside them."""
    return (
        is_object(document, schema)
        and _allows_null(document, schema)
        and _says_null(document, schema)
    )


def _allows_null(document: Document, schema: Any) -> bool:
    named = types(schema)
    return (not named or "null" in named) and all(
        _allows_null(document, part) for part in parts(document, schema)
    )


def _says_null(document: Document, schema: Any) -> bool:
    return "null" in types(schema) or any(
        _says_null(document, part) for part in parts(document, schema)
    )


def parts(document: Document, schema: Any) -> Iterator[Any]:
    """The schemas that *schema* is put together of, beside what it says itself."""
    if not isinstance(schema, dict):
        return
    if isinstance(reference := schema.get("$ref"), str):
        yield pointers.find(document, reference[1:])
    yield from schema.get("allOf", ())


def is_composed(schema: Any) -> bool:
    """Whether *schema* is put together of others, so that more than a reference is to be followed."""
    if not isinstance(schema, dict):
        return False
    return "allOf" in schema or ("$ref" in schema and len(asserted(schema)) > 1)


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


def literals(schema: Mapping[str, Any]) -> list[Any]:
    """The values of `const` or `enum` that `type` admits, none if there is neither."""
    listed = [schema["const"]] if "const" in schema else schema.get("enum", ())
    named = types(schema)
    return [value for value in listed if not named or fits(value, named)]


def fits(value: Any, named: Collection[str]) -> bool:
    """Whether *value* is of one of the types *named*."""
    return among(json_type(value), named)


def among(kind: str, named: Collection[str]) -> bool:
    """Whether every value of the type *kind* is of one of the types *named*."""
    return kind in named or (kind == "integer" and "number" in named)


def is_typed(document: Document, schema: Any) -> bool:
    """Whether *schema*, or a part of it, names types."""
    return bool(types(schema)) or any(is_typed(document, part) for part in parts(document, schema))


def json_type(value: Any) -> str:
    """The JSON type of *value*; `integer` if it is one."""
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}
    return "null" if value is None else names.get(type(value), "object")
