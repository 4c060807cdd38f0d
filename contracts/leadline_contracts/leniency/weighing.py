"""Is what became of a faulty request what the contract says of the server's leniency?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from leadline_contracts import deep
from leadline_contracts.case import Breach, Due, Exchange
from leadline_contracts.leniency.faults import faults
from leadline_contracts.leniency.observation import Observation
from leadline_contracts.leniency.outcome import became
from leadline_openapi import Violation, jsontext
from leadline_openapi import pointer as pointers
from leadline_openapi.leniency.faults import Fault, of_body, of_spelling
from leadline_openapi.leniency.settling import Settled, settle
from leadline_openapi.parameters import ABSENT
from leadline_openapi.violation import show

_EVIDENCE = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """
    What an exchange says about leniency.

    *excused* is true where the contract declares that such a request may be accepted, or that the server
    fails on it, as it did; *undeclared* are the violations that were accepted without being declared;
    *breaches* tell where the server does something else than is declared.
    """

    excused: bool = False
    undeclared: tuple[Violation, ...] = ()
    breaches: tuple[Breach, ...] = ()
    observations: tuple[Observation, ...] = ()


def weigh(exchange: Exchange) -> Weighed:
    """Weigh the answer to a request that was due to be refused; nothing is said of any other."""
    status, leniencies = exchange.status, exchange.case.operation.leniencies
    due = exchange.case.due
    if due is Due.ACCEPT and not exchange.accepted:
        return Weighed(excused=_is_misread(exchange))
    if exchange.failure or due not in {Due.REFUSE, Due.ANY, Due.UNPREDICTABLE}:
        return Weighed()
    if status >= 500:
        found = faults(exchange.case)
        excused = any("error" in fault.declared for fault in found) or _fails_later(exchange)
        return Weighed(excused=excused, observations=_alone(exchange, found, "error"))
    if due is not Due.REFUSE:
        return Weighed()
    if exchange.accepted:
        return _accepted(exchange)
    if status >= 400 and leniencies and not _settled(exchange).refused:
        return Weighed(observations=_alone(exchange, faults(exchange.case), "rejected"))
    return Weighed()


def _is_misread(exchange: Exchange) -> bool:
    """Whether a right request is declared to be answered so, for how its media type is spelt."""
    fault = of_spelling(exchange.case.operation, exchange.case.content_type)
    outcome = "error" if exchange.status >= 500 else "rejected"
    return fault is not None and outcome in fault.declared and not exchange.failure


def _fails_later(exchange: Exchange) -> bool:
    """Whether the contract says that the server fails on what it makes of a faulty value."""
    return bool(_settled(exchange).failed)


def _settled(exchange: Exchange) -> Settled:
    """What the contract says that the server makes of the body; `ABSENT` where it says nothing of it."""
    case = exchange.case
    media = case.operation.body.for_type(case.media_type) if case.operation.body else None
    if media is None or media.schema is None or not case.body or case.malformed:
        return Settled(ABSENT)
    return settle(case.value, partial(of_body, case.operation, media.schema))


def _is_declared(exchange: Exchange, fault: Fault, outcome: str) -> bool:
    """Whether *outcome*, empty where the answer does not tell, is what the contract says of *fault*."""
    if not outcome:
        return fault.may_be_taken
    if outcome in fault.declared:
        return True
    kept = outcome == "stored" and fault.value is not ABSENT
    return not kept and _is_as_settled(exchange, fault)


def _is_as_settled(exchange: Exchange, fault: Fault) -> bool:
    """
    Whether the answer has just what the contract says, in the member of the body that *fault* is in.

    A value that is coerced may have another fault and be dropped for that, and items move up.
    """
    settled = _settled(exchange)
    if fault.violation.location != "body" or not fault.path or settled.refused or settled.failed:
        return False
    if settled.value is ABSENT:
        return False
    made = replace(exchange.case, body=jsontext.dump(settled.value))
    member = replace(fault.violation, pointer=pointers.pointer(fault.path[:1]))
    outcome, _ = became(replace(exchange, case=made), replace(fault, violation=member))
    return outcome == "stored"


def _accepted(exchange: Exchange) -> Weighed:
    undeclared, breaches, observations = [], [], []
    found = faults(exchange.case)
    for fault in found:
        outcome, given = became(exchange, fault)
        answered = _shown(given) if outcome else str(exchange.status)
        if not set(fault.declared) - {"rejected"}:
            undeclared.append(fault.violation)
        elif not _is_declared(exchange, fault, outcome):
            breaches.append(_breach(exchange, fault, outcome or "accepted", answered))
        if not deep.is_too_deep(exchange.case):  # what it holds would be no evidence for a reader
            observations.append(_observation(exchange, fault, outcome or _untold(fault), answered))
    return Weighed(
        excused=bool(found) and not undeclared,
        undeclared=tuple(undeclared),
        breaches=tuple(breaches),
        observations=tuple(observations),
    )


def _untold(fault: Fault) -> str:
    """What is said where the answer does not tell: what is declared, else what is the usual thing."""
    taken = (one for one in fault.declared if one not in {"rejected", "error"})
    return next(taken, "dropped" if fault.name == "unknown" else "coerced")


def _alone(exchange: Exchange, found: tuple[Fault, ...], outcome: str) -> tuple[Observation, ...]:
    """Which of several faults a request is refused for is not told, so only a single one counts."""
    if len(found) != 1 or found[0].name.startswith("malformed:") or deep.is_too_deep(exchange.case):
        return ()
    return (_observation(exchange, found[0], outcome, str(exchange.status)),)


def _observation(exchange: Exchange, fault: Fault, observed: str, answered: str) -> Observation:
    return Observation(
        operation=exchange.case.operation.label,
        pointer=fault.place,
        fault=fault.name,
        declared=fault.declared,
        observed=observed,
        sent=_sent(exchange, fault),
        answered=answered,
    )


def _sent(exchange: Exchange, fault: Fault) -> str:
    case = exchange.case
    if fault.value is not ABSENT:
        return show(fault.value, _EVIDENCE)
    match fault.name:
        case "media-type":
            return case.media_type or "no Content-Type"
        case "malformed" if case.body and fault.violation.location == "body":
            return case.body[:_EVIDENCE].decode("utf-8", "backslashreplace")
        case "malformed" | "repeated":
            return case.target
    return "nothing"


def _shown(given: Any) -> str:
    return "nothing" if given is ABSENT else show(given, _EVIDENCE)


def _breach(exchange: Exchange, fault: Fault, outcome: str, answered: str) -> Breach:
    who, declared = fault.violation.field or "the body", " or ".join(fault.declared)
    evidence = f"{_sent(exchange, fault)} → {answered}"
    return Breach(
        rule="leniency",
        pointer=fault.rule,
        message=f"`{who}` of a wrong kind ({fault.name}) is {outcome}, declared is {declared}",
        expected=f"refused, or {declared}",
        actual=f"{outcome}: {evidence}",
        kind=f"{fault.name} {outcome}",
    )
