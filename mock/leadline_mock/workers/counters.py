"""Counters in memory that processes share."""

from __future__ import annotations

import zlib
from hashlib import blake2b
from multiprocessing.context import SpawnContext
from typing import Any

from leadline_mock.world import Ids

_SLOTS = 4096
_WINDOWS = 1024
"""So many names can be counted by windows; of further ones, several may be counted as one."""


class Counters:
    """
    Numbers by name that never repeat in any process.

    Two names may fall into one slot; then each sees gaps, but no number twice.
    """

    def __init__(self, context: SpawnContext) -> None:
        self._array: Any = context.Array("Q", _SLOTS)
        self._windows: Any = context.Array("Q", 3 * _WINDOWS)
        self._armed: Any = context.Value("b", 0)

    def next(self, name: str) -> int:
        """The next number of *name*, from 1."""
        slot = zlib.crc32(name.encode("utf-8", "surrogatepass")) % _SLOTS
        with self._array.get_lock():
            numbers = self._array.get_obj()
            numbers[slot] += 1
            return int(numbers[slot])

    def within(self, name: str, window: int) -> int:
        """How often *name* was counted in *window*, this time included; earlier windows are forgotten."""
        mark = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big") | 1
        with self._windows.get_lock():
            numbers = self._windows.get_obj()
            tried = (3 * ((mark + step) % _WINDOWS) for step in range(_WINDOWS))
            at = next((one for one in tried if numbers[one] in {0, mark}), 0)
            if numbers[at] != mark or window > numbers[at + 1]:
                numbers[at : at + 3] = [mark, window, 0]
            numbers[at + 2] += 1
            return int(numbers[at + 2])

    @property
    def armed(self) -> bool:
        """Whether any fault is armed."""
        return bool(self._armed.get_obj().value)

    @armed.setter
    def armed(self, value: bool) -> None:
        self._armed.get_obj().value = int(value)


class SharedIds(Ids):
    """Ids that no process hands out twice."""

    def __init__(self, seed: int, counters: Counters) -> None:
        super().__init__(seed)
        self._shared = counters

    def sequence(self, name: str) -> int:
        """The next number of the sequence *name*, from 1."""
        return self._shared.next(f"ids {name}")

    def within(self, name: str, window: int) -> int:
        """How often *name* was counted in *window*, in all processes."""
        return self._shared.within(name, window)
