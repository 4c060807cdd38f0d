"""What `x-leniency` may say: the faults that a request can have, and what a server makes of each."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from leadline_openapi import pointer as pointers
from leadline_openapi.errors import SpecError
from leadline_openapi.structure import Node, walk
from leadline_openapi.tree import Located

OUTCOMES = ("rejected", "coerced", "dropped", "stored", "error")
TYPES = ("null", "boolean", "number", "string", "array", "object")
"""What stands behind `type:` where a fault is told by what was sent."""

_OF_VALUES = frozenset(
    (
        *("type", *(f"type:{name}" for name in TYPES)),
        *("enum", "const", "anyOf", "oneOf", "not", "required", "dependentRequired", "unknown"),
        *("minLength", "maxLength", "pattern", "propertyNames", "minProperties", "maxProperties"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *("minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains"),
    )
)
_FAULTS = {
    "property": _OF_VALUES,
    "parameter": _OF_VALUES | {"malformed", "repeated"},
    "requestBody": _OF_VALUES | {"malformed", "media-type"},
}
_UNKNOWN = frozenset(
    ("additionalProperties", "unevaluatedProperties", "unevaluatedItems", "items", "false")
)

_OUTCOME = {"enum": list(OUTCOMES)}
VALUE = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": {
        "anyOf": [_OUTCOME, {"type": "array", "minItems": 1, "items": _OUTCOME}]
    },
}
"""The JSON Schema of the word's value."""

Declared = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Outcomes by the pointer of what says the word, and by fault."""


def of_keyword(keyword: str) -> str:
    """The fault of a value that breaks the JSON Schema *keyword*."""
    return "unknown" if keyword in _UNKNOWN else keyword


def check(node: Node) -> None:
    """Check the faults that the well-formed `x-leniency` of *node* names. Raises `SpecError`."""
    said, known = node.value["x-leniency"], _FAULTS[node.kind]
    for fault in said:
        if fault in known or not isinstance(said, Located):
            continue
        close = difflib.get_close_matches(of_keyword(fault), sorted(known), n=1)
        hint = f"did you mean `{close[0]}`?" if close else f"there are: {', '.join(sorted(known))}"
        raise SpecError(said.places[fault], f"`x-leniency` knows no fault `{fault}` here", hint)


def declared(document: Mapping[str, Any]) -> Declared:
    """Every `x-leniency` of *document*."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for node in walk(document):
        if node.kind in _FAULTS and "x-leniency" in node.value:
            found[pointers.pointer(node.path)] = {
                fault: (said,) if isinstance(said, str) else tuple(said)
                for fault, said in node.value["x-leniency"].items()
            }
    return found
