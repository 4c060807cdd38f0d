"""A schema cut down to what it says of one value: as good as the whole for that value, and small.

A validator is made of all that a schema leads to, which in a web of schemas is nearly everything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jsonschema_rs

from leadline_openapi.diff.references import refers
from leadline_openapi.diff.view import matches

_BESIDE = frozenset(("not", "if", "then", "else"))
_LISTS = frozenset(("anyOf", "oneOf"))
_KEPT = frozenset(("contains", "propertyNames", "unevaluatedItems", "unevaluatedProperties"))
_DROPPED = frozenset(("$defs", "definitions", "discriminator", "example", "examples", "default"))

Find = Callable[[str], Any]
"""Gives the schema at a pointer."""


class Unprunable(Exception):
    """The schema asks something of several values at once that leads to other schemas."""


def is_valid(place: str, find: Find, value: Any) -> bool:
    """Whether *value* is valid against the schema at *place*. Raises `Unprunable`."""
    return jsonschema_rs.Draft202012Validator(
        pruned(find(place), find, value), validate_formats=True, offline=True
    ).is_valid(value)


def pruned(schema: Any, find: Find, value: Any) -> Any:
    """*schema* without references, as far as it is about *value*. Raises `Unprunable`."""
    if not isinstance(schema, dict):
        return schema
    made: dict[str, Any] = {}
    every = [pruned(part, find, value) for part in schema.get("allOf", ())]
    if isinstance(reference := schema.get("$ref"), str):
        every.append(pruned(find(reference[1:]), find, value))
    for word, said in schema.items():
        if word in _BESIDE:
            made[word] = pruned(said, find, value)
        elif word in _LISTS:
            made[word] = [pruned(part, find, value) for part in said]
        elif word in _KEPT and refers(said):
            raise Unprunable
        elif word not in _DROPPED and word not in {"$ref", "allOf"} and not word.startswith("x-"):
            made[word] = said
    if "dependentSchemas" in schema:
        made["dependentSchemas"] = {
            name: pruned(part, find, value) if isinstance(value, dict) and name in value else True
            for name, part in schema["dependentSchemas"].items()
        }
    every += _members(schema, made, find, value if isinstance(value, dict) else {})
    _items(schema, made, find, value if isinstance(value, list) else [])
    return {**made, "allOf": every} if every else made


def _members(
    schema: Mapping[str, Any], made: dict[str, Any], find: Find, value: Mapping[str, Any]
) -> list[Any]:
    """Have *made* say of each member of *value* what *schema* does; what is asked besides, by patterns."""
    declared = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    extra = schema.get("additionalProperties", True)
    members = {
        name: pruned(part, find, value[name]) if name in value else True
        for name, part in declared.items()
    }
    besides = []
    for name, member in value.items():
        matched = [part for pattern, part in patterns.items() if matches(pattern, name)]
        besides += [{"properties": {name: pruned(part, find, member)}} for part in matched]
        if name not in declared and not matched and isinstance(extra, dict):
            members[name] = pruned(extra, find, member)
    if members:
        made["properties"] = members
    if patterns:
        made["patternProperties"] = dict.fromkeys(patterns, True)
    if isinstance(extra, dict):
        made["additionalProperties"] = True
    return besides


def _items(schema: Mapping[str, Any], made: dict[str, Any], find: Find, value: list[Any]) -> None:
    """Have *made* say of each item of *value* what *schema* does."""
    first = schema.get("prefixItems", [])
    rest = schema.get("items", True)
    parts = [pruned(part, find, item) for part, item in zip(first, value, strict=False)]
    parts += [True] * (len(first) - len(parts))
    if isinstance(rest, dict):
        parts += [pruned(rest, find, item) for item in value[len(first) :]]
        made["items"] = True
    if parts:
        made["prefixItems"] = parts
