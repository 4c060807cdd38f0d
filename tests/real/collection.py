"""The leads collection of the real servers, made from the contract: `python -m tests.real.collection`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from leadline_openapi import Contract, load

FILE = Path(__file__).parent / "leads.json"
_TIMESTAMPS = {"createdAt", "updatedAt"}
"""Payload adds them by itself."""
_LOCALIZED = {"notes"}
_TYPES = {"string": "text", "number": "number", "boolean": "checkbox"}


def fields(contract: Contract) -> list[dict[str, Any]]:
    """The fields of Payload's collection config for what *contract* lets a lead hold."""
    schemas: Mapping[str, Any] = contract.document["components"]["schemas"]
    return [
        _field(name, schema, schemas)
        for name, schema in schemas["LeadRequest"]["properties"].items()
        if name not in _TIMESTAMPS
    ]


def written(contract: Contract) -> str:
    """The text of `leads.json`."""
    return "[\n" + ",\n".join(f"  {json.dumps(one)}" for one in fields(contract)) + "\n]\n"


def _field(name: str, schema: Any, schemas: Mapping[str, Any]) -> dict[str, Any]:
    schema = _resolved(schema, schemas)
    has_many = schema.get("type") == "array"
    one = _resolved(schema["items"], schemas) if has_many else schema
    found: dict[str, Any] = {"name": name}
    if "x-relation" in one:
        found |= {"type": "relationship", "relationTo": one["x-relation"]}
    elif "enum" in one:
        found |= {"type": "select", "options": list(one["enum"])}
    else:
        found |= {"type": _TYPES[one["type"]]}
    if has_many:
        found["hasMany"] = True
    if name in _LOCALIZED:
        found["localized"] = True
    return found


def _resolved(schema: Any, schemas: Mapping[str, Any]) -> dict[str, Any]:
    """*schema* with what its reference leads to."""
    target = schema.get("$ref", "").rpartition("/")[2]
    return {**(_resolved(schemas[target], schemas) if target else {}), **schema}


if __name__ == "__main__":
    FILE.write_text(written(load()), encoding="utf-8")
