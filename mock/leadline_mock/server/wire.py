"""From a response to the bytes on the wire (RFC 9112)."""

from __future__ import annotations

import os
import re
import socket
import struct
import time
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from wsgiref.handlers import format_date_time

from leadline_mock.messages import Response
from leadline_mock.server.application import RawRequest

PIECES = 10
"""So many parts a body is cut into where it drips."""
_OURS = frozenset(
    (
        "content-length",
        "transfer-encoding",
        "trailer",
        "connection",
        "keep-alive",
        "upgrade",
        "date",
    )
)
"""Fields that say how a message is sent: a contract may document them, the server decides."""
_BREAKING = re.compile(r"[\r\n\0]")
_Fields = tuple[tuple[str, str], ...]


class Dates:
    """The `Date` header (RFC 9110 section 6.6.1), made once a second."""

    def __init__(self) -> None:
        self._second = 0
        self._text = b""

    def line(self) -> bytes:
        """The header as it stands in a response."""
        now = int(time.time())
        if now != self._second:
            self._second = now
            self._text = f"Date: {format_date_time(now)}\r\n".encode()
        return self._text


def encode(response: Response, request: RawRequest, date: bytes) -> tuple[bytes, bytes]:
    """Head and body of *response* to *request*."""
    status, body = response.status, response.body
    if status in (204, 205, 304):
        return _bodiless(response, request, date), b""
    start = _start(status, response.headers)
    close = _connection(request) if request.http10 or not request.keep else b""
    if request.method == "HEAD":
        length = declared_length(response.headers)
        return b"%bContent-Length: %d\r\n%b%b\r\n" % (start, length or len(body), close, date), b""
    return b"%bContent-Length: %d\r\n%b%b\r\n" % (start, len(body), close, date), body


def declared_length(headers: _Fields) -> int:
    """What a WSGI application says about the length of the body that it does not give to HEAD."""
    found = (value for name, value in headers if name.lower() == "content-length")
    return int(next(found, "0"))


def _bodiless(response: Response, request: RawRequest, date: bytes) -> bytes:
    """RFC 9110 section 8.6: no length with 204 and 304, and the length 0 with 205 (section 15.3.6)."""
    fields = tuple(one for one in response.headers if one[0].lower() != "content-type")
    length = b"Content-Length: 0\r\n" if response.status == 205 else b""
    return _start(response.status, fields) + length + _connection(request) + date + b"\r\n"


def _connection(request: RawRequest) -> bytes:
    if not request.keep:
        return b"Connection: close\r\n"
    return b"Connection: keep-alive\r\n" if request.http10 else b""


@lru_cache(maxsize=64)
def _start(status: int, headers: _Fields) -> bytes:
    """The status line and *headers*. A field never ends before its end (RFC 9110 section 5.5)."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    lines = [f"HTTP/1.1 {status} {phrase}"]
    for name, value in headers:
        if name.lower() not in _OURS:
            lines.append(_BREAKING.sub(" ", f"{name}: {value}"))
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1", "replace")


def pieces(body: bytes) -> list[bytes]:
    """*body* in `PIECES` parts, or in as many as it has bytes."""
    size = max(1, -(-len(body) // PIECES))
    return [body[at : at + size] for at in range(0, len(body), size)]


def reset(transport: Any) -> None:
    """Reset the connection: nothing more arrives, and nothing waits to be read, not in the system either."""
    found = transport.get_extra_info("socket")
    if found is not None:
        linger = struct.pack("ii" if os.name == "posix" else "hh", 1, 0)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()
