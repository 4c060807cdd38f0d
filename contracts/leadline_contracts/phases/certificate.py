"""The certificate: every case of an operation, in its order, over one connection or several."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, islice
from queue import SimpleQueue
from typing import Protocol, TypeVar

from leadline_contracts.case import Case
from leadline_contracts.target import Target

SLOW = 0.02
"""Seconds of a usual answer from which on several connections are worth it."""
CONNECTIONS = 8
_FIRST = 24
"""Cases after which it is known how fast a server is."""

_Sent_co = TypeVar("_Sent_co", covariant=True)
_Answer = TypeVar("_Answer")


class Asked(Protocol[_Sent_co]):
    """Whatever takes cases: a server, or several under one hand."""

    def send(self, case: Case) -> _Sent_co:
        """Send *case* and wait for what comes back."""
        ...

    def another(self) -> Asked[_Sent_co]:
        """The same over connections of its own."""
        ...

    def close(self) -> None:
        """Let go of connections."""


def exchanges(
    target: Asked[_Answer], cases: Iterable[Case], workers: Callable[[Case], int]
) -> Iterator[_Answer]:
    """
    Send *cases* to *target*; gives what comes back in the order of the cases.

    *workers* says after the first cases over how many connections the others go at once; it may send
    the case that it is given to find out.
    """
    coming = iter(cases)
    yield from map(target.send, islice(coming, _FIRST))
    probe = next(coming, None)
    if probe is None:
        return
    count = workers(probe)
    if count == 1:
        yield from map(target.send, chain([probe], coming))
    else:
        yield from _spread(target, chain([probe], coming), count)


def takes_another(target: Target, probe: Case, usual: float) -> bool:
    """
    Whether the server answers *probe* on a second connection while the first one is kept.

    One that serves its connections one after the other does not; *usual* is how many seconds it takes.
    """
    other = target.another()
    other.hurry(max(1.0, 20 * usual))
    try:
        return not other.send(probe).failure
    finally:
        other.close()


def _spread(target: Asked[_Answer], cases: Iterable[Case], workers: int) -> Iterator[_Answer]:
    free: SimpleQueue[Asked[_Answer]] = SimpleQueue()
    others = [target.another() for _ in range(workers)]
    for other in others:
        free.put(other)

    def send(case: Case) -> _Answer:
        mine = free.get()
        try:
            return mine.send(case)
        finally:
            free.put(mine)

    under_way: deque[Future[_Answer]] = deque()
    pool = ThreadPoolExecutor(workers)
    try:
        for case in cases:
            under_way.append(pool.submit(send, case))
            if len(under_way) > workers:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
        for other in others:
            other.close()
