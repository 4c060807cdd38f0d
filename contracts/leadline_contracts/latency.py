"""Is one answer far slower than the others are?"""

from __future__ import annotations

import statistics
from collections import deque

from leadline_contracts.case import Exchange

SLOW = 0.5
"""Seconds below which no answer counts as slow."""
_TIMES = 20
"""An outlier takes so many times as long as what is usual."""
_ENOUGH = 20
"""Answers before anything can be called usual."""
_LARGE = 100_000
"""Bytes of a request that may well take longer than the others."""


class Latency:
    """What is usual for a server, told by its last answers."""

    def __init__(self) -> None:
        self._elapsed: deque[float] = deque(maxlen=200)

    def take(self, exchange: Exchange) -> None:
        """Learn from *exchange*."""
        if not exchange.failure:
            self._elapsed.append(exchange.elapsed)

    @property
    def usual(self) -> float:
        """The median in seconds; 0 where too little is known."""
        return statistics.median(self._elapsed) if len(self._elapsed) >= _ENOUGH else 0.0

    @property
    def limit(self) -> float:
        """Seconds from which on an answer is an outlier."""
        return max(SLOW, _TIMES * self.usual)

    def is_outlier(self, exchange: Exchange) -> bool:
        """Whether *exchange* took far longer than the others, for no reason that can be seen."""
        if exchange.failure or exchange.elapsed < SLOW or len(exchange.case.body or b"") > _LARGE:
            return False
        return bool(self.usual) and exchange.elapsed > self.limit
