"""From an answer of the application to one on the wire."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.mock.server.talking import TEXT, Desk, Place, get, serving

from leadline_mock.messages import Reply, Response
from leadline_mock.server import RawRequest
from leadline_mock.server.wire import encode

NEXT = get("/quick/next")


@pytest.mark.parametrize(
    ("status", "method", "length", "kind", "body"),
    [
        (200, "GET", "4", "text/plain", b"body"),
        (200, "HEAD", "4", "text/plain", b""),
        (204, "GET", None, None, b""),
        (205, "GET", "0", None, b""),
        (304, "GET", None, None, b""),
        (599, "GET", "4", "text/plain", b"body"),
    ],
)
def test_content(
    status: int, method: str, length: str | None, kind: str | None, body: bytes
) -> None:
    """A length where there may be one, and a type where there is a body (RFC 9110 section 8.6)."""
    desk = Desk(replies={"/": Reply(Response(status, TEXT, b"body"))})
    with serving(desk) as place, place.client() as client:
        answer = client.ask(get("/", method=method), method)
        following = client.ask(NEXT)

    told = (answer.status, answer.headers["Content-Length"], answer.headers["Content-Type"])
    assert (*told, answer.body) == (status, length, kind, body)
    assert following.status == 200


def test_head_from_wsgi() -> None:
    """Where a WSGI application gives no body to HEAD, its length counts."""

    class Other(Desk):
        def wsgi(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:  # noqa: ARG002
            start_response("200 OK", [("Content-Length", "123")])
            return []

    with serving(Other()) as place:
        answer = place.ask(get("/other", method="HEAD"), "HEAD")

    assert answer.headers.get_all("Content-Length") == ["123"]


@given(
    st.text(st.characters(codec="utf-8"), max_size=30),
    st.sampled_from(["X", "X\r\nY", "X: a\r\nY"]),
)
def test_headers_never_split(value: str, name: str) -> None:
    """No value and no name of a header makes two headers, or a second answer."""
    headers = ((name, f"{value}\r\n\r\nHTTP/1.1 200 OK"),)
    head, body = encode(Response(200, headers, b"body"), RawRequest(), b"Date: now\r\n")

    assert head.endswith(b"\r\nDate: now\r\n\r\n")
    lines = head.split(b"\r\n")
    assert (len(lines), body) == (6, b"body")
    assert b"".join(lines).translate(None, b"\r\n\0") == b"".join(lines)


def test_what_the_server_decides() -> None:
    """A contract may document headers of the connection; the server gives its own ones."""
    headers = (
        ("content-length", "1"),
        ("Transfer-Encoding", "chunked"),
        ("Connection", "close"),
        ("Date", "never"),
        ("X-Kept", "yes"),
    )
    with serving(Desk(replies={"/": Reply(Response(200, headers, b"body"))})) as place:
        answer = place.ask(get("/"))

    assert answer.body == b"body"
    assert answer.headers.keys() == ["X-Kept", "Content-Length", "Date"]


def test_application_fails(place: Place) -> None:
    """An application that fails is told as that, without what it knows; the connection goes on."""
    with place.client() as client:
        answer = client.ask(get("/fails"))
        following = client.ask(NEXT)

    assert (answer.status, answer.text) == (500, "the mock failed: ValueError")
    assert following.status == 200
