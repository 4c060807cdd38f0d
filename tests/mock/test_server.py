"""The command over real sockets: the vendor's request, garbage, signals, ports."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any
from urllib.parse import urlsplit

import pytest

KEY = "test-api-key"
PROPER = {"Authorization": KEY, "Content-Type": "application/json"}


class Mock:
    """A running `leadline mock --port 0 --quiet`, with more *options*."""

    def __init__(self, *options: str) -> None:
        environment = {name: value for name, value in os.environ.items() if name != "LEADLINE_KEY"}
        command = [sys.executable, "-m", "leadline_cli", "mock", "--port", "0", "--quiet"]
        self.process = subprocess.Popen(
            [*command, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            text=True,
        )
        assert self.process.stdout is not None
        self.ready = json.loads(self.process.stdout.readline())
        url = urlsplit(self.ready["url"])
        self.address: tuple[str, int] = (str(url.hostname), int(url.port or 0))

    def connect(self) -> http.client.HTTPConnection:
        """A new connection."""
        return http.client.HTTPConnection(*self.address, timeout=10)

    def send(self, text: bytes) -> bytes:
        """What comes back for the bytes *text* until the server closes the connection."""
        received = b""
        connection = socket.create_connection(self.address, timeout=10)
        with connection, suppress(ConnectionError):  # a server may close before it has read all
            connection.sendall(text)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65536):
                received += part
        return received

    def healthy(self) -> bool:
        """Whether the server answers."""
        with closing(self.connect()) as connection:
            connection.request("GET", "/__leadline/health")
            with connection.getresponse() as response:
                return response.status == 200

    def stop(self, number: int) -> tuple[int, str, str]:
        """Exit code and output after the signal *number*."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=10)
        return self.process.returncode, out, err


@pytest.fixture(scope="module")
def mock() -> Iterator[Mock]:
    """One server for the tests that do not stop it; in the end SIGTERM stops it with 0."""
    running = Mock()
    yield running

    assert running.stop(signal.SIGTERM)[:2] == (0, "")


def post(connection: http.client.HTTPConnection, body: Any, **headers: str) -> tuple[int, Any]:
    """Status and JSON of the answer to *body*."""
    connection.request("POST", "/api/leads", body, {**PROPER, **headers})
    with connection.getresponse() as response:
        return response.status, json.loads(response.read())


def test_ready_line(mock: Mock) -> None:
    """The line says where the API is, on the loopback interface, and for which contract."""
    assert mock.ready.keys() == {"ready", "url", "title", "digest"}
    assert mock.ready["ready"] is True
    assert mock.address[0] == "127.0.0.1"
    assert mock.ready["url"] == f"http://127.0.0.1:{mock.address[1]}/api"


def test_loopback_only(mock: Mock) -> None:
    """On another address of this machine nothing listens."""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", mock.address[1]), timeout=10)


def test_page_request(mock: Mock, curl: dict[str, Any]) -> None:
    """The page's curl, changed in host and key only, gets 200 and the whole body back."""
    headers = {**curl["headers"], "Authorization": KEY}
    connection = mock.connect()
    connection.request(curl["method"], "/api/leads", curl["body"], headers)
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()

    assert (response.status, response.headers["Content-Type"]) == (200, "application/json")
    assert answer["doc"] == {**json.loads(curl["body"]), "id": answer["doc"]["id"]}


def test_connection_is_kept(mock: Mock) -> None:
    """Requests on one connection are answered one after the other, refusals included."""
    connection = mock.connect()
    statuses = [post(connection, "{}")[0]]
    kept = connection.sock
    statuses += [post(connection, body)[0] for body in ('{"year": "x"}', "{", "", "{}")]
    same = connection.sock is kept
    connection.close()

    assert (statuses, same) == ([200, 400, 400, 400, 200], True)


def test_chunked_body(mock: Mock) -> None:
    """A body in chunks is a body like any other."""
    connection = mock.connect()
    status, answer = post(connection, iter([b'{"make":', b' "Audi"}']))
    connection.close()

    assert (status, answer["doc"]["make"]) == (200, "Audi")


