"""What `x-leniency` may say: the faults that a request can have, and what a server makes of each."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from leadline_openapi import pointer as pointers
from leadline_openapi.errors import SpecError
from leadline_openapi.leniency.conversion import written
from leadline_openapi.parameters import ABSENT
from leadline_openapi.structure import Node, is_schema, walk
from leadline_openapi.tree import Located

OUTCOMES = ("rejected", "coerced", "dropped", "stored", "error")
TYPES = ("null", "boolean", "number", "string", "array", "object")
"""What stands behind `type:` where a fault is told by what was sent."""

SPELLING = "media-type:spelling"
"""The fault of a right media type that is spelt as the server does not read it."""
_OF_SPELLING = ("rejected", "stored", "error")

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
    "items": _OF_VALUES,
    "parameter": _OF_VALUES | {"malformed", "repeated"},
    "requestBody": _OF_VALUES | {"malformed", "malformed:encoding", "media-type", SPELLING},
}
_UNKNOWN = frozenset(
    ("additionalProperties", "unevaluatedProperties", "unevaluatedItems", "items", "false")
)

_NAME = {"enum": list(OUTCOMES)}
_COERCED_AS = {
    "if": {"required": ["as"]},
    "then": {"properties": {"then": {"const": "coerced"}}},
}
_OUTCOME = {
    "anyOf": [
        _NAME,
        {
            "type": "object",
            "required": ["then"],
            "properties": {"if": {"type": ["object", "boolean"]}, "then": _NAME, "as": True},
            "additionalProperties": False,
            **_COERCED_AS,
        },
    ]
}
VALUE = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": {
        "anyOf": [_OUTCOME, {"type": "array", "minItems": 1, "items": _OUTCOME}]
    },
}
"""The JSON Schema of the word's value."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What a server makes of a fault: *name* is one of `OUTCOMES`.

    *condition* points to the schema that the value sent has to fit, and is empty where any will do;
    *value* is what a value is coerced to, `ABSENT` where that follows from it.
    """

    name: str
    condition: str = ""
    value: Any = ABSENT

    def filled(self, sent: Any) -> Any:
        """The value that *sent* is coerced to; in a text, `{json}` and `{items}` stand for what was sent."""
        if not isinstance(self.value, str) or sent is ABSENT:
            return self.value
        whole = written(sent)
        items = whole[1:-1] if isinstance(sent, list) else whole
        return self.value.replace("{json}", whole).replace("{items}", items)


Declared = Mapping[str, Mapping[str, tuple[Outcome, ...]]]
"""Outcomes by the pointer of what says the word, and by fault; the first that fits counts."""


def of_keyword(keyword: str) -> str:
    """The fault of a value that breaks the JSON Schema *keyword*."""
    return "unknown" if keyword in _UNKNOWN else keyword


def check(node: Node, document: Mapping[str, Any]) -> None:
    """Check the faults and conditions in the well-formed `x-leniency` of *node*. Raises `SpecError`."""
    said, known = node.value["x-leniency"], _FAULTS[node.kind]
    if not isinstance(said, Located):
        return
    for fault in said:
        if fault not in known:
            close = difflib.get_close_matches(of_keyword(fault), sorted(known), n=1)
            hint = (
                f"did you mean `{close[0]}`?" if close else f"there are: {', '.join(sorted(known))}"
            )
            raise SpecError(said.places[fault], f"`x-leniency` knows no fault `{fault}` here", hint)
        for outcome in _listed(said[fault]):
            told = outcome if isinstance(outcome, dict) else {"then": outcome}
            name = told["then"]
            if fault == SPELLING and name not in _OF_SPELLING:
                hint = "the media type is right: it is `stored`, if not `rejected` or an `error`"
                raise SpecError(said.places[fault], f"`{fault}` cannot be {name}", hint)
            problem = _unsound(told["if"], document) if "if" in told else ""
            if problem:
                hint = "`if` takes a JSON Schema, whose references lead into the document"
                raise SpecError(said.places[fault], f"`if` of `{fault}`: {problem}", hint)


def _unsound(schema: Any, document: Mapping[str, Any]) -> str:
    """Why *schema* cannot judge values; empty where it can."""
    plain = json.loads(json.dumps(schema))
    for node in walk(plain, "schema"):
        if is_schema(node.kind) and "$ref" in node.value:
            reference = node.value.pop("$ref")
            if not _leads(reference, document):
                return f"`{reference}` leads to no schema"
        alien = _ALIEN & node.value.keys() if is_schema(node.kind) else ()
        if alien:
            return f"`{min(alien)}` is not for a schema inside another one"
    try:
        jsonschema_rs.Draft202012Validator(plain, offline=True)
    except jsonschema_rs.ValidationError as error:
        return str(error.message)
    return ""


def _leads(reference: Any, document: Mapping[str, Any]) -> bool:
    """Whether *reference* names a schema in *document*."""
    if not (isinstance(reference, str) and reference.startswith("#/")):
        return False
    with suppress(LookupError):
        return isinstance(pointers.find(document, reference[1:]), dict | bool)
    return False


_ALIEN = frozenset(("$schema", "$id", "$anchor", "$dynamicRef", "$dynamicAnchor"))
"""What has a meaning for whole documents only."""


def declared(document: Mapping[str, Any]) -> Declared:
    """Every `x-leniency` of *document*."""
    found: dict[str, dict[str, tuple[Outcome, ...]]] = {}
    for node in walk(document):
        if node.kind in _FAULTS and "x-leniency" in node.value:
            at = pointers.pointer(node.path)
            found[at] = {
                fault: tuple(_outcomes(at + pointers.pointer(("x-leniency", fault)), said))
                for fault, said in node.value["x-leniency"].items()
            }
    return found


def _outcomes(at: str, said: Any) -> Iterator[Outcome]:
    for number, one in enumerate(_listed(said)):
        where = f"{at}/{number}" if isinstance(said, list) else at
        if isinstance(one, str):
            yield Outcome(one)
        else:
            yield Outcome(one["then"], f"{where}/if" if "if" in one else "", one.get("as", ABSENT))


def _listed(said: Any) -> list[Any]:
    return said if isinstance(said, list) else [said]
