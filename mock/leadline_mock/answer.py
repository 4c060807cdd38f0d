"""The pure core: from an operation, a request and a world to a response."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from leadline_mock import credentials, documented, locales, prefer, relations, variations
from leadline_mock.compose import compose
from leadline_mock.intake import read
from leadline_mock.leniency.requests import Taken, take
from leadline_mock.messages import Request, Response
from leadline_mock.plain import plain
from leadline_mock.ratelimit import beyond
from leadline_mock.refusal import VIOLATIONS_HEADER, refuse, render, told
from leadline_mock.world import World
from leadline_openapi.contract import Answer, MediaType, Operation
from leadline_openapi.parameters import ABSENT
from leadline_openapi.violation import Violation

__all__ = ["VIOLATIONS_HEADER", "answer"]

DENIED = (401, 403)
FAILED = (500, 503, 502, 504, 501)


def answer(operation: Operation, request: Request, world: World) -> Response:
    """
    What the contract says to *request*.

    The checks are made in the order of `Operation.check_order`. A request that breaks the contract is
    refused with every violation named, unless `x-leniency` says what else becomes of it; in the mode `warn`
    it is answered as if it were fine. Always the header `Leadline-Violations` names them too. Then `Prefer`
    may choose another documented answer (RFC 7240). `Accept` is not read: the answer is the first documented
    representation, as RFC 9110 section 12.5.1 allows. What is said about a request holds none of the keys.
    """
    usual = plain(operation)
    response = None if usual is None else usual.answer(request, world)
    return _answer(operation, request, world) if response is None else response


def _answer(operation: Operation, request: Request, world: World) -> Response:
    """As `answer`, step by step."""
    if operation.unsupported:
        return _unsupported(operation)
    limited = beyond(operation, world)
    if limited is not None:
        return limited
    clean = world.journal.redaction.violations
    strict = world.mode == "strict"
    denied = clean(credentials.violations(operation, request, world.keys))
    if denied and strict and _credentials_first(operation):
        return refuse(operation, DENIED, denied)
    intake = read(operation, request)
    taken = take(operation, request, intake)
    if strict and (denied or taken.stage):
        return _refused(operation, taken, denied, clean)
    request, body = (request, intake.body) if taken.stage else (taken.request, taken.body)
    found = (*denied, *clean(taken.told))
    preferred = request.header(prefer.HEADER)
    if preferred is not None:
        return _preferred(operation, request, body, found, world, preferred)
    success = documented.success(operation)
    return _accept(operation, success, request, body, found, world, dynamic=world.dynamic)


def _credentials_first(operation: Operation) -> bool:
    """Whether a request without a key need not be read to be refused."""
    before = operation.check_order[: operation.check_order.index("credentials")]
    limited = operation.body is not None and operation.body.max_bytes is not None
    return set(before) <= {"size"} and not limited


def _refused(
    operation: Operation,
    taken: Taken,
    denied: Sequence[Violation],
    clean: Callable[[Sequence[Violation]], tuple[Violation, ...]],
) -> Response:
    """The answer to a request that does not pass the first of the checks that are made."""
    order = operation.check_order
    if denied and not (taken.stage and order.index(taken.stage) < order.index("credentials")):
        return refuse(operation, DENIED, denied)
    if taken.refused:
        return refuse(operation, taken.statuses, clean(taken.refused))
    return refuse(operation, FAILED, clean(taken.failed))


def _accept(
    operation: Operation,
    success: Answer | None,
    request: Request,
    body: Any,
    violations: Sequence[Violation],
    world: World,
    *,
    dynamic: bool,
    status: int = 0,
) -> Response:
    """The answer *success*, with its own status unless another one is given."""
    status = status or documented.status(success)
    media = documented.representation(success)
    if media is None:
        return _response(success, status, None, None, violations)
    depth = relations.asked(operation, media, request) if media.relations else None
    dynamic = dynamic or not (media.echoes or documented.has_example(media))
    if depth is None and not dynamic:
        value = compose(operation, media, request, body, world)
    else:
        value = variations.compose(
            operation, media, request, body, world, depth=depth, dynamic=dynamic
        )
    if media.localized and locales.is_unknown(operation, request):
        value = locales.without(media, value)
    schema = media.schema
    if schema is not None and not schema.is_valid(value):
        value = variations.completed(media, schema, value)
        if not violations and not schema.is_valid(value):
            inside = world.journal.redaction.violations(schema.violations(value))
            return _contradiction(operation, inside)
    return _response(success, status, media, value, violations)


def _response(
    described: Answer | None,
    status: int,
    media: MediaType | None,
    value: Any,
    violations: Sequence[Violation],
) -> Response:
    """*value* as *described*; without a *media* type there is no body."""
    headers = documented.heading(described, media)
    body = b"" if media is None else documented.text(media, value)
    if not violations:
        return Response(status, headers, body)
    return Response(status, (*headers, *told(violations)), body, tuple(violations))


def _preferred(
    operation: Operation,
    request: Request,
    body: Any,
    violations: Sequence[Violation],
    world: World,
    header: str,
) -> Response:
    """The answer to a request with `Prefer`; a preference that cannot be met is refused in any mode."""
    try:
        wanted = prefer.read(header)
        choice = prefer.choose(operation, documented.success(operation), wanted)
    except prefer.Unmet as unmet:
        return refuse(operation, (400,), world.journal.redaction.violations(unmet.violations))
    if choice.value is ABSENT:
        made = _accept(
            operation,
            choice.answer,
            request,
            body,
            violations,
            world,
            dynamic=world.dynamic if wanted.dynamic is None else wanted.dynamic,
            status=choice.status,
        )
    else:
        made = _response(choice.answer, choice.status, choice.media, choice.value, violations)
        wanted = wanted.without_making_up()
    if made.status != choice.status:
        return made  # the contract contradicts itself, and nothing was honoured
    return replace(made, headers=(*made.headers, *wanted.applied))


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
