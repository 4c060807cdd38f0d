"""What was asked and answered: a bounded record, kept apart by run."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count

from leadline_mock.entries import RUN_HEADER, Cut, Entry, Kept, entry, met, run_of
from leadline_mock.messages import Request, Response
from leadline_mock.redaction import Redaction
from leadline_openapi import LeadlineError
from leadline_openapi.contract import Operation
from leadline_openapi.violation import Violation

__all__ = ["MAX_BODY", "RUN_HEADER", "BadJournal", "Entry", "Journal"]

MAX_BODY = 65_536
"""Bytes of a body that are kept."""
_OVERHEAD = 3_000
"""Bytes that an exchange takes beside what was sent."""
_PER_VIOLATION = 400
_ROOM, _LEAST_ROOM = 16_000, 16_000_000
"""Bytes for each exchange, and for all of them at least."""


class BadJournal(LeadlineError):
    """A `Journal` was asked for that cannot be."""


class Journal:
    """
    A record of the last *limit* exchanges, as long as they take no more than *max_bytes* in memory.

    By default that is 16 MB, and 16 kB for each where there are more than 1000.
    Of a body, `MAX_BODY` bytes are kept. Any thread may write and read. What is read holds no keys: see
    `conceal`. *numbers* gives the ids, from 1 by default. Raises `BadJournal`.
    """

    def __init__(
        self,
        limit: int = 1000,
        max_bytes: int | None = None,
        numbers: Callable[[], int] | None = None,
    ) -> None:
        if max_bytes is None:
            max_bytes = max(_LEAST_ROOM, _ROOM * limit)
        if limit < 0 or max_bytes < 0:
            raise BadJournal("the limits of a journal are not negative; 0 keeps nothing")
        self._limit, self._max_bytes = limit, max_bytes
        self._kept: deque[Kept] = deque()
        self._lock = threading.Lock()
        self._number = numbers or count(1).__next__
        self._size = self._dropped = 0
        self._redaction = Redaction()

    @property
    def dropped(self) -> int:
        """How many exchanges had to make room since the start, or since all of it was reset."""
        return self._dropped

    @property
    def redaction(self) -> Redaction:
        """What is not told."""
        return self._redaction

    def conceal(self, redaction: Redaction) -> None:
        """Do not tell what *redaction* names either."""
        self._redaction |= redaction

    def record(
        self,
        operation: Operation | None,
        request: Request,
        response: Response,
        time: datetime,
        fault: str = "",
    ) -> None:
        """Remember an exchange; *operation* is `None` where the request met none."""
        sent, answered, cut = len(request.body), len(response.body), None
        size = _OVERHEAD + request.weight() + answered
        if response.violations or sent > MAX_BODY or answered > MAX_BODY:
            cut = Cut(sent, answered, len(response.violations))
            request, response, less = _shortened(request, response)
            size -= less
        at = met(operation) if operation else None
        with self._lock:
            self._kept.append((self._number(), size, time, at, request, response, fault, cut))
            self._size += size
            while len(self._kept) > self._limit or self._size > self._max_bytes:
                self._size -= self._kept.popleft()[1]
                self._dropped += 1

    def entries(self, run: str | None = None) -> list[Entry]:
        """All that is remembered, or that of one *run* (`""`: requests that name none), oldest first."""
        return [
            entry(one, self._redaction)
            for one in self._snapshot()
            if run is None or run_of(one) == run
        ]

    def find(self, number: int) -> Entry | None:
        """The entry with the id *number*, with its answer; `None` where it is not, or no more, remembered."""
        found = (one for one in self._snapshot() if one[0] == number)
        return next((entry(one, self._redaction, answer=True) for one in found), None)

    def reset(self, run: str | None = None) -> None:
        """Forget everything, or one *run*. Ids go on."""
        kept = self._snapshot()
        gone = {one[0] for one in kept if run is None or run_of(one) == run}
        with self._lock:
            self._kept = deque(one for one in self._kept if one[0] not in gone)
            self._size = sum(one[1] for one in self._kept)
            if run is None:
                self._dropped = 0

    def _counts(self) -> tuple[int, int]:
        """How many exchanges had to make room, and how many are remembered."""
        with self._lock:
            return self._dropped, len(self._kept)

    def _snapshot(self) -> list[Kept]:
        with self._lock:
            return list(self._kept)


def _shortened(request: Request, response: Response) -> tuple[Request, Response, int]:
    """The exchange with no more of bodies and violations than is kept, and how much smaller it is."""
    told, size = _first(response.violations)
    less = len(request.body) + len(response.body) - size
    if len(request.body) > MAX_BODY:
        request = Request(
            request.method,
            request.path,
            request.query,
            request.headers,
            request.body[:MAX_BODY],
            request.target,
        )
    short = replace(response, body=response.body[:MAX_BODY], violations=told)
    less -= len(request.body) + len(short.body)
    return request, short, less - sum(len(value) for _, value in response.headers)


def _first(violations: Sequence[Violation]) -> tuple[tuple[Violation, ...], int]:
    """As many of *violations* as fit, in order, and how much they take: a name may be as long as a body."""
    told: list[Violation] = []
    total = 0
    for one in violations:
        size = _PER_VIOLATION + 2 * len(one.pointer) + len(one.problem) + len(one.expected)
        if total + size > MAX_BODY:
            break
        total += size
        told.append(one)
    return tuple(told), total
