"""What stands where in an OpenAPI document: one table, and the walks over it.

The table is the union of OAS 3.0.4, 3.1.1 and 3.2.0 (sections "Fixed Fields"); a field that a version
lacks does no harm, because the document's validity is checked elsewhere. It keeps data apart from
structure: what looks like a `$ref` or an `x-` word inside an example is neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
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
    "discriminator": ("one", "discriminator"),
    "xml": ("one", "xml"),
    "externalDocs": ("one", "externalDocs"),
}
_CONTENT = {
    "schema": ("one", "schema"),
    "content": ("map", "mediaType"),
    "examples": ("map", "example"),
}
_TABLE: dict[str, dict[str, tuple[str, str]]] = {
    "document": {
        "paths": ("one", "paths"),
        "webhooks": ("map", "pathItem"),
        "components": ("one", "components"),
        "info": ("one", "info"),
        "servers": ("list", "server"),
        "tags": ("list", "tag"),
        "externalDocs": ("one", "externalDocs"),
    },
    "info": {"contact": ("one", "contact"), "license": ("one", "license")},
    "tag": {"externalDocs": ("one", "externalDocs")},
    "server": {"variables": ("map", "serverVariable")},
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
        "responses": ("one", "responses"),
        "callbacks": ("map", "callback"),
        "servers": ("list", "server"),
        "externalDocs": ("one", "externalDocs"),
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
    "securityScheme": {"flows": ("one", "oauthFlows")},
    "oauthFlows": dict.fromkeys(
        (
            *("implicit", "password", "clientCredentials", "authorizationCode"),
            "deviceAuthorization",
        ),
        ("one", "oauthFlow"),
    ),
    "link": {"server": ("one", "server")},
    "schema": _SCHEMAS,
    "property": _SCHEMAS,
    "items": _SCHEMAS,
}

_PATTERNED = {
    "paths": "pathItem",
    "responses": "response",
    "callback": "pathItem",
    "unrouted": "response",
}
"""Objects whose members are all of one kind, but for extensions."""
UNROUTED = "x-unrouted"
"""Our extension of `paths` that holds Response Objects."""

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
    if kind in _PATTERNED:
        for key in value:
            if not key.startswith("x-"):
                yield (key,), _PATTERNED[kind]
            elif kind == "paths" and key == UNROUTED:
                yield (key,), "unrouted"
        return
    row = _TABLE.get(kind, {})
    for key, child in value.items():
        if key not in row:
            continue
        shape, child_kind = row[key]
        for inner in _keys(child, shape):
            yield (key, *inner), child_kind


def _keys(child: Any, shape: str) -> Iterable[tuple[str | int, ...]]:
    """The paths from *child* to the objects in it: itself, its members, or its items."""
    if shape == "list":
        return ((index,) for index in range(len(child))) if isinstance(child, list) else ()
    if not isinstance(child, dict):
        return ()
    return ((),) if shape == "one" else ((name,) for name in child)


def is_schema(kind: str) -> bool:
    """Whether objects of *kind* are Schema Objects."""
    return kind in {"schema", "property", "items"}


def schemas_in(word: str) -> str:
    """How schemas stand in the keyword *word*: `one`, in a `list`, in a `map`; empty where it has data."""
    shape, kind = _SCHEMAS.get(word, ("", ""))
    return shape if is_schema(kind) else ""


def spoken(kind: str) -> str:
    """*kind* with its article, as in `a media type`."""
    words = {
        "items": "the items of an array",
        "document": "the document itself",
        "unrouted": f"`{UNROUTED}`",
    }
    if kind in words:
        return words[kind]
    name = re.sub(r"[A-Z]", lambda match: f" {match[0].lower()}", kind)
    return f"an {name}" if name[0] in "aeio" else f"a {name}"
