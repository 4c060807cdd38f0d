"""One dialect for everything downstream: OpenAPI 3.0, 3.1 and 3.2 become JSON Schema 2020-12.

Nothing behind this module asks for the version of the document. Sources: OAS 3.0.4 section 4.7.24
(Schema Object), OAS 3.1.1 section 4.8.24, JSON Schema Validation 2020-12.
"""

from __future__ import annotations

from typing import Any

from leadline_openapi import pointer as pointers
from leadline_openapi.structure import is_schema, walk
from leadline_openapi.tree import plain

TARGET_VERSION = "3.1.1"


def normalise(tree: dict[str, Any]) -> dict[str, Any]:
    """
    A plain copy of the valid document *tree* as OpenAPI 3.1.

    JSON pointers stay what they were: nothing is moved, only keywords of a Schema Object change.
    """
    document: dict[str, Any] = plain(tree)
    if str(document["openapi"]).startswith("3.0."):
        for node in walk(document):
            if is_schema(node.kind):
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
    changed = plain(document)
    for node in walk(changed):
        required = node.value.get("required")
        properties = node.value.get("properties")
        if is_schema(node.kind) and isinstance(required, list) and isinstance(properties, dict):
            node.value["required"] = [
                name for name in required if not _marked(changed, properties.get(name), unasked)
            ]
    return changed  # type: ignore[no-any-return]


def _marked(document: dict[str, Any], schema: Any, word: str) -> bool:
    seen: set[str] = set()
    while isinstance(schema, dict):
        if schema.get(word) is True:
            return True
        reference = schema.get("$ref")
        if not isinstance(reference, str) or reference in seen:
            return False
        seen.add(reference)
        schema = pointers.find(document, reference[1:])
    return False


def _modernise(schema: dict[str, Any]) -> None:
    if "$ref" in schema:
        # OAS 3.0.4 section 4.7.23: "any sibling elements of a $ref are ignored".
        for key in [key for key in schema if key != "$ref"]:
            del schema[key]
        return
    nullable = schema.pop("nullable", False)
    if nullable is True and isinstance(schema.get("type"), str):
        # `nullable` speaks only beside `type`, and does not widen an `enum` (OAS 3.0.4).
        schema["type"] = [schema["type"], "null"]
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if schema.get(exclusive) is True and bound in schema:
            schema[exclusive] = schema.pop(bound)
        elif isinstance(schema.get(exclusive), bool):
            del schema[exclusive]
