"""The short lane: whichever way a request takes, the answer is the same to the byte."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask, Response
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import run_wsgi_app

from leadline_mock import World, create_app
from leadline_mock.mocking import Mock
from leadline_mock.server import RawRequest
from leadline_mock.world import Ids
from leadline_openapi import Contract, load

CONTRACT = load()
KEY = "a-key-of-Some-length"
BODIES = st.sampled_from(
    [
        b"",
        b"{}",
        b'{"reason": "Bored"}',
        b'{"firstName": "J\xc3\xb6rg"}',
        b"{",
        b"\xff",
        b'{"x": 1}',
    ]
)
KINDS = st.sampled_from(["application/json", "text/plain", "", "application/json; charset=utf-8"])
PATHS = ["/api/leads", "/api/leads/", "/api//leads", "/leads", "/api/LEADS", "/api%2fleads", "/"]
QUERIES = st.sampled_from(["", "depth=1", "depth=x", "depth=1&depth=2", "locale=%ff", "a=%zz", "?"])


def _app(*, hooked: bool, contract: Contract = CONTRACT) -> Flask:
    world = World(clock=lambda: datetime(2026, 1, 1, tzinfo=UTC), ids=Ids(seed=1))
    app = create_app(contract, world)
    if hooked:
        app.before_request(lambda: None)
    return app


def _environ(method: str, path: str, body: bytes, **more: Any) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path.replace("%2f", "/"),
        "REQUEST_URI": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        **more,
    }


def _asked(app: Flask, environ: dict[str, Any]) -> tuple[Any, ...]:
    body, status, headers = run_wsgi_app(app, environ)
    return status, sorted(headers), b"".join(body)


@given(
    method=st.sampled_from(["POST", "GET", "HEAD", "OPTIONS", "PUT"]),
    path=st.sampled_from(PATHS),
    query=QUERIES,
    kind=KINDS,
    key=st.sampled_from(["test-api-key", "wrong", "", "t\xc3\xa9st"]),
    body=BODIES,
)
def test_both_ways_answer_the_same(
    method: str, path: str, query: str, kind: str, key: str, body: bytes
) -> None:
    """Accepted, refused, denied or unknown: status, headers and body do not tell the way."""
    more = {"QUERY_STRING": query, "CONTENT_TYPE": kind, "HTTP_AUTHORIZATION": key}
    answers = [
        _asked(_app(hooked=hooked), _environ(method, path, body, **more))
        for hooked in (False, True)
    ]

    assert answers[0] == answers[1]


@pytest.mark.parametrize("length", ["20000000", "-1", "x", "1e3"])
def test_a_length_that_is_too_large_or_none(length: str) -> None:
    """The application's limit holds, and what is no length is for the application to refuse."""
    answers = [
        _asked(_app(hooked=hooked), _environ("POST", "/api/leads", b"{}", CONTENT_LENGTH=length))
        for hooked in (False, True)
    ]

    assert answers[0] == answers[1]


def test_hooks_are_called() -> None:
    """Whoever embeds the application and hooks into it sees every request."""
    seen = []
    app = _app(hooked=False)

    @app.after_request
    def see(response: Response) -> Response:
        seen.append(response.status_code)
        return response

    _asked(app, _environ("POST", "/api/leads", b"{}"))

    assert seen == [401]


def test_a_failure_is_told_by_the_application(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should the mock itself fail, the answer is a 500 that says so, and no dropped connection."""

    def fail(*_: Any) -> Any:
        raise ValueError("no good")

    monkeypatch.setattr("leadline_mock.respond.answer", fail)
    status, _, body = _asked(_app(hooked=False), _environ("POST", "/api/leads", b"{}"))

    assert status.startswith("500")
    assert body


@pytest.mark.parametrize(
    ("query", "quick"),
    [
        (b"", True),
        (b"?depth=0", True),
        (b"?depth=2", True),
        (b"?depth=x", True),
        (b"?depth=3", False),
        (b"?locale=de&depth=99", False),
    ],
)
def test_deep_answers_let_others_through(query: bytes, quick: bool) -> None:
    """An answer with any number of documents is not made in the event loop, where all others would wait."""
    request = RawRequest()
    request.method, request.target = "POST", b"/api/leads" + query
    request.headers = [("Authorization", KEY), ("Content-Type", "application/json")]
    request.body = b'{"salesRep": 1}'

    assert (Mock([CONTRACT], World(keys=(KEY,))).quick(request) is not None) is quick
