"""One recorded request and its answer against the contract: who is wrong, the caller or the server?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus

from leadline_contracts.case import PROPER, Breach, Case, Credential, Due, Exchange
from leadline_contracts.judge import judge
from leadline_contracts.leniency.faults import faults
from leadline_contracts.oracles import answer, depth, echo, invariants, server_values, verdict
from leadline_contracts.oracles.memory import Memory
from leadline_contracts.traffic.har import Entry
from leadline_contracts.traffic.privacy import Given, given
from leadline_contracts.traffic.unsettled import is_large, is_unsettled
from leadline_openapi import Operation, mediatype
from leadline_openapi.leniency.faults import Fault
from leadline_openapi.parameters import ABSENT
from leadline_openapi.violation import show

_DENIALS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_MISSING = Credential("no credential", None)
_OTHERWISE = Credential("a credential in another form than the contract's", "{key}")
_UNREAD_BODY = b" "
"""Stands for a body that is not in the recording, where its media type alone is wrong."""
_OF_MEMBERS = frozenset(("required", "additionalProperties", "unevaluatedProperties"))
"""Keywords that speak of several members: each one that is wrong is a defect of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """
    An *entry* that is a request for *operation*, with *target* below *base*, sent by *caller*.

    *keyed* says whether the recording holds credentials at all: browsers may leave them out, and then
    none is missing. With *by_caller*, what callers do wrong is told for each of them apart.
    """

    entry: Entry
    operation: Operation
    base: str
    target: str
    caller: str
    keyed: bool
    by_caller: bool = False

    @property
    def name(self) -> str:
        """Which entry it is, when it was sent, and by whom; of several bases, below which."""
        at = self.entry.started.isoformat(timespec="milliseconds")
        by = f" by {self.caller}" if self.caller else ""
        return f"entry {self.entry.number} at {at}{by}" + (f" to {self.base}" if self.base else "")

    @property
    def credential(self) -> Given:
        """What the request has of a credential."""
        return given(self.operation, self.entry.headers, self.target.partition("?")[2])

    @property
    def is_anonymous(self) -> bool:
        """Whether the request lacks the credential that it needs."""
        return self.keyed and self.operation.needs_key and self.credential is not Given.PROPERLY


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """
    An *exchange* with what is wrong in it: *sent* is the caller's doing, *answered* the server's.

    *unchecked* says what could not be looked at, and *blind* that this is all of it; *told* is whether
    the answer is the server's own, and *read* whether its body can be looked at as well; *denied* that it
    did not take a credential that looks as it should.
    """

    exchange: Exchange
    sent: tuple[Breach, ...]
    answered: tuple[Breach, ...]
    unchecked: tuple[str, ...]
    blind: bool
    told: bool
    read: bool
    denied: bool


def judged(asked: Asked, memory: Memory) -> Judged:
    """What the request and its answer break; *memory* learns from it."""
    case, unread = _case(asked)
    due = _due(asked, case, known=not unread)
    is_open = due is not Due.DENY and is_unsettled(case)
    exchange = _exchange(asked.entry, replace(case, due=Due.EITHER if is_open else due))
    missing = _no_answer(exchange, asked.entry)
    opaque = "" if missing else _opaque(exchange, asked.entry)
    is_json = case.body is None or mediatype.is_json(case.media_type)
    oracles = _Oracles(request=not unread and is_json and not is_open, body=not opaque)
    return Judged(
        exchange=exchange,
        sent=tuple(_sent(asked, replace(case, due=due))),
        answered=() if missing else tuple(oracles.examine(exchange, memory)),
        unchecked=tuple(one for one in (unread, missing, opaque) if one),
        blind=bool(unread and missing),
        told=not missing,
        read=not (missing or opaque),
        denied=exchange.case.due is Due.DENY and not asked.is_anonymous and not missing,
    )


def unjudged(asked: Asked) -> Judged:
    """The request and its answer, of an operation of which nobody can say what is right."""
    case, _ = _case(asked)
    return Judged(
        exchange=_exchange(asked.entry, case),
        sent=(),
        answered=(),
        unchecked=(f"{asked.operation.label}: {asked.operation.unsupported}",),
        blind=False,
        told=False,
        read=False,
        denied=False,
    )


def _case(asked: Asked) -> tuple[Case, str]:
    """The request as a case, its due not yet told, and why its body cannot be judged."""
    entry, operation = asked.entry, asked.operation
    case = Case(
        name=asked.name,
        area=entry.file,
        operation=operation,
        method=entry.method,
        target=asked.target,
        headers=entry.headers,
        body=entry.body.content or None,
        due=Due.EITHER,
        rule=operation.security[0][0].pointer if asked.is_anonymous else operation.pointer,
        credential=_credential(asked),
    )
    media = operation.body.for_type(case.media_type) if operation.body else None
    if entry.body.unread and operation.body and (media is not None or not case.media_type):
        return _bodiless(case), f"a request's body {entry.body.unread}"
    if entry.body.unread:
        return replace(case, body=_UNREAD_BODY), ""
    return case, ""


