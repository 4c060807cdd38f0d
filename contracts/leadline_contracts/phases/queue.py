"""The certificate's cases on their way: which are made, which are sent, which are left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from leadline_contracts.case import Case
from leadline_openapi import Operation

EARLY = 600
"""Cases that are sent as they are made, so that most defects are seen at once; then the rest is made."""


class Queue:
    """
    The cases of *source*, handed out as they are made, but for those of operations that were given up.

    With an *order* all are made before, and those that are left are handed out as it arranges them. When
    the last one is handed out, it is known how many there are. What *may* not be handed out, while so
    many of its operation are under way, waits.
    """

    def __init__(
        self,
        source: Iterable[Case],
        order: Callable[[Sequence[Case]], Iterable[Case]] | None = None,
        may: Callable[[Case, int], bool] = lambda *_: True,
    ) -> None:
        self._source, self._order, self._may = iter(source), order, may
        self._made: list[Case] = []
        self._sent: set[int] = set()
        self._settled: set[int] = set()
        self._given_up: set[str] = set()
        self._under_way: Counter[str] = Counter()
        self._finished = False
        if order is not None:
            self.finish()

    @property
    def total(self) -> int:
        """How many cases there are; 0 where that is not known."""
        return len(self._made) if self._finished else 0

    @property
    def sent(self) -> int:
        """How many cases were sent and answered."""
        return len(self._sent)

    @property
    def waiting(self) -> bool:
        """Whether there may be a case left to be sent."""
        return not self._finished or len(self._settled) < len(self._made)

    def __iter__(self) -> Iterator[Case]:
        left = self._as_made()
        if self._order is not None:
            left = iter(self._order([case for case in left if id(case) not in self._settled]))
        self._under_way.clear()
        for case in left:
            label = case.operation.label
            if label in self._given_up:
                self._settled.add(id(case))
            elif id(case) not in self._settled and self._may(case, self._under_way[label]):
                self._under_way[label] += 1
                yield case

    def _as_made(self) -> Iterator[Case]:
        number = 0
        while self._reaches(number):
            yield self._made[number]
            number += 1

    def _reaches(self, number: int) -> bool:
        """Whether there is a case of this *number*; the one after it is made too, to know the last."""
        while not self._finished and len(self._made) < number + 2:
            if number + 2 > EARLY:
                self.finish()
            elif (case := next(self._source, None)) is not None:
                self._made.append(case)
            else:
                self._finished = True
        return number < len(self._made)

    def finish(self) -> None:
        """Make all cases that are not made yet."""
        self._made += self._source
        self._finished = True

    def take(self, case: Case) -> None:
        """Note that *case* was sent and answered."""
        self._sent.add(id(case))
        self._settled.add(id(case))
        self._under_way[case.operation.label] -= 1

    def give_up(self, operation: Operation) -> None:
        """Hand out no further case of *operation*."""
        self._given_up.add(operation.label)

    def of(self, operation: Operation) -> list[Case]:
        """The cases of *operation* that are made."""
        return [case for case in self._made if case.operation is operation]

    def left(self) -> Counter[tuple[str, str]]:
        """How many cases were made and not sent, by operation and class."""
        left = (case for case in self._made if id(case) not in self._sent)
        return Counter((case.operation.label, case.kind) for case in left)
