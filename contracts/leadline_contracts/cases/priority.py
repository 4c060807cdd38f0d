"""In which order cases cover most early, for whoever may not have the time for all of them."""

from __future__ import annotations

import heapq
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice

from leadline_contracts.case import Case, Due
from leadline_contracts.coverage import Coverage
from leadline_openapi import Contract, jsontext

_AT_A_TIME = 50
"""So many cases of one source are made before the next one has its turn."""
_LEARNS_AFTER = 20
"""So many cases are handed out before it is asked again what the answers have exercised."""

Item = tuple[str, int]
"""An item of coverage: the label of its operation, and its number there."""


def made(sources: Iterable[Iterable[Case]], until: float) -> tuple[list[Case], bool]:
    """
    The cases of all *sources*, of each as many in turn, until it is *until* (of `time.monotonic`).

    Gives too whether these are all.
    """
    found: list[Case] = []
    waiting = deque(map(iter, sources))
    while waiting and time.monotonic() < until:
        source = waiting.popleft()
        some = list(islice(source, _AT_A_TIME))
        found += some
        waiting.extend([source] if some else ())
    return found, not waiting


def covering(
    contract: Contract,
    cases: Sequence[Case],
    exercised: Callable[[], AbstractSet[Item]] | None = None,
) -> Iterator[Case]:
    """
    *cases* of *contract*, those first that cover most of what none before them does; of equals, the first.

    What counts is what coverage counts; where nothing of that is new, classes of cases and values. Where
    *exercised* tells what the answers have exercised, what was sent in vain, because the server refused
    it, is sent again in other cases, in those first that try one thing alone.
    """
    waiting, since = _Waiting(contract, cases), 0
    while waiting:
        if exercised is not None and waiting.all_was_sent and since >= _LEARNS_AFTER:
            waiting.want(exercised())
            since = 0
        since += 1
        yield waiting.pop()


class _Waiting:
    """Cases by what is new in them; as others are handed out that gets less, but for what is wanted again."""

    def __init__(self, contract: Contract, cases: Sequence[Case]) -> None:
        self._contract, self._cases = contract, cases
        coverage = Coverage(contract)
        self._items = [coverage.due(case) for case in cases]
        self._new = [set(items) for items in self._items]
        self._further = [_further(case) for case in cases]
        self._sent: set[Item] = set()
        self._seen: set[object] = set()
        self._again = False
        self._heap = [(self._loss(number), number) for number in range(len(cases))]
        heapq.heapify(self._heap)

    def __bool__(self) -> bool:
        return bool(self._heap)

    @property
    def all_was_sent(self) -> bool:
        """Whether no case is left that holds an item which was not sent yet."""
        self._settle()
        return not self._new[self._heap[0][1]]

    def pop(self) -> Case:
        """The case in which most is new."""
        self._settle()
        _, number = heapq.heappop(self._heap)
        self._sent |= self._new[number]
        self._seen |= self._further[number]
        return self._cases[number]

    def want(self, exercised: AbstractSet[Item]) -> None:
        """Take what was not *exercised* for new."""
        self._sent, self._again = set(exercised), True
        numbers = [number for _, number in self._heap]
        for number in numbers:
            self._new[number] = self._items[number] - exercised
        self._heap = [(self._loss(number), number) for number in numbers]
        heapq.heapify(self._heap)

    def _settle(self) -> None:
        """Bring the case in which most is new to the front: what was known of it may be out of date."""
        while True:
            loss, number = self._heap[0]
            self._new[number] -= self._sent
            self._further[number] -= self._seen
            now = self._loss(number)
            if now == loss:
                return
            heapq.heapreplace(self._heap, (now, number))

    def _loss(self, number: int) -> tuple[bool, int, int]:
        """The smaller, the sooner the case is due."""
        new, further = len(self._new[number]), len(self._further[number])
        return (self._again and (not new or self._cases[number].compound), -new, -further)


def _further(case: Case) -> set[object]:
    """What is worth trying beyond coverage: the class and the rule of *case*, or its valid values."""
    label = case.operation.label
    found: set[object] = {(label, case.kind, case.credential.name)}
    if case.due is not Due.ACCEPT:
        return found | {(label, case.due, case.rule)}
    found |= {(label, pair) for pair in case.target.partition("?")[2].split("&") if pair}
    if isinstance(case.value, dict):
        found |= {(label, name, jsontext.dump(one)) for name, one in case.value.items()}
    return found
