"""`x-server-value`: are ids given, and only once; do clocks tell the time, and never go back?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from leadline_contracts.case import Breach, Exchange
from leadline_contracts.judge import sent
from leadline_contracts.oracles.memory import Memory, Times
from leadline_contracts.oracles.reading import MISSING, accepted, faulty, places, reach
from leadline_openapi import Operation
from leadline_openapi.contract import Echo, MediaType, ServerValue
from leadline_openapi.violation import show
from leadline_openapi.words import ITEMS

_CREATED = "201"
TOLERANCE = timedelta(seconds=5)
_SKEW = timedelta(minutes=5)
"""So far the clocks of two honest machines may be apart."""
_KEPT = 20_000
"""Bytes of an answer that are kept as evidence for what may come."""
_LEAP_SECOND = re.compile(r"(T\d\d:\d\d):60")
_RFC_3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)


def check(exchange: Exchange, memory: Memory) -> Iterator[Breach]:
    """
    The values that the server had to assign in an accepted request.

    All of them are there, and times are times. That an id is new, and that a time is that of the request,
    holds where the answer gives them, and not where it tells of what was there before.
    """
    media = accepted(exchange)
    if media is None:
        return
    is_known = names_one(exchange, media)
    for server_value in media.server_values:
        given = not is_known and gives(exchange.case.operation, exchange.status, server_value)
        for place, value in places(exchange.value, server_value.path):
            if _sent(exchange, media.echoes, server_value, place):
                continue  # the caller chose it; the echo is checked elsewhere
            if faulty(exchange, place):
                continue  # the schema has said so
            if value is MISSING or value is None or value == "":
                yield _breach(server_value, "is not assigned", "a value", value)
            elif server_value.kind == "now":
                yield from _time(exchange, server_value, value, memory, given=given)
            elif given:
                yield from _identity(exchange, server_value, value, memory)


def gives(operation: Operation, status: int | str, server_value: ServerValue) -> bool:
    """
    Whether an answer with *status* gives *server_value* for the first time.

    It does where it says that something was created (201, RFC 9110 section 15.3.2), and in the answer to
    a POST (section 9.3.3) whose path names nothing that is there already, but for lists: they may be found.
    """
    if str(status) == _CREATED:
        return True
    return (
        operation.method == "POST" and "{" not in operation.path and ITEMS not in server_value.path
    )


def names_one(exchange: Exchange, media: MediaType) -> bool:
    """Whether the path of the request names what the answer is about: then that was there before."""
    named = {text for texts in sent(exchange.case, "path").values() for text in texts}
    return any(
        str(value) in named
        for one in media.server_values
        if named and one.kind != "now"
        for _, value in places(exchange.value, one.path)
    )


def _sent(
    exchange: Exchange, echoes: Sequence[Echo], server_value: ServerValue, place: tuple[str, ...]
) -> bool:
    if server_value.read_only:
        return False
    for echo in echoes:
        inside = server_value.path[: len(echo.path)] == echo.path
        rest = place[len(echo.path) :]
        if inside and reach(exchange.case.value, rest) is not MISSING:
            return True
    return False


def _identity(
    exchange: Exchange, server_value: ServerValue, value: Any, memory: Memory
) -> Iterator[Breach]:
    given = memory.given.setdefault(server_value.pointer, {})
    text = show(value, 200)
    first = given.get(text)
    if first is None:
        given[text] = _light(exchange)
    else:
        breach = _breach(server_value, "was given before", "a value never given before", value)
        yield replace(breach, before=(first,))


def _light(exchange: Exchange) -> Exchange:
    """*exchange* as it is kept for a whole run: without what was parsed, and without a huge answer."""
    return replace(exchange, body=exchange.body if len(exchange.body) <= _KEPT else b"")


def _time(
    exchange: Exchange, server_value: ServerValue, value: Any, memory: Memory, *, given: bool
) -> Iterator[Breach]:
    time = _parse(value)
    if time is None:
        yield _breach(server_value, "is no RFC 3339 time", "an RFC 3339 date-time", value)
        return
    if not given:
        return
    if not _is_now(exchange, time):
        expected = f"within {TOLERANCE.seconds} s of {exchange.received_at.isoformat()}"
        yield _breach(server_value, "is not the time of the request", expected, value)
    times = memory.times.setdefault(server_value.pointer, Times())
    before = times.before(exchange.sent_at)
    if before is not None and time < before:
        yield _breach(server_value, "goes back in time", f"not before {before.isoformat()}", value)
    times.add(exchange.received_at, time)


def _is_now(exchange: Exchange, time: datetime) -> bool:
    """By our clock; or by the server's own, as its Date header tells it, where that is not far off."""
    if exchange.sent_at - TOLERANCE <= time <= exchange.received_at + TOLERANCE:
        return True
    try:
        date = parsedate_to_datetime(exchange.header("date") or "")
    except ValueError:
        return False
    skew = abs(date - exchange.received_at) if date.tzinfo else _SKEW
    return skew < _SKEW and abs(date - time) <= TOLERANCE + exchange.received_at - exchange.sent_at


def _parse(value: Any) -> datetime | None:
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        return None
    try:
        whole = _LEAP_SECOND.sub(r"\1:59", value.upper())
        return datetime.fromisoformat(whole).astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _breach(server_value: ServerValue, problem: str, expected: str, value: Any) -> Breach:
    return Breach(
        rule="server-value",
        pointer=f"{server_value.pointer}/x-server-value",
        message=f"`{'.'.join(server_value.path)}` {problem}",
        expected=expected,
        actual="nothing" if value is MISSING else show(value),
        kind=problem,
    )
