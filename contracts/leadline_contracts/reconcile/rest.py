"""What no overlay can say: a bug of the server, a question for a person, or nobody's fault."""

from __future__ import annotations

from leadline_contracts.case import Case, Due
from leadline_contracts.compare.difference import Difference
from leadline_contracts.compare.outcome import Outcome
from leadline_contracts.reconcile import routing
from leadline_contracts.reconcile.proposal import DECIDE, NOBODY, SERVER, Draft, Matter

_NOT_IMPLEMENTED = 501
"""What a server answers to a method that it does not know (RFC 9110 section 15.6.2); that is no failure."""
Told = tuple[str, str, str]
"""Who is wrong, what is the matter, and why."""


def draft(at: Matter, case: Case, right: Outcome, one: Difference) -> Draft:
    """What is to be said of the matter *at*, of which *case* is an example."""
    wrong, what, why = _told(at, case, right, one)
    return Draft(
        wrong=wrong,
        pointer=case.rule,
        what=what,
        why=why,
        expected=one.left,
        actual=one.right,
        matters=(at,),
    )


def _told(at: Matter, case: Case, right: Outcome, one: Difference) -> Told:
    if right.failure:
        return SERVER, f"no answer: {right.failure}", "Every request is to be answered."
    if at[0] == routing.VALID:
        return _valid(right)
    if right.family == 5 and not (case.due is Due.NOWHERE and right.status == _NOT_IMPLEMENTED):
        return (
            SERVER,
            f"{_about(case)} makes the server fail ({right.status})",
            ("A failure of the server is never the fault of the caller."),
        )
    if at[0] == routing.UNROUTED:
        return _unrouted(one)
    if at[0] == routing.REST:
        return _REST.get(at[2], _otherwise(one))
    if at[0] == routing.LENIENCY:
        return SERVER, f"{_about(case)} is not refused", "The contract does not admit it."
    return _otherwise(one)


def _valid(right: Outcome) -> Told:
    if right.family == 5:
        return (
            SERVER,
            "a valid request makes the server fail",
            (
                "The contract admits it, and no bound of one part of it would explain what B fails on."
            ),
        )
    return (
        DECIDE,
        f"a valid request is refused ({right.status})",
        (
            "The contract admits it, B does not, and neither `uniqueItems` nor a bound of one part of it "
            "would explain that: ask what B wants, and write that into the contract."
        ),
    )


def _unrouted(one: Difference) -> Told:
    if one.right.startswith("2"):
        return (
            DECIDE,
            "a method that is no operation of the contract is served",
            ("If callers may rely on it, the contract lacks an operation."),
        )
    return (
        NOBODY,
        f"a method that is no operation is answered otherwise ({one.kind})",
        ("The contract does not say what such a request is answered."),
    )


_REST: dict[str, Told] = {
    "open": (
        SERVER,
        "a key that is not the proper one is let in",
        "The contract asks for the key.",
    ),
    "oversized": (
        SERVER,
        "a body of more than `x-max-bytes` is not refused for its size",
        "No other word says that: where B is right, raise `x-max-bytes`, or take it away.",
    ),
    "kept": (
        SERVER,
        "a valid member that was sent is answered with another value, or not at all",
        "What was sent is to come back (`x-echo`), and it is valid.",
    ),
    "either": (
        NOBODY,
        "what correct servers differ on is taken in another way",
        "The standards leave it open, so that both servers are right.",
    ),
}


def _otherwise(one: Difference) -> Told:
    return (
        DECIDE,
        f"{one.aspect}: {one.kind}",
        "Nothing that was seen says what the contract should say.",
    )


def _about(case: Case) -> str:
    return f"`{case.area}: {case.name}`"


def kind(at: Matter, case: Case, right: Outcome, one: Difference) -> tuple[str, ...]:
    """What is told together."""
    wrong, what, _ = _told(at, case, right, one)
    return case.operation.label, wrong, one.aspect, one.kind, "" if at[0] == routing.VALID else what
