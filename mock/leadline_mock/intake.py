"""Read a request as the contract describes it, and find everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from leadline_mock.messages import Request
from leadline_openapi import jsontext, mediatype
from leadline_openapi.contract import MediaType, Operation
from leadline_openapi.violation import Violation

ABSENT = object()
"""The body of a request that has none, or none that could be read."""


@dataclass(frozen=True, slots=True)
class Intake:
    """*body* is parsed JSON, text, or `ABSENT`; *statuses* are fitting refusals, the best first."""

    body: Any
    violations: tuple[Violation, ...]
    statuses: tuple[int, ...]


def read(operation: Operation, request: Request) -> Intake:
    """The parameters and the body of *request*, with every violation of *operation*."""
    found = list(_parameters(operation, request))
    if operation.body is None:
        return Intake(ABSENT, tuple(found), _INVALID)
    if not request.body:
        found += _missing_body(operation)
        return Intake(ABSENT, tuple(found), _INVALID)
    media = operation.body.for_type(mediatype.parse(request.header("content-type") or "")[0])
    if media is None:
        return Intake(ABSENT, (_wrong_type(operation, request), *found), _WRONG_TYPE)
    try:
        body = jsontext.parse(request.body) if media.is_json else request.body.decode("utf-8")
    except (jsontext.NotJson, UnicodeDecodeError) as error:
        return Intake(ABSENT, (*found, _malformed(media, str(error))), _INVALID)
    if media.schema is not None and not media.schema.is_valid(body):
        found += media.schema.violations(body)
    return Intake(body, tuple(found), _INVALID)


_INVALID = (400, 422)
_WRONG_TYPE = (415, 400, 422)


def _parameters(operation: Operation, request: Request) -> Iterator[Violation]:
    for parameter in operation.parameters:
        yield from parameter.violations(request.sent(parameter.location))


def _missing_body(operation: Operation) -> Iterator[Violation]:
    if operation.body is not None and operation.body.required:
        yield _about_body(operation.body.pointer, "required", "a body is required", "a body")


def _wrong_type(operation: Operation, request: Request) -> Violation:
    content = operation.body.content if operation.body else ()
    sent = request.header("content-type")
    return Violation(
        location="header",
        field="Content-Type",
        pointer="/Content-Type",
        keyword="content",
        problem=f"`{sent}` is no media type of this operation" if sent else "is missing",
        expected=" or ".join(media.name for media in content),
        rule=f"{operation.body.pointer}/content" if operation.body else operation.pointer,
    )


def _malformed(media: MediaType, reason: str) -> Violation:
    return _about_body(
        media.pointer, "content", f"the body is not {media.name}: {reason}", media.name
    )


def _about_body(rule: str, keyword: str, problem: str, expected: str) -> Violation:
    return Violation("body", "", "", keyword, problem, expected, rule)
