"""The certificate: every case of an operation, in its order, over one connection or several."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue

from leadline_contracts.case import Case, Exchange
from leadline_contracts.target import Target


def exchanges(target: Target, cases: Sequence[Case], workers: int) -> Iterator[Exchange]:
    """
    Send *cases* to *target*; gives the exchanges in the order of the cases.

    With several *workers* as many requests are under way at once, each on a connection of its own.
    """
    if workers == 1:
        yield from map(target.send, cases)
        return
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
