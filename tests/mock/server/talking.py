"""Both ends of a connection: a small application behind the server, and a client that sends any bytes."""

from __future__ import annotations

import http.client
import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from typing import Any, Self

from leadline_mock.messages import Reply, Response
from leadline_mock.server import Application, Limits, RawRequest, Server, listen

TEXT = (("Content-Type", "text/plain"),)
PATIENCE = 20.0
"""Seconds until a client gives up: a test that needs them has failed."""


@dataclass
class Desk:
    """
    An application that answers with what it was asked: method, target and length of the body.

    What is below `/slow` is answered in a thread, once *gate* is open; *begun* is set when that waits, and
    *asked* when anything was asked.
    *replies* are given to their targets instead. What was refused is in *refused*.
    """

    replies: dict[str, Reply] = field(default_factory=dict)
    gate: threading.Event = field(default_factory=threading.Event)
    begun: threading.Event = field(default_factory=threading.Event)
    asked: threading.Event = field(default_factory=threading.Event)
    refused: list[tuple[int, str]] = field(default_factory=list)
    seen: list[RawRequest] = field(default_factory=list)

    def quick(self, request: RawRequest) -> Reply | None:
        """Answer, unless it is to be slow."""
        self.seen.append(request)
        self.asked.set()
        target = request.target.decode()
        if target in self.replies:
            return self.replies[target]
        if not target.startswith("/quick"):
            return None
        text = f"{request.method} {target} {len(request.body)}"
        return Reply(Response(200, TEXT, text.encode()))

    def wsgi(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer when the gate is open."""
        path = environ["PATH_INFO"]
        if path.startswith("/slow"):
            self.begun.set()
            self.gate.wait(PATIENCE)
        if path == "/fails":
            raise ValueError("a secret")
        start_response("200 OK", [*TEXT, ("X-Path", path)])
        return [f"{environ['REQUEST_METHOD']} {path} {environ['CONTENT_LENGTH']}".encode()]

    def refusal(self, request: RawRequest, status: int, problem: str) -> Response:  # noqa: ARG002
        """Say it as text."""
        self.refused.append((status, problem))
        return Response(status, TEXT, problem.encode())


@dataclass(frozen=True)
class Answer:
    """What a server says."""

    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


class Client:
    """A connection to *address*, through TLS where there is a *context*."""

    def __init__(self, address: tuple[str, int], context: ssl.SSLContext | None = None) -> None:
        self.socket: socket.socket = socket.create_connection(address, timeout=PATIENCE)
        if context is not None:
            self.socket = context.wrap_socket(self.socket, server_hostname=address[0])
        self._file = self.socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, data: bytes) -> None:
        """Send *data*."""
        self.socket.sendall(data)

    def ask(self, data: bytes, method: str = "GET") -> Answer:
        """Send *data*, and give the answer."""
        self.send(data)
        return self.answer(method)

    def finish(self) -> None:
        """Send no more."""
        self.socket.shutdown(socket.SHUT_WR)

    def line(self) -> bytes:
        """The next line."""
        return self._file.readline(65536)

    def answer(self, method: str = "GET") -> Answer:
        """The next answer, to a request with *method*."""
        status = int(self.line().split()[1])
        headers = http.client.parse_headers(self._file)
        bodiless = method == "HEAD" or status in (204, 304)
        size = 0 if bodiless else int(headers["Content-Length"])
        body = self._file.read(size)
        if len(body) < size:
            raise http.client.IncompleteRead(body, size - len(body))
        return Answer(status, headers, body)

    def rest(self) -> bytes:
        """All that comes until the server closes its side."""
        return self._file.read()

    def is_open(self) -> bool:
        """Whether the server has not closed its side; what it sent has been read."""
        self.socket.setblocking(False)
        try:
            return self.socket.recv(1, socket.MSG_PEEK) != b""
        except BlockingIOError:
            return True
        except ConnectionError:
            return False
        finally:
            self.socket.settimeout(PATIENCE)

    def await_reset(self) -> bool:
        """Read nothing, and give whether the connection was reset."""
        poll = select.poll()
        poll.register(self.socket, 0)  # errors are always told
        found = poll.poll(PATIENCE * 1000)
        return any(event & select.POLLERR for _, event in found)

    def is_gone(self) -> bool:
        """Wait until the server has closed the connection, whatever it sends before."""
        while self.socket.recv(65536):
            pass
        return True

    def reset(self) -> None:
        """Leave without a goodbye."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    @property
    def tls(self) -> ssl.SSLSocket:
        """The socket, where TLS is spoken."""
        assert isinstance(self.socket, ssl.SSLSocket)
        return self.socket

    def flood(self, data: bytes, *, times: int = 1000, pause: float = 0.0) -> None:
        """Send *data* so many times, unless that raises."""
        for _ in range(times):
            self.send(data)
            time.sleep(pause)

    def close(self) -> None:
        """Leave."""
        self._file.close()
        self.socket.close()


@dataclass(frozen=True)
class Place:
    """A server that runs, and the *desk* behind it."""

    server: Server
    address: tuple[str, int]
    desk: Desk

    def client(self) -> Client:
        """A new connection."""
        return Client(self.address)

    def ask(self, data: bytes, method: str = "GET") -> Answer:
        """The answer to *data* on a connection of its own."""
        with self.client() as client:
            return client.ask(data, method)

    def all(self, data: bytes) -> list[Answer]:
        """Every answer to *data* until the server closes the connection."""
        found = []
        with self.client() as client:
            client.send(data)
            client.finish()
            while client._file.peek(1):
                found.append(client.answer())
        return found


@contextmanager
def serving(
    desk: Desk | None = None, *, context: ssl.SSLContext | None = None, **limits: Any
) -> Iterator[Place]:
    """A server for *desk* with *limits*; nothing of it is left behind."""
    at = desk or Desk()
    listener = listen("127.0.0.1", 0)
    address = listener.getsockname()
    server = Server(at, listener, limits=Limits(**limits), context=context)
    server.start()
    try:
        yield Place(server, address, at)
    finally:
        at.gate.set()
        server.stop()


@contextmanager
def mocking(mock: Application) -> Iterator[tuple[str, int]]:
    """The address of a server for any application."""
    listener = listen("127.0.0.1", 0)
    server = Server(mock, listener)
    server.start()
    try:
        yield listener.getsockname()
    finally:
        server.stop()


def get(target: str, *headers: str, method: str = "GET", version: str = "1.1") -> bytes:
    """A request without a body."""
    lines = [f"{method} {target} HTTP/{version}", "Host: desk", *headers]
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1") + b"\r\n"


def post(target: str, body: bytes, *headers: str) -> bytes:
    """A request with *body*."""
    return get(target, f"Content-Length: {len(body)}", *headers, method="POST") + body


def chunked(target: str, *chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    """A request whose body comes in *chunks*."""
    head = get(target, "Transfer-Encoding: chunked", method="POST")
    return head + b"".join(b"%x\r\n%b\r\n" % (len(one), one) for one in chunks) + end
