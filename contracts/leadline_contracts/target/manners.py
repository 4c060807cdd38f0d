"""A polite client: no faster than it was told, and it waits when a server asks it to."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from leadline_contracts.case import Case, Exchange
from leadline_contracts.target.access import Target

PATIENCE = 60.0
"""Seconds that a run waits in all because a server asks it to."""
_FIRST_WAIT = 1.0
_LEAST = 1.0
"""Seconds of patience that every repetition costs."""


class Polite:
    """
    The server behind *target*, asked at most *rate* times a second.

    An answer 429, or 503 with Retry-After, is no answer yet: the request is repeated after the time that
    the server asks for (RFC 6585 section 4, RFC 9110 section 10.2.3), or after one that doubles. When
    the *patience* of all requests is used up, or the time until the *deadline* (of *clock*) too short for
    it, the answer is given as it is.
    """

    def __init__(
        self,
        target: Target,
        rate: float = math.inf,
        deadline: float = math.inf,
        patience: float = PATIENCE,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._target = target
        self._pace = _Pace(rate, deadline, patience, sleep, clock)
        self.url = target.url
        self.redact = target.redact
        self.disclosed = target.disclosed
        self.close = target.close

    def another(self) -> Polite:
        """The same server over a connection of its own, at the same pace."""
        other = Polite(self._target.another())
        other._pace = self._pace
        return other

    def hurry(self, timeout: float) -> None:
        """From now on wait at most *timeout* seconds for one answer, on every connection."""
        self._pace.timeout = min(timeout, self._pace.timeout)

    def send(self, case: Case) -> Exchange:
        """Send *case* when it is its turn, and again as long as the server says "later"."""
        wait = _FIRST_WAIT
        while True:
            self._pace.take_turn()
            if self._pace.timeout < math.inf:
                self._target.hurry(self._pace.timeout)
            exchange = self._target.send(case)
            asked = _asked_to_wait(exchange)
            if asked is None or not self._pace.rest(wait if asked < 0 else asked):
                return exchange
            wait *= 2


class _Pace:
    """Turns and rests, shared by all connections of a run."""

    def __init__(
        self,
        rate: float,
        deadline: float,
        patience: float,
        sleep: Callable[[float], None],
        clock: Callable[[], float],
    ) -> None:
        self._gap, self._deadline, self._patience = 1 / rate, deadline, patience
        self.timeout = math.inf
        self._sleep, self._clock = sleep, clock
        self._next = 0.0
        self._lock = threading.Lock()

    def take_turn(self) -> None:
        """Wait until the next request may be sent."""
        if not self._gap:
            return
        with self._lock:
            turn = max(self._next, self._clock())
            self._next = turn + self._gap
        if (ahead := turn - self._clock()) > 0:
            self._sleep(ahead)

    def rest(self, seconds: float) -> bool:
        """Wait so many *seconds*; false, at once, where that is more than there is patience for."""
        with self._lock:
            if seconds > min(self._patience, self._deadline - self._clock()):
                return False
            self._patience -= max(seconds, _LEAST)  # else "now" would be asked for for ever
        self._sleep(seconds)
        return True


def _asked_to_wait(exchange: Exchange) -> float | None:
    """For how many seconds the answer asks; negative where it says no time, `None` if it does not ask."""
    after = exchange.header("retry-after")
    if exchange.status not in {429, 503} or (exchange.status == 503 and after is None):
        return None
    if after is None:
        return -1
    if after.strip().isascii() and after.strip().isdigit():
        return float(after)
    try:
        moment = parsedate_to_datetime(after)
    except ValueError:
        return -1
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())
