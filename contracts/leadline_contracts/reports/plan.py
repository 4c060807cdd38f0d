"""What a run would send, and what that covers, for a person at a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator

from leadline_contracts.case import DESTRUCTIVE, Due
from leadline_contracts.cases import reason_not_checked
from leadline_contracts.cases.plan import Plan
from leadline_contracts.limited import limited, sent, wanted
from leadline_contracts.options import Options
from leadline_contracts.phases.certificate import CONNECTIONS, SLOW
from leadline_openapi import Contract

_OWN = 0.0007
"""Seconds that a case costs on our side of the connection."""
_NEAR, _FAR = 0.001, 0.05
"""Seconds of an answer for which the time is told."""
DUES = {
    Due.ACCEPT: "have to be accepted",
    Due.REFUSE: "have to be refused",
    Due.DENY: "have to be denied for their credentials",
    Due.EITHER: "may be refused, but not changed",
    Due.ANY: "may be answered in any way but a failure",
    Due.UNPREDICTABLE: "only have to be survived",
    Due.NOWHERE: "are no operation of the contract",
}


def render(contract: Contract, plan: Plan, options: Options) -> str:
    """The *plan* for *contract* in a run with *options*, as text."""
    return "\n".join(_lines(contract, plan, options))


def _lines(contract: Contract, plan: Plan, options: Options) -> Iterator[str]:
    noun = "request" if plan.cases == 1 else "requests"
    yield f"{contract.title} {contract.version}: {plan.cases:,} {noun}, of which"
    for due, told in DUES.items():
        if count := plan.by_due.get(due, 0):
            yield f"  {count:7,} {told}"
    yield "They cover"
    rows = f", in {plan.rows:,} combinations" if plan.rows else ""
    for label, share in (
        ("inputs with a valid value", plan.inputs),
        ("enum values", plan.enum_values),
        (f"pairs of value classes of two inputs{rows}", plan.pairs),
        ("triples of value classes of three parameters", plan.triples),
    ):
        if share.total:
            yield f"  {share} {label}"
    if options.safe:
        yield from _safe(contract)
    else:
        yield from _whole(contract, plan, options)
    yield from _limits(contract, plan, options)
    if options.max_time < math.inf:
        yield (
            f"After {options.max_time:g} s no more is sent: what covers most comes first,"
            " and the report says what was left out."
        )
    asked = sum(_sent(contract, plan, options).values())
    slow = f" over {many} connections" if (many := _workers(options, _FAR)) > 1 else ""
    yield (
        f"Expected time: {_time(asked, options, _NEAR)} at {_NEAR * 1000:.0f} ms an answer,"
        f" {_time(asked, options, _FAR)} at {_FAR * 1000:.0f} ms{slow}."
    )


def _safe(contract: Contract) -> Iterator[str]:
    for operation in contract.operations:
        if reason := reason_not_checked(operation):
            yield f"{operation.label} is not checked: {reason}"
        elif operation.method in DESTRUCTIVE:
            yield f"{operation.label} is left out: it overwrites or deletes"
    yield "Nothing that is invalid, no sequences, no requests at once, no generated requests."


def _whole(contract: Contract, plan: Plan, options: Options) -> Iterator[str]:
    yield f"  {plan.keywords:,} keywords of schemas, each broken alone, {plan.breaks:,} times in all"
    yield (
        f"  {plan.malformed:,} kinds of malformed JSON, {plan.media_types:,} media types,"
        f" {plan.credentials:,} near misses of credentials, {plan.methods:,} other methods"
    )
    reasons = {operation.label: reason_not_checked(operation) for operation in contract.operations}
    for label, reason in reasons.items():
        if reason:
            yield f"{label} is not checked: {reason}"
    generated = 2 * options.examples * sum(not reason for reason in reasons.values())
    yield (
        f"Then sequences, requests at once, and up to {generated:,} generated requests"
        f" in at most {options.fuzz_time:.0f} s."
    )


def _workers(options: Options, answer: float) -> int:
    """Over how many connections the requests go to a server that takes so many."""
    if options.safe:
        return 1
    if options.workers is not None:
        return options.workers
    return CONNECTIONS if answer >= SLOW else 1


def _sent(contract: Contract, plan: Plan, options: Options) -> dict[str, int]:
    """How many cases of each operation are sent, as far as the contract limits that."""
    counts = plan.by_operation
    return {one.label: sent(one, counts.get(one.label, 0), options) for one in contract.operations}


def _limits(contract: Contract, plan: Plan, options: Options) -> Iterator[str]:
    """What is left out because the contract limits the number of requests."""
    asked = _sent(contract, plan, options)
    for one in contract.operations:
        count = plan.by_operation.get(one.label, 0)
        if one.rate_limit is not None and asked[one.label] < count:
            told = limited(one, one.rate_limit, wanted(count, options))
            yield (
                f"{told.reason}: of {count:,}, about {asked[one.label]:,} are sent, those first that"
                f" cover most; {told.advice}."
            )


def _time(asked: int, options: Options, answer: float) -> str:
    """For so many requests: what our side does is not done at once, however many connections there are."""
    asking = asked * (_OWN + answer / _workers(options, answer))
    seconds = max(asked / options.rate, asking)
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
