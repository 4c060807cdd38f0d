"""How many requests an operation takes: what `x-rate-limit` says, kept from our side."""

from __future__ import annotations

import math
from collections import deque

from leadline_openapi import Operation
from leadline_openapi.contract import RateLimit

_SPARE = 50
"""One request of so many is left to whoever else asks: the limit is of all callers together."""
_MARGIN = 1.0
"""Seconds between our clock and the server's, because a request takes its time."""


class Spent(BaseException):
    """
    An *operation* takes no more requests in the time of the run.

    No `Exception`: Hypothesis would repeat what raised it.
    """

    def __init__(self, operation: Operation) -> None:
        super().__init__(f"{operation.label} takes no more requests (x-rate-limit)")
        self.operation = operation


class Allowance:
    """
    The requests that keep a *limit*, until the *deadline*: no more in any time as long as its window.

    Where servers begin their windows nobody tells, so that every stretch of time counts as one. Later
    windows are waited for only where the run has an end.
    """

    def __init__(self, limit: RateLimit, deadline: float) -> None:
        self._requests, self._window = usable(limit), limit.seconds + _MARGIN
        self._deadline = deadline
        self._sent: deque[float] = deque()

    def left(self, now: float) -> int:
        """How many requests can still be sent, as far as can be told *now*."""
        self._forget(now)
        time = self._deadline - (self._sent[0] if self._sent else now)
        later = int(time / self._window) if 0 < time < math.inf else 0
        return max(0, self._requests * (1 + later) - len(self._sent))

    def wait(self, now: float) -> float:
        """In how many seconds the next request may be sent: infinite where that is too late."""
        self._forget(now)
        if len(self._sent) < self._requests:
            return 0.0
        free = self._sent[0] + self._window
        return free - now if free < self._deadline < math.inf else math.inf

    def take(self, now: float) -> None:
        """Count a request that is sent *now*."""
        self._sent.append(now)

    def _forget(self, now: float) -> None:
        while self._sent and now - self._sent[0] >= self._window:
            self._sent.popleft()


def usable(limit: RateLimit) -> int:
    """How many requests a run sends within the window of *limit*."""
    return limit.requests - limit.requests // _SPARE


def most(operation: Operation, seconds: float) -> float:
    """How many requests of *operation* a run of so many *seconds* sends at most."""
    if operation.rate_limit is None:
        return math.inf
    return Allowance(operation.rate_limit, seconds).left(0.0)
