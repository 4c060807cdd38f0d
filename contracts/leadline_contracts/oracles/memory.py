"""What a run remembers from one exchange to the next."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime

from leadline_contracts.case import Exchange
from leadline_contracts.leniency.observation import Register


class Times:
    """The times that a server told, and when each was received: only what is over came before."""

    def __init__(self) -> None:
        self._received: list[datetime] = []
        self._latest: list[datetime] = []

    def before(self, moment: datetime) -> datetime | None:
        """The latest time in answers that were complete at *moment*."""
        at = bisect_right(self._received, moment)
        return self._latest[at - 1] if at else None

    def add(self, received: datetime, time: datetime) -> None:
        """Remember *time*, which came in the answer *received* then."""
        at = bisect_right(self._received, received)
        self._received.insert(at, received)
        self._latest.insert(at, max(time, self._latest[at - 1]) if at else time)
        for later in range(at + 1, len(self._latest)):
            self._latest[later] = max(self._latest[later], time)


@dataclass
class Memory:
    """
    *given* holds, per rule, the values that a server assigned, each with the exchange that it came in;
    *times* the times that it told.

    *strict* makes what is undocumented in an answer a breach; *undocumented* counts it otherwise.
    *of_state* counts documented refusals of valid requests, for what the server holds or does not hold;
    *lenient* is what was seen of the server's leniency.
    """

    strict: bool = False
    given: dict[str, dict[str, Exchange]] = field(default_factory=dict)
    times: dict[str, Times] = field(default_factory=dict)
    undocumented: dict[str, int] = field(default_factory=dict)
    of_state: dict[str, int] = field(default_factory=dict)
    lenient: Register = field(default_factory=Register)

    def note(self, undocumented: str) -> None:
        """Count something that was answered, and that the contract does not name."""
        self.undocumented[undocumented] = self.undocumented.get(undocumented, 0) + 1
