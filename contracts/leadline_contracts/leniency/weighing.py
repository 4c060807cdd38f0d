"""Is what became of a faulty request what the contract says of the server's leniency?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from leadline_contracts.case import Breach, Due, Exchange
from leadline_contracts.leniency.faults import Fault, faults
from leadline_contracts.leniency.observation import Observation
from leadline_contracts.leniency.outcome import became
from leadline_openapi import Violation
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
    if exchange.case.due is not Due.REFUSE or exchange.failure:
        return Weighed()
    if exchange.accepted:
        return _accepted(exchange)
    if status >= 500:
        found = faults(exchange.case)
        excused = any("error" in fault.declared for fault in found)
        return Weighed(excused=excused, observations=_alone(exchange, found, "error"))
    if status >= 400 and leniencies:
        return Weighed(observations=_alone(exchange, faults(exchange.case), "rejected"))
    return Weighed()


def _accepted(exchange: Exchange) -> Weighed:
    undeclared, breaches, observations = [], [], []
    found = faults(exchange.case)
    for fault in found:
        outcome, given = became(exchange, fault)
        answered = _shown(given) if outcome else str(exchange.status)
        if not set(fault.declared) - {"rejected"}:
            undeclared.append(fault.violation)
        elif outcome not in fault.declared if outcome else not fault.may_be_taken:
            breaches.append(_breach(exchange, fault, outcome or "accepted", answered))
        observations.append(_observation(exchange, fault, outcome or _untold(fault), answered))
    return Weighed(
        excused=bool(found) and not undeclared,
        undeclared=tuple(undeclared),
        breaches=tuple(breaches),
        observations=tuple(observations),
    )


def _untold(fault: Fault) -> str:
    """What is said where the answer does not tell: that it was taken as something else."""
    taken = (one for one in fault.declared if one not in {"rejected", "error"})
    return next(taken, "coerced")


def _alone(exchange: Exchange, found: tuple[Fault, ...], outcome: str) -> tuple[Observation, ...]:
    """Which of several faults a request is refused for is not told, so only a single one counts."""
    if len(found) != 1:
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
