"""Parts of small documents with leniency, and what is read of their answers."""

from __future__ import annotations

import json
from typing import Any

from tests.mock.specs import answers, content, echoing

NO = {"400": {"description": "no"}, "500": {"description": "it failed"}}


def body(properties: Any, leniency: Any = None, **members: Any) -> dict[str, Any]:
    """A request body that is a closed object of *properties*; *leniency* is its own."""
    schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        **members,
    }
    return {**content(schema), **({"x-leniency": leniency} if leniency else {})}


def posting(request: Any, more: Any = None, **members: Any) -> dict[str, Any]:
    """`POST /a`, which takes *request* and answers with it; *more* are further answers."""
    responses = {**answers(echoing("$request.body")), **NO, **(more or {})}
    return {"/a": {"post": {"requestBody": request, "responses": responses, **members}}}


def getting(parameter: Any, echo: str, path: str = "/a") -> dict[str, Any]:
    """`GET /a`, which takes *parameter* and answers with what *echo* names."""
    responses = {**answers(echoing(echo)), **NO}
    return {path: {"get": {"parameters": [parameter], "responses": responses}}}


def told(response: Any) -> list[str]:
    """The pointers in the header that tells what was wrong."""
    return [one["pointer"] for one in json.loads(response.headers.get("Leadline-Violations", "[]"))]


def got(response: Any) -> Any:
    """What is echoed; the status where the request was not accepted."""
    return response.json.get("got") if response.status_code < 300 else response.status_code
