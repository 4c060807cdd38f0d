"""One dialect for everything downstream: OpenAPI 3.0, 3.1 and 3.2 become JSON Schema 2020-12.

Nothing behind this module asks for the version of the document. Sources: OAS 3.0.4 section 4.7.24
(Schema Object), OAS 3.1.1 section 4.8.24, JSON Schema Validation 2020-12.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leadline_openapi import pointer as pointers
from leadline_openapi.structure import is_schema, walk
from leadline_openapi.tree import plain
from leadline_openapi.vocabulary import WORDS

TARGET_VERSION = "3.1.1"


def normalise(tree: dict[str, Any]) -> dict[str, Any]:
    """
    A plain copy of the valid document *tree* as OpenAPI 3.1.

    JSON pointers stay what they were: nothing is moved, only keywords of a Schema Object change, and
    what stands beside a `$ref` goes.
    """
    document: dict[str, Any] = plain(tree)
    if str(document["openapi"]).startswith("3.0."):
        for node in walk(document):
            if "$ref" in node.value:
                _strip(node.value)
            elif is_schema(node.kind):
                _modernise(node.value)
    document["openapi"] = TARGET_VERSION
    return document


def for_direction(document: dict[str, Any], unasked: str) -> dict[str, Any]:
    """
    The document as one direction sees it: members marked *unasked* are not required there.

    *unasked* is `readOnly` for requests and `writeOnly` for responses. "If the property has readOnly
    set to true and is in the required list, required takes effect on the response only" (OAS 3.0.4
    section 4.7.24.2), and likewise for writeOnly.
    """
    changed: dict[str, Any] = plain(document)
    for node in walk(changed):
        if is_schema(node.kind):
            _unrequire(changed, node.value, frozenset(), unasked)
            if node.value.get("additionalProperties") is False:
                # Beside `properties`, jsonschema-rs names the members that are refused.
                node.value.setdefault("properties", {})
    return changed


def _unrequire(document: dict[str, Any], schema: Any, outer: frozenset[str], unasked: str) -> None:
    """Take out of `required` what *schema* or those that it is a part of (*outer*) mark."""
    if not isinstance(schema, dict):
        return
    names = outer | _unasked(document, schema, unasked, frozenset())
    if names and isinstance(required := schema.get("required"), list):
        schema["required"] = [name for name in required if name not in names]
    if names:
        for part in schema.get("allOf", ()):
            _unrequire(document, part, names, unasked)


def _unasked(
    document: dict[str, Any], schema: Any, word: str, seen: frozenset[int]
) -> frozenset[str]:
    """The members that *schema*, with its `$ref` and `allOf`, marks with *word*."""
    if not isinstance(schema, dict) or id(schema) in seen:
        return frozenset()
    found = {
        name
        for name, member in schema.get("properties", {}).items()
        if marked(document, member, word)
    }
    for part in _parts(document, schema):
        found |= _unasked(document, part, word, seen | {id(schema)})
    return frozenset(found)


def marked(
    document: Mapping[str, Any], schema: Any, word: str, seen: frozenset[int] = frozenset()
) -> bool:
    """Whether *schema*, or what applies to the same value (`$ref`, `allOf`), says *word* (`readOnly`)."""
    if not isinstance(schema, dict) or id(schema) in seen:
        return False
    return schema.get(word) is True or any(
        marked(document, part, word, seen | {id(schema)}) for part in _parts(document, schema)
    )


def _parts(document: Mapping[str, Any], schema: dict[str, Any]) -> list[Any]:
    """What applies to the same value as *schema*, always."""
    parts = list(schema.get("allOf", ()))
    if isinstance(reference := schema.get("$ref"), str):
        parts.append(pointers.find(document, reference[1:]))
    return parts


def _strip(reference: dict[str, Any]) -> None:
    # "Any sibling elements of a $ref are ignored" (OAS 3.0.4, Reference Object), but our words,
    # which an overlay puts there, are not about the schema.
    for key in [key for key in reference if key != "$ref" and key not in WORDS]:
        del reference[key]


def _modernise(schema: dict[str, Any]) -> None:
    nullable = schema.pop("nullable", False)
    if nullable is True and isinstance(schema.get("type"), str):
        # `nullable` speaks only beside `type`, and does not widen an `enum` (OAS 3.0.4).
        schema["type"] = [schema["type"], "null"]
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if schema.get(exclusive) is True and bound in schema:
            schema[exclusive] = schema.pop(bound)
        elif isinstance(schema.get(exclusive), bool):
            del schema[exclusive]
