"""Is this a server of the contract at all? One that says the same to everything is none."""

from __future__ import annotations

from collections import Counter

from leadline_contracts.case import Due, Exchange

_TOLD = frozenset((Due.ACCEPT, Due.EITHER, Due.REFUSE, Due.DENY))
"""What an operation of the contract has to tell apart."""
_ENOUGH = 10
_NEARLY_ALL = 0.98
_CREDENTIALS = frozenset((401, 403))


class Suspicion:
    """Counts what one server says; *name* is how it is called."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._said: Counter[tuple[int, str]] = Counter()
        self._undocumented: Counter[tuple[int, str]] = Counter()

    def take(self, exchange: Exchange) -> None:
        """Count *exchange*."""
        if exchange.failure or exchange.case.due not in _TOLD:
            return
        said = exchange.status, exchange.media_type
        self._said[said] += 1
        if exchange.accepted and exchange.has_body and exchange.media is None:
            self._undocumented[said] += 1

    @property
    def told(self) -> str:
        """What is suspicious, as a sentence; empty where nothing is."""
        statuses = Counter[int]()
        for (status, _), count in self._said.items():
            statuses[status] += count
        total = statuses.total()
        for status, count in statuses.most_common(1):
            if total < _ENOUGH or count < _NEARLY_ALL * total:
                return ""
            media = max(self._said, key=lambda one: (one[0] == status, self._said[one]))[1]
            if status >= 300:
                return f"{self._name} answers {status} to every request: {_asked(status)}"
            if self._undocumented[status, media] >= _NEARLY_ALL * total:
                return f"{self._name} answers {media or 'without a type'} to every request: {_asked(0)}"
        return ""


def _asked(status: int) -> str:
    return "is the key right?" if status in _CREDENTIALS else "is the base right?"
