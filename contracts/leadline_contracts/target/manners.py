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
from leadline_contracts.target.allowance import PATIENCE, Allowance, Spent, TooLate
from leadline_contracts.target.asking import TIMED_OUT
from leadline_openapi import Operation

_FIRST_WAIT = 1.0
_SHORTEST = 0.5
"""Seconds that an answer is waited for even where the time is up."""
_LEAST = 1.0
"""Seconds of patience that every repetition costs."""


class Polite:
    """
    The server behind *target*, asked at most *rate* times a second.

    An answer 429, or 503 with Retry-After, is no answer yet: the request is repeated after the time that
    the server asks for (RFC 6585 section 4, RFC 9110 section 10.2.3), or after one that doubles. When
    the *patience* of all requests is used up, or the time until the *deadline* (of *clock*) too short for
    it, the answer is given as it is: see `asked_to_wait`. An operation whose limit the contract declares
    (`x-rate-limit`) is not sent more than that; where there is a deadline, it alone bounds the waits.
    An answer is waited for until the deadline, and as long as the shortest patience with servers.
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

    def left(self, operation: Operation) -> float:
        """How many requests of *operation* may still be sent; infinite where nothing limits them."""
        return self._pace.left(operation)

    def send(self, case: Case) -> Exchange:
        """
        Send *case* when it is its turn, and again as long as the server says "later".

        Raises `Spent` where the contract allows no further request of its operation, `TooLate` where there
        was no answer when the time was up: a longer patience might have seen one.
        """
        wait = _FIRST_WAIT
        while True:
            self._pace.take_turn()
            self._pace.take_allowance(case.operation)
            if (timeout := self._pace.most()) < math.inf:
                self._target.hurry(timeout)
            exchange = self._target.send(case)
            if exchange.failure == TIMED_OUT and self._pace.is_over():
                raise TooLate(case.operation)
            asked = asked_to_wait(exchange)
            if asked is None:
                return exchange
            if not self._pace.rest(wait if asked < 0 else asked, case.operation):
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
        self._allowances: dict[str, Allowance] = {}
        self._lock = threading.Lock()

    def most(self) -> float:
        """For how many seconds the next answer is waited for at most."""
        return min(self.timeout, max(_SHORTEST, self._deadline - self._clock()))

    def is_over(self) -> bool:
        """Whether the deadline has passed."""
        return self._clock() >= self._deadline

    def take_turn(self) -> None:
        """Wait until the next request may be sent."""
        if not self._gap:
            return
        with self._lock:
            turn = max(self._next, self._clock())
            self._next = turn + self._gap
        if (ahead := turn - self._clock()) > 0:
            self._sleep(ahead)

    def left(self, operation: Operation) -> float:
        """How many requests of *operation* may still be sent."""
        with self._lock:
            allowance, now = self._allowance(operation), self._clock()
            return math.inf if allowance is None else allowance.left(now, self._time(now))

    def take_allowance(self, operation: Operation) -> None:
        """Wait until *operation* may be asked. Raises `Spent` where that is not before the end."""
        while (wait := self._taken(operation)) > 0:
            if wait == math.inf:
                raise Spent(operation)
            self._sleep(wait)

    def _taken(self, operation: Operation) -> float:
        """Take a request of *operation* off its allowance; gives for how long it has to wait, if it has."""
        with self._lock:
            allowance, now = self._allowance(operation), self._clock()
            if allowance is None:
                return 0.0
            wait = allowance.wait(now, self._time(now))
            if not wait:
                allowance.take(now)
            elif wait < math.inf and self._deadline == math.inf:
                self._patience -= wait
            return wait

    def _time(self, now: float) -> float:
        """For how many seconds windows are waited for: until the deadline, else as patience has it."""
        return self._patience if self._deadline == math.inf else self._deadline - now

    def _allowance(self, operation: Operation) -> Allowance | None:
        if operation.rate_limit is None:
            return None
        return self._allowances.setdefault(operation.label, Allowance(operation.rate_limit))

    def rest(self, seconds: float, operation: Operation) -> bool:
        """
        Wait so many *seconds*; false, at once, where that is more than there is patience for.

        Where the contract says that *operation* asks to wait, the patience lasts until the deadline.
        """
        declared = operation.rate_limit is not None and self._deadline < math.inf
        cost = max(seconds, _LEAST)  # else "now" would be asked for for ever
        with self._lock:
            patience = math.inf if declared else self._patience
            if seconds > min(patience, self._deadline - self._clock()):
                return False
            if not declared:
                self._patience -= cost
        self._sleep(cost if declared else seconds)
        return True


def asked_to_wait(exchange: Exchange) -> float | None:
    """
    For how many seconds the answer puts its request off, and so says nothing of it.

    Negative where it tells no time; `None` if it is an answer.
    """
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
