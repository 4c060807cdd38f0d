"""Faults that are armed: each waits for requests that it is meant for."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from random import Random
from typing import Any

from leadline_mock.faults.checks import BadFault, is_whole
from leadline_mock.faults.fault import Fault
from leadline_openapi.violation import show

MOST_ARMED = 1000
_MOST_TIMES = 1_000_000


class Armory:
    """Armed faults, in the order in which they are to happen; for any number of threads."""

    def __init__(self, seed: int = 0) -> None:
        self._random = Random(f"armed {seed}")  # noqa: S311 - repeatable, not secret
        self._armed: list[_Armed] = []
        self._lock = threading.Lock()

    def __bool__(self) -> bool:
        """Whether any fault is armed."""
        return bool(self._armed)

    def arm(
        self, fault: Fault, times: int = 1, run: str | None = None, operation: str | None = None
    ) -> None:
        """
        Have *fault* happen to the next requests, after what is armed already.

        It happens *times* times; a request that its rate spares does not count. *run* limits it to
        requests of that run, *operation* to one operation, by its id or as in `POST /leads`. Raises
        `BadFault`.
        """
        if not is_whole(times, 1, _MOST_TIMES):
            told = f"a whole number from 1 to {_MOST_TIMES}"
            raise BadFault(f"`times` must be {told}, not {show(times)}")
        for name, value in (("run", run), ("operation", operation)):
            if value is not None and (not isinstance(value, str) or not value):
                raise BadFault(f"`{name}` must be a name, not {show(value)}")
        with self._lock:
            if len(self._armed) >= MOST_ARMED:
                told = "let requests meet some of them, or disarm them"
                raise BadFault(
                    f"{MOST_ARMED} faults are armed, and there is no room for more: {told}"
                )
            self._armed.append(_Armed(fault, times, run, operation))

    def armed(self) -> list[dict[str, Any]]:
        """What is armed, in order: `fault` as in JSON, `times` that are left, `run` and `operation`."""
        with self._lock:
            return [one.told() for one in self._armed]

    def disarm(self, run: str | None = None) -> None:
        """Forget what is armed: what is limited to *run*, or everything."""
        with self._lock:
            self._armed = [one for one in self._armed if run is not None and one.run != run]

    def claim(self, names: tuple[str, str], run: str | None) -> Fault | None:
        """
        The fault that happens to a request of *run* to the operation with these *names*, if any.

        It is one time less there afterwards.
        """
        with self._lock:
            for at, armed in enumerate(self._armed):
                if armed.is_for(names, run) and self._happens(armed.fault):
                    armed.times -= 1
                    if not armed.times:
                        del self._armed[at]
                    return armed.fault
        return None

    def _happens(self, fault: Fault) -> bool:
        return fault.rate == 1 or self._random.random() < fault.rate


@dataclass(slots=True)
class _Armed:
    fault: Fault
    times: int
    run: str | None
    operation: str | None

    def is_for(self, names: tuple[str, str], run: str | None) -> bool:
        meant = self.operation is None or self.operation in names
        return meant and (self.run is None or self.run == run)

    def told(self) -> dict[str, Any]:
        return {
            "fault": self.fault.members(),
            "times": self.times,
            "run": self.run,
            "operation": self.operation,
        }
