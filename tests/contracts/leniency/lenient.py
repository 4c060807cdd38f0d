"""A small contract that says of every kind of fault what becomes of it, and servers that do otherwise."""

from __future__ import annotations

import json
from typing import Any

OUTCOMES = ("rejected", "coerced", "dropped", "stored", "error")

OVERLAY_HEAD = "overlay: 1.0.0\ninfo: {title: What the server does, version: '1'}\nactions:\n"


def spec(*names: str) -> dict[str, Any]:
    """Boxes: `POST /boxes/{room}`, with values of every kind or of those *names*, that come back as sent."""
    members = {
        "number": {"type": "number", "maximum": 99},
        "text": {"type": "string", "maxLength": 6, "pattern": "^[a-z]*$"},
        "flag": {"type": "boolean"},
        "colour": {"enum": ["red", "green"], "type": "string"},
        "colours": {"type": "array", "items": {"type": "string", "enum": ["red", "green"]}},
        "owner": {"type": "integer", "minimum": 1, "x-relation": "people"},
        "at": {"type": "string", "pattern": r"^20\d\d-[01]\d-[012]\dT00:00:00\.000Z$", "format": "date-time"},
        "inner": {
            "type": "object",
            "required": ["text"],
            "properties": {"text": {"type": "string"}},
        },
    }  # fmt: skip
    members = {name: members[name] for name in names or members}
    box = {"type": "object", "additionalProperties": False, "properties": members}
    answered = {
        "type": "object",
        "required": ["box"],
        "properties": {"box": {"type": "object", "x-echo": "$request.body"}},
    }
    parameters = [
        {"name": "room", "in": "path", "required": True, "schema": {"type": "integer"}},
        {"name": "depth", "in": "query", "schema": {"type": "integer", "maximum": 9}},
        {"name": "tags", "in": "query", "schema": {"type": "array", "items": {"enum": ["a", "b"]}}},
        {"name": "X-Mode", "in": "header", "schema": {"enum": ["fast", "slow"]}},
    ]
    post = {
        "security": [{"key": []}],
        "parameters": parameters,
        "requestBody": {"required": True, "content": {"application/json": {"schema": box}}},
        "responses": {
            "200": {"description": "ok", "content": {"application/json": {"schema": answered}}},
            **{code: {"description": "no"} for code in ("400", "401", "413", "415", "500")},
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Boxes", "version": "1"},
        "paths": {"/boxes/{room}": {"post": post}},
        "components": {
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "Authorization"}}
        },
    }


POST = "$.paths['/boxes/{room}'].post"
BODY = f"{POST}.requestBody"
MEMBERS = f"{BODY}.content['application/json'].schema.properties"


def overlay(*actions: tuple[str, Any]) -> str:
    """An overlay that puts what is said on each target."""
    lines = [
        f"  - target: {json.dumps(target)}\n    update: {json.dumps(says)}\n"
        for target, says in actions
    ]
    return OVERLAY_HEAD + "".join(lines)


def saying(target: str, **faults: Any) -> tuple[str, Any]:
    """`x-leniency` on *target*; `_` stands for `:`."""
    return target, {"x-leniency": {name.replace("_", ":"): said for name, said in faults.items()}}
