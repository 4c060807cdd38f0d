"""How many requests an operation takes: what `x-rate-limit` says, kept from our side."""

from __future__ import annotations

import math
from collections import deque

from leadline_openapi import Operation
from leadline_openapi.contract import RateLimit

_SPARE = 50
"""One request of so many is left to whoever else asks: the limit is of all callers together."""
_MARGIN = 1.0
"""Seconds between our clock and the server's, at most, because a request takes its time."""
_SHARE = 0.1
"""The share of a short window that is kept for that."""
PATIENCE = 60.0
"""Seconds that a run without a limit of time waits in all because a server asks it to."""


class Spent(BaseException):
    """
    An *operation* takes no more requests in the time of the run.

    No `Exception`: Hypothesis would repeat what raised it.
    """

    def __init__(self, operation: Operation) -> None:
        super().__init__(f"{operation.label} takes no more requests (x-rate-limit)")
        self.operation = operation


class TooLate(Spent):
    """The time of the run was up while an *operation* was still waited for."""

    def __init__(self, operation: Operation) -> None:
        super().__init__(operation)
        self.args = (f"the time was up before {operation.label} answered",)


class Allowance:
    """
    The requests that keep a *limit*: no more in any time as long as its window.

    Where servers begin their windows nobody tells, so that every stretch of time counts as one.
    """

    def __init__(self, limit: RateLimit) -> None:
        self._requests = usable(limit)
        self._window = limit.seconds + min(_MARGIN, _SHARE * limit.seconds)
        self._sent: deque[float] = deque()

    def left(self, now: float, time: float) -> int:
        """How many requests can still be sent by who waits for so much *time*, as far as that is known."""
        self._forget(now)
        gone = now - self._sent[0] if self._sent else 0.0
        later = int((time + gone) / self._window) if time > 0 else 0
        return max(0, self._requests * (1 + later) - len(self._sent))

    def wait(self, now: float, time: float) -> float:
        """In how many seconds the next request may be sent: infinite where that is more than *time*."""
        self._forget(now)
        if len(self._sent) < self._requests:
            return 0.0
        wait = self._sent[0] + self._window - now
        return wait if wait < time else math.inf

    def take(self, now: float) -> None:
        """Count a request that is sent *now*."""
        self._sent.append(now)

    def _forget(self, now: float) -> None:
        while self._sent and self._sent[0] + self._window <= now:
            self._sent.popleft()


def usable(limit: RateLimit) -> int:
    """How many requests a run sends within the window of *limit*."""
    return limit.requests - limit.requests // _SPARE


def most(operation: Operation, seconds: float) -> float:
    """How many requests of *operation* a run of so many *seconds* sends at most."""
    if operation.rate_limit is None:
        return math.inf
    time = seconds if seconds < math.inf else PATIENCE
    return Allowance(operation.rate_limit).left(0.0, time)
