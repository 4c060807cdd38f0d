"""What stands where in an OpenAPI document: one table, and the walks over it.

The table is the union of OAS 3.0.4, 3.1.1 and 3.2.0 (sections "Fixed Fields"); a field that a version
lacks does no harm, because the document's validity is checked elsewhere. It keeps data apart from
structure: what looks like a `$ref` or an `x-` word inside an example is neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")

_SCHEMAS = {
    **dict.fromkeys(
        (
            *("not", "if", "then", "else", "contains", "propertyNames", "additionalProperties"),
            *("unevaluatedItems", "unevaluatedProperties", "contentSchema"),
        ),
        ("one", "schema"),
    ),
    "items": ("one", "items"),
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), ("list", "schema")),
    **dict.fromkeys(("patternProperties", "dependentSchemas", "$defs"), ("map", "schema")),
    "properties": ("map", "property"),
}
_CONTENT = {
    "schema": ("one", "schema"),
    "content": ("map", "mediaType"),
    "examples": ("map", "example"),
}
_TABLE: dict[str, dict[str, tuple[str, str]]] = {
    "document": {
        "paths": ("map", "pathItem"),
        "webhooks": ("map", "pathItem"),
        "components": ("one", "components"),
        "info": ("one", "info"),
        "servers": ("list", "server"),
        "tags": ("list", "tag"),
    },
    "components": {
        "schemas": ("map", "schema"),
        "responses": ("map", "response"),
        "parameters": ("map", "parameter"),
        "examples": ("map", "example"),
        "requestBodies": ("map", "requestBody"),
        "headers": ("map", "header"),
        "securitySchemes": ("map", "securityScheme"),
        "links": ("map", "link"),
        "callbacks": ("map", "callback"),
        "pathItems": ("map", "pathItem"),
        "mediaTypes": ("map", "mediaType"),
    },
    "pathItem": {
        **dict.fromkeys(METHODS, ("one", "operation")),
        "additionalOperations": ("map", "operation"),
        "parameters": ("list", "parameter"),
        "servers": ("list", "server"),
    },
    "operation": {
        "parameters": ("list", "parameter"),
        "requestBody": ("one", "requestBody"),
        "responses": ("map", "response"),
        "callbacks": ("map", "callback"),
        "servers": ("list", "server"),
    },
    "parameter": _CONTENT,
    "header": _CONTENT,
    "requestBody": {"content": ("map", "mediaType")},
    "response": {
        "headers": ("map", "header"),
        "content": ("map", "mediaType"),
        "links": ("map", "link"),
    },
    "mediaType": {
        "schema": ("one", "schema"),
        "itemSchema": ("one", "schema"),
        "examples": ("map", "example"),
        "encoding": ("map", "encoding"),
    },
    "encoding": {"headers": ("map", "header")},
    "schema": _SCHEMAS,
    "property": _SCHEMAS,
    "items": _SCHEMAS,
}

COMPONENT_OF = {
    "schema": "schemas",
    "property": "schemas",
    "items": "schemas",
    **{kind: section for section, (_, kind) in _TABLE["components"].items() if kind != "schema"},
}
"""The section of `components` that holds objects of a kind."""


@dataclass(frozen=True, slots=True)
class Node:
    """One object of the document: *kind* and *parent* name table rows, *path* starts at the root."""

    kind: str
    parent: str
    path: tuple[str | int, ...]
    value: dict[str, Any]


def walk(
    value: Any, kind: str = "document", path: tuple[str | int, ...] = (), parent: str = ""
) -> Iterator[Node]:
    """Every object of an OpenAPI document, parents first. References are not followed."""
    if not isinstance(value, dict):
        return
    yield Node(kind, parent, path, value)
    for key, child_kind in children(kind, value):
        child: Any = value
        for part in key:
            child = child[part]
        yield from walk(child, child_kind, (*path, *key), kind)


def children(kind: str, value: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The relative path and the kind of each object directly inside *value*."""
    if kind == "callback":
        for key in value:
            if not key.startswith("x-"):
                yield (key,), "pathItem"
        return
    for key, (shape, child_kind) in _TABLE.get(kind, {}).items():
        child = value.get(key)
        if shape == "one" and isinstance(child, dict):
            yield (key,), child_kind
        elif shape == "map" and isinstance(child, dict):
            for name in child:
                yield (key, name), child_kind
        elif shape == "list" and isinstance(child, list):
            for index in range(len(child)):
                yield (key, index), child_kind


def is_schema(kind: str) -> bool:
    """Whether objects of *kind* are Schema Objects."""
    return kind in {"schema", "property", "items"}
