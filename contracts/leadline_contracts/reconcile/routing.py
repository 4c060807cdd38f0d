"""Which matter a difference belongs to: that decides who proposes something about it."""

from __future__ import annotations

from leadline_contracts.case import Case, Due
from leadline_contracts.compare.difference import (
    HEADERS,
    ORDER,
    SENT,
    STATUS,
    TOO_LARGE,
    Difference,
)
from leadline_contracts.compare.outcome import Outcome
from leadline_contracts.leniency.faults import faults
from leadline_contracts.reconcile.proposal import Matter
from leadline_openapi.leniency.faults import Fault

SUCCESS, REFUSED, REFUSAL, ANSWER, HEADER = "success", "refused", "refusal", "answer", "header"
LENIENCY, VALID, UNROUTED, CHECKS, REST = "leniency", "valid", "unrouted", "checks", "rest"
SIZES = "sizes"
"""Who answers for a difference."""
SIZE = "the size"
"""For what too large a body is refused."""


def matter(case: Case, left: Outcome, right: Outcome, one: Difference) -> Matter:
    """What *one*, a difference of *left* and *right*, is about."""
    label = case.operation.label
    if left.failure or right.failure:
        return REST, label, "silence", one.kind
    if one.aspect == ORDER:
        return CHECKS, label
    if case.due is Due.NOWHERE:
        return UNROUTED, label, one.aspect, one.kind
    if one.aspect == STATUS:
        return _of_status(case, left, right, one)
    if one.aspect == SENT:
        return of_fault(case) or (REST, label, "kept", one.pointer)
    if right.family != 2:
        return (
            (REFUSAL, label, str(right.status)) if _of_body(one) else _of_header(label, right, one)
        )
    return _of_header(label, right, one) if one.aspect == HEADERS else (ANSWER, label, one.pointer)


def _is_oversized(case: Case) -> bool:
    """Whether *case* is to be refused, and its body is larger than the contract allows."""
    most = case.operation.body.max_bytes if case.operation.body else None
    large = most is not None and len(case.body or b"") > most
    return large and case.due is Due.REFUSE


def _of_body(one: Difference) -> bool:
    """Whether what differs is told by the description of a body; its media type is."""
    return one.aspect != HEADERS or one.kind.startswith("content-type")


def _of_header(label: str, right: Outcome, one: Difference) -> Matter:
    return HEADER, label, str(right.status), one.kind.partition(" of ")[0].partition(":")[0]


def _of_status(case: Case, left: Outcome, right: Outcome, one: Difference) -> Matter:
    label, families = case.operation.label, (left.family, right.family)
    if right.status == TOO_LARGE and case.body is not None:
        return SIZES, label
    if _is_oversized(case) and (left.status == TOO_LARGE or families == (4, 2)):
        return REST, label, "oversized"
    if families == (2, 2):
        return SUCCESS, label
    if families == (4, 4) and case.due is not Due.ACCEPT:
        return REFUSED, label, role(case)
    if case.due is Due.REFUSE:
        return of_fault(case) or (REST, label, "several", one.kind)
    if case.due is Due.DENY:
        return REST, label, "open" if right.family == 2 else "denied", case.name
    if case.due is Due.ACCEPT and left.family == 2:
        return VALID, label, case.id
    return REST, label, "either", one.kind


def of_fault(case: Case) -> Matter:
    """The matter of the one fault of *case*; empty where there is another number of them."""
    found = faults(case) if case.due is Due.REFUSE else ()
    return (LENIENCY, place(found[0]), found[0].name) if len(found) == 1 else ()


def place(fault: Fault) -> str:
    """Where *fault* is to be declared: on the `items` of a list, where it is one of an item."""
    path = fault.path
    own = next(iter(fault.schemas), "")
    return own if path and path[-1].isdecimal() and own.endswith("/items") else fault.place


def role(case: Case) -> str:
    """For what a request is refused: `credentials`, `media type`, `the size`, or what is wrong in it."""
    if case.due is Due.DENY:
        return "credentials"
    if case.rule.endswith("/x-max-bytes"):
        return SIZE
    return "media type" if case.area == "media type" else "the request"
