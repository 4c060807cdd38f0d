"""A server over HTTP/1.1: one kept connection, every answer bounded in time and size."""

from __future__ import annotations

import http.client
import io
import ipaddress
import select
import socket
import ssl
import time
import zlib
from contextlib import suppress
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit

from leadline_contracts.case import Case, Exchange
from leadline_contracts.target.access import (
    MAX_ANSWER,
    Access,
    BadTarget,
    Unreachable,
    request_headers,
    target_with_credential,
)
from leadline_contracts.target.asking import TIMED_OUT, Answered, NoAnswer, asked

_DROPPED = frozenset(
    ("the server closed the connection without an answer", "the connection was reset")
)
_QUICK_ACK: int | None = getattr(socket, "TCP_QUICKACK", None)
"""Linux: a server that writes its answer in two parts waits 40 ms for the first to be acknowledged."""
_WITH_BODY = frozenset(("POST", "PUT", "PATCH"))


class HttpTarget:
    """
    The server at *url*, over one kept connection; *timeout* in seconds bounds each answer.

    Raises `BadTarget` where that is no URL.
    """

    def __init__(self, url: str, access: Access, timeout: float = 10.0) -> None:
        self._given = url
        parts = address(url)
        self._prefix = quote(parts.path.rstrip("/"), safe="/%:@!$&'()*+,;=~")
        self._host = parts.netloc.rpartition("@")[2]
        self.url = f"{parts.scheme}://{self._host}{self._prefix}"
        self._access = access
        self._timeout = timeout
        self._keep = True
        self._connection = _connection(parts, timeout)
        self.redact = access.redact
        self.disclosed = access.disclosed

    def probe(self) -> None:
        """Raise `Unreachable` when nothing listens."""
        try:
            self._connection.connect()
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise Unreachable(f"nothing answers at {self.url} ({reason})") from None

    def send(self, case: Case) -> Exchange:
        """
        Send *case* and wait for the answer.

        A server may close a kept connection while the request is on its way (RFC 9112 section 9.5), and
        nothing tells whether it has read it. So the request is repeated on a connection of its own; if
        that is answered, connections are no longer kept, and nothing is ever sent twice again.
        """
        kept = self._refresh()
        exchange = asked(case, self._ask)
        if kept and exchange.failure in _DROPPED:
            exchange = asked(case, self._ask)
            self._keep = bool(exchange.failure)
        if not self._keep:
            self._connection.close()
        return exchange

    def another(self) -> HttpTarget:
        """The same server over a connection of its own."""
        return HttpTarget(self._given, self._access, self._timeout)

    def hurry(self, timeout: float) -> None:
        """From now on wait at most *timeout* seconds for one answer."""
        self._timeout = self._connection.timeout = min(timeout, self._timeout)

    def close(self) -> None:
        """Close the connection; the next request makes a new one."""
        self._connection.close()

    def _refresh(self) -> bool:
        """Let go of a connection on which the server has spoken meanwhile; whether one is kept."""
        sock = self._connection.sock
        if sock is None:
            return False
        try:
            stale = bool(select.select([sock], [], [], 0)[0])
        except (OSError, ValueError):
            stale = True
        if stale:
            self._connection.close()
        else:
            sock.settimeout(self._timeout)
        return not stale

    def _ask(self, case: Case) -> Answered:
        try:
            self._put(case)
            response = self._connection.getresponse()
            body = _body(response)
            if isinstance(response, _Response) and response.surplus:
                raise _TooMuch
            return response.status, tuple(response.getheaders()), body
        except (OSError, http.client.HTTPException, zlib.error) as error:
            self._connection.close()
            raise NoAnswer(_reason(error)) from error

    def _put(self, case: Case) -> None:
        connection = self._connection
        target = self._prefix + target_with_credential(case, self._access)
        connection.putrequest(case.method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in (("Host", self._host), *request_headers(case, self._access)):
            connection.putheader(name, value.encode("utf-8"))
        if case.body is not None or case.method in _WITH_BODY:
            # RFC 9110 section 8.6: a method that anticipates content says so when there is none.
            connection.putheader("Content-Length", str(len(case.body or b"")))
        connection.endheaders(case.body or None)
        if connection.sock is None:
            connection.connect()  # apart: a connection that was reset while it was made has no answer
        # A server may answer and hang up before it has read all: what it said counts.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.flush()


def is_loopback(url: str) -> bool:
    """Whether *url* leads to this machine (RFC 6761 section 6.3, RFC 1122 section 3.2.1.3, RFC 4291)."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False  # no URL at all
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def address(url: str) -> SplitResult:
    """The parts of *url*. Raises `BadTarget` where it is none of HTTP."""
    try:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0:
            return parts
    except ValueError:
        pass
    raise BadTarget(f"not an http or https URL: {url}")


class _Joining:
    """Sends head and body of a request in one piece, where `http.client` makes two packets of them."""

    _pending = b""

    def send(self, data: Any) -> None:
        """Keep *data* until `flush`."""
        self._pending += data

    def flush(self) -> None:
        """Send what was kept."""
        data, self._pending = self._pending, b""
        super().send(data)  # type: ignore[misc]


class _Plain(_Joining, http.client.HTTPConnection):
    pass


class _Secure(_Joining, http.client.HTTPSConnection):
    pass


def _connection(parts: SplitResult, timeout: float) -> _Plain | _Secure:
    host = parts.hostname or ""
    connection: _Plain | _Secure
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = _Secure(host, parts.port, timeout=timeout, context=context)
    else:
        connection = _Plain(host, parts.port, timeout=timeout)
    connection.response_class = _Response
    return connection


class _Bounded(io.RawIOBase):
    """What a socket receives until a deadline: a timeout alone starts anew with every byte."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._raw: Any = sock.makefile("rb", buffering=0)
        self._stopped = False
        self._deadline = time.monotonic() + (sock.gettimeout() or 0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._stopped:
            return 0
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)
        if _QUICK_ACK is not None:
            self._sock.setsockopt(socket.IPPROTO_TCP, _QUICK_ACK, 1)
        received: int | None = self._raw.readinto(buffer)
        return received

    def stop(self) -> None:
        """Receive no more: what follows is the end."""
        self._stopped = True

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp.close()
        self._bounded = _Bounded(sock)
        self.fp = io.BufferedReader(self._bounded, 65536)
        self.surplus = False

    def _close_conn(self) -> None:
        """Called where the answer ends: what was received beyond that belongs to no answer."""
        if self.fp is not None:
            self._bounded.stop()
            self.surplus = bool(self.fp.peek(1))
        super()._close_conn()  # type: ignore[misc]


class _TooMuch(http.client.HTTPException):
    """More was received than the answer says that it has."""


class _TooLong(http.client.HTTPException):
    """The answer does not end where an answer should."""


def _body(response: http.client.HTTPResponse) -> bytes:
    body = response.read(MAX_ANSWER)
    left = response.length
    if len(body) >= MAX_ANSWER and not response.isclosed():
        raise _TooLong
    if left and not response.isclosed():
        raise http.client.IncompleteRead(body, left)
    if (response.getheader("Content-Encoding") or "").lower() in {"gzip", "x-gzip", "deflate"}:
        decoder = zlib.decompressobj(47)  # zlib or gzip, as its beginning tells
        body = decoder.decompress(body, MAX_ANSWER)
        if decoder.unconsumed_tail:
            raise _TooLong
    return body


def _reason(error: Exception) -> str:
    match error:
        case TimeoutError():
            return TIMED_OUT
        case http.client.RemoteDisconnected():
            return "the server closed the connection without an answer"
        case ConnectionResetError() | BrokenPipeError():
            return "the connection was reset"
        case http.client.IncompleteRead():
            return "the answer ended before it was complete"
        case ConnectionRefusedError():
            return "the connection was refused"
        case _TooMuch():
            return "the answer is longer than it says (Content-Length)"
        case _TooLong():
            return f"the answer is longer than {MAX_ANSWER:,} bytes"
    return f"{type(error).__name__}: {error}".strip()
