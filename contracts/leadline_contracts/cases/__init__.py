"""The certificate's cases: deterministic, derived from the contract alone, judged before they are sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from leadline_contracts.case import Case, Due
from leadline_contracts.cases import (
    body,
    limits,
    methods,
    parameters,
    rows,
    security,
    size,
    unknown,
    wire,
)
from leadline_contracts.draft import Draft, base
from leadline_contracts.judge import agrees
from leadline_openapi import Contract, Operation
from leadline_openapi.sample import NoSample

SOURCES: tuple[Callable[[Operation, Draft], Iterator[Case]], ...] = (
    body.whole,
    security.cases,
    wire.cases,
    size.cases,
    parameters.cases,
    body.single,
    unknown.cases,
    limits.cases,
    rows.cases,
)
"""
What makes cases, in the order in which they are sent: first a few that show much at once, then what is
about one thing, so that a defect is told by the smallest request that shows it, then combinations.
"""

MAX_CASES = 10_000
"""Of one operation. Schemas that refer to each other in circles make many more, and say no more."""


def certificate(contract: Contract) -> list[Case]:
    """Every case of *contract*, in a stable order, each request once."""
    found = [case for operation in contract.operations for case in cases_of(operation)]
    return [*found, *undocumented(contract)]


def undocumented(contract: Contract) -> list[Case]:
    """The cases of *contract* that are about none of its operations: methods that it does not name."""
    return list(methods.cases(contract))


def cases_of(operation: Operation) -> list[Case]:
    """The cases of one *operation*: at most `MAX_CASES`."""
    return list(stream(operation))


def stream(operation: Operation) -> Iterator[Case]:
    """The cases of one *operation* as they are made: the first can be sent before the last are there."""
    return islice(_of(operation), MAX_CASES)


def _of(operation: Operation) -> Iterator[Case]:
    if reason_not_checked(operation):
        return
    draft = base(operation)
    seen: set[object] = set()
    is_asked = False
    for source in SOURCES:
        for case in source(operation, draft):
            same = (case.target, case.headers, case.body, case.credential)
            if same not in seen and agrees(case):
                seen.add(same)
                is_asked |= case.due is Due.ACCEPT
                yield case
    simplest = draft.case("the simplest request", "operation", Due.ACCEPT, operation.pointer)
    if not is_asked and agrees(simplest):  # nothing of it can be varied
        yield simplest


def reason_not_checked(operation: Operation) -> str:
    """Why no case can be made for *operation*; empty when cases can."""
    if operation.unsupported:
        return operation.unsupported
    try:
        base(operation)
    except NoSample as error:
        return str(error)
    return ""
