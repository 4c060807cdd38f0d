"""Is the answer what the contract documents for its status: media type, schema, headers?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from leadline_contracts.case import Breach, Due, Exchange
from leadline_contracts.oracles.memory import Memory
from leadline_contracts.schemas import unnamed
from leadline_openapi import pointer as pointers
from leadline_openapi.contract import Answer, MediaType
from leadline_openapi.violation import Violation, show

_OF_MEMBERS = frozenset(("required", "additionalProperties", "unevaluatedProperties"))
"""Keywords that speak of several members: each member that is wrong is a defect of its own."""


def check(exchange: Exchange, memory: Memory) -> Iterator[Breach]:
    """The answer's headers and body against the response documented for its status."""
    yield from head(exchange)
    if exchange.media is None or _wrongly_accepted(exchange):
        return
    if exchange.malformed:
        yield _malformed(exchange, exchange.media)
    elif exchange.violations:
        for violation in exchange.violations:
            yield _breach("schema", violation, _at(exchange.value, violation.pointer))
    elif exchange.is_json:
        yield from _undocumented(exchange, exchange.media, memory)


def head(exchange: Exchange) -> Iterator[Breach]:
    """The answer's headers, its media type among them: what can be told without its body."""
    answer = exchange.answer
    if answer is None or _wrongly_accepted(exchange):
        return
    yield from _headers(exchange, answer)
    if answer.body.content and exchange.has_body and exchange.media is None:
        yield _wrong_type(exchange, answer)


def _wrongly_accepted(exchange: Exchange) -> bool:
    """An invalid request was let in: what the answer then holds is a consequence."""
    return exchange.case.due is Due.REFUSE and exchange.accepted


def _headers(exchange: Exchange, answer: Answer) -> Iterator[Breach]:
    for header in answer.headers:
        value = exchange.header(header.name)
        sent = {} if value is None else {header.name: [value]}
        for violation in header.violations(sent):
            yield _breach("header", violation, "nothing" if value is None else value)


def _wrong_type(exchange: Exchange, answer: Answer) -> Breach:
    given = exchange.header("content-type") or "no Content-Type"
    expected = " or ".join(media.name for media in answer.body.content)
    return Breach(
        rule="media-type",
        pointer=f"{answer.pointer}/content",
        message=f"the answer {exchange.status} is {given}, not {expected}",
        expected=expected,
        actual=given,
    )


def _malformed(exchange: Exchange, media: MediaType) -> Breach:
    shown = show(exchange.body[:60].decode("utf-8", "replace")) if exchange.body else "nothing"
    return Breach(
        rule="media-type",
        pointer=media.pointer,
        message=f"the body of the answer {exchange.status} is not JSON: {exchange.malformed}",
        expected=media.name,
        actual=shown,
    )


def _undocumented(exchange: Exchange, media: MediaType, memory: Memory) -> Iterator[Breach]:
    if media.schema is None:
        return
    places = (media.schema.pointer,)
    found = dict.fromkeys(unnamed(media.schema.library, places, exchange.value))
    sent = frozenset(_names(exchange.case.value)) if found else frozenset()
    for path in found:
        if path.rpartition(".")[2] in sent:
            continue  # the request's own member, which came back: the server has added nothing
        memory.note(path)
        if memory.strict:
            yield Breach(
                rule="undocumented",
                pointer=media.schema.pointer,
                message=f"the answer holds `{path}`, which the contract does not document",
                expected="no such member",
                actual=path,
                about=path,
            )


def _names(value: Any) -> Iterator[str]:
    """The last part of the name of each member at any depth of *value*, as it ends a path."""
    inside: Iterable[Any] = value if isinstance(value, list) else ()
    if isinstance(value, dict):
        yield from (name.rpartition(".")[2] for name in value)
        inside = value.values()
    for one in inside:
        yield from _names(one)


def _breach(rule: str, violation: Violation, actual: str) -> Breach:
    where = re.sub(r"\[\d+\]", "[*]", violation.field)
    kind = "header" if rule == "header" else "answer"
    return Breach(
        rule=rule,
        pointer=violation.rule,
        message=f"the {kind} breaks its schema: {where + ': ' if where else ''}{violation.problem}",
        expected=violation.expected,
        actual=actual,
        about=where if violation.keyword in _OF_MEMBERS else "",
        kind=violation.keyword,
    )


def _at(value: object, pointer: str) -> str:
    try:
        return show(pointers.find(value, pointer))
    except LookupError:
        return "nothing"
