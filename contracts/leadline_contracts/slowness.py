"""Is a slow answer a defect? It is asked for again, beside the simplest request there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from leadline_contracts.case import SOMETIMES, Breach, Case, Exchange
from leadline_contracts.latency import Latency
from leadline_contracts.vigil import PROOFS, pulse

LONG = 3.0
"""Seconds that nobody waits for now and then, however busy a machine is."""
_OFTEN = 5
"""After so many outliers that did not come back, only long pauses are looked into."""


class TooSlow(Exception):
    """All answers have become slow; *breach* says so."""

    def __init__(self, breach: Breach) -> None:
        super().__init__("the target has become too slow to go on")
        self.breach = breach


class Slowness:
    """What is known of slow answers; *ask* sends a request."""

    def __init__(self, latency: Latency, ask: Callable[[Case], Exchange]) -> None:
        self._latency, self._ask = latency, ask
        self._found: set[str] = set()
        self._outliers = self._slowed = 0
        self.pauses = 0

    def breach(self, exchange: Exchange) -> Breach | None:
        """
        What is wrong with the time that *exchange* took.

        Either its request takes long each time while another one does not, or it is one of several long
        pauses. Raises `TooSlow` where everything has become slow.
        """
        if not self._latency.is_outlier(exchange):
            return None
        told = self._told(exchange)
        if exchange.case.operation.label in self._found:
            return told
        if self._outliers >= _OFTEN and exchange.elapsed < LONG:
            return None
        self._outliers += 1
        limit = self._latency.limit(exchange)
        again = [self._ask(exchange.case) for _ in range(PROOFS - 1)]
        if not all(one.elapsed > limit for one in again):
            return self._pause(exchange, told)
        if self._ask(pulse(exchange.case.operation)).elapsed > limit / 2:
            self._slower(exchange, told)
            return None
        self._found.add(exchange.case.operation.label)
        return told

    def _told(self, exchange: Exchange) -> Breach:
        case, usual = exchange.case, self._latency.usual_of(exchange)
        return Breach(
            rule="latency",
            pointer=case.operation.pointer,
            message=f"takes {exchange.elapsed:.1f} s, each of {PROOFS} times: {case.area}: {case.name}",
            expected=f"about {usual * 1000:.0f} ms, as for other requests",
            actual=f"{exchange.elapsed:.1f} s",
        )

    def _pause(self, exchange: Exchange, told: Breach) -> Breach | None:
        """One pause may be a busy machine; several long ones are not."""
        self.pauses += exchange.elapsed >= LONG
        if self.pauses < PROOFS or exchange.elapsed < LONG:
            return None
        message = f"{self.pauses} answers took {LONG:.0f} s or more, for no reason in the request"
        return replace(told, message=message, when=SOMETIMES)

    def _slower(self, exchange: Exchange, told: Breach) -> None:
        self._slowed += 1
        if self._slowed >= PROOFS:
            message = f"answers take {exchange.elapsed:.1f} s from some request on"
            raise TooSlow(replace(told, message=message))
