"""Servers that fail on some input, or whose answers do not fit their schema."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from benchmarks.zoo.app import Document, Malformed, Request, Response
from benchmarks.zoo.contract import fields, of_kind
from benchmarks.zoo.variant import Family, Step, Variant, no, ok, raw

crash = Family("crashes")


def _texts(document: Document) -> list[str]:
    return [v for v in document.values() if isinstance(v, str)]


def _anywhere(wrong: Callable[[str], Any]) -> Callable[[Document, Any], bool]:
    return lambda document, _: any(wrong(text) for text in _texts(document))


def _raise(*_: Any) -> Any:
    raise RuntimeError


def _on_malformed(inner: Any, body: bytes) -> Any:
    try:
        return inner(body)
    except Malformed:
        raise RuntimeError from None


def _on_bytes(inner: Any, body: bytes) -> Any:
    return inner(body.decode("latin-1").encode() if _raise_unless_utf8(body) else body)


def _raise_unless_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise RuntimeError from error
    return False


def _on_nesting(inner: Any, body: bytes) -> Any:
    return _raise() if body.count(b"[") > 500 else inner(body)


def _on_no_object(inner: Any, document: Any) -> Any:
    return inner(document) if isinstance(document, dict) else _raise()


def _on_null(inner: Any, name: str, value: Any) -> Any:
    return _raise() if value is None and name in of_kind("enums", "ids") else inner(name, value)


def _on_unknown(inner: Any, name: str, value: Any) -> Any:
    return inner(name, value) if name in fields() else _raise()


def _on_unhashable(inner: Any, name: str, value: Any) -> Any:
    return (
        _raise()
        if isinstance(value, list | dict) and name in of_kind("enum")
        else inner(name, value)
    )


CRASHES = [
    crash.fails(
        "apostrophe",
        "a quote ends the SQL statement",
        lambda d, _: "'" in d.get("notes", ""),
        ok(notes="it's"),
    ),
    crash.fails("nul", "a NUL ends a string of C", _anywhere(lambda t: "\0" in t), ok(city="a\0b")),
    crash.fails(
        "astral",
        "the column has three bytes a character",
        _anywhere(lambda t: max(t, default="") > "\uffff"),
        ok(city="🚗"),
    ),
    crash.fails(
        "percent",
        "texts are used as format strings",
        lambda d, _: "%" in d.get("conversation", ""),
        ok(conversation="100 %"),
    ),
    crash.fails(
        "id-int64",
        "ids have 64 bits",
        lambda d, _: d.get("salesRep", 0) >= 2**63,
        ok(salesRep=2**63),
    ),
    crash.fails(
        "number-large",
        "numbers are formatted by int()",
        lambda d, _: abs(d.get("monthlyPayment", 0)) > 1e300,
        raw('{"monthlyPayment": 1e308}', "accept"),
    ),
    crash.fails(
        "name-empty",
        "the initial of an empty name",
        lambda d, _: d.get("firstName") == "",
        ok(firstName=""),
    ),
    crash.fails(
        "text-long",
        "the column has 65,535 bytes",
        _anywhere(lambda t: len(t) > 0xFFFF),
        ok(conversation="x" * 70000),
    ),
    crash.fails(
        "list-empty",
        "the first of an empty list",
        lambda d, _: d.get("searches") == [],
        ok(searches=[]),
    ),
    crash.fails(
        "locale-unknown",
        "a locale is looked up in a table",
        lambda _, q: q.get("locale", "en") not in {"en", "es", "de", "fr"},
        ok("locale=xx"),
    ),
    crash.fails(
        "date",
        "createdAt is parsed",
        lambda d, _: not d.get("createdAt", "2")[:1].isdigit(),
        ok(createdAt="yesterday"),
    ),
    crash.fails(
        "depth-negative",
        "depth is a slice",
        lambda _, q: float(q.get("depth", 0)) < 0,
        ok("depth=-1"),
    ),
    crash("malformed", "malformed JSON is not caught", "parse", _on_malformed, raw("{")),
    crash("no-object", "a body that is a list", "body_errors", _on_no_object, raw("[]")),
    crash("invalid-utf8", "bytes that are no UTF-8", "parse", _on_bytes, raw(b'{"notes": "\xff"}')),
    crash(
        "nesting",
        "deep nesting",
        "parse",
        _on_nesting,
        raw('{"trade": ' + "[" * 2000 + "]" * 2000 + "}"),
    ),
    crash("null-list", "null is iterated", "field_error", _on_null, no(bodyStyle=None)),
    crash("unknown-member", "an unknown column", "field_error", _on_unknown, no(nickname="A")),
    crash(
        "enum-unhashable",
        "a list is looked up in a set",
        "field_error",
        _on_unhashable,
        no(reason=["Test"]),
    ),
    crash(
        "depth-text",
        "int() of the parameter",
        "depth_fits",
        lambda inner, v: inner(v) or _raise(),
        no("depth=abc"),
    ),
    crash(
        "no-media",
        "a header that is not there",
        "media",
        lambda inner, v: inner(v) if v else _raise(),
        Step("refuse", media=None),
    ),
    crash(
        "no-key",
        "a credential that is not there",
        "key_fits",
        lambda inner, v: inner(v) if v else _raise(),
        Step("refuse", key=None),
    ),
]

# --- Answers against their schema -------------------------------------------------------------------------

shape = Family("response")


def _doc(name: str, defect: str, change: Callable[[Document], Any], *witness: Step) -> Variant:
    return shape.document(name, defect, lambda d: d | change(d), *witness or [ok()])


def _response(name: str, defect: str, change: Callable[[Response], Any], *witness: Step) -> Variant:
    def handle(inner: Any, request: Request) -> Response:
        response: Response = inner(request)
        change(response)
        return response

    return shape(name, defect, "handle", handle, *witness or [ok()])


def _when(status: int, change: Callable[[Response], Any]) -> Callable[[Response], Any]:
    return lambda response: change(response) if response.status == status else None


def _without(*names: str) -> Callable[[Document], Document]:
    return lambda d: {n: v for n, v in d.items() if n not in names}


def _status(was: int, now: int) -> Callable[[Response], Any]:
    return _when(was, lambda response: setattr(response, "status", now))


def _headers(**headers: str) -> Callable[[Response], Any]:
    return lambda response: response.headers.update(
        {n.replace("_", "-"): v for n, v in headers.items()}
    )


def _html(status: int) -> Callable[[Response], Any]:
    def change(response: Response) -> None:
        response.raw = b"<h1>Error</h1>"
        response.headers["Content-Type"] = "text/html"

    return _when(status, change)


def _errors(status: int, errors: Any) -> Callable[[Response], Any]:
    return _when(status, lambda response: setattr(response, "payload", errors))


NO_KEY = Step("refuse", key=None)
WRONG = no(reason="Bored")
RESPONSES = [
    _response("status-201", "201 in place of 200", _status(200, 201)),
    _response("status-202", "202 in place of 200", _status(200, 202)),
    _response("status-422", "422 in place of 400", _status(400, 422), WRONG),
    _response("status-403", "403 in place of 401", _status(401, 403), NO_KEY),
    _response("status-200-error", "200 with errors in the body", _status(400, 200), WRONG),
    _response(
        "media-html", "JSON that says it is HTML", _headers(Content_Type="text/html; charset=utf-8")
    ),
    _response(
        "media-text", "JSON that says it is text", _when(200, _headers(Content_Type="text/plain"))
    ),
    _response("error-html", "errors are pages", _html(400), WRONG),
    _response("unauthorized-html", "a refused key is answered with a page", _html(401), NO_KEY),
    _response(
        "error-string", "an error is one string", _errors(400, {"error": "bad request"}), WRONG
    ),
    _response("error-empty", "errors without an item", _errors(400, {"errors": []}), WRONG),
    _response(
        "error-items", "errors are strings, not objects", _errors(401, {"errors": ["no"]}), NO_KEY
    ),
    _response(
        "error-message-null",
        "an error without words",
        _errors(415, {"errors": [{"message": None}]}),
        Step("refuse", media="text/plain"),
    ),
    shape.answers("no-message", "the message is missing", _without("message"), ok()),
    shape.answers(
        "message-list", "the message is a list", lambda p: p | {"message": [p["message"]]}, ok()
    ),
    shape.answers("bare-document", "the lead without its envelope", lambda p: p["doc"], ok()),
    shape.answers("doc-list", "the lead in a list", lambda p: p | {"doc": [p["doc"]]}, ok()),
    shape.answers(
        "doc-as-text",
        "the lead as a string of JSON",
        lambda p: p | {"doc": json.dumps(p["doc"], default=str)},
        ok(),
    ),
    shape.document(
        "no-id", "the id has another name", lambda d: {"_id": d["id"], **_without("id")(d)}, ok()
    ),
    _doc("id-null", "the id is null", lambda _: {"id": None}),
    _doc("id-fraction", "the id is a fraction", lambda d: {"id": d["id"] + 0.5}),
    shape.document("no-created", "createdAt is missing", _without("createdAt"), ok()),
    _doc(
        "updated-null",
        "updatedAt is null until there is a change",
        lambda d: {} if "updatedAt" not in d else {"updatedAt": None},
    ),
    shape("times-epoch", "times are numbers", "now", lambda inner: len(inner()), ok()),
    _doc(
        "boolean-as-text",
        "booleans are answered as strings",
        lambda d: {n: str(d[n]).lower() for n in of_kind("boolean") if n in d},
        ok(manual=True),
    ),
    _doc(
        "number-as-text",
        "decimals are answered as strings",
        lambda d: {n: str(d[n]) for n in of_kind("number") if n in d},
        ok(year=2020),
    ),
    _doc(
        "absent-false",
        "what was not sent is false",
        lambda d: {n: d.get(n, False) for n in of_kind("boolean")},
        ok(notes="x"),
    ),
    _doc(
        "absent-empty",
        "what was not sent is an empty string",
        lambda d: {n: d.get(n, "") for n in of_kind("enum")},
    ),
    _doc(
        "one-as-value",
        "a list of one is answered as the item",
        lambda d: {n: d[n][0] for n in of_kind("enums") if len(d.get(n, ())) == 1},
        ok(safety=["park assist"]),
    ),
    _doc(
        "related-no-id",
        "a related document without its id",
        lambda d: {"trade": [{"price": 1} for _ in d["trade"]]} if "trade" in d else {},
        ok(trade=[1]),
    ),
    _doc(
        "related-id-text",
        "the id of one related document is a string",
        lambda d: {"salesRep": str(d["salesRep"])} if "salesRep" in d else {},
        ok(salesRep=3),
    ),
]
