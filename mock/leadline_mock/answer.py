"""The pure core: from an operation, a request and a world to a response."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from leadline_mock import credentials, documented, intake
from leadline_mock.compose import compose
from leadline_mock.messages import Request, Response
from leadline_mock.refusal import VIOLATIONS_HEADER, refuse, render, told
from leadline_mock.world import World
from leadline_openapi import jsontext
from leadline_openapi.contract import Answer, MediaType, Operation
from leadline_openapi.violation import Violation

__all__ = ["VIOLATIONS_HEADER", "answer"]


def answer(operation: Operation, request: Request, world: World) -> Response:
    """
    What the contract says to *request*.

    Credentials are looked at first, then media type, syntax, parameters and body. A request that breaks
    the contract is refused with every violation named; in the mode `warn` it is answered as if it were
    fine. Either way the header `Leadline-Violations` names them too. `Accept` is not read: the answer is
    the first documented representation, as RFC 9110 section 12.5.1 allows.
    """
    if operation.unsupported:
        return _unsupported(operation)
    denied = credentials.violations(operation, request, world.keys)
    if denied and world.mode == "strict":
        return refuse(operation, (401, 403), denied)
    taken = intake.read(operation, request)
    if taken.violations and world.mode == "strict":
        return refuse(operation, taken.statuses, taken.violations)
    return _accept(operation, request, taken.body, (*denied, *taken.violations), world)


def _accept(
    operation: Operation,
    request: Request,
    body: object,
    violations: Sequence[Violation],
    world: World,
) -> Response:
    success = _success(operation)
    headers = (*documented.headers(success), *told(violations))
    media = documented.representation(success)
    if media is None:
        return Response(_status(success), headers, b"")
    value = compose(operation, media, request, body, world)
    if not violations and media.schema is not None and not media.schema.is_valid(value):
        return _contradiction(operation, media.schema.violations(value))
    content_type = ("Content-Type", documented.type_name(media))
    return Response(_status(success), (content_type, *headers), _text(media, value))


def _success(operation: Operation) -> Answer | None:
    """The first documented yes; else a redirection; else what covers 200."""
    for digit in "23":
        for documented_answer in operation.answers:
            if documented_answer.status.startswith(digit):
                return documented_answer
    return operation.answer_for(200)


def _status(success: Answer | None) -> int:
    if success is None or success.status == "default":
        return 200
    return int(success.status.replace("XX", "00"))


def _text(media: MediaType, value: Any) -> bytes:
    if documented.is_json(media):
        return jsontext.dump(value)
    if value is None:
        return b""
    return value.encode("utf-8", "replace") if isinstance(value, str) else jsontext.dump(value)


def _unsupported(operation: Operation) -> Response:
    problem = f"Leadline cannot mock {operation.label}: {operation.unsupported}"
    return render(None, 501, [Violation("", "", "", "unsupported", problem, "", operation.pointer)])


def _contradiction(operation: Operation, violations: Sequence[Violation]) -> Response:
    """The mock does not lie: what it would answer breaks the contract, so it says that instead."""
    hint = "the contract contradicts itself, or the response needs an example that fits"
    problem = f"the answer to {operation.label} would break the contract: {hint}"
    summary = Violation("", "", "", "contradiction", problem, "", operation.pointer)
    inside = [replace(one, problem=f"in the answer, {one.problem}") for one in violations]
    return render(None, 500, [summary, *inside])
