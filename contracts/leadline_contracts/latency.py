"""Is one answer far slower than the others are?"""

from __future__ import annotations

import statistics
from collections import deque
from collections.abc import Collection

from leadline_contracts.case import Exchange

SLOW = 0.5
"""Seconds below which no answer counts as slow."""
_TIMES = 20
"""An outlier takes so many times as long as what is usual."""
_ENOUGH = 10
"""Answers before anything can be called usual."""
_LAST = 200
"""So many answers are remembered."""
_LARGE = 100_000
"""Bytes of a request that may well take longer than the others."""


class Latency:
    """
    What is usual for a server, and for the yes and the no of each operation, told by the last answers.

    A refusal may well take a fraction of the time of a request that is done.
    """

    def __init__(self) -> None:
        self._all: deque[float] = deque(maxlen=_LAST)
        self._of: dict[tuple[str, bool], deque[float]] = {}

    def take(self, exchange: Exchange) -> None:
        """Learn from *exchange*."""
        if not exchange.failure:
            self._all.append(exchange.elapsed)
            self._of.setdefault(_kind(exchange), deque(maxlen=_LAST)).append(exchange.elapsed)

    @property
    def usual(self) -> float:
        """The median of all operations in seconds; 0 where too little is known."""
        return _median(self._all)

    def usual_of(self, exchange: Exchange) -> float:
        """The same of answers like that of *exchange*."""
        return _median(self._of.get(_kind(exchange), ()))

    def limit(self, exchange: Exchange) -> float:
        """Seconds from which on an answer is an outlier among those like *exchange*."""
        return max(SLOW, _TIMES * self.usual_of(exchange))

    def is_outlier(self, exchange: Exchange) -> bool:
        """Whether *exchange* took far longer than the others, for no reason that can be seen."""
        if exchange.failure or exchange.elapsed < SLOW or len(exchange.case.body or b"") > _LARGE:
            return False
        return bool(self.usual_of(exchange)) and exchange.elapsed > self.limit(exchange)


def _kind(exchange: Exchange) -> tuple[str, bool]:
    return exchange.case.operation.label, exchange.accepted


def _median(elapsed: Collection[float]) -> float:
    return statistics.median(elapsed) if len(elapsed) >= _ENOUGH else 0.0
