"""From the bytes of one client to its requests, within limits (RFC 9112)."""

from __future__ import annotations

import re
from collections import deque
from typing import Any, NamedTuple

import httptools

from leadline_mock.server.application import Limits, RawRequest

_MOST_HEADERS = 1000
_HOST = re.compile(r"(?:[\w.~!$&'()*+,;=%-]*|\[[\w:.%-]+\])(?::[0-9]*)?", re.ASCII)
"""`uri-host [":" port]` (RFC 9110 section 7.2), which may be empty."""
_PLAIN = {
    "Invalid method encountered": "it does not begin with a method such as GET, in capitals",
    "Expected space after method": "it does not begin with a method such as GET, in capitals",
    "Invalid method for HTTP/x.x request": "the method is of another protocol",
    "Expected HTTP/, RTSP/ or ICE/": "the request line is not `METHOD target HTTP/1.1`",
    "Expected SOURCE method for ICE/x.x request": "the request line does not end with `HTTP/1.1`",
    "Pause on PRI/Upgrade": "HTTP/2 is not spoken here, only HTTP/1.1",
    "Invalid header token": "a header line is not `Name: value`",
    "Invalid header field char": "the name of a header has a character that may not be there",
    "Invalid header value char": "the value of a header has a character that may not be there",
    "Unexpected whitespace after header value": "a header goes on in a second line",
    "Data after `Connection: close`": "there is a request after the one that was to be the last",
}
"""What llhttp says, where that is more for its authors."""


class Refusal(NamedTuple):
    """*request*, of which parts may be missing, cannot be taken, for the reason *problem*."""

    request: RawRequest
    status: int
    problem: str


