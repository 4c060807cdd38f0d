"""Servers whose ids, clock or memory are wrong."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.zoo.app import App, Document, Request, Response, stamp
from benchmarks.zoo.variant import Family, Step, Variant, no, ok

Stored = Callable[[Document, Request], Document]
state = Family("state")


def _ids(name: str, defect: str, change: Callable[[int], Any], times: int = 2) -> Variant:
    return state(name, defect, "identity", lambda inner: change(inner()), *[ok()] * times)


def _clock(name: str, defect: str, now: Callable[[], str], times: int = 1) -> Variant:
    return state(name, defect, "now", lambda _: now(), *[ok()] * times)


def _at(**shift: float) -> str:
    return stamp(datetime.now(UTC) + timedelta(**shift))


def _racing(app: App) -> None:
    def identity(_: Any) -> int:
        last = app.memory.get("last", 0)
        time.sleep(0.003)
        app.memory["last"] = last + 1
        return int(app.memory["last"])

    app.wrap("identity", identity)


def _shared(app: App) -> None:
    """The document being stored is a global."""

    def stored(inner: Stored, document: Document, request: Request) -> Document:
        app.memory["current"] = document
        time.sleep(0.003)
        return inner(app.memory["current"], request)

    app.wrap("stored", stored)


def _leak(name: str) -> Callable[[App], None]:
    def install(app: App) -> None:
        def kept(inner: Any, document: Document, request: Request) -> Document:
            document = inner(document, request)
            if name in document:
                app.memory[name] = document[name]
            return document | app.memory

        app.wrap("kept", kept)

    return install


def _growing(app: App) -> None:
    def kept(inner: Any, document: Document, request: Request) -> Document:
        document = inner(document, request)
        if "trade" not in document:
            return document
        app.memory["trade"] = [*app.memory.get("trade", []), *document["trade"]]
        return document | {"trade": list(app.memory["trade"])}

    app.wrap("kept", kept)


def _deduplicated(app: App) -> None:
    def stored(inner: Stored, document: Document, request: Request) -> Document:
        if not document.get("email"):
            return inner(document, request)
        known: Document = app.memory.setdefault(document["email"], inner(document, request))
        return known

    app.wrap("stored", stored)


def _poisoned(app: App) -> None:
    """Errors of the last request are still there."""

    def errors(inner: Any, document: Any) -> list[str]:
        found, app.memory["errors"] = app.memory.get("errors", []), inner(document)
        return [*found, *app.memory["errors"]]

    app.wrap("body_errors", errors)


def _stale_updated(app: App) -> None:
    def stored(inner: Any, document: Document, request: Request) -> Document:
        lead: Document = inner(document, request)
        before = app.memory.get("time", lead["updatedAt"])
        app.memory["time"] = lead["createdAt"]
        return lead if "updatedAt" in document else lead | {"updatedAt": before}

    app.wrap("stored", stored)


def _late_created(app: App) -> None:
    def stored(inner: Any, document: Document, request: Request) -> Document:
        lead: Document = inner(document, request)
        return lead if "createdAt" in document else lead | {"createdAt": _at(milliseconds=20)}

    app.wrap("stored", stored)


def _locked(app: App) -> None:
    def permitted(inner: Any, request: Request) -> bool:
        right = bool(inner(request))
        app.memory["wrong"] = app.memory.get("wrong", 0) + (not right)
        return right and app.memory["wrong"] < 3

    app.wrap("permitted", permitted)


def _logged_out(app: App) -> None:
    def handle(inner: Any, request: Request) -> Response:
        if request.connection.get("refused"):
            return app.refusal(401, ["this connection was refused"])
        response: Response = inner(request)
        request.connection["refused"] = response.status == 401
        return response

    app.wrap("handle", handle)


def _jumping() -> Callable[[], str]:
    turns = itertools.count(1)
    return lambda: _at(seconds=-1 if next(turns) % 5 == 0 else 0)


def _names(count: int) -> list[Step]:
    return [ok(firstName=f"name {i}", lastName=f"name {i}") for i in range(count)]


STATE = [
    _ids("id-constant", "every lead has the same id", lambda _: 1),
    _ids("id-twice", "every id is given twice", lambda n: (n + 1) // 2, 3),
    _ids("id-after-100", "ids start again after 100", lambda n: n % 100, 101),
    _ids("id-random", "ids are drawn from too few", lambda _: random.randrange(500), 200),  # noqa: S311
    _ids("id-empty", "the id is an empty string", lambda _: "", 1),
    _ids("id-seconds", "ids are the time in seconds", lambda _: int(time.time()), 3),
    state.with_app(
        "id-race", "an id is read and written apart", _racing, *[ok()] * 8, at_once=True
    ),
    state.with_app("document-race", "the document is a global", _shared, *_names(8), at_once=True),
    _clock("clock-local", "local time that claims to be UTC", lambda: _at(hours=2)),
    _clock("clock-bare", "times without an offset", lambda: stamp(datetime.now(UTC)).rstrip("Z")),
    _clock(
        "clock-space",
        "a blank in place of the T, and no offset",
        lambda: f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}",
    ),
    _clock(
        "clock-12",
        "hours from 1 to 12 and a month by name",
        lambda: f"{datetime.now(UTC):%d %b %Y %I:%M:%S}",
    ),
    _clock("clock-back", "the clock goes back now and then", _jumping(), 6),
    _clock("clock-date", "times are dates", lambda: f"{datetime.now(UTC):%Y-%m-%d}"),
    state.with_app(
        "clock-stale", "updatedAt is that of the lead before", _stale_updated, ok(), ok()
    ),
    state.with_app("clock-late", "createdAt is taken after updatedAt", _late_created, ok()),
    state.with_app(
        "leak-member", "one member stays from the lead before", _leak("phone"), ok(phone="1"), ok()
    ),
    state.with_app(
        "leak-items", "items gather from lead to lead", _growing, ok(trade=[1]), ok(trade=[2])
    ),
    state.with_app(
        "deduplicated",
        "the same e-mail address gives the same lead",
        _deduplicated,
        *[ok(email="a")] * 2,
    ),
    state.with_app(
        "poisoned", "errors stay for the next request", _poisoned, no(reason="Bored"), ok()
    ),
    state.with_app(
        "locked",
        "the key is refused after three wrong ones",
        _locked,
        *[Step("refuse", key="no")] * 3,
        ok(),
    ),
    state.with_app(
        "logged-out",
        "a connection that was refused stays so",
        _logged_out,
        Step("refuse", key="no"),
        ok(),
    ),
]
