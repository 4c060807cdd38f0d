"""A mock without a socket: every client is answered as over one."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
import urllib3
import werkzeug.test
from hypothesis import given, settings
from hypothesis import strategies as st
from requests.adapters import HTTPAdapter

from leadline_mock import in_process, serving
from leadline_mock.testing import BadMock, InProcessMock, View

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
KEY = "a-key-of-Some-length"
OTHER = {
    "openapi": "3.1.0",
    "info": {"title": "Other", "version": "1"},
    "paths": {
        "/things/{id}": {
            "get": {
                "operationId": "getThing",
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}},
                ],
                "responses": {
                    "200": {
                        "description": "a thing",
                        "headers": {"Set-Cookie": {"required": True, "schema": {"const": "a=b"}}},
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "required": ["id", "text"],
                                    "properties": {
                                        "id": {"type": "integer", "x-echo": "$request.path.id"},
                                        "text": {"const": "long " * 300},
                                    },
                                }
                            }
                        },
                    }
                },
            },
            "delete": {
                "operationId": "deleteThing",
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
                ],
                "responses": {"204": {"description": "gone"}},
            },
        }
    },
}

Answer = tuple[int, list[tuple[str, str]], bytes]
Client = Callable[[str, str, dict[str, str], bytes], Answer]


@pytest.fixture
def mock() -> InProcessMock:
    """A mock of the leads API."""
    return in_process(keys=[KEY])


# --- the same answers -----------------------------------------------------------------------------------


def by_httpx(client: httpx.Client, origin: str) -> Client:
    """Asks with *client*."""

    def ask(method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        request = client.build_request(method, origin + target, headers=headers, content=body)
        with client.stream(method, request.url, headers=headers, content=body) as response:
            raw = b"".join(response.iter_raw())
        return response.status_code, response.headers.multi_items(), raw

    return ask


def by_requests(session: requests.Session, origin: str) -> Client:
    """Asks with *session*."""

    def ask(method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        url = origin + target
        with session.request(
            method, url, headers=headers, data=body, stream=True, allow_redirects=False
        ) as response:
            raw = response.raw.read(decode_content=False)
            return response.status_code, list(response.raw.headers.iteritems()), raw

    return ask


def by_wsgi(app: Any) -> Client:
    """Asks *app* with Werkzeug's client."""
    client = werkzeug.test.Client(app, use_cookies=False)

    def ask(method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        path, _, query = target.partition("?")
        response = client.open(
            path=path, query_string=query, method=method, headers=headers, data=body
        )
        return response.status_code, list(response.headers.items()), response.data

    return ask


@pytest.fixture(scope="module", params=["leads", "other"])
def ways(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[tuple[View, Client]]]:
    """Mocks that differ in nothing but the way to them."""
    file = tmp_path_factory.mktemp("spec") / "other.json"
    file.write_text(json.dumps(OTHER), encoding="utf-8")
    options: Any = {"keys": [KEY], "seed": 3, "clock": NOON}
    if request.param == "other":
        options["spec"] = file
    with ExitStack() as stack:
        running = stack.enter_context(serving(**options))
        one, other, third = (in_process(**options) for _ in range(3))
        direct = stack.enter_context(httpx.Client())
        client = stack.enter_context(httpx.Client(transport=one.httpx_transport()))
        session = stack.enter_context(other.requests_session())
        yield [
            (running, by_httpx(direct, running.origin)),
            (one, by_httpx(client, one.origin)),
            (other, by_requests(session, other.origin)),
            (third, by_wsgi(third.wsgi)),
        ]


PATHS = ["/api/leads", "/api/leads/", "/leads", "/api/LEADS", "/", "/things/7", "/things/x%2Fy"]
QUERIES = ["", "?depth=1", "?depth=x", "?locale=%FF", "?a=%zz"]
MAY_HAVE = {
    "Authorization": st.sampled_from([KEY, KEY.upper(), f"Bearer {KEY}", "x"]),
    "Content-Type": st.sampled_from(["application/json", "text/plain", "x"]),
    "Origin": st.just("https://example.com"),
    "Access-Control-Request-Method": st.just("POST"),
    "Prefer": st.sampled_from(["code=400", "dynamic=true", "code=999"]),
    "Leadline-Fault": st.sampled_from(["status=503;retry-after=1", "malformed", "nonsense"]),
    "Leadline-Run": st.just("a"),
}
HEADERS = st.builds(
    lambda encoding, more: {"Accept-Encoding": encoding, **more},
    st.sampled_from(["identity", "gzip", "gzip;q=0"]),
    st.fixed_dictionaries({}, optional=MAY_HAVE),
)
BODIES = st.one_of(
    st.sampled_from(
        [b"", b"{}", b"{", b"\xff", b'{"firstName": "J\xc3\xb6rg"}', b'{"year": 1e999}']
    ),
    st.dictionaries(
        st.sampled_from(["make", "year", "x"]), st.integers() | st.text() | st.none()
    ).map(lambda value: json.dumps(value).encode()),
    st.just(json.dumps({"make": "long " * 300}).encode()),
)
CARRIED = {"date", "connection", "content-length"}
"""What speaks of one way only."""


@settings(deadline=None)
@given(
    method=st.sampled_from(["POST", "GET", "HEAD", "OPTIONS", "PUT", "DELETE"]),
    path=st.sampled_from(PATHS),
    query=st.sampled_from(QUERIES),
    headers=HEADERS,
    body=BODIES,
)
def test_every_way_gives_the_same_answer(
    ways: list[tuple[View, Client]],
    method: str,
    path: str,
    query: str,
    headers: dict[str, str],
    body: bytes,
) -> None:
    """Status, headers and body do not tell the way, and neither does the journal."""
    answers = []
    for mock, ask in ways:
        status, fields, raw = ask(method, path + query, headers, body)
        told = sorted((name.lower(), value) for name, value in fields)
        entry = mock.requests[-1]
        answers.append(
            (
                status,
                [(name, value) for name, value in told if name not in CARRIED],
                raw,
                (entry.label, entry.path, entry.query, entry.body, entry.run, entry.violations),
            )
        )

    for answer in answers[1:]:
        assert answer == answers[0]


@pytest.mark.parametrize("chunks", [[], [b""], [b'{"make"', b': "Audi"}']])
def test_a_body_in_pieces(mock: InProcessMock, chunks: list[bytes]) -> None:
    """A body that a client sends chunk by chunk arrives whole."""
    headers = {**mock.headers, "Content-Type": "application/json"}
    with httpx.Client(transport=mock.httpx_transport(), headers=headers) as client:
        client.post(f"{mock.url}/leads", content=iter(chunks))
    with mock.requests_session() as session:
        session.post(f"{mock.url}/leads", data=iter(chunks), headers=headers)

    sent = b"".join(chunks)
    assert [one.size for one in mock.requests] == [len(sent)] * 2
    assert [one.body for one in mock.requests] == [json.loads(sent) if sent else None] * 2


def test_what_is_no_proper_http(mock: InProcessMock) -> None:
    """What the server refuses before it is a request is refused here too; what a client refuses, there."""
    with (
        httpx.Client(transport=mock.httpx_transport(), headers=mock.headers) as client,
        mock.requests_session() as session,
    ):
        session.headers.update(mock.headers)
        for ask in (client.request, session.request):
            assert ask("FOO", f"{mock.url}/leads").status_code == 400
            large = ask("POST", f"{mock.url}/leads", data={"a": "x" * 10_000_000})
            assert large.status_code == 413
            assert ask("POST", f"{mock.url}/leads", json={}).status_code == 200
        assert [one.status for one in mock.requests] == [400, 413, 200] * 2
        with pytest.raises(httpx.LocalProtocolError):
            client.get(mock.url, headers={"X-Bad": "a\nb"})


def test_there_is_no_socket(mock: InProcessMock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing listens and nothing connects, also where a proxy is set in the environment."""

    def refused(*_: Any, **__: Any) -> Any:
        raise AssertionError("a socket was asked for")

    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setattr(socket, "socket", refused)
    with mock.requests_session() as session:
        session.post(f"{mock.url}/leads", json={}, headers=mock.headers)
    with httpx.Client(transport=mock.httpx_transport(), headers=mock.headers) as client:
        client.post(f"{mock.url}/leads", json={})
    mock.wsgi.test_client().post("/api/leads", json={}, headers=mock.headers)

    mock.assert_called_with("createLead", status=200, count=3)
    assert {one.path for one in mock.requests} == {"/api/leads"}


def test_cookies_are_kept(tmp_path: Path) -> None:
    """A session takes the cookies that an answer sets, and sends them the next time."""
    file = tmp_path / "other.json"
    file.write_text(json.dumps(OTHER), encoding="utf-8")
    mock = in_process(spec=file)
    with (
        mock.requests_session() as session,
        httpx.Client(transport=mock.httpx_transport()) as client,
    ):
        for ask in (session.get, client.get):
            ask(f"{mock.url}/things/7")
            ask(f"{mock.url}/things/7")

    assert ["Cookie" in one.headers for one in mock.requests] == [False, True] * 2


def test_any_url_may_lead_to_it(mock: InProcessMock) -> None:
    """A client whose base URL is fixed is led to the mock by where it is mounted, others are not."""
    with requests.Session() as session:
        mock.mount(session, "https://leads.example.com/")
        answer = session.post("https://leads.example.com/api/leads", json={}, headers=mock.headers)
        elsewhere = session.get_adapter("https://example.com")

    assert answer.status_code == 200
    assert type(elsewhere) is HTTPAdapter


def test_retries_of_a_session(mock: InProcessMock) -> None:
    """A session that retries by its adapter does so with the mock."""
    retry = urllib3.Retry(3, backoff_factor=0, status_forcelist=[503], allowed_methods=None)
    mock.fail_next(status=503)
    mock.fail_next(reset=True)
    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=retry))
        mock.mount(session)
        answer = session.post(f"{mock.url}/leads", json={}, headers=mock.headers)

    assert answer.status_code == 200
    assert [one.fault for one in mock.requests] == ["status=503", "reset", ""]


# --- without httpx --------------------------------------------------------------------------------------


def test_httpx_is_not_installed(mock: InProcessMock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for its transport is told what to install."""
    monkeypatch.delitem(sys.modules, "leadline_mock.testing.httpx_transport", raising=False)
    monkeypatch.setitem(sys.modules, "httpx", None)

    with pytest.raises(BadMock, match=r"httpx is not installed .*: pip install httpx"):
        mock.httpx_transport()


def test_clients_are_imported_when_they_are_asked_for() -> None:
    """A mock in tests needs neither httpx nor requests nor pytest, and does not wait for their import."""
    program = (
        "import sys; from leadline_mock import serving, in_process; in_process();"
        "sys.exit(str({'httpx', 'requests', 'pytest', 'flask'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)

    assert done.stderr.decode().strip() == "set()"