def _bodiless(case: Case) -> Case:
    """*case* without its body, for an operation of which nothing is known of one."""
    return replace(case, operation=replace(case.operation, body=None), body=None)


def _credential(asked: Asked) -> Credential:
    unknown = asked.operation.needs_key and not asked.keyed
    if unknown or asked.credential is Given.PROPERLY:
        return PROPER
    return _MISSING if asked.credential is Given.NOT else _OTHERWISE


def _due(asked: Asked, case: Case, *, known: bool) -> Due:
    due, status = judge(case), asked.entry.status
    if due is Due.REFUSE:
        return Due.REFUSE
    if asked.is_anonymous or (status in _DENIALS and asked.operation.security):
        return Due.DENY  # whether a key is the right one is not told by the request
    if status == HTTPStatus.TOO_MANY_REQUESTS or not known or is_large(case):
        return Due.EITHER
    return due or Due.EITHER


def _exchange(entry: Entry, case: Case) -> Exchange:
    return Exchange(
        case=case,
        status=entry.status,
        headers=entry.response_headers,
        body=entry.response_body.content,
        sent_at=entry.started,
        received_at=entry.finished,
        elapsed=entry.seconds,
        failure="" if entry.status else entry.failure,
    )


def _no_answer(exchange: Exchange, entry: Entry) -> str:
    """Why there is no answer of the server to look at; empty where there is one."""
    status = exchange.status
    if not status:
        return f"a request got no answer ({entry.failure})"
    if entry.cached:
        return f"an answer came from {entry.cached}"
    if not 300 <= status < 400 or _is_named(exchange):
        return ""
    if status == HTTPStatus.NOT_MODIFIED:
        return "an answer is 304: the body is the one in the cache"
    return f"an answer is a redirect ({status})"


def _is_named(exchange: Exchange) -> bool:
    """Whether the contract documents the very status of a redirect."""
    documented = {one.status for one in exchange.case.operation.answers}
    return bool(documented & {str(exchange.status), "3XX"})


def _opaque(exchange: Exchange, entry: Entry) -> str:
    """Why the body of an answer cannot be judged; empty where it can, or where there is none to judge."""
    if exchange.media is None:
        return ""
    if entry.response_body.unread:
        return f"an answer's body {entry.response_body.unread}"
    if exchange.media.schema is not None and not exchange.is_json:
        return f"an answer's body is {exchange.media_type}, and is not looked into"
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Oracles:
    """The oracles that can tell something, where *request* and the *body* of the answer are known."""

    request: bool
    body: bool

    def examine(self, exchange: Exchange, memory: Memory) -> Iterator[Breach]:
        """What the server does wrong."""
        found: list[Breach] = []
        if not 300 <= exchange.status < 400:
            found += verdict.check(exchange, memory)
        found += answer.check(exchange, memory) if self.body else answer.head(exchange)
        if self.request and self.body:
            found += echo.check(exchange, memory)
            found += server_values.check(exchange, memory)
            found += depth.check(exchange, memory)
            found += [] if found else invariants.check(exchange)
        yield from found


def _sent(asked: Asked, case: Case) -> Iterator[Breach]:
    """What the caller does wrong. What the contract declares to be taken all the same is no breach."""
    if case.due is Due.REFUSE:
        for fault in faults(case):
            if not fault.may_be_taken:
                yield _breach(asked, case, fault)
    if asked.is_anonymous:
        yield _anonymous(asked, case)


def _breach(asked: Asked, case: Case, fault: Fault) -> Breach:
    violation = fault.violation
    where = re.sub(r"\[\d+\]", "[*]", violation.field)
    at = f"{violation.location} {violation.field}".strip()
    about = where if violation.keyword in _OF_MEMBERS else ""
    return Breach(
        rule="request",
        pointer=violation.rule,
        message=f"a request breaks the contract: {at}: {violation.problem}",
        expected=violation.expected or "what the contract says",
        actual=_actual(case, fault),
        about=_about(asked, about),
        kind=violation.keyword,
    )


def _actual(case: Case, fault: Fault) -> str:
    if fault.value is not ABSENT:
        return show(fault.value)
    if fault.name == "media-type":
        return case.media_type or "no Content-Type"
    return "nothing" if fault.name == "required" else fault.name


def _anonymous(asked: Asked, case: Case) -> Breach:
    scheme = asked.operation.security[0][0]
    return Breach(
        rule="request",
        pointer=scheme.pointer,
        message=f"a request carries {case.credential.name}",
        expected=f"{scheme.location} {scheme.parameter}: {scheme.template}",
        actual=case.credential.name,
        about=_about(asked, "credential"),
        kind="credential",
    )


def _about(asked: Asked, member: str) -> str:
    return f"{member} {asked.caller}".strip() if asked.by_caller else member
