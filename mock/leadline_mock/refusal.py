"""Say no in the API's own words: an error answer with every violation in it."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from leadline_mock.messages import Response
from leadline_openapi import jsontext
from leadline_openapi import pointer as pointers
from leadline_openapi.contract import Answer, MediaType, Operation
from leadline_openapi.sample import NoSample, sample
from leadline_openapi.violation import Violation

PROBLEM = "application/problem+json"


def refuse(
    operation: Operation, statuses: Sequence[int], violations: Sequence[Violation]
) -> Response:
    """
    The refusal of a request to *operation*, with the first of *statuses* that it documents.

    Where the contract documents none of them, the first is used, with a body after RFC 9457.
    """
    status = _documented(operation, statuses)
    return render(operation.answer_for(status), status, violations)


def render(answer: Answer | None, status: int, violations: Sequence[Violation]) -> Response:
    """*violations* in the shape that *answer* documents, or after RFC 9457."""
    media = (
        next((media for media in answer.body.content if media.is_json), None) if answer else None
    )
    if media is None:
        return Response(
            status, (("Content-Type", PROBLEM),), jsontext.dump(_problem(status, violations))
        )
    body = jsontext.dump(_body(media, violations))
    return Response(status, (("Content-Type", media.name),), body)


def _documented(operation: Operation, statuses: Sequence[int]) -> int:
    names = {answer.status for answer in operation.answers}
    for status in statuses:
        if names & {str(status), f"{status // 100}XX"}:
            return status
    return statuses[0]


def _problem(status: int, violations: Sequence[Violation]) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": "; ".join(violation.message for violation in violations),
        "errors": [
            {"detail": violation.message, "pointer": violation.pointer} for violation in violations
        ],
    }


def _body(media: MediaType, violations: Sequence[Violation]) -> Any:
    if media.schema is not None:
        filled = _Filler(media.schema.library.document, violations).fill(media.schema.source)
        if filled is not _NOTHING and media.schema.is_valid(filled):
            return filled
    for example in media.examples.values():
        return example
    try:
        return sample(media.schema) if media.schema else _problem(0, violations)
    except NoSample:
        return None


_NOTHING = object()


class _Filler:
    """Builds a value from a schema whose strings say, by `x-violation`, what goes where."""

    def __init__(self, document: dict[str, Any], violations: Sequence[Violation]) -> None:
        self._document = document
        self._violations = violations

    def fill(self, schema: Any, current: Violation | None = None) -> Any:
        """The value for *schema*, or `_NOTHING` where no word of ours is in it."""
        schema = self._resolve(schema)
        if "x-violation" in schema:
            return _format(schema["x-violation"], current or self._violations[0])
        if "items" in schema:
            items = [self.fill(schema["items"], violation) for violation in self._violations]
            return _NOTHING if _NOTHING in items else items
        if "properties" in schema:
            return self._object(schema, current)
        return _NOTHING

    def _object(self, schema: dict[str, Any], current: Violation | None) -> Any:
        required = schema.get("required", ())
        made: dict[str, Any] = {}
        for name, member in schema["properties"].items():
            value = self.fill(member, current)
            if value is not _NOTHING and (value != "" or name in required):
                made[name] = value
        return made or _NOTHING

    def _resolve(self, schema: Any) -> dict[str, Any]:
        while isinstance(schema, dict) and "$ref" in schema and "x-violation" not in schema:
            schema = pointers.find(self._document, schema["$ref"][1:])
        return schema if isinstance(schema, dict) else {}


def _format(template: str, violation: Violation) -> str:
    for name in ("message", "field", "pointer", "keyword", "expected", "location"):
        template = template.replace(f"{{{name}}}", getattr(violation, name))
    return template
