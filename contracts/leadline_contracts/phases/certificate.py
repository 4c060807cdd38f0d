"""The certificate: every case of an operation, in its order, over one connection or several."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue

from leadline_contracts.case import Case, Exchange
from leadline_contracts.target import Target

SLOW = 0.02
"""Seconds of a usual answer from which on several connections are worth it."""
CONNECTIONS = 8
_FIRST = 24
"""Cases after which it is known how fast a server is."""


def exchanges(
    target: Target, cases: Sequence[Case], workers: Callable[[], int]
) -> Iterator[Exchange]:
    """
    Send *cases* to *target*; gives the exchanges in the order of the cases.

    *workers* says after the first cases over how many connections the others go at once.
    """
    yield from map(target.send, cases[:_FIRST])
    count = workers() if len(cases) > _FIRST else 1
    if count == 1:
        yield from map(target.send, cases[_FIRST:])
    else:
        yield from _spread(target, cases[_FIRST:], count)


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


def _spread(target: Target, cases: Sequence[Case], workers: int) -> Iterator[Exchange]:
    free: SimpleQueue[Target] = SimpleQueue()
    others = [target.another() for _ in range(workers)]
    for other in others:
        free.put(other)

    def send(case: Case) -> Exchange:
        mine = free.get()
        try:
            return mine.send(case)
        finally:
            free.put(mine)

    under_way: deque[Future[Exchange]] = deque()
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
