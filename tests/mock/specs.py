"""Parts of small documents, and what mocks of them answer."""

from typing import Any

KEY = "a-key-of-Some-length"
OK = {"200": {"description": "ok"}}
TEXT = {"type": "string"}


def content(schema: Any = None, media: str = "application/json", **members: Any) -> dict[str, Any]:
    """The `content` of a body."""
    return {"content": {media: {**({} if schema is None else {"schema": schema}), **members}}}


def answers(schema: Any = None, status: str = "200", **members: Any) -> dict[str, Any]:
    """The `responses` of an operation with one answer."""
    return {status: {"description": "an answer", **content(schema, **members)}}


def parameter(name: str, location: str, schema: Any = None, **members: Any) -> dict[str, Any]:
    """A required parameter."""
    return {"name": name, "in": location, "required": True, "schema": schema or TEXT, **members}


def echoing(expression: str, schema: Any = None) -> dict[str, Any]:
    """An object schema with a member `got` that echoes what *expression* names."""
    return {"type": "object", "properties": {"got": {**(schema or {}), "x-echo": expression}}}


def problems(response: Any) -> list[tuple[str, str]]:
    """Pointer and detail of each error of an answer after RFC 9457."""
    assert response.content_type == "application/problem+json"
    assert response.json["status"] == response.status_code
    return [(error["pointer"], error["detail"]) for error in response.json["errors"]]


def taking(body: Any, answered: Any, **members: Any) -> dict[str, Any]:
    """The paths of a document with `POST /a` that takes *body* and gives *answered*."""
    return {"/a": {"post": {"requestBody": body, "responses": answered, **members}}}
