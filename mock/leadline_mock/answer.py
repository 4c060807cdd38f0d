"""The pure core: from an operation, a request and a world to a response."""

from __future__ import annotations

import json
from collections.abc import Sequence

from leadline_mock import credentials, intake
from leadline_mock.compose import compose
from leadline_mock.messages import Request, Response
from leadline_mock.refusal import refuse, render
from leadline_mock.world import World
from leadline_openapi import jsontext
from leadline_openapi.contract import Answer, MediaType, Operation
from leadline_openapi.violation import Violation

VIOLATIONS_HEADER = "Leadline-Violations"
_HEADER_LIMIT = 4000


def answer(operation: Operation, request: Request, world: World) -> Response:
    """
    What the contract says to *request*.

    Credentials are looked at first, then media type, syntax, parameters and body. A request that breaks
    the contract is refused with every violation named; in the mode `warn` it is answered as if it were
    fine, and the header `Leadline-Violations` names them.
    """
    if operation.unsupported:
        return _unsupported(operation)
    denied = credentials.violations(operation, request, world.keys)
    if denied and world.mode == "strict":
        return refuse(operation, (401, 403), denied)
    taken = intake.read(operation, request)
    if taken.violations and world.mode == "strict":
        return refuse(operation, taken.statuses, taken.violations)
    found = (*denied, *taken.violations)
    return _accept(operation, request, taken.body, found, world)


def _accept(
    operation: Operation,
    request: Request,
    body: object,
    violations: Sequence[Violation],
    world: World,
) -> Response:
    success = _success(operation)
    status = int(success.status) if success and success.status.isdecimal() else 200
    told = ((VIOLATIONS_HEADER, _told(violations)),) if violations else ()
    media = _representation(success)
    if media is None:
        return Response(status, told, b"")
    value = compose(media, request, body, world)
    if not violations and media.schema is not None and not media.schema.is_valid(value):
        return _contradiction(media.schema.violations(value))
    text = jsontext.dump(value) if media.is_json else str(value).encode()
    return Response(status, (("Content-Type", media.name), *told), text)


def _success(operation: Operation) -> Answer | None:
    return next(iter(operation.successes()), None) or operation.answer_for(200)


def _representation(success: Answer | None) -> MediaType | None:
    content = success.body.content if success else ()
    return next((media for media in content if media.is_json), next(iter(content), None))


def _told(violations: Sequence[Violation]) -> str:
    facts = [
        {"field": one.field, "pointer": one.pointer, "keyword": one.keyword} for one in violations
    ]
    while len(text := json.dumps(facts, separators=(",", ":"))) > _HEADER_LIMIT:
        facts = facts[: len(facts) // 2]
    return text


def _unsupported(operation: Operation) -> Response:
    reason = Violation("", "", "", "unsupported", operation.unsupported, "", operation.pointer)
    return render(None, 501, [reason])


def _contradiction(violations: Sequence[Violation]) -> Response:
    """The mock does not lie: what it would answer breaks the contract, so it says that instead."""
    return render(None, 500, violations)
