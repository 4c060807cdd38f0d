"""Ways in which a server leaves its contract, each as a wrapper around the mock."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from tests.contracts.conftest import KEY, doc_changed

from leadline_openapi import jsontext

_ALIKE = {400: {400, 405, 415}}
"""Statuses whose bodies the mock makes in one way."""

Wrapper = Callable[[Any, Callable[..., Any]], Any]


def answering(fits: Callable[[Any, Any], bool], change: Callable[[Any], None]) -> Wrapper:
    """Makes *change* to the answers of which *fits* says so."""

    def wrapper(request: Any, ask: Any) -> Any:
        answer = ask()
        if fits(request, answer):
            change(answer)
        return answer

    return wrapper


def status(old: int, new: int) -> Wrapper:
    """Another status."""
    return answering(lambda _, one: one.status == old, lambda one: setattr(one, "status", new))


def body(of: int, make: Callable[[Any, Any], Any]) -> Wrapper:
    """Another body for a status, made from the request and the body of the mock."""

    def wrapper(request: Any, ask: Any) -> Any:
        answer = ask()
        if answer.body and answer.status in _ALIKE.get(of, {of}):
            answer.value = make(request, answer.value)
        return answer

    return wrapper


def header(of: int, name: str, value: Callable[[Any], str]) -> Wrapper:
    """A header more."""
    return answering(
        lambda request, one: one.status == of and request.environ["REQUEST_METHOD"] == "POST",
        lambda one: setattr(one, "headers", [*one.headers, (name, value(one))]),
    )


def media(of: int, kind: str, text: bytes | None = None) -> Wrapper:
    """Another media type."""

    def change(answer: Any) -> None:
        answer.headers = [pair for pair in answer.headers if pair[0].lower() != "content-type"]
        answer.headers.append(("Content-Type", kind))
        answer.body = answer.body if text is None else text

    return answering(lambda _, one: one.body and one.status in _ALIKE.get(of, {of}), change)


def taking(name: str, make: Callable[[Any], Any]) -> Wrapper:
    """Takes the member *name* as *make* says; `...` leaves it out, an exception is a failure."""

    def wrapper(request: Any, ask: Any) -> Any:
        try:
            sent = jsontext.parse(request.body)
        except jsontext.NotJson:
            sent = None
        if isinstance(sent, dict) and name in sent and request.key == KEY:
            try:
                made = make(sent[name])
            except ZeroDivisionError:
                answer = ask()
                if answer.status in {200, 400}:
                    answer.refuse(500)
                return answer
            kept = {**sent, name: made} if made is not ... else {**sent}
            if made is ...:
                del kept[name]
            request.body = jsontext.dump(kept)
        return ask()

    return wrapper


def refusing(name: str, bad: Callable[[Any], bool]) -> Wrapper:
    """Refuses values of the member *name* that the contract admits."""

    def wrapper(request: Any, ask: Any) -> Any:
        answer = ask()
        if answer.accepted and name in request.fields and bad(request.fields[name]):
            answer.status = 400
            answer.value = {"errors": [{"message": "no", "pointer": f"/{name}"}]}
        return answer

    return wrapper


def _amount(value: Any) -> Any:
    """Numbers are read from texts, nothing is made of an empty one."""
    if value == "":
        return ...
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _gift(value: Any) -> Any:
    if isinstance(value, dict):
        raise ZeroDivisionError
    return value


def _json_first(request: Any, ask: Any) -> Any:
    """Reads the body before it looks at the key."""
    key, request.key = request.key, KEY
    answer = ask()
    if answer.status == 400 and request.value is None and request.body:
        return answer
    request.environ.pop("HTTP_AUTHORIZATION", None)
    if key is not None:
        request.key = key
    return ask()


def _refused_field(_: Any, value: Any) -> Any:
    places = {one.get("pointer", "") for one in value["errors"]}
    at = places.pop() if len(places) == 1 else ""
    return {"code": "INVALID", "why": "Look at it again.", **({"at": at} if at else {})}


def _blank(sent: dict[str, Any], doc: dict[str, Any]) -> None:
    if "note" not in sent:
        doc["note"] = None


def _own(_: Any, doc: dict[str, Any]) -> None:
    doc |= {
        "tenant": "acme",
        "trace": str(uuid.uuid4()),
        "seenAt": datetime.now(UTC).isoformat(),
        "number": int(uuid.uuid4()) % 10**12,
    }


def _nowhere(request: Any, ask: Any) -> Any:
    answer = ask()
    if answer.status == 405:
        answer.status = 404
        answer.headers = [("Content-Type", "application/json")]
        if request.environ["REQUEST_METHOD"] != "HEAD":
            answer.value = {"message": "There is nothing here."}
    return answer


ALL: dict[str, Wrapper] = {
    "201 for 200": status(200, 201),
    "403 for 401": status(401, 403),
    "422 for 400": status(400, 422),
    "400 for 415": status(415, 400),
    "errors of another shape": body(400, _refused_field),
    "denials of another shape": body(401, lambda *_: {"error": {"code": "NO_KEY", "status": 401}}),
    "problem details": media(400, "application/problem+json"),
    "denials as a page": media(401, "text/html; charset=utf-8", b"<h1>Who are you?</h1>"),
    "a challenge": header(401, "WWW-Authenticate", lambda _: 'Bearer realm="orders"'),
    "where it is": header(200, "Location", lambda one: f"/orders/{one.doc['id']}"),
    "a media type of its own": media(200, "application/vnd.orders+json"),
    "null for nothing": doc_changed(_blank),
    "members of its own": doc_changed(_own),
    "no time": doc_changed(lambda _, doc: doc.pop("createdAt")),
    "neither id nor time": doc_changed(lambda _, doc: (doc.pop("id"), doc.pop("createdAt"))),
    "an id that is a text": doc_changed(lambda _, doc: doc.update(id=f"{doc['id']}")),
    "another message": answering(
        lambda _, one: one.accepted,
        lambda one: setattr(one, "value", {**one.value, "message": "Thank you!"}),
    ),
    "numbers from texts": taking("amount", _amount),
    "fails on objects": taking("gift", _gift),
    "loses what it does not know": taking(
        "kind", lambda one: one if one in ("book", "disc") else ...
    ),
    "lists or nothing": taking("tags", lambda one: one if isinstance(one, list) else ...),
    "everything is text": taking(
        "note", lambda one: one if isinstance(one, str) else jsontext.dump(one).decode()
    ),
    "each tag once": refusing("tags", lambda tags: len(set(tags)) != len(tags)),
    "short notes": refusing("note", lambda note: len(note) > len(" Two Words ")),
    "JSON before the key": _json_first,
    "nothing is nowhere": _nowhere,
}
"""By name; each differs in one way."""


def together(names: Sequence[str]) -> Wrapper:
    """All of *names* in one server."""

    def wrapper(request: Any, ask: Any) -> Any:
        for name in names:
            ask = _around(ALL[name], request, ask)
        return ask()

    return wrapper


def _around(wrapper: Wrapper, request: Any, ask: Any) -> Any:
    return lambda: wrapper(request, ask)


def rank(name: str) -> int:
    """The order of those that are put together: what changes statuses comes last, as others look at them."""
    return -list(ALL).index(name)
