"""A connection to the mock that leads through no socket."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import inf

from leadline_mock.faults.fault import SILENT
from leadline_mock.messages import Action, Reply
from leadline_mock.server import Application, Limits, RawRequest, wsgi
from leadline_mock.server.incoming import Incoming
from leadline_mock.server.wire import Dates, encode
from leadline_mock.wsgifaults import enact

HOST = "leadline.invalid"
"""A name that no name server knows (RFC 6761 section 6.4)."""


@dataclass(frozen=True, slots=True)
class Step:
    """
    What comes after *wait* seconds: *data*, or what *ends* the reading.

    That is `closed` in good order, `reset`, or `timeout` where the client has waited long enough.
    """

    wait: float
    data: bytes = b""
    ends: str = ""


class Line:
    """
    One connection to *application*, on a clock that does not wait.

    Bytes become requests, and replies bytes, as they do in the server. What that does later is done at
    once, and whoever reads is told how long it takes.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._incoming = Incoming(Limits())
        self._dates = Dates()
        self._come: deque[float | bytes] = deque()
        self._ended = ""

    def write(self, data: bytes) -> None:
        """Send *data*."""
        incoming = self._incoming
        if self._ended:
            return
        incoming.feed(data)
        while incoming.complete and not self._ended:
            request = incoming.complete.popleft()
            self._send(request, self._reply(request))
        if incoming.refused is not None and not self._ended:
            request, status, problem = incoming.refused
            request.keep = False
            self._send(request, Reply(self._application.refusal(request, status, problem)))

    def read(self, patience: float | None) -> Step:
        """
        What comes next for a client that waits *patience* seconds, or for ever.

        Where it would wait for ever for nothing, it is told so at once.
        """
        wait, data = 0.0, b""
        while self._come and not data:
            match self._come.popleft():
                case bytes() as data:
                    pass
                case pause:
                    wait += pause
        if not data and not self._ended:
            wait = inf
        if patience is not None and wait > patience:
            return Step(patience, ends="timeout")
        if wait == inf:
            return Step(0.0, ends="timeout")
        return Step(wait, data, "" if data else self._ended)

    def _reply(self, request: RawRequest) -> Reply:
        quick = self._application.quick(request)
        return quick or wsgi.answered(self._application, request, (HOST, 80), "http")

    def _send(self, request: RawRequest, reply: Reply) -> None:
        head, body = encode(reply.response, request, self._dates.line())
        action = reply.action or Action()
        parts = enact(action, body, self._come.append)
        if action.wire not in SILENT:
            self._come.append(head)
        try:
            for part in parts:
                self._come.append(part)
        except TimeoutError:
            self._come.append(inf)
        except ConnectionResetError:
            self._ended = "reset"
        else:
            if action.wire == "truncate" or not request.keep:
                self._ended = "closed"
