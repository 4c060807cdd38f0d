"""A faulty request, taken as the contract says that the server takes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from leadline_mock.intake import INVALID, MOST, UNPROCESSABLE, Intake
from leadline_mock.leniency.rewriting import with_parameter
from leadline_mock.messages import Request, gathered
from leadline_openapi import jsontext
from leadline_openapi import pointer as pointers
from leadline_openapi.contract import MediaType, Operation
from leadline_openapi.jsontext import NotJson
from leadline_openapi.leniency.declared import Outcome
from leadline_openapi.leniency.faults import (
    Fault,
    in_parameter,
    malformed,
    of_body,
    of_spelling,
    of_writing,
)
from leadline_openapi.leniency.settling import Settled, decide, settle
from leadline_openapi.parameters import ABSENT, Parameter
from leadline_openapi.schema import Schema
from leadline_openapi.violation import Violation, more

_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Taken:
    """
    A request as the server goes on with it: *request* with the parameters that count, *body* likewise.

    *refused* and *failed* are violations for which it is refused with one of *statuses*, or the server
    fails; what is declared to be taken is in neither. *told* is everything that is wrong, with what becomes
    of it where it is taken. *stage* is the check that the request does not pass.
    """

    request: Request
    body: Any
    statuses: tuple[int, ...]
    refused: tuple[Violation, ...] = ()
    failed: tuple[Violation, ...] = ()
    stage: str = ""
    told: tuple[Violation, ...] = ()


def take(operation: Operation, request: Request, intake: Intake) -> Taken:
    """What becomes of *request*, of which *intake* tells what is wrong with it."""
    spelling = of_spelling(operation, request.header("content-type"))
    if spelling is not None:
        misread, outcome = (spelling.violation,), decide(spelling)[0].name
        if outcome == "error":
            return Taken(request, intake.body, intake.statuses, failed=misread, stage="media-type")
        if outcome == "rejected":
            return Taken(request, intake.body, intake.statuses, misread, stage="media-type")
    if not (intake.violations and operation.leniencies):
        wrong = (intake.parameters, intake.about_body)
        stage, statuses = _stage(operation, intake, *wrong, is_written=not intake.writing)
        told = intake.violations
        return Taken(request, intake.body, statuses, told, stage=stage, told=told)
    request, parameters = _parameters(operation, request, intake.parameters)
    body, is_written = _body(operation, request, intake)
    refused = intake.ordered(parameters.refused, body.refused)
    failed = () if refused else (*parameters.failed, *body.failed)
    wrong = (parameters.refused, body.refused) if refused else (parameters.failed, body.failed)
    stage, statuses = _stage(operation, intake, *wrong, is_written=is_written)
    told = _told_with_outcomes(intake.violations, (*parameters.taken, *body.taken))
    return Taken(request, body.value, statuses, refused, failed, stage, told)


def _told_with_outcomes(
    violations: tuple[Violation, ...], taken: tuple[Violation, ...]
) -> tuple[Violation, ...]:
    """*violations*, those that are among *taken* as they are there."""
    known = {replace(one, outcome=""): one for one in reversed(taken)}
    return tuple(known.get(one, one) for one in violations)


def _stage(
    operation: Operation,
    intake: Intake,
    parameters: tuple[Violation, ...],
    body: tuple[Violation, ...],
    *,
    is_written: bool,
) -> tuple[str, tuple[int, ...]]:
    """
    The first of the checks that are not passed, empty for none, and the fitting refusals.

    *parameters* and *body* are what is wrong with them; *is_written* tells whether the body came to values.
    """
    found: dict[str, tuple[int, ...]] = {}
    if parameters:
        found["parameters"] = INVALID
    if body:
        stage = "body" if is_written else _STAGES.get(intake.writing, "body")
        found[stage] = _of_values(operation) if is_written else intake.statuses
    first = min(found, key=operation.check_order.index, default="")
    return first, found.get(first, INVALID)


def _of_values(operation: Operation) -> tuple[int, ...]:
    """
    The refusals of a body that can be read and breaks its schema.

    A contract that documents 422 as well means that by it (RFC 9110 section 15.5.21); 400 is then left for
    what cannot be read, and for parameters (section 15.5.1).
    """
    documented = (answer.status for answer in operation.answers)
    return UNPROCESSABLE if "422" in documented else INVALID


_STAGES = {
    "size": "size",
    "media-type": "media-type",
    "coding": "media-type",
    "malformed": "malformed",
}


# --- Parameters --------------------------------------------------------------------------------------------


def _parameters(
    operation: Operation, request: Request, violations: tuple[Violation, ...]
) -> tuple[Request, Settled]:
    """*request* with the parameters that count, and what is wrong with those that were sent."""
    found: dict[tuple[str, str], list[Violation]] = {}
    for one in violations:
        found.setdefault((one.location, pointers.tokens(one.pointer)[0]), []).append(one)
    taken = request
    refused: list[Violation] = []
    failed: list[Violation] = []
    told: list[Violation] = []
    for parameter in operation.parameters:
        wrong = found.get((parameter.location, parameter.name), [])
        settled = _parameter(operation, request, parameter, wrong)
        refused += settled.refused
        failed += settled.failed
        told += settled.taken
        if settled.value is not _AS_SENT:
            taken = with_parameter(taken, parameter, settled.value)
    return taken, Settled(None, tuple(refused), tuple(failed), tuple(told))


_AS_SENT = object()


def _parameter(
    operation: Operation, request: Request, parameter: Parameter, violations: list[Violation]
) -> Settled:
    """What becomes of *parameter*, as it is written and then as a value; `_AS_SENT` where nothing does."""
    value: Any = _AS_SENT
    refused: list[Violation] = []
    failed: list[Violation] = []
    taken: list[Violation] = []
    for violation in (one for one in violations if _writing(parameter, one)):
        fault = of_writing(operation, violation, _writing(parameter, violation), parameter.pointer)
        outcome, made = decide(fault)
        if outcome.name in _WRONG:
            (refused if outcome.name == "rejected" else failed).append(violation)
            continue
        taken.append(replace(violation, outcome=outcome.name))
        if outcome.name != "stored":
            value = made
    if value is _AS_SENT and not all(_writing(parameter, one) for one in violations):
        inside = _inside(operation, request, parameter)
        value = inside.value
        refused += inside.refused
        failed += inside.failed
        taken += inside.taken
    return Settled(value, tuple(refused), tuple(failed), tuple(taken))


_WRONG = frozenset(("rejected", "error"))


def _inside(operation: Operation, request: Request, parameter: Parameter) -> Settled:
    """What becomes of the value of *parameter*; it is judged as it would be sent."""

    def judge(held: Any) -> Iterator[Fault]:
        value = held.get(parameter.name, ABSENT)
        if value is not ABSENT:
            for violation in parameter.violations(gathered(parameter.write(value)), MOST):
                if not _writing(parameter, violation):
                    yield in_parameter(operation, violation, parameter, value)

    value = parameter.read(request.sent(parameter.location))
    settled = settle({parameter.name: value}, judge)
    made = settled.value.get(parameter.name, ABSENT)
    same = made is not ABSENT and jsontext.same(made, value)
    return replace(settled, value=_AS_SENT if same else made)


def _writing(parameter: Parameter, violation: Violation) -> str:
    """What the fault is called of a parameter as it is written; empty for one of its value."""
    return _WRITING.get(violation.rule.removeprefix(parameter.pointer), "")


_WRITING = {"": "malformed", "/content": "malformed", "/style": "repeated", "/required": "required"}
"""By what a violation of a parameter as it is written breaks, how the fault is called."""


# --- The body ----------------------------------------------------------------------------------------------


def _body(operation: Operation, request: Request, intake: Intake) -> tuple[Settled, bool]:
    """What becomes of the body, as it is written and then value by value; and whether it came to values."""
    body = operation.body
    if body is None or not intake.about_body:
        return Settled(intake.body), True
    media = body.for_type(intake.media_type) or next(iter(body.content), None)
    if media is None:
        return Settled(intake.body, refused=intake.about_body), False
    if not intake.writing:
        return _value(operation, media, intake.body, len(request.body)), True
    outcome, value = _written(operation, request, intake)
    if outcome.name == "rejected":
        return Settled(intake.body, refused=intake.about_body), False
    if outcome.name == "error":
        return Settled(intake.body, failed=intake.about_body), False
    taken = tuple(replace(one, outcome=outcome.name) for one in intake.about_body)
    if outcome.value is not ABSENT:
        return Settled(value, taken=taken), True
    settled = _value(operation, media, value, len(request.body))
    return replace(settled, taken=(*taken, *settled.taken)), True


def _written(operation: Operation, request: Request, intake: Intake) -> tuple[Outcome, Any]:
    """What becomes of a body that is not written as it should be, and what is read of it."""
    owner = operation.body.pointer if operation.body else operation.pointer
    name = malformed(request.body) if intake.writing == "malformed" else intake.writing
    value = intake.media_type if name == "media-type" else ABSENT
    for outcome in of_writing(operation, intake.about_body[0], name, owner, value).outcomes:
        if outcome.name != "coerced":
            return outcome, intake.body if outcome.name == "stored" else ABSENT
        read = _read_anyway(intake, request.body) if outcome.value is ABSENT else outcome.value
        if read is not ABSENT:
            return outcome, read
    return Outcome("rejected"), ABSENT


def _read_anyway(intake: Intake, body: bytes) -> Any:
    """*body* as a server reads it that does not look at how it is written; `ABSENT` where nothing is read."""
    if intake.media_type == _FORM:
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        return jsontext.parse(body.decode("utf-8", "replace").encode())
    except NotJson:
        return ABSENT


def _value(operation: Operation, media: MediaType, value: Any, size: int) -> Settled:
    """
    *value*, sent in *size* bytes, with what is taken of it.

    Nothing, where an object is due, is an empty one.
    """
    schema = media.schema
    if schema is None:
        return Settled(value)
    if value is ABSENT:
        value = _nothing(schema)
    judge = partial(of_body, operation, schema, most=None if size <= _SMALL else MOST)
    settled = settle(value, judge)
    if settled.value is ABSENT:
        settled = settle(_nothing(schema), judge)
    refused = settled.refused
    if refused and not any(one.keyword for one in refused):
        refused = schema.violations(value, most=MOST)  # too many to be taken: all of them count
    return replace(settled, refused=_told(refused), failed=_told(settled.failed))


_SMALL = 20_000
"""A body of no more bytes is judged as a whole, so that all of its faults can be taken."""


def _told(violations: tuple[Violation, ...]) -> tuple[Violation, ...]:
    left = len(violations) - MOST
    return (*violations[:MOST], more("body", left, whole=True)) if left > 0 else violations


def _nothing(schema: Schema) -> Any:
    return {} if "object" in schema.library.flat((schema.pointer,)).types else ABSENT
