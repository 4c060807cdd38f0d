"""Servers that keep the contract and differ in what it leaves open."""

from __future__ import annotations

import gzip
import json
import random
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from email.utils import format_datetime
from typing import Any

from benchmarks.zoo.app import App, Document, Malformed, Request, Response, encode, head
from benchmarks.zoo.contract import fields, of_kind
from benchmarks.zoo.variant import Family, Variant

FAMILY = "correct"
right = Family(FAMILY)


def _time(name: str, difference: str, form: Callable[[datetime], str]) -> Variant:
    return right(name, difference, "now", lambda _: form(datetime.now(UTC)))


def _encoded(name: str, difference: str, **options: Any) -> Variant:
    return right(name, difference, "encode", lambda _, payload: encode(payload, **options))


def _sent(name: str, difference: str, change: Callable[[Request, Response], Any]) -> Variant:
    """*change* is made to every response."""

    def handle(inner: Any, request: Request) -> Response:
        response: Response = inner(request)
        change(request, response)
        return response

    return right(name, difference, "handle", handle)


def _headers(name: str, difference: str, **headers: str) -> Variant:
    named = {n.replace("_", "-"): v for n, v in headers.items()}
    return _sent(name, difference, lambda _, response: response.headers.update(named))


def _instead(
    name: str, difference: str, answer: Callable[[App, Request], Response | None]
) -> Variant:
    """The answer is that of *answer*, if it gives one."""

    def install(app: App) -> None:
        app.wrap("handle", lambda inner, request: answer(app, request) or inner(request))

    return right.with_app(name, difference, install)


def _waiting(name: str, difference: str, seconds: Callable[[], float]) -> Variant:
    return _instead(name, difference, lambda *_: time.sleep(seconds()))


def _listening(name: str, difference: str, **options: Any) -> Variant:
    return right.with_app(name, difference, lambda app: vars(app).update(options))


def _chunked(inner: Any, request: Request, response: Response) -> bytes:
    top, _, body = inner(request, response).partition(b"\r\n\r\n")
    lines = [line for line in top.split(b"\r\n") if not line.lower().startswith(b"content-length")]
    top = b"\r\n".join([*lines, b"Transfer-Encoding: chunked", b"", b""])
    parts = [body[i : i + 50] for i in range(0, len(body), 50)]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
    return top if request.method == "HEAD" else top + chunks + b"0\r\n\r\n"


def _lower(inner: Any, request: Request, response: Response) -> bytes:
    top, _, body = inner(request, response).partition(b"\r\n\r\n")
    first, *lines = top.split(b"\r\n")
    named = [line.partition(b":") for line in lines]
    return b"\r\n".join([first, *(n.lower() + c + v for n, c, v in named), b"", body])


def _split(_: Any, connection: Any, request: Request, response: Response) -> None:
    sent = connection.app.frame(request, response)
    for part in (sent[:30], sent[30:150], sent[150:]):
        connection.wfile.write(part)
        time.sleep(0.002)


def _closing(_: Any, connection: Any, request: Request, response: Response) -> None:
    connection.close_connection = True
    response.headers["Connection"] = "close"
    connection.wfile.write(connection.app.frame(request, response))


def _closing_single(app: App) -> None:
    app.listening = "single"
    app.wrap("send", _closing)


def _closing_hundredth(inner: Any, connection: Any, request: Request, response: Response) -> None:
    connection.memory["count"] = connection.memory.get("count", 0) + 1
    (_closing if connection.memory["count"] % 100 == 0 else _passed(inner))(
        inner, connection, request, response
    )


def _passed(inner: Any) -> Callable[..., None]:
    return lambda _, *arguments: inner(*arguments)


def _http10(_: Any, connection: Any, request: Request, response: Response) -> None:
    connection.close_connection = True
    body = (
        b"" if request.method == "HEAD" else response.raw or connection.app.encode(response.payload)
    )
    headers = {"Content-Type": "application/json", **response.headers}
    connection.wfile.write(head(response.status, headers, "HTTP/1.0") + body)


def _gzip(
    inner: Callable[[Request, Response], bytes], request: Request, response: Response
) -> bytes:
    if response.raw is None and "gzip" in (request.headers.get("Accept-Encoding") or ""):
        response.raw = gzip.compress(encode(response.payload), 1)
        response.headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return inner(request, response)


