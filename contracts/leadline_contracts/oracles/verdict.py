"""Was the request accepted, refused or denied as it was due, with a documented status?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from leadline_contracts.case import Breach, Due, Exchange, successes
from leadline_contracts.judge import violations
from leadline_contracts.leniency.weighing import Weighed, weigh
from leadline_contracts.oracles.memory import Memory
from leadline_contracts.target.asking import TIMED_OUT

_DENIALS = (401, 403)
_REFUSALS = frozenset(("400", "406", "411", "413", "414", "415", "417", "422", "431", "4XX"))
"""What says that a request is wrong in itself; 404 or 409 speak of the state of the server."""

_TOO_LARGE = 413
_NOT_THERE = frozenset((404, 410))
_IN_CONFLICT = frozenset((409, 412))
"""What a valid request may be answered for the state of the server (RFC 9110 sections 15.5.5 to 15.5.13)."""

_NO = frozenset((Due.REFUSE, Due.DENY))
_CHANGING = frozenset(("POST", "PUT", "PATCH", "DELETE"))
"""Methods that ask a server to do something (RFC 9110 section 9.2.1 calls the others safe)."""
_NOT_IMPLEMENTED = 501
_ANYWHERE = frozenset(("HEAD", "OPTIONS"))
"""Methods that a server may answer at every path without a word in the contract."""


def check(exchange: Exchange, memory: Memory) -> Iterator[Breach]:
    """The status of the answer against what was due."""
    due, status = exchange.case.due, exchange.status
    answers = exchange.case.operation.pointer + "/responses"
    weighed = weigh(exchange)
    memory.lenient.add(weighed.observations)
    yield from weighed.breaches
    failed = bool(exchange.failure) or status >= 500
    if due is Due.UNPREDICTABLE and failed and not memory.strict and exchange.failure != TIMED_OUT:
        memory.note(f"{exchange.case.operation.label} fails on {exchange.case.name}")
    elif exchange.failure:
        yield _no_answer(exchange, answers)
    elif due is Due.NOWHERE:
        yield from _elsewhere(exchange, memory, answers)
    elif status >= 500:
        if not weighed.excused:
            yield _breach("server-error", exchange, _failing(exchange), answers)
    elif exchange.answer is not None and exchange.answer.status.startswith("3"):
        yield from _redirected(exchange, answers, weighed)
    elif due not in {Due.ANY, Due.UNPREDICTABLE}:
        yield from _decided(exchange, memory, answers, weighed)


def _decided(
    exchange: Exchange, memory: Memory, answers: str, weighed: Weighed
) -> Iterator[Breach]:
    """A yes or a no, and whether the contract documents that it is said so."""
    operation, due = exchange.case.operation, exchange.case.due
    status = exchange.status
    if not exchange.accepted and not status >= 400:
        location = exchange.header("location")
        where = f", to {location}" if location else ""
        yield _breach("status", exchange, f"the answer is {status}{where}", answers)
    elif due is Due.ACCEPT and not exchange.accepted and not weighed.excused:
        if _of_the_state(exchange):
            told = f"{status} to valid requests of {operation.label}"
            memory.of_state[told] = memory.of_state.get(told, 0) + 1
        else:
            yield _refused(exchange)
    elif due in _NO and exchange.accepted and not weighed.excused:
        yield _accepted(exchange, weighed)
    elif due is Due.EITHER and not exchange.accepted:
        return  # what refuses it may stand before the server, and answer as it likes
    elif exchange.answer is None and not _nowhere(exchange):
        if memory.strict or not _undescribed(exchange):
            yield _breach("status", exchange, f"the status {status} is not documented", answers)
        else:
            memory.note(f"status {status} of {operation.label}")
    elif due is Due.DENY and status not in _DENIALS and _documented_denials(exchange):
        yield _wrongly_denied(exchange, answers)
    elif status != _TOO_LARGE and _is_too_large(exchange):
        message = f"a body that is too large got {status}"
        breach = _breach("status", exchange, message, answers)
        yield replace(breach, expected=str(_TOO_LARGE))


def _redirected(exchange: Exchange, answers: str, weighed: Weighed) -> Iterator[Breach]:
    """A documented redirect: where it is no yes, only what it leads to tells what became of the request."""
    due = exchange.case.due
    if due is Due.REFUSE and exchange.accepted and not weighed.excused:
        yield _accepted(exchange, weighed)
    elif due is Due.DENY and _documented_denials(exchange):
        yield _wrongly_denied(exchange, answers)


def _is_too_large(exchange: Exchange) -> bool:
    """Whether the size of the body is what is wrong, and the contract has a status for that."""
    case, body = exchange.case, exchange.case.operation.body
    about_size = body is not None and case.rule == f"{body.pointer}/x-max-bytes"
    documented = (answer.status for answer in case.operation.answers)
    return about_size and case.due is Due.REFUSE and str(_TOO_LARGE) in documented


def _of_the_state(exchange: Exchange) -> bool:
    """Whether a documented refusal of a valid request speaks of what the server holds, not of the request."""
    operation = exchange.case.operation
    documented = str(exchange.status) in {answer.status for answer in operation.answers}
    about_place = exchange.status in _NOT_THERE and "{" in operation.path
    return documented and (about_place or exchange.status in _IN_CONFLICT)


def _elsewhere(exchange: Exchange, memory: Memory, answers: str) -> Iterator[Breach]:
    """
    What answers a method that the contract does not name.

    A server may have more to offer than the contract says, but what the contract documents for one
    method is not to be had by another: then the method is not looked at.
    """
    case, status = exchange.case, exchange.status
    label = f"{case.method} {case.operation.path}"
    if status >= 500 and status != _NOT_IMPLEMENTED:
        yield _breach("server-error", exchange, _failing(exchange), answers)
    elif case.method in _ANYWHERE:
        return
    elif exchange.accepted and (memory.strict or _does_the_same(exchange)):
        message = f"{label} is not documented and is answered with {status}"
        if _does_the_same(exchange):
            message += f", as {case.operation.label} is"
        breach = _breach("method", exchange, message, case.rule)
        yield replace(breach, expected="405 or another refusal", about=case.method)
    elif exchange.accepted:
        memory.note(label)


def _does_the_same(exchange: Exchange) -> bool:
    """Whether a request to do something is answered by what the contract documents for its operation."""
    answer = exchange.case.operation.answer_for(exchange.status)
    media = answer.body.for_type(exchange.media_type) if answer else None
    schema = media.schema if media else None
    if exchange.case.method not in _CHANGING or schema is None or not exchange.is_json:
        return False
    telling = not schema.is_valid({}) and not schema.is_valid([])
    return telling and not exchange.malformed and schema.is_valid(exchange.value)


def _nowhere(exchange: Exchange) -> bool:
    """Whether the path itself is wrong: then there is nothing there, documented or not."""
    broken = violations(exchange.case) if exchange.status == 404 else ()
    return any(violation.location == "path" for violation in broken)


def _undescribed(exchange: Exchange) -> bool:
    """Whether the contract documents no refusal of this kind at all, so that the server had to choose."""
    if exchange.case.due is Due.DENY:
        return not _documented_denials(exchange)
    return exchange.case.due is Due.REFUSE and not _documented_refusals(exchange)


def _no_answer(exchange: Exchange, answers: str) -> Breach:
    return Breach(
        rule="no-answer",
        pointer=answers,
        message=f"the request got no answer: {exchange.failure}",
        expected="an HTTP response",
        actual=exchange.failure,
    )


def _wrongly_denied(exchange: Exchange, answers: str) -> Breach:
    message = f"a request without a valid key got {exchange.status}"
    return _breach("status", exchange, message, answers)


def _failing(exchange: Exchange) -> str:
    return f"the server fails with {exchange.status}: {exchange.case.area}: {exchange.case.name}"


def _refused(exchange: Exchange) -> Breach:
    case, status = exchange.case, exchange.status
    hint = " (is the key accepted?)" if status in _DENIALS else ""
    message = f"a valid request is refused with {status}{hint}: {case.area}: {case.name}"
    return replace(_breach("rejects-valid", exchange, message, case.rule), kind=case.name)


def _documented_denials(exchange: Exchange) -> list[str]:
    documented = {answer.status for answer in exchange.case.operation.answers}
    return [str(status) for status in _DENIALS if str(status) in documented]


def _documented_refusals(exchange: Exchange) -> list[str]:
    documented = (answer.status for answer in exchange.case.operation.answers)
    return [status for status in documented if status in _REFUSALS]


def _accepted(exchange: Exchange, weighed: Weighed) -> Breach:
    case = exchange.case
    if case.due is Due.DENY:
        message = f"a request with {case.credential.name} is accepted with {exchange.status}"
        return _breach("credentials", exchange, message, case.rule)
    found = weighed.undeclared or violations(case)
    reasons = "; ".join(violation.message for violation in found[:3])
    message = f"an invalid request is accepted with {exchange.status}: {reasons or case.name}"
    breach = _breach("accepts-invalid", exchange, message, found[0].rule if found else case.rule)
    return replace(breach, kind=found[0].rule.rpartition("/")[2] if found else "")


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
    if due is Due.ACCEPT:
        wanted = successes(operation) or ["2XX"]
    elif due is Due.DENY:
        wanted = _documented_denials(exchange) or ["4XX"]
    else:
        wanted = _documented_refusals(exchange) or ["4XX"]
    return " or ".join(wanted)
