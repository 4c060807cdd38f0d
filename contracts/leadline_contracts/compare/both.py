"""Two servers in lock-step: each case goes to both at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from leadline_contracts.case import Case, Exchange
from leadline_contracts.target import Target


@dataclass(frozen=True, slots=True)
class Pair:
    """What two servers answer to one *case*: each exchange has it as it was sent to that server."""

    case: Case
    left: Exchange
    right: Exchange


class Both:
    """The servers *left* and *right* under one hand."""

    def __init__(self, left: Target, right: Target) -> None:
        self.left, self.right = left, right
        self._other = ThreadPoolExecutor(1)

    def send(self, case: Case) -> Pair:
        """Send *case* to both, and wait for both answers."""
        return self.send_each(case, case, case)

    def send_each(self, case: Case, to_left: Case, to_right: Case) -> Pair:
        """The same, where *case* is written for each of them in its own way."""
        coming = self._other.submit(self.right.send, to_right)
        left = self.left.send(to_left)
        return Pair(case, left, coming.result())

    def another(self) -> Both:
        """The same servers over connections of their own."""
        return Both(self.left.another(), self.right.another())

    def close(self) -> None:
        """Let go of the connections."""
        self._other.shutdown()
        self.left.close()
        self.right.close()
