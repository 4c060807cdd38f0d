"""Was the request accepted, refused or denied as it was due, with a documented status?"""

from __future__ import annotations

from collections.abc import Iterator

from leadline_contracts.case import Breach, Due, Exchange
from leadline_contracts.judge import violations
from leadline_contracts.oracles.memory import Memory

_DENIALS = (401, 403)


def check(exchange: Exchange, memory: Memory) -> Iterator[Breach]:  # noqa: ARG001
    """The status of the answer against what was due."""
    operation, due = exchange.case.operation, exchange.case.due
    status, body = exchange.status, operation.pointer + "/responses"
    if exchange.failure:
        yield Breach(
            rule="no-answer",
            pointer=body,
            message=f"the request got no answer: {exchange.failure}",
            expected="an HTTP response",
            actual=exchange.failure,
        )
    elif status >= 500 and operation.answer_for(status) is None:
        yield _breach("server-error", exchange, f"the server failed with {status}", body)
    elif due is Due.ACCEPT and not 200 <= status < 300:
        yield _breach(
            "rejects-valid",
            exchange,
            f"a valid request is refused with {status}",
            exchange.case.rule,
        )
    elif due is not Due.ACCEPT and 200 <= status < 300:
        yield _accepted(exchange)
    elif due is not Due.ACCEPT and not 400 <= status < 500:
        yield _breach("status", exchange, f"a request to be {due.value} got {status}", body)
    elif operation.answer_for(status) is None:
        yield _breach("status", exchange, f"the status {status} is not documented", body)
    elif due is Due.DENY and status not in _DENIALS and _documented_denials(exchange):
        yield _breach("status", exchange, f"a request without a valid key got {status}", body)


def _documented_denials(exchange: Exchange) -> list[str]:
    documented = {answer.status for answer in exchange.case.operation.answers}
    return [str(status) for status in _DENIALS if str(status) in documented]


def _accepted(exchange: Exchange) -> Breach:
    case = exchange.case
    if case.due is Due.DENY:
        message = f"a request with {case.credential.name} is accepted with {exchange.status}"
        return _breach("credentials", exchange, message, case.rule)
    found = violations(case)
    reasons = "; ".join(violation.message for violation in found[:3])
    message = f"an invalid request is accepted with {exchange.status}: {reasons or case.name}"
    return _breach("accepts-invalid", exchange, message, found[0].rule if found else case.rule)


def _breach(rule: str, exchange: Exchange, message: str, pointer: str) -> Breach:
    return Breach(
        rule=rule,
        pointer=pointer,
        message=message,
        expected=_expected(exchange),
        actual=str(exchange.status),
    )


def _expected(exchange: Exchange) -> str:
    operation, due = exchange.case.operation, exchange.case.due
    documented = [answer.status for answer in operation.answers]
    if due is Due.ACCEPT:
        wanted = [status for status in documented if status.startswith("2")] or ["2XX"]
    elif due is Due.DENY:
        wanted = _documented_denials(exchange) or ["4XX"]
    else:
        denials = {str(status) for status in _DENIALS}
        wanted = [one for one in documented if one.startswith("4") and one not in denials] or [
            "4XX"
        ]
    return " or ".join(wanted)
