"""Notices when nobody answers any more, and says how long it is worth waiting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from leadline_contracts.case import Case, Due, Exchange
from leadline_contracts.cases import reason_not_checked
from leadline_contracts.draft import base
from leadline_contracts.latency import Latency
from leadline_contracts.target import Target
from leadline_contracts.target.asking import TIMED_OUT
from leadline_contracts.target.manners import asked_to_wait
from leadline_openapi import Contract, Operation

DEAD_AFTER = 3
"""After so many requests in a row without any answer it is asked whether the target is still there."""
PROOFS = 3
"""So many times a hang or a slow answer has to be seen; the first hang as long as the user allowed."""
MORE_HANGS = 10
"""So many more are met with little patience; then the operation is given up."""
LITTLE_PATIENCE = 0.5
LESS_PATIENCE = 2.0
"""Seconds that an answer is waited for once one did not come in time."""


class Gone(BaseException):
    """It makes no sense to go on. No `Exception`: Hypothesis would repeat what raised it."""


class Dead(Gone):
    """Nobody answers any more."""


class Busy(Gone):
    """The server puts requests off, for longer than anybody waits."""


class Lost(BaseException):
    """One *operation* stopped answering, while others go on."""

    def __init__(self, operation: Operation, reason: str) -> None:
        super().__init__(reason)
        self.operation = operation


class Vigil:
    """Watches over what *ask* gets from *target*."""

    def __init__(
        self,
        contract: Contract,
        target: Target,
        ask: Callable[[Case], Exchange],
        latency: Latency,
    ) -> None:
        self._contract, self._target, self._ask, self._latency = contract, target, ask, latency
        self._last: Operation | None = None
        self._hung: Counter[str] = Counter()
        self.silent = 0
        """So many requests in a row, up to the last one, got no answer."""

    def is_known_hang(self, exchange: Exchange) -> bool:
        """Whether *exchange* got no answer, in an operation that hangs: no more proof is needed."""
        return bool(exchange.failure) and self._hung[exchange.case.operation.label] > 1

    def watch(self, exchange: Exchange) -> None:
        """Take note of *exchange*. Raises `Gone` or `Lost` where it makes no sense to go on."""
        if exchange.failure == TIMED_OUT:
            self._hang(exchange)
        self.silent = self.silent + 1 if exchange.failure else 0
        self._last = exchange.case.operation
        if self.silent >= DEAD_AFTER:
            self.settle()

    def settle(self) -> None:
        """Where the last requests got no answer, ask whether anybody is there. Raises `Dead` or `Lost`."""
        if not self.silent or self._last is None:
            return
        # Not every request that gets no answer means a dead server: the simplest one may.
        if failure := self._ask(pulse(self._last)).failure:
            why = f"the target stopped answering: {self._target.redact(failure)}"
            self._give_up(self._last, Dead(why))
        self.silent = 0

    def _hang(self, exchange: Exchange) -> None:
        operation, usual = exchange.case.operation, self._latency.usual
        self._hung[operation.label] += 1
        number = self._hung[operation.label]
        if number == 1:
            self._target.hurry(max(LESS_PATIENCE, 50 * usual))
        elif number == PROOFS:
            self._target.hurry(max(LITTLE_PATIENCE, 10 * usual))
        elif number >= PROOFS + MORE_HANGS:
            self._give_up(operation, Gone(f"the target let {number} requests wait in vain"))

    def _give_up(self, operation: Operation, why: Gone) -> None:
        """Give up *operation* if another one still answers; else all of them, for the reason *why*."""
        self.silent = 0
        for other in self._contract.operations:
            alive = other is not operation and not reason_not_checked(other)
            if alive and not self._ask(pulse(other)).failure:
                raise Lost(operation, str(why))
        raise why


def heed(exchange: Exchange) -> None:
    """Raise `Busy` where *exchange* was put off: what is answered then is evidence of nothing."""
    seconds = asked_to_wait(exchange)
    if seconds is None:
        return
    asking = f" and asks to wait {seconds:.0f} s" if seconds >= 0 else ""
    is_declared = exchange.case.operation.rate_limit is not None
    advice = "--max-time says how long to wait for it" if is_declared else "--rate keeps below it"
    raise Busy(f"the target limits the rate of requests ({exchange.status}){asking}; {advice}")


def pulse(operation: Operation) -> Case:
    """The simplest request of *operation*."""
    return base(operation).case("still there?", "", Due.ACCEPT, operation.pointer)