class Incoming:
    """
    What one client sends. `httptools` (llhttp) parses; its callbacks are the methods `on_…`.

    *complete* are the requests that wait for an answer. *partial* says whether one has begun that is not
    complete, which is *current* then; with *expects* its client waits for a word before it sends the body.
    Once *refused* is set, nothing becomes complete any more.
    """

    def __init__(self, limits: Limits) -> None:
        self.complete: deque[RawRequest] = deque()
        self.refused: Refusal | None = None
        self.partial = False
        self.expects = False
        self.current = RawRequest()
        self._limits = limits
        self._parser: Any = httptools.HttpRequestParser(self)
        self._fields = self.current.headers
        self._rest: bytearray | None = None
        self._host = ""
        self._piece = self._earlier = self._fruitless = self._size = 0
        self._progress: tuple[RawRequest, bool, int] | None = None

    def feed(self, data: bytes) -> None:
        """Parse *data*."""
        self._piece = len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as paused:
            self._go_on_without_upgrade(data[paused.args[0] :])
        except httptools.HttpParserError as error:
            reason = str(error)
            self.refuse(400, f"the request is not proper HTTP: {_PLAIN.get(reason, reason)}")
        if self.partial:
            self._bound()

    def end(self) -> None:
        """Nothing follows."""
        if self.partial:
            self.refuse(400, "the request ended in the middle")

    def refuse(self, status: int, problem: str) -> None:
        """Refuse the current request; what was refused first counts."""
        if self.refused is None:
            self.refused = Refusal(self.current, status, problem)

    # --- httptools ---------------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """A request starts."""
        self.current = RawRequest()
        self._fields = self.current.headers
        self.partial = True
        self.expects = False
        self._size = 0

    def on_url(self, url: bytes) -> None:
        """The target, or a part of it."""
        self.current.target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header, or a trailer."""
        self._fields.append((name.decode("latin-1"), value.rstrip(b" \t").decode("latin-1")))

    def on_headers_complete(self) -> None:
        """The head is there: may the body come?"""
        request, parser = self.current, self._parser
        request.method = parser.get_method().decode("ascii")
        request.keep = parser.should_keep_alive()
        version = parser.get_http_version()
        if version != "1.1":
            self._check_version(version)
        hosts = 0
        for name, value in request.headers:
            size = len(name)
            if size == 4:
                if name.lower() == "host":
                    hosts += 1
                    if value != self._host:
                        self._check_host(value)
            elif size in _LENGTHS:
                self._check_field(name.lower(), value)
        if hosts != 1 and version == "1.1":
            self.refuse(400, f"the header Host is given {hosts} times, not once")
        if self._piece + self._earlier > self._limits.head or len(request.headers) > 100:
            self._check_size()

    def on_chunk_header(self) -> None:
        """A chunk starts: headers after it are trailers, and no headers of the request."""
        self._fields = []

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        self._size += len(body)
        if self._size > self._limits.body:
            self._too_large()
        elif self._rest is not None:
            self._rest += body
        elif self.current.body:
            self._rest = bytearray(self.current.body)
            self._rest += body
        else:
            self.current.body = body

    def on_message_complete(self) -> None:
        """The request is there."""
        self.partial = False
        if self._rest is not None:
            self.current.body = bytes(self._rest)
            self._rest = None
        if self.refused is None:
            self.complete.append(self.current)

    # --- checks ------------------------------------------------------------------------------------------

    def _check_version(self, version: str) -> None:
        if version == "1.0":
            self.current.http10 = True
        else:
            self.refuse(400, f"HTTP/{version} is not spoken here, only HTTP/1.1")

    def _check_host(self, value: str) -> None:
        if _HOST.fullmatch(value):
            self._host = value
        else:
            self.refuse(400, "the value of the header Host is no host, or no host and port")

    def _check_field(self, name: str, value: str) -> None:
        """Fields that say how the body comes; RFC 9112 section 6.1 on transfer codings."""
        match name:
            case "content-length" if int(value) > self._limits.body:
                self._too_large()
            case "expect" if value.lower() == "100-continue" and not self.current.http10:
                self.expects = True
            case "transfer-encoding" if self.current.http10:
                self.refuse(400, "HTTP/1.0 has no Transfer-Encoding")
            case "transfer-encoding" if value.lower() != "chunked":
                self.refuse(400, "the only transfer coding that is known here is `chunked`")

    def _check_size(self) -> None:
        """Count exactly: the pieces that the head came in may have held other things too."""
        request = self.current
        self._earlier = 0
        size = sum(len(name) + len(value) + 4 for name, value in request.headers)
        if size + len(request.target) > self._limits.head or len(request.headers) > _MOST_HEADERS:
            self._too_long()

    def _too_large(self) -> None:
        self._rest = None
        self.current.body = b""
        self.refuse(413, f"the body is larger than {self._limits.body} bytes")

    def _too_long(self) -> None:
        most = self._limits.head
        if len(self.current.target) > most // 2:
            self.refuse(414, "the target of the request is too long")
        else:
            what = "request line and headers are" if not self._size else "trailers are"
            self.refuse(
                431, f"the {what} too large: {most} bytes and {_MOST_HEADERS} headers will do"
            )

    def _bound(self) -> None:
        """
        Refuse what does not get on: a head without an end, or trailers, or what else is said about chunks.

        llhttp tells of a header only when it is complete, and of an extension never.
        """
        progress = (self.current, bool(self.current.method), self._size)
        if progress != self._progress:
            self._progress, self._earlier, self._fruitless = progress, 0, -self._piece
        self._earlier += self._piece
        self._fruitless += self._piece
        if self._fruitless > self._limits.head:
            self._too_long()

    def _go_on_without_upgrade(self, rest: bytes) -> None:
        """
        Ignore that the client would rather speak another protocol (RFC 9110 section 7.8).

        llhttp takes the request for complete then and leaves its body, so it is parsed once more without
        the wish.
        """
        if self.refused is not None:
            return
        request = self.complete.pop()
        if request.method == "CONNECT":
            self.refuse(400, "CONNECT is for proxies, and this is none")
            return
        lines = [
            f"{name}: {value}\r\n" for name, value in request.headers if name.lower() != "upgrade"
        ]
        version = "1.0" if request.http10 else "1.1"
        start = request.method.encode() + b" " + request.target + f" HTTP/{version}\r\n".encode()
        self._parser = httptools.HttpRequestParser(self)
        self.feed(start + "".join(lines).encode("latin-1") + b"\r\n" + rest)


_LENGTHS = frozenset(map(len, ("content-length", "expect", "transfer-encoding")))
