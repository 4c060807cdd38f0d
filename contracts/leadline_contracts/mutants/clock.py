"""Servers whose clock is wrong, or that write the time in another way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from leadline_contracts.mutants.members import change, given, json_media, success
from leadline_contracts.mutants.mutant import Mutant, defect, slug
from leadline_contracts.mutants.server import Answer, Ask, Behaviour, Request
from leadline_contracts.oracles.reading import MISSING, reach
from leadline_openapi import Contract, Operation
from leadline_openapi import pointer as pointers
from leadline_openapi.contract import Echo, ServerValue

FAMILY = "clock"
Tell = Callable[[datetime], Any]


def mutants(contract: Contract, operation: Operation) -> Iterator[Mutant]:
    """The clock mutants of *operation*."""
    del contract
    media = json_media(success(operation))
    assigned = set(given(operation))
    for value in media.server_values if media else ():
        for key, does, tell, reason in _WAYS if value.kind == "now" else ():
            if value not in assigned and reason != _FORM:
                continue
            name = ".".join(value.path)
            yield Mutant(
                id=f"{FAMILY}/{slug(operation)}/{name}/{key}",
                does=f"`{name}` {does}",
                operation=operation,
                behaviour=partial(_telling, value, media.echoes if media else (), tell),
                rule=defect(reason),
            )


def _telling(value: ServerValue, echoes: tuple[Echo, ...], make: Callable[[], Tell]) -> Behaviour:
    """Tells the time in another way, where the request does not bring its own."""
    tell = make()
    ways = [
        (*pointers.tokens(echo.expression.partition("#")[2]), *value.path[len(echo.path) :])
        for echo in echoes
        if value.path[: len(echo.path)] == echo.path
        and echo.expression.startswith("$request.body")
        and not value.read_only
    ]

    def behave(request: Request, ask: Ask) -> Answer:
        answer = ask()
        if answer.accepted and all(reach(request.value, way) is MISSING for way in ways):
            told = tell(datetime.now(UTC))
            answer.value = change(answer.value, value.path, lambda _: told)
        return answer

    return behave


def _as_rfc_3339(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _off(by: timedelta) -> Callable[[], Tell]:
    return lambda: lambda now: _as_rfc_3339(now + by)


def _plain(tell: Tell) -> Callable[[], Tell]:
    return lambda: tell


def _frozen() -> Tell:
    """As if the server had been started a minute ago: a fresh one would still be right."""
    started = datetime.now(UTC) - timedelta(minutes=1)
    return lambda _now: _as_rfc_3339(started)


def _jumping() -> Tell:
    numbers = count()
    return lambda now: _as_rfc_3339(now - timedelta(seconds=next(numbers) % 2))


def _running_back() -> Tell:
    started = datetime.now(UTC)
    return lambda now: _as_rfc_3339(started - (now - started))


_NOW = "it is the time of the request"
_FORM = "it is an RFC 3339 time"
_WAYS: tuple[tuple[str, str, Callable[[], Tell], str], ...] = (
    ("hour-ahead", "is an hour ahead", _off(timedelta(hours=1)), _NOW),
    ("hour-behind", "is an hour behind", _off(timedelta(hours=-1)), _NOW),
    ("ten-seconds-behind", "is ten seconds behind", _off(timedelta(seconds=-10)), _NOW),
    ("frozen", "is the time at which the server was started", _frozen, _NOW),
    ("jumps-back", "goes back by a second now and then", _jumping, "time does not go back"),
    ("runs-back", "runs backwards", _running_back, "time does not go back"),
    (
        "no-offset",
        "has no offset",
        _plain(lambda now: now.replace(tzinfo=None).isoformat(timespec="milliseconds")),
        _FORM,
    ),
    (
        "blank",
        "has a blank for the `T`",
        _plain(lambda now: _as_rfc_3339(now).replace("T", " ")),
        _FORM,
    ),
    ("date-only", "is a date", _plain(lambda now: now.date().isoformat()), _FORM),
    ("epoch", "is a Unix time, as text", _plain(lambda now: str(int(now.timestamp()))), _FORM),
    (
        "http-date",
        "is an HTTP date",
        _plain(lambda now: now.strftime("%a, %d %b %Y %H:%M:%S GMT")),
        _FORM,
    ),
)