def _extra(response: Response) -> None:
    if isinstance(response.payload, dict):
        response.payload |= {"requestId": uuid.uuid4().hex, "meta": {"took": 0.5, "warnings": []}}
    if response.status == 200:
        response.payload["doc"] |= {
            "tenant": None,
            "_status": "published",
            "tags": [{"a": 1}],
            "score": 1.5,
        }


def _filled(empty: Any) -> Callable[[Document], Document]:
    """Members that were not sent are there without a value."""
    absent = {n: empty if f.kind in {"enums", "ids"} else None for n, f in fields().items()}
    absent = {n: v for n, v in absent.items() if not n.endswith("At")}
    return lambda document: absent | document


def _populated(inner: Any, document: Document, request: Request) -> Document:
    lead: Document = inner(document, request)
    if float(dict(request.query).get("depth", 2)) < 1:
        return lead
    for name in of_kind("integer", "ids"):
        if name in lead:
            value = lead[name]
            lead[name] = (
                [_related(v) for v in value] if isinstance(value, list) else _related(value)
            )
    return lead


def _related(value: Any) -> Document:
    return {"id": value, "createdAt": "2024-01-01T00:00:00Z", "name": None}


def _whole(value: Any) -> Any:
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return (
        int(value)
        if isinstance(value, float) and value.is_integer() and abs(value) < 2**53
        else value
    )


def _fraction(value: Any) -> Any:
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53
    return float(value) if whole else value


def _verbose(inner: Any, status: int, messages: list[str]) -> Response:
    response: Response = inner(status, messages)
    for error in response.payload["errors"]:
        error |= {"message": "No es válido: 😀", "location": "body", "code": "E1", "path": None}
    return response


def _validated_first(app: App, request: Request) -> Response | None:
    if request.method != "POST":
        return None
    try:
        errors = [*app.query_errors(request.query), *app.body_errors(app.parse(request.body))]
    except (Malformed, RecursionError):
        return None
    return app.refusal(400, errors) if errors else None


def _one_at_a_time(app: App) -> None:
    lock = threading.Lock()

    def handle(inner: Callable[[Request], Response], request: Request) -> Response:
        with lock:
            return inner(request)

    app.wrap("handle", handle)


def _unread(app: App) -> None:
    """A request without the key is answered before its body is read, and the connection closed."""

    def send(inner: Any, connection: Any, request: Request, response: Response) -> None:
        (_closing if response.status == 401 else _passed(inner))(
            inner, connection, request, response
        )

    app.wrap("send", send)
    app.unread = True


def _get(app: App, request: Request) -> Response | None:
    if request.method not in {"GET", "HEAD"}:
        return None
    if not app.permitted(request):
        return app.refusal(401, ["no"])
    return Response(200, {"docs": [], "totalDocs": 0, "limit": 10, "hasNextPage": False})


def _cors(_: App, request: Request) -> Response | None:
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "POST",
        "Content-Type": "text/plain",
    }
    return Response(200, headers=headers, raw=b"POST") if request.method == "OPTIONS" else None


def _limited(app: App, request: Request) -> Response | None:
    return app.refusal(413, ["too large"]) if len(request.body) > 2**20 else None


def _strict_json(check: Callable[[bytes], Any]) -> Callable[..., Any]:
    def parse(inner: Any, body: bytes) -> Any:
        try:
            check(body)
        except (ValueError, OverflowError) as error:
            raise Malformed from error
        return inner(body)

    return parse


def _unique(pairs: list[tuple[str, Any]]) -> Document:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name twice")
    return dict(pairs)


def _finite(text: str) -> float:
    if abs(Decimal(text)) > Decimal("1.7e308"):
        raise ValueError("out of range")
    return float(text)


def _later(inner: Any, document: Document, request: Request) -> Document:
    lead: Document = inner(document, request)
    later = (datetime.now(UTC) + timedelta(milliseconds=2)).isoformat()
    return lead if "updatedAt" in document else lead | {"updatedAt": later}


def _date(_: Request, response: Response) -> None:
    response.headers["Date"] = format_datetime(
        datetime.now(UTC) - timedelta(minutes=2), usegmt=True
    )


