"""What the zoo needs of the leads contract, read from the document by code of its own."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

SPEC = Path(__file__).parents[2] / "openapi" / "leads.yaml"
KEY = "test-api-key"
PATH = "/leads"
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True)
class Field:
    """A member of a lead: `string`, `number`, `boolean`, `integer`, `enum`, `enums` or `ids`."""

    name: str
    kind: str
    values: tuple[str, ...] = ()


@functools.cache
def schemas() -> dict[str, Any]:
    """The schemas of the document."""
    document = yaml.load(SPEC.read_bytes(), yaml.CSafeLoader)
    return dict(document["components"]["schemas"])


@functools.cache
def fields() -> dict[str, Field]:
    """The members of a lead that may be sent."""
    return {
        name: _field(name, schema)
        for name, schema in schemas()["LeadRequest"]["properties"].items()
    }


def of_kind(*kinds: str) -> list[str]:
    """The names of the members of these *kinds*."""
    return [field.name for field in fields().values() if field.kind in kinds]


def fits(field: Field, value: Any) -> bool:
    """Whether *value* may be sent for *field*."""
    if field.kind in {"enums", "ids"}:
        return isinstance(value, list) and all(_fits(field, item) for item in value)
    return _fits(field, value)


@functools.cache
def answers() -> tuple[Any, Any]:
    """Validators of the confirmation and of an error."""
    defs = {
        **schemas(),
        "Lead": {**schemas()["Lead"], "required": ["id", "createdAt", "updatedAt"]},
    }
    defs["Lead"]["properties"] = {
        **defs["Lead"]["properties"],
        "id": {"type": ["integer", "string"]},
    }
    text = {"type": "string"}
    error = {
        "type": "object",
        "required": ["message"],
        "properties": dict.fromkeys(
            ("message", "field", "pointer", "keyword", "expected", "location"), text
        ),
    }
    errors = {
        "type": "object",
        "required": ["errors"],
        "properties": {"errors": {"type": "array", "minItems": 1, "items": error}},
    }
    confirmation = {
        "components": {"schemas": defs},
        "$ref": "#/components/schemas/LeadConfirmation",
    }
    return jsonschema_rs.Draft202012Validator(confirmation), jsonschema_rs.Draft202012Validator(
        errors
    )


def _field(name: str, schema: dict[str, Any]) -> Field:
    if schema.get("type") == "array":
        item = _field(name, schema["items"])
        return Field(name, "ids" if item.kind == "integer" else "enums", item.values)
    if "$ref" in schema:
        schema = schemas()[schema["$ref"].rpartition("/")[2]]
    return Field(
        name, "enum" if "enum" in schema else schema["type"], tuple(schema.get("enum", ()))
    )


def _fits(field: Field, value: Any) -> bool:
    number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    match field.kind:
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "number":
            return number
        case "integer" | "ids":
            return number and value == value // 1
        case _:
            return isinstance(value, str) and value in field.values
