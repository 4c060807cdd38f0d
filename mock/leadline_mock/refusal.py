"""Say no in the API's own words: which status, which documented shape, every violation in it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from leadline_mock import documented
from leadline_mock.errorbody import PROBLEM, error_body, problem
from leadline_mock.messages import Response
from leadline_openapi import jsontext
from leadline_openapi.contract import Answer, Operation
from leadline_openapi.violation import Violation

VIOLATIONS_HEADER = "Leadline-Violations"
_HEADER_LIMIT = 4000


def refuse(
    operation: Operation, statuses: Sequence[int], violations: Sequence[Violation]
) -> Response:
    """
    The refusal of a request to *operation*, with the first of *statuses* that it documents.

    Where the contract documents none of them, the first is used, in the shape of another documented
    refusal; where there is none of these either, with a body after RFC 9457.
    """
    status = _documented(operation, statuses)
    others = (one for one in operation.answers if one.status.startswith("4"))
    shape = operation.answer_for(status) or next(others, None)
    return render(shape, status, violations)


def render(answer: Answer | None, status: int, violations: Sequence[Violation]) -> Response:
    """*violations* in the shape that *answer* documents, or after RFC 9457."""
    headers = (*documented.headers(answer), *told(violations))
    media = documented.representation(answer)
    if media is None:
        content_type, body = PROBLEM, jsontext.dump(problem(status, violations))
    elif documented.is_json(media):
        content_type = documented.type_name(media)
        body = jsontext.dump(error_body(media, status, violations))
    else:
        content_type = documented.type_name(media)
        lines = (violation.message for violation in violations)
        body = "\n".join(lines).encode("utf-8", "replace")
    return Response(status, (("Content-Type", content_type), *headers), body, tuple(violations))


def told(violations: Sequence[Violation]) -> tuple[tuple[str, str], ...]:
    """
    The header that names *violations* as a JSON array, of which any error shape is independent.

    Where they are too many for a header, its last item says how many are left out.
    """
    if not violations:
        return ()
    shown: list[dict[str, str | int]] = [
        {"location": one.location, "pointer": one.pointer, "keyword": one.keyword}
        if one.count == 1
        else {"more": one.count}
        for one in violations
    ]
    facts = shown
    while len(text := json.dumps(shown, separators=(",", ":"))) > _HEADER_LIMIT:
        kept = (len(shown) - 1) // 2
        shown = [*facts[:kept], {"more": sum(one.count for one in violations[kept:])}]
    return ((VIOLATIONS_HEADER, text),)


def _documented(operation: Operation, statuses: Sequence[int]) -> int:
    names = {answer.status for answer in operation.answers}
    for status in statuses:
        if names & {str(status), f"{status // 100}XX"}:
            return status
    return statuses[0]
