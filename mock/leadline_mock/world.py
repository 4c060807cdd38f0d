"""All that an answer depends on besides the request: keys, clock, ids, mode."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b

from leadline_mock.faults import FaultPlan
from leadline_mock.journal import Journal
from leadline_mock.redaction import Redaction
from leadline_openapi import LeadlineError

DEFAULT_KEY = "test-api-key"
MODES = ("strict", "warn")


class BadWorld(LeadlineError):
    """A `World` was asked for that cannot be."""


Clock = Callable[[], datetime]
"""Gives aware times."""


def utc_now() -> datetime:
    """The time of day, in UTC."""
    return datetime.now(UTC)


class Ids:
    """Hands out values that were never handed out before, to any thread."""

    def __init__(self, seed: int = 0) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._windows: dict[str, tuple[int, int]] = {}
        self._seed = seed

    def sequence(self, name: str) -> int:
        """The next number of the sequence *name*, from 1."""
        with self._lock:
            self._counts[name] += 1
            return self._counts[name]

    def within(self, name: str, window: int) -> int:
        """How often *name* was counted in *window*, this time included; earlier windows are forgotten."""
        with self._lock:
            latest, count = self._windows.get(name, (window, 0))
            made = (window, 1) if window > latest else (latest, count + 1)
            self._windows[name] = made
            return made[1]

    def uuid(self) -> str:
        """The next UUID, version 4 in form; it follows from the seed and its number."""
        text = f"{self._seed} {self.sequence('uuid')}"
        return str(uuid.UUID(bytes=blake2b(text.encode(), digest_size=16).digest(), version=4))


@dataclass(frozen=True)
class World:
    """
    The injectable surroundings of the pure core.

    *mode* is `strict` (what the contract forbids is refused) or `warn` (it is answered as if it were
    fine, and told in a header). *clock* gives aware times. *seed* decides what is made up; with *dynamic*,
    that is all that is not echoed. Raises `BadWorld`.
    """

    keys: tuple[str, ...] = field(default=(DEFAULT_KEY,), repr=False)
    mode: str = "strict"
    clock: Clock = utc_now
    ids: Ids = field(default_factory=Ids)
    seed: int = 0
    dynamic: bool = False
    journal: Journal = field(default_factory=Journal, repr=False)
    faults: FaultPlan = field(default_factory=FaultPlan, repr=False)
    _latest: list[datetime] = field(default_factory=list, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise BadWorld(f"there is no mode `{self.mode}`; there are: {', '.join(MODES)}")
        if isinstance(self.keys, str) or not all(self.keys):
            raise BadWorld("the keys are a tuple of texts, none of them empty")
        self.journal.conceal(Redaction(keys=frozenset(self.keys)))

    def now(self) -> datetime:
        """The time of day; never before a time that was given earlier."""
        time = self.clock()
        with self._lock:
            if self._latest and self._latest[0] > time:
                return self._latest[0]
            self._latest[:] = [time]
        return time