CORRECT = [
    right.with_app("plain", "nothing special", lambda _: None),
    right("chunked", "chunked transfer coding", "frame", _chunked),
    right("header-names", "names of headers in lower case", "frame", _lower),
    right("gzip", "compressed when asked for", "frame", _gzip),
    right("segments", "an answer comes in several segments", "send", _split),
    right("closing", "the connection is closed after each answer", "send", _closing),
    right(
        "closing-100th", "the connection is closed after 100 answers", "send", _closing_hundredth
    ),
    right("http-1.0", "HTTP/1.0 without a length", "send", _http10),
    _listening("idle", "idle connections are closed after 0.3 s", idle=0.3),
    _listening(
        "one-connection",
        "one connection after the other, idle for 0.5 s at most",
        listening="single",
        idle=0.5,
    ),
    right.with_app(
        "one-worker", "one connection after the other, closed after each answer", _closing_single
    ),
    right.with_app("one-request", "one request at a time", _one_at_a_time),
    right.with_app("unread", "without the key the body is not read", _unread),
    _waiting("slow", "50 ms for each answer", lambda: 0.05),
    _waiting("jitter", "up to 30 ms for each answer", lambda: random.random() * 0.03),  # noqa: S311
    right("id-uuid", "ids are UUIDs", "identity", lambda _: str(uuid.uuid4())),
    right("id-hex", "ids are 24 hexadecimal digits", "identity", lambda _: uuid.uuid4().hex[:24]),
    right("id-large", "ids are large and go down", "identity", lambda inner: 2**52 - inner()),
    right(
        "key-order",
        "members in another order",
        "encode",
        lambda inner, p: inner(dict(reversed(p.items()))),
    ),
    _encoded("pretty", "indented", indent=4),
    _encoded("ascii", "everything beyond ASCII is escaped", ensure_ascii=True),
    _headers(
        "headers",
        "more headers",
        X_Powered_By="Express",
        ETag='W/"1"',
        Set_Cookie="lng=en; Path=/",
        Vary="Origin",
    ),
    _headers(
        "charset", "the media type names a charset", Content_Type="application/json; charset=utf-8"
    ),
    _sent("date", "the header Date is two minutes late", _date),
    _sent("extra", "members that are not documented", lambda _, response: _extra(response)),
    _time("time-offset", "times with +00:00", lambda t: t.isoformat(timespec="microseconds")),
    _time(
        "time-zone",
        "times of another zone",
        lambda t: t.astimezone(timezone(timedelta(hours=-7))).isoformat(),
    ),
    _time("time-seconds", "times without a fraction", lambda t: t.strftime("%Y-%m-%dT%H:%M:%SZ")),
    _time("time-nano", "times with nine digits", lambda t: t.strftime("%Y-%m-%dT%H:%M:%S.%f000Z")),
    right("time-later", "updatedAt is a little after createdAt", "stored", _later),
    right.document("nulls", "what was not sent is null", _filled(None)),
    right.document("empty-lists", "what was not sent is null or an empty list", _filled([])),
    right("populated", "related documents in full, unless depth is below 1", "stored", _populated),
    right.value("whole", "1.0 comes back as 1", lambda _, v: _whole(v)),
    right.value(
        "fraction",
        "1 comes back as 1.0",
        lambda n, v: _fraction(v) if n in of_kind("number") else v,
    ),
    right("messages", "other words, and more of them", "refusal", _verbose),
    right(
        "media-400",
        "400 in place of 415",
        "refusal",
        lambda inner, s, m: inner(400 if s == 415 else s, m),
    ),
    right(
        "method-404",
        "404 in place of 405",
        "refusal",
        lambda inner, s, m: inner(404 if s == 405 else s, m),
    ),
    right(
        "method-501",
        "501 in place of 405",
        "refusal",
        lambda inner, s, m: inner(501 if s == 405 else s, m),
    ),
    right(
        "path-405",
        "405 in place of 404",
        "refusal",
        lambda inner, s, m: inner(405 if s == 404 else s, m),
    ),
    _instead("validated-first", "a lead is validated before the key", _validated_first),
    _instead("list", "GET lists leads", _get),
    _instead("cors", "OPTIONS is answered for browsers", _cors),
    _instead("limited", "bodies above 1 MB are refused with 413", _limited),
    right(
        "bom",
        "a byte order mark is skipped",
        "parse",
        lambda inner, body: inner(body.removeprefix(b"\xef\xbb\xbf")),
    ),
    right(
        "names-once",
        "a name twice in an object is refused",
        "parse",
        _strict_json(lambda body: json.loads(body, object_pairs_hook=_unique)),
    ),
    right(
        "surrogates",
        "lone surrogates are refused",
        "parse",
        _strict_json(lambda body: str(json.loads(body)).encode()),
    ),
    right(
        "doubles",
        "numbers beyond a double are refused",
        "parse",
        _strict_json(lambda body: json.loads(body, parse_float=_finite)),
    ),
]
