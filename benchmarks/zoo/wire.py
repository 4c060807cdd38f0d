"""HTTP over sockets around an `App`."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from typing import Any

from benchmarks.zoo.app import App, Request, Response


class Drop(Exception):
    """Close the connection without an answer."""


class Threads(ThreadingHTTPServer):
    """One thread for each connection."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients may leave whenever they like."""


class Single(HTTPServer):
    """One connection after the other."""

    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients may leave whenever they like."""


class Handler(BaseHTTPRequestHandler):
    """Reads requests, has them answered, writes the answers."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    app: App

    def setup(self) -> None:
        """Start a connection."""
        super().setup()
        self.connection.settimeout(self.app.idle)
        self.memory: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        """Every method is answered the same way."""
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def answer(self) -> None:
        """Answer one request."""
        request = Request(self.command, self.path, self.headers, b"", self.memory)
        if self.app.unread and not self.app.permitted(request):
            self.app.send(self, request, self.app.refusal(401, ["no key"]))
            self.linger()
            return
        try:
            body = self.body()
        except ValueError:
            self.close_connection = True
            self.app.send(
                self, request, self.app.refusal(400, ["the length of the body is not valid"])
            )
            return
        request = Request(self.command, self.path, self.headers, body, self.memory)
        try:
            response = self.app.handle(request)
            self.app.send(self, request, response)
        except Drop:
            self.close_connection = True
        except Exception:
            self.app.send(
                self,
                request,
                Response(500, raw=b'{"errors":[{"message":"Something went wrong."}]}'),
            )

    def linger(self) -> None:
        """Let the client read the answer before the connection is closed."""
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(1)
        with suppress(OSError):
            while self.connection.recv(2**16):
                pass

    def body(self) -> bytes:
        """The body of the request."""
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            length = int(self.headers.get("Content-Length") or 0)
            if length < 0:
                raise ValueError(length)
            return self.rfile.read(length)
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return b"".join(chunks)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Refuse what is not HTTP."""
        self.close_connection = True
        request = Request(self.command or "", "/", Message(), b"", {})
        self.app.send(self, request, self.app.refusal(code, [message or "not understood"]))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the parent's
        """Stay quiet."""


def listen(app: App) -> HTTPServer:
    """A server of *app* on a free port; `serve_forever` runs it."""
    handler = type("Bound", (Handler,), {"app": app})
    server = Single if app.listening == "single" else Threads
    return server(("127.0.0.1", 0), handler)


def in_background(app: App) -> tuple[HTTPServer, str]:
    """Start a server of *app* in a thread; gives it with its URL."""
    server = listen(app)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}"
