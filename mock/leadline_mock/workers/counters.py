"""Counters in memory that processes share."""

from __future__ import annotations

import zlib
from multiprocessing.context import SpawnContext
from typing import Any

from leadline_mock.world import Ids

_SLOTS = 4096


class Counters:
    """
    Numbers by name that never repeat in any process.

    Two names may fall into one slot; then each sees gaps, but no number twice.
    """

    def __init__(self, context: SpawnContext) -> None:
        self._array: Any = context.Array("Q", _SLOTS)
        self._armed: Any = context.Value("b", 0)

    def next(self, name: str) -> int:
        """The next number of *name*, from 1."""
        slot = zlib.crc32(name.encode("utf-8", "surrogatepass")) % _SLOTS
        with self._array.get_lock():
            numbers = self._array.get_obj()
            numbers[slot] += 1
            return int(numbers[slot])

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
