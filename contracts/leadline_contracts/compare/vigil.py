"""Notices when one of two servers is gone, and how long it is worth waiting for the other."""

from __future__ import annotations

from collections.abc import Iterator

from leadline_contracts.case import Exchange
from leadline_contracts.compare.both import Both, Pair
from leadline_contracts.latency import Latency
from leadline_contracts.target import Target
from leadline_contracts.target.asking import TIMED_OUT
from leadline_contracts.target.manners import asked_to_wait
from leadline_contracts.vigil import (
    DEAD_AFTER,
    LESS_PATIENCE,
    LITTLE_PATIENCE,
    MORE_HANGS,
    PROOFS,
    pulse,
)


class Gone(Exception):
    """One server stopped answering; the message says which, and why."""


class Vigil:
    """
    Watches over the answers of *both*.

    Cases that got no answer are held back until it is known that the server is still there: what a dead
    server does not answer is no difference.
    """

    def __init__(self, both: Both) -> None:
        self._sides = _Side(both.left, "A"), _Side(both.right, "B")
        self._held: list[Pair] = []

    def watched(self, pair: Pair) -> Iterator[Pair]:
        """Those of *pair* and the ones before it that may be compared now. Raises `Gone`."""
        answered = [
            side.answers(exchange)
            for side, exchange in zip(self._sides, (pair.left, pair.right), strict=True)
        ]
        self._held.append(pair)
        if all(answered):
            yield from self.rest()

    def rest(self) -> Iterator[Pair]:
        """What was held back, at the end of a run or when a server has answered again."""
        held, self._held = self._held, []
        yield from held

    def settle(self) -> None:
        """Ask for a last sign of life, where the last cases got no answer. Raises `Gone`."""
        for side in self._sides:
            side.settle()


class _Side:
    def __init__(self, target: Target, name: str) -> None:
        self._target, self._name, self._latency = target, name, Latency()
        self._silent: Exchange | None = None
        self._row = self._hung = 0

    def answers(self, exchange: Exchange) -> bool:
        """Whether the server is known to be there after *exchange*. Raises `Gone`."""
        if asked_to_wait(exchange) is not None:
            told = f"limits the rate of requests ({exchange.status}); --rate keeps below it"
            raise Gone(f"{self._name} {told}")
        self._latency.take(exchange)
        if exchange.failure == TIMED_OUT:
            self._hang()
        self._silent = exchange if exchange.failure else None
        self._row = self._row + 1 if exchange.failure else 0
        if self._row >= DEAD_AFTER:
            self.settle()
        return self._silent is None

    def settle(self) -> None:
        if self._silent is None:
            return
        failure = self._target.send(pulse(self._silent.case.operation)).failure
        if failure:
            raise Gone(f"{self._name} stopped answering: {self._target.redact(failure)}")
        self._silent, self._row = None, 0

    def _hang(self) -> None:
        self._hung += 1
        usual = self._latency.usual
        if self._hung == 1:
            self._target.hurry(max(LESS_PATIENCE, 50 * usual))
        elif self._hung == PROOFS:
            self._target.hurry(max(LITTLE_PATIENCE, 10 * usual))
        elif self._hung >= PROOFS + MORE_HANGS:
            raise Gone(f"{self._name} let {self._hung} requests wait in vain")
