"""What the server asks of an application, and what it grants its clients."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from leadline_mock.messages import Reply, Response

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class RawRequest:
    """
    A request as it came: *target* in percent-encoded form, *headers* in order, names as they were sent.

    Header bytes stand as latin-1 characters, as WSGI has it (PEP 3333). *keep* says whether the connection
    stays open, *http10* whether the client speaks HTTP/1.0.
    """

    # As plain as can be: one is made for every request.
    __slots__ = ("body", "headers", "http10", "keep", "method", "target")

    def __init__(self) -> None:
        self.method = ""
        self.target = b""
        self.headers: list[tuple[str, str]] = []
        self.body = b""
        self.keep = True
        self.http10 = False


class Application(Protocol):
    """An application that this server can serve."""

    @property
    def wsgi(self) -> Wsgi:
        """The WSGI application that answers what `quick` does not; called in a thread."""
        ...

    def quick(self, request: RawRequest) -> Reply | None:
        """The reply to a plain request, or `None`; called in the event loop, so it does not wait."""
        ...

    def refusal(self, request: RawRequest, status: int, problem: str) -> Response:
        """How to say that the server itself cannot take *request*, of which parts may be missing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """
    What clients can take: sizes in bytes, times in seconds.

    *head*: request line and headers. *body*: what a request carries. *idle*: between two requests.
    *sending*: between two pieces of one request; *whole*: for all of it. *stalled*: for a client that does
    not read its answer. *hang*: how long an answer that never comes is withheld. *grace*: what answers
    under way get when the server stops. *threads*: for what is not answered at once. *connections*: open
    at the same time, or fewer where the system grants fewer files; for one more, the one that is idle
    longest is closed, and where none is idle, the new one.
    """

    head: int = 65_536
    body: int = 10_000_000
    idle: float = 75.0
    sending: float = 20.0
    whole: float = 120.0
    stalled: float = 60.0
    hang: float = 3600.0
    grace: float = 5.0
    threads: int = 16
    connections: int = 2000
