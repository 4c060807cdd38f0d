"""What is wrong with the request of a case, each fault with the place where it may be declared."""

from __future__ import annotations

from leadline_contracts import deep
from leadline_contracts.case import Case
from leadline_contracts.judge import sent, violations
from leadline_openapi import Violation
from leadline_openapi import pointer as pointers
from leadline_openapi.jsontext import NotJson
from leadline_openapi.leniency.faults import Fault, in_body, in_parameter, malformed, of_writing
from leadline_openapi.parameters import ABSENT


def faults(case: Case) -> tuple[Fault, ...]:
    """Every fault of *case*; a value of a wrong type has no other one."""
    kept: dict[tuple[str, str, str], Fault] = {}
    for violation in violations(case):
        fault = _fault(case, violation)
        kept.setdefault((violation.location, violation.pointer, fault.name), fault)
    return tuple(kept.values())


def _fault(case: Case, violation: Violation) -> Fault:
    if violation.location == "body":
        return _in_body(case, violation)
    return _in_parameter(case, violation)


def _in_body(case: Case, violation: Violation) -> Fault:
    body = case.operation.body
    owner = body.pointer if body else case.operation.pointer
    media = body.for_type(case.media_type) if body else None
    if violation.keyword == "leadline-body" or media is None or media.schema is None:
        names = {
            f"{owner}/content": "media-type",
            f"{owner}/required": "required",
            f"{owner}/x-max-bytes": "size",
        }
        name = names.get(violation.rule) or malformed(case.body or b"")
        value = case.media_type if name == "media-type" else ABSENT
        return of_writing(case.operation, violation, name, owner, value)
    return in_body(case.operation, violation, media.schema, deep.value(case))


def _in_parameter(case: Case, violation: Violation) -> Fault:
    name = pointers.tokens(violation.pointer)[0]
    parameter = next(
        one
        for one in case.operation.parameters
        if (one.location, one.name) == (violation.location, name)
    )
    if violation.keyword == "leadline-parameter":
        names = {"content": "malformed", "style": "repeated"}
        keyword = violation.rule.rpartition("/")[2]
        name = names.get(keyword, keyword)
        return of_writing(case.operation, violation, name, parameter.pointer)
    try:
        value = parameter.read(sent(case, parameter.location))
    except NotJson:
        value = ABSENT
    return in_parameter(case.operation, violation, parameter, value)
