"""Servers that break HTTP, hang, or answer methods that they should not."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from benchmarks.zoo.app import App, Request, Response, encode, head
from benchmarks.zoo.variant import Family, Step, Variant, no, ok, raw
from benchmarks.zoo.wire import Drop

wire = Family("robustness")
Test = Callable[[App, Request], Any]


def _handle(
    name: str, defect: str, when: Test, act: Callable[[App, Request], Any], *witness: Step
) -> Variant:
    """*act* in place of the answer when *when* is true."""

    def install(app: App) -> None:
        def handle(inner: Callable[[Request], Response], request: Request) -> Response:
            instead: Response | None = act(app, request) if when(app, request) else None
            return instead or inner(request)

        app.wrap("handle", handle)

    return wire.with_app(name, defect, install, *witness)


def _frame(name: str, defect: str, change: Callable[[bytes], bytes], *witness: Step) -> Variant:
    """The bytes of accepted requests are *change* of the right ones."""

    def frame(inner: Any, request: Request, response: Response) -> bytes:
        sent: bytes = inner(request, response)
        return change(sent) if response.status == 200 else sent

    return wire(name, defect, "frame", frame, *witness or [ok()])


def _length(delta: int) -> Callable[[bytes], bytes]:
    def change(sent: bytes) -> bytes:
        top, _, body = sent.partition(b"\r\n\r\n")
        was = f"Content-Length: {len(body)}".encode()
        return (
            top.replace(was, f"Content-Length: {len(body) + delta}".encode()) + b"\r\n\r\n" + body
        )

    return change


def _sleep(seconds: float) -> Callable[[App, Request], None]:
    return lambda *_: time.sleep(seconds)


def _hang_if_wrong(inner: Any, name: str, value: Any) -> Any:
    message = inner(name, value)
    if message and name == "reason":
        time.sleep(3600)
    return message


def _drop(*_: Any) -> None:
    raise Drop


def _fail(*_: Any) -> None:
    raise RuntimeError


def _redirect(_: App, request: Request) -> Response:
    return Response(307, {}, {"Location": request.target})


def _endless(_: Any, connection: Any, request: Request, response: Response) -> None:  # noqa: ARG001
    connection.wfile.write(
        head(200, {"Content-Type": "application/json", "Content-Length": str(2**30)})
    )
    connection.wfile.write(b'{"message": "')
    for _turn in range(2**10 - 1):
        connection.wfile.write(b"x" * 2**20)


def _trickling(app: App) -> None:
    def send(inner: Any, connection: Any, request: Request, response: Response) -> None:
        if response.status != 200:
            inner(connection, request, response)
            return
        for byte in app.frame(request, response):
            connection.wfile.write(bytes([byte]))
            time.sleep(0.05)

    app.wrap("send", send)


def _one_behind(app: App) -> None:
    """An answer is written twice, so that the next one is late by one."""

    def send(inner: Any, connection: Any, request: Request, response: Response) -> None:
        inner(connection, request, response)
        if response.status == 401:
            inner(connection, request, response)

    app.wrap("send", send)


def _crowded(app: App) -> None:
    def create(inner: Any, *arguments: Any) -> Any:
        app.memory["busy"] = app.memory.get("busy", 0) + 1
        time.sleep(0.005)
        full = app.memory["busy"] > 2
        app.memory["busy"] -= 1
        return _fail() if full else inner(*arguments)

    app.wrap("create", create)


def _creates(app: App, request: Request) -> Response:
    return app.create({}, request)


def _method(*names: str) -> Test:
    return lambda _, request: request.method in names


def _after(count: int) -> Test:
    return lambda app, _: app.seen >= count


def _garbage(_: Any, connection: Any, request: Request, response: Response) -> None:  # noqa: ARG001
    connection.wfile.write(b"\x16\x03\x01\x00\xff nonsense\r\n\r\n" + encode(response.payload))


ROBUSTNESS = [
    _handle("hang-always", "never answers", _method("POST"), _sleep(3600), ok()),
    wire(
        "hang-on-wrong",
        "hangs on a value that is not allowed",
        "field_error",
        _hang_if_wrong,
        no(reason="Bored"),
    ),
    _handle("hang-after-150", "hangs after 150 requests", _after(150), _sleep(3600), *[ok()] * 151),
    _handle(
        "slow-after-300",
        "takes three seconds after 300 requests",
        _after(300),
        _sleep(3),
        *[ok()] * 301,
    ),
    _handle(
        "slow-every-40th",
        "every 40th answer takes six seconds",
        lambda app, _: app.seen % 40 == 39,
        _sleep(6),
        *[ok()] * 40,
    ),
    _handle(
        "drop-large",
        "drops the connection on large bodies",
        lambda _, r: len(r.body) > 2**15,
        _drop,
        ok(notes="x" * 2**15),
    ),
    _handle(
        "drop-after-100",
        "drops every connection after 100 requests",
        _after(100),
        _drop,
        *[ok()] * 101,
    ),
    _handle(
        "drop-malformed",
        "drops the connection on malformed JSON",
        lambda _, r: r.method == "POST" and not r.body.rstrip().endswith(b"}"),
        _drop,
        raw("{"),
    ),
    _handle("redirect", "redirects in a circle", _method("POST"), _redirect, ok()),
    _frame("length-long", "Content-Length is too long", _length(5)),
    _frame("length-short", "Content-Length is too short", _length(-5)),
    _frame("body-short", "the end of the body is missing", lambda sent: sent[:-20]),
    _frame(
        "body-cut",
        "the end of the body is missing, and not counted",
        lambda sent: _length(-9)(sent)[:-9],
    ),
    wire("endless", "answers with 1 GB", "send", _endless, ok()),
    wire("garbage", "answers with something that is not HTTP", "send", _garbage, ok()),
    wire.with_app("trickle", "sends one byte at a time", _trickling, ok()),
    wire.with_app(
        "one-behind",
        "answers a refused key twice",
        _one_behind,
        Step("refuse", key="no"),
        ok(),
        ok(),
    ),
    wire.with_app(
        "crowded", "fails when three requests come at once", _crowded, *[ok()] * 8, at_once=True
    ),
    _handle("get-fails", "GET fails", _method("GET"), _fail, Step("other", b"", method="GET")),
    _handle(
        "put-creates", "PUT creates a lead", _method("PUT"), _creates, Step("other", method="PUT")
    ),
    _handle(
        "patch-creates",
        "PATCH creates a lead",
        _method("PATCH"),
        _creates,
        Step("other", method="PATCH"),
    ),
    _handle(
        "delete-fails",
        "DELETE fails",
        _method("DELETE"),
        _fail,
        Step("other", b"", method="DELETE"),
    ),
    _handle(
        "options-hangs",
        "OPTIONS is never answered",
        _method("OPTIONS"),
        _sleep(3600),
        Step("other", b"", method="OPTIONS"),
    ),
]
