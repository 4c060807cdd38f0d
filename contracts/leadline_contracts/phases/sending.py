"""The certificate on its way, as far as time and requests go; where that is not far, the best first."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager

from leadline_contracts.case import Case
from leadline_contracts.cases.priority import covering, made
from leadline_contracts.options import Options
from leadline_contracts.phases import certificate
from leadline_contracts.phases.means import Means
from leadline_contracts.phases.queue import Queue
from leadline_contracts.sender import Sender
from leadline_contracts.vigil import heed
from leadline_openapi import Contract, Operation

_MAKING = 0.125
"""The share of a limited time in which cases are made, at most."""

Make = Callable[[Operation], Iterable[Case]]
"""Makes the cases of an operation."""


class Sending:
    """
    The certificates of *contract*, sent by *sender* within the *means* of the run.

    *losing* is entered around what may end an operation; *tell* takes how many cases of how many were
    answered.
    """

    def __init__(
        self,
        contract: Contract,
        sender: Sender,
        means: Means,
        make: Make,
        losing: Callable[[], AbstractContextManager[None]],
        tell: Callable[[int, int], None],
    ) -> None:
        self._contract, self._sender, self._means = contract, sender, means
        self._make, self._losing, self._tell = make, losing, tell
        self._queues: list[Queue] = []
        self._kept: dict[str, float] = {}
        self._is_whole = True

    @property
    def _options(self) -> Options:
        return self._sender.options

    def certify(self, operations: Sequence[Operation]) -> None:
        """Send the cases of *operations*, but for what is kept for other phases."""
        self._kept = {one.label: self._means.requests_later(one) for one in operations}
        queue = self._queue(operations)
        self._queues.append(queue)
        self._send(queue, keeps_time=True)

    def finish(self) -> None:
        """What is left over is the certificate's again."""
        self._kept = {}
        for queue in self._queues:
            if queue.waiting:
                self._send(queue, keeps_time=False)

    def make_all(self) -> None:
        """Make what is not made yet, to be counted."""
        for queue in self._queues:
            queue.finish()

    def give_up(self, operation: Operation) -> None:
        """Send no further case of *operation*."""
        for queue in self._queues:
            queue.give_up(operation)

    def of(self, operation: Operation) -> list[Case]:
        """The cases of *operation* that are made."""
        return [case for queue in self._queues for case in queue.of(operation)]

    @property
    def waiting(self) -> bool:
        """Whether a case is left that could be sent if there were the means."""
        return not self._is_whole or any(queue.waiting for queue in self._queues)

    @property
    def how_far(self) -> str:
        """`300 of 2,300 cases of the certificate`."""
        sent = sum(queue.sent for queue in self._queues)
        of = f" of {self.total:,}" if self.total else ""
        return f"{sent:,}{of} cases of the certificate"

    @property
    def total(self) -> int:
        """How many cases there are; 0 where that is not known."""
        return sum(queue.total for queue in self._queues) if self._is_whole else 0

    def left(self) -> Counter[tuple[str, str]]:
        """How many cases were made and not sent, by operation and class."""
        return sum((queue.left() for queue in self._queues), Counter[tuple[str, str]]())

    def _queue(self, operations: Sequence[Operation]) -> Queue:
        limit = self._options.max_time
        if limit == math.inf and not any(one.rate_limit for one in operations):
            return Queue(self._make(operations[0]))
        until = time.monotonic() + _MAKING * limit
        cases, is_whole = made(map(self._make, operations), until)
        self._is_whole &= is_whole
        room = sum(self._means.left(one) - self._kept[one.label] for one in operations)
        hurried = limit < math.inf or len(cases) > room
        return Queue(cases, self._in_order if hurried else None, self._may)

    def _in_order(self, cases: Sequence[Case]) -> Iterable[Case]:
        return covering(self._contract, cases, self._sender.coverage.exercised)

    def _may(self, case: Case, under_way: int) -> bool:
        """Whether the contract allows one request more than those that are *under_way*."""
        operation = case.operation
        return self._means.left(operation) - under_way > self._kept.get(operation.label, 0)

    def _send(self, queue: Queue, *, keeps_time: bool) -> None:
        """Send what waits in *queue*, until the time is up that it has."""
        began = time.monotonic()
        exchanges = certificate.exchanges(self._sender.target, queue, self._workers)
        for number, exchange in enumerate(exchanges, 1):
            heed(exchange)  # what was put off still waits
            queue.take(exchange.case)
            with self._losing():
                self._sender.take(exchange)
            self._tell(queue.sent, queue.total)
            pace = (time.monotonic() - began) / number
            kept = self._means.seconds_later(pace, len(self._contract.operations))
            if self._means.are_up(kept if keeps_time else 0.0) and queue.waiting:
                return

    def _workers(self, probe: Case) -> int:
        """Over how many connections to go on: as many as were asked for, or as a slow server takes."""
        if self._options.workers is not None:
            return self._options.workers
        usual = self._sender.latency.usual
        if usual < certificate.SLOW or self._means.left(probe.operation) < 2:
            return 1
        several = certificate.takes_another(self._sender.target, probe, usual)
        return certificate.CONNECTIONS if several else 1
