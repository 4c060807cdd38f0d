"""What a comparison would send, for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from leadline_contracts.cases import reason_not_checked
from leadline_contracts.cases.plan import Plan
from leadline_contracts.compare.collection import shares_state
from leadline_contracts.compare.options import Options
from leadline_contracts.reports.plan import DUES
from leadline_openapi import Contract

_ANSWERS = (0.001, 0.03)
"""Seconds of an answer for which the time is told."""
_OWN = 0.001
"""Seconds that a case costs on our side of the connections."""


def render(contract: Contract, plan: Plan, options: Options) -> str:
    """The *plan* for a comparison of two servers of *contract*, as text."""
    return "\n".join(_lines(contract, plan, options))


def _lines(contract: Contract, plan: Plan, options: Options) -> Iterator[str]:
    yield f"{contract.title} {contract.version}: {plan.cases:,} cases, each sent to A and B, of which"
    for due, told in DUES.items():
        if count := plan.by_due.get(due, 0):
            yield f"  {count:7,} {told}"
    yield "They are about"
    for area, count in plan.by_area.items():
        yield f"  {count:7,} {area}"
    for operation in contract.operations:
        if reason := reason_not_checked(operation):
            yield f"{operation.label} is not compared: {reason}"
    workers = options.workers or 1
    if shares_state(contract):
        workers = 1
        yield "They go over one connection to each, as some may show what others left behind."
    times = [
        max(plan.cases / options.rate, plan.cases * (_OWN + one / workers)) for one in _ANSWERS
    ]
    yield f"Expected time: {times[0]:.0f} s at 1 ms an answer, {times[1]:.0f} s at 30 ms."
