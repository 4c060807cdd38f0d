"""`leadline check` against somebody else's server: how much it sends, how fast, and what it never tries."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from leadline_cli.main import run
from leadline_contracts import safe
from leadline_mock import create_app
from leadline_openapi import load

KEY = "test-api-key"


class _Recorder(ThreadingHTTPServer):
    """The mock over a socket; keeps every request's method, headers and body."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.client = create_app(load()).test_client()
        self.seen: list[tuple[str, dict[str, str], bytes]] = []
        self.busy = 0

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self.server_port}/api"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, _Recorder)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server.seen.append((self.command, dict(self.headers), body))
        if server.busy:
            server.busy -= 1
            self._write(429, b"", ("Retry-After", "0"))
            return
        headers = [
            pair for pair in self.headers.items() if pair[0] not in {"Host", "Content-Length"}
        ]
        answer = server.client.open(self.path, method=self.command, headers=headers, data=body)
        kind = ("Content-Type", answer.headers.get("Content-Type", "text/plain"))
        self._write(answer.status_code, answer.data, kind)

    do_GET = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_POST  # noqa: N815 - the names of http.server

    def _write(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (*headers, ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def recorder() -> Iterator[_Recorder]:
    """A correct server that remembers what it was asked."""
    server = _Recorder()
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_safe(recorder: _Recorder, capsys: pytest.CaptureFixture[str]) -> None:
    """One request, valid, with a mark in the header and in every free text that it stores."""
    code = run(["check", recorder.url, "--key", KEY, "--safe"])
    ((method, headers, body),) = recorder.seen

    assert (code, method, headers["Leadline-Check"]) == (0, "POST", "safe")
    texts = [value for value in json.loads(body).values() if isinstance(value, str)]
    assert texts.count(safe.MARK) > 20
    assert "1 request in" in capsys.readouterr().out


_DELETING = """
openapi: 3.1.0
info: {title: Things, version: '1'}
servers: [{url: /api}]
paths:
  /things:
    delete: {responses: {'204': {description: gone}}}
    get: {responses: {'200': {description: all}}}
"""


@pytest.fixture
def deleting(tmp_path: Path) -> str:
    """A contract with an operation that deletes."""
    path = tmp_path / "things.yaml"
    path.write_text(_DELETING)
    return str(path)


def test_deleting_elsewhere_needs_a_yes(deleting: str, capsys: pytest.CaptureFixture[str]) -> None:
    """On a foreign host an operation that deletes is a usage error, before anything is sent."""
    code = run(["check", "http://192.0.2.1/api", "--spec", deleting, "--timeout", "0.2"])

    assert code == 2
    assert "DELETE /things" in (told := capsys.readouterr().err)
    assert "--yes" in told


def test_deleting_here_needs_none(recorder: _Recorder, deleting: str) -> None:
    """On this machine it is tried."""
    run(["check", recorder.url, "--spec", deleting, "--quiet", "--max-time", "5"])

    assert "DELETE" in {method for method, _, _ in recorder.seen}


def test_safe_leaves_out_what_deletes(recorder: _Recorder, deleting: str) -> None:
    """A smoke test sends no request that deletes, wherever it goes."""
    run(["check", recorder.url, "--spec", deleting, "--quiet", "--safe"])

    assert {method for method, _, _ in recorder.seen} == {"GET"}


def test_429_is_waited_for(recorder: _Recorder) -> None:
    """A server that is busy for a moment is correct."""
    recorder.busy = 3

    assert run(["check", recorder.url, "--key", KEY, "--safe"]) == 0
    assert len(recorder.seen) == 4


def test_always_429(recorder: _Recorder, capsys: pytest.CaptureFixture[str]) -> None:
    """Of a server that is always busy nothing is known, and the report says what may help."""
    recorder.busy = 10**9
    code = run(["check", recorder.url, "--key", KEY])

    assert code == 3
    assert "429" in (told := capsys.readouterr().out)
    assert "--rate" in told


def test_max_findings(recorder: _Recorder, capsys: pytest.CaptureFixture[str]) -> None:
    """The run ends with the first finding, which is told."""
    code = run(["check", recorder.url, "--key", "wrong-key", "--max-findings", "1"])

    assert code == 1
    assert "1 finding" in (told := capsys.readouterr().out)
    assert "enough was found" in told


@pytest.mark.parametrize(
    "option",
    [
        "--rate=0",
        "--rate=x",
        "--rate=nan",
        "--rate=inf",
        "--timeout=inf",
        "--timeout=1e300",
        "--max-time=nan",
        "--workers=0",
        "--max-findings=0",
    ],
)
def test_bad_options(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An option that makes no sense is a usage error."""
    assert run(["check", "http://127.0.0.1:1/api", option]) == 2
    assert option.partition("=")[0] in capsys.readouterr().err