def test_expect_continue(mock: Mock) -> None:
    """A client that waits for `100 Continue` gets it, then the answer."""
    head = f"POST /api/leads HTTP/1.1\r\nHost: x\r\nAuthorization: {KEY}\r\nConnection: close\r\n"
    head += "Content-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    with socket.create_connection(mock.address, timeout=10) as connection:
        connection.sendall(head.encode())
        interim = connection.recv(65536)
        connection.sendall(b"{}")
        answer = b"".join(iter(lambda: connection.recv(65536), b""))

    assert interim.startswith(b"HTTP/1.1 100 Continue\r\n")
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")


def test_pipelined_requests(mock: Mock) -> None:
    """Requests that are sent without waiting are answered in order."""
    head = f"POST /api/leads HTTP/1.1\r\nHost: x\r\nAuthorization: {KEY}\r\n"
    one = f"{head}Content-Type: application/json\r\nContent-Length: 2\r\n"
    text = f"{one}\r\n{{}}{one}\r\n{{x{one}Connection: close\r\n\r\n{{}}"
    answers = mock.send(text.encode()).split(b"HTTP/1.1 ")[1:]

    assert [answer[:3] for answer in answers] == [b"200", b"400", b"200"]


@pytest.mark.parametrize(
    "text",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET\r\n\r\n",
        b"\r\n\r\n\r\n",
        b"POST /api/leads HTTP/9.9\r\n\r\n",
        b"POST /api/leads HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /api/leads HTTP/1.1\r\nContent-Length: abc\r\n\r\n",
        b"POST /api/leads HTTP/1.1\r\nContent-Length: 100\r\n\r\nshort",
        b"POST /api/leads HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"POST /api/leads HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"POST /api/leads HTTP/1.1\r\nHost: \xff\xfe<>/?\r\nConnection: close\r\n\r\n",
        b"POST /api/leads HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST http://[::1 HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"POST /%ZZ%2f%00%FF HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"POST /api/leads?%ZZ=%FF&\xff HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"POST * HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"a" * 300_000 + b"\r\n\r\n",
        b"{}" * 1000 + b"\r\n\r\n",
    ],
    ids=lambda text: repr(text[:60]),
)
def test_garbage(mock: Mock, text: bytes) -> None:
    """What is no proper HTTP is refused or ignored, and the next request is answered."""
    answer = mock.send(text)

    assert answer[:10] in {b"", b"HTTP/1.1 4", b"HTTP/1.0 4", b"HTTP/1.1 5"}
    assert answer[9:12] in {b"", b"400", b"401", b"404", b"431", b"501"}
    assert mock.healthy()


def test_body_too_large(mock: Mock) -> None:
    """A body above ten million bytes gets 413 in the API's error shape."""
    connection = mock.connect()
    status, answer = post(connection, b" " * 10_000_001)
    connection.close()

    assert status == 413
    assert [error["location"] for error in answer["errors"]] == ["body"]


def test_interrupt() -> None:
    """SIGINT ends the server with 130; with another host and key it served those."""
    running = Mock("--host", "localhost", "--key", "other")
    connection = running.connect()
    statuses = [post(connection, "{}")[0], post(connection, "{}", Authorization="other")[0]]
    connection.close()

    assert statuses == [401, 200]
    assert running.stop(signal.SIGINT)[:2] == (130, "")


def test_port_taken() -> None:
    """A port that is taken: one message that names it, exit code 2, nothing on standard output."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "leadline_cli", "mock", "--port", str(port)],
            capture_output=True,
            check=False,
            text=True,
            timeout=30,
        )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"error: cannot listen on 127.0.0.1:{port}: Address already in use\n"
        "hint: --port 0 takes a free port\n"
    )


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 0), ("SIGINT", 130)])
def test_signal_as_soon_as_ready(name: str, code: int) -> None:
    """A signal that comes the moment the server is ready ends it like any other."""
    program = (
        "import os, signal, sys; from leadline_mock import World;"
        "from leadline_mock.mocking import Mock; from leadline_mock.server import Server, listen;"
        f"tell = lambda: os.kill(os.getpid(), signal.{name});"
        "sys.exit(Server(Mock([], World()), listen('127.0.0.1', 0)).run(ready=tell))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=False, timeout=30
    )

    assert (done.returncode, done.stdout, done.stderr) == (code, b"", b"")
