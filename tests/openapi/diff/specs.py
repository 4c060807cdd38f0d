"""Contracts of one operation around schemas, for the tests of comparisons."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from leadline_openapi import Contract, load

_MEDIA = {"application/json": {"schema": {"$ref": "#/components/schemas/X"}}}


def contract_of(schemas: Mapping[str, Any], side: str = "both") -> dict[str, Any]:
    """A document whose one operation is sent and answers `X` of *schemas*, or does one of both."""
    answer: dict[str, Any] = {"description": "ok"}
    operation: dict[str, Any] = {"operationId": "x", "responses": {"200": answer}}
    if side != "response":
        operation["requestBody"] = {"required": True, "content": _MEDIA}
    if side != "request":
        answer["content"] = _MEDIA
    return {
        "openapi": "3.1.1",
        "info": {"title": "X", "version": "1.0.0"},
        "paths": {"/x": {"post": operation}},
        "components": {"schemas": dict(schemas)},
    }


def loaded(folder: Path, name: str, document: Mapping[str, Any]) -> Contract:
    """*document* as the file *name* in *folder*, loaded."""
    file = folder / f"{name}.json"
    file.write_text(json.dumps(document), "utf-8")
    return load(file)
