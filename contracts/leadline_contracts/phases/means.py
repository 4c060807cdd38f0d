"""What a run may spend: the time until its deadline, and the requests that the contract allows."""

from __future__ import annotations

import math
import time

from leadline_contracts.latency import Latency
from leadline_contracts.limited import LATER, REQUESTS_LATER, kept
from leadline_contracts.options import Options
from leadline_contracts.target import Polite
from leadline_openapi import Operation


class TimeUpError(Exception):
    """The run has to end; the message says where it was."""


class Means:
    """The means of a run that goes about it by *options*; *deadline* is a time of `time.monotonic`."""

    def __init__(self, options: Options, deadline: float, target: Polite, latency: Latency) -> None:
        self._options, self._deadline = options, deadline
        self._target, self._latency = target, latency

    def are_up(self, kept: float = 0.0) -> bool:
        """Whether what is sent now may be answered too late for *kept* seconds to be left over."""
        soon = max(2 * self._latency.usual, 1 / self._options.rate)
        return time.monotonic() + soon > self._deadline - kept

    def in_time(self, where: str) -> None:
        """Raise `TimeUpError` where no time is left for one request more."""
        if self.are_up():
            raise TimeUpError(f"the time was up {where}")

    def left(self, operation: Operation) -> float:
        """How many requests of *operation* may still be sent."""
        return self._target.left(operation)

    def requests_later(self, operation: Operation) -> float:
        """How many requests of *operation* the certificate leaves to what comes after it."""
        return kept(self.left(operation), self._options)

    def seconds_later(self, pace: float, operations: int) -> float:
        """The same in seconds of a run, where a request takes *pace* seconds."""
        if self._options.is_short or self._options.max_time == math.inf:
            return 0.0
        to_come = self._options.fuzz_time + REQUESTS_LATER * operations * pace
        return min(LATER * self._options.max_time, to_come)
