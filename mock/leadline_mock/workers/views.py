"""Journal and faults as one of several processes sees them: its own part, and the whole."""

from __future__ import annotations

from typing import Any

from leadline_mock.faults import Armory, Fault
from leadline_mock.journal import Entry, Journal
from leadline_mock.workers.channel import Answers, Caller
from leadline_mock.workers.counters import Counters


class SharedJournal(Journal):
    """A journal that records what this process answers, and tells what all of them did."""

    def __init__(self, limit: int, caller: Caller, counters: Counters) -> None:
        super().__init__(limit, numbers=lambda: counters.next("journal"))
        self._caller = caller

    @property
    def dropped(self) -> int:
        """As of all processes."""
        return int(self._caller.ask("dropped"))

    def entries(self, run: str | None = None) -> list[Entry]:
        """As of all processes, in order."""
        found: list[Entry] = self._caller.ask("entries", run)
        return found

    def find(self, number: int) -> Entry | None:
        """As of all processes."""
        found: Entry | None = self._caller.ask("find", number)
        return found

    def reset(self, run: str | None = None) -> None:
        """In all processes."""
        self._caller.ask("reset", run)

    def local(self) -> Answers:
        """What this process answers for itself."""
        return {
            "entries": super().entries,
            "find": super().find,
            "reset": super().reset,
            "counts": self._counts,
        }


class SharedArmory(Armory):
    """Armed faults that one process keeps for all."""

    def __init__(self, caller: Caller, counters: Counters) -> None:
        super().__init__()
        self._caller = caller
        self._counters = counters

    def __bool__(self) -> bool:
        """Whether any fault is armed: a look into shared memory."""
        return self._counters.armed

    def arm(
        self, fault: Fault, times: int = 1, run: str | None = None, operation: str | None = None
    ) -> None:
        """For all processes."""
        self._caller.ask("arm", fault, times, run, operation)

    def armed(self) -> list[dict[str, Any]]:
        """In all processes."""
        found: list[dict[str, Any]] = self._caller.ask("armed")
        return found

    def disarm(self, run: str | None = None) -> None:
        """In all processes."""
        self._caller.ask("disarm", run)

    def claim(self, names: tuple[str, str], run: str | None) -> Fault | None:
        """The one that is next in any process."""
        found: Fault | None = self._caller.ask("claim", names, run)
        return found
