"""Say no in the API's own words: which status, which documented shape, every violation in it."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from html import escape
from itertools import accumulate
from typing import Any

from leadline_mock import documented
from leadline_mock.errorbody import FACTS, PROBLEM, error_body, problem
from leadline_mock.messages import Response
from leadline_openapi import jsontext
from leadline_openapi.contract import Answer, Operation
from leadline_openapi.violation import Violation, cut

VIOLATIONS_HEADER = "Leadline-Violations"
_HEADER_LIMIT = 4000
_ROOM = 30
"""Characters of the header that are left for the number of those that are left out."""
_EXPECTED_LIMIT = 200
"""Characters of what was expected: a list of allowed values must not push out other violations."""


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
        example = next(iter(media.examples.values()), None)
        text = "\n".join(lines)
        if "html" in media.name or "xml" in media.name:
            text = escape(text)  # it may hold what a caller sent
        body = (example if isinstance(example, str) else text).encode("utf-8", "replace")
    return Response(status, (("Content-Type", content_type), *headers), body, tuple(violations))


def told(violations: Sequence[Violation]) -> tuple[tuple[str, str], ...]:
    """
    The header that tells *violations* as a JSON array, of which any error shape is independent.

    Where they are too many for a header, its last item says how many are left out.
    """
    if not violations:
        return ()
    texts = [_as_json(_facts(one)) for one in violations]
    sizes = list(accumulate((len(text) + 1 for text in texts), initial=1))
    if sizes[-1] > _HEADER_LIMIT:
        kept = bisect_right(sizes, _HEADER_LIMIT - _ROOM) - 1
        texts[kept:] = [_as_json({"more": sum(one.count for one in violations[kept:])})]
    return ((VIOLATIONS_HEADER, f"[{','.join(texts)}]"),)


def _facts(violation: Violation) -> dict[str, Any]:
    if violation.count > 1:
        return {"more": violation.count}
    expected = cut(violation.expected, _EXPECTED_LIMIT)
    became = {"outcome": violation.outcome} if violation.outcome else {}
    return {name: getattr(violation, name) for name in FACTS} | {"expected": expected} | became


def _as_json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _documented(operation: Operation, statuses: Sequence[int]) -> int:
    names = {answer.status for answer in operation.answers}
    for status in statuses:
        if names & {str(status), f"{status // 100}XX"}:
            return status
    return statuses[0]
