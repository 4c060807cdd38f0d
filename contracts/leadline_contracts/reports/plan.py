"""What a run would send, and what that covers, for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from leadline_contracts.case import Due
from leadline_contracts.cases import reason_not_checked
from leadline_contracts.cases.plan import Plan
from leadline_openapi import Contract

_OWN = 0.0007
"""Seconds that a case costs on our side of the connection."""
_DUES = {
    Due.ACCEPT: "have to be accepted",
    Due.REFUSE: "have to be refused",
    Due.DENY: "have to be denied for their credentials",
    Due.EITHER: "may be refused, but not changed",
    Due.ANY: "may be answered in any way but a failure",
    Due.UNPREDICTABLE: "only have to be survived",
    Due.NOWHERE: "are no operation of the contract",
}


def render(contract: Contract, plan: Plan, generated: int) -> str:
    """The *plan* for *contract*, with so many *generated* requests per operation, as text."""
    return "\n".join(_lines(contract, plan, generated))


def _lines(contract: Contract, plan: Plan, generated: int) -> Iterator[str]:
    yield f"{contract.title} {contract.version}: {plan.cases:,} requests, of which"
    for due, told in _DUES.items():
        if count := plan.by_due.get(due, 0):
            yield f"  {count:7,} {told}"
    yield "They cover"
    for label, share in (
        ("inputs with a valid value", plan.inputs),
        ("enum values", plan.enum_values),
        (f"pairs of value classes of two inputs, in {plan.rows:,} combinations", plan.pairs),
        ("triples of value classes of three parameters", plan.triples),
    ):
        if share.total:
            yield f"  {share} {label}"
    yield f"  {plan.keywords:,} keywords of schemas, each broken alone, {plan.breaks:,} times in all"
    yield (
        f"  {plan.malformed:,} kinds of malformed JSON, {plan.media_types:,} media types,"
        f" {plan.credentials:,} near misses of credentials, {plan.methods:,} other methods"
    )
    for operation in contract.operations:
        if reason := reason_not_checked(operation):
            yield f"{operation.label} is not checked: {reason}"
    checked = sum(not reason_not_checked(operation) for operation in contract.operations)
    yield (
        f"Then sequences, requests at once, and up to {generated * checked:,} generated requests"
        " in at most 20 s."
    )
    yield f"Expected time: {_time(plan, 0.001)} at 1 ms an answer, {_time(plan, 0.05)} at 50 ms."


def _time(plan: Plan, answer: float) -> str:
    seconds = plan.cases * (answer + _OWN)
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
