"""The way through two documents at once: which places face each other, and how they were reached."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from leadline_openapi.diff.carriers import Carriers
from leadline_openapi.diff.view import Places

Pair = tuple[Places, Places]
"""Places of the old document, and those of the new one that are about the same value."""


@dataclass(frozen=True, slots=True)
class Use:
    """
    Where a value travels: *label* says it for a person, *operation* names the operation.

    *is_always* is true where the old contract has it there in every exchange; *carriers* are what it is
    written in as text, before and now, and `None` where it is JSON.
    """

    label: str
    operation: str
    is_always: bool = False
    carriers: Carriers | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """
    From a value into it: to a member, to an item (any for `None`), or to a schema about the same value.

    *example* is a name that stands for those that a pattern matches.
    """

    kind: Literal["member", "item", "same"]
    name: str = ""
    index: int | None = None
    example: str = ""

    @property
    def text(self) -> str:
        """How people write it."""
        match self.kind:
            case "member":
                return f".{self.name}"
            case "item":
                return f"[{'' if self.index is None else self.index}]"
        return ""


SAME = Step("same")
_MOST_WAYS = 12
"""Ways back from one pair that are looked at."""


@dataclass(frozen=True, slots=True)
class Way:
    """From a use to a pair: the pairs on the way, the first of which is the whole, and the steps between."""

    use: Use
    pairs: tuple[Pair, ...]
    steps: tuple[Step, ...]

    @property
    def text(self) -> str:
        """The way as people write it: `searches[].id`; empty for the whole."""
        return "".join(step.text for step in self.steps).removeprefix(".")


class Walk:
    """Pairs that are still to be compared, each once, however many ways lead to it."""

    def __init__(self) -> None:
        self._waiting: deque[Pair] = deque()
        self._ways: dict[Pair, list[tuple[Pair | Use, Step]]] = {}

    def start(self, pair: Pair, use: Use) -> None:
        """*pair* is what travels at *use*."""
        self._reach(pair, use, SAME)

    def enter(self, pair: Pair, outer: Pair, step: Step) -> None:
        """*pair* is reached from *outer* by *step*."""
        self._reach(pair, outer, step)

    def pairs(self) -> Iterator[Pair]:
        """Every pair, nearest first; more may be reached meanwhile."""
        while self._waiting:
            yield self._waiting.popleft()

    def way(self, pair: Pair) -> Way:
        """The way on which *pair* was reached first, which is a shortest one."""
        pairs, steps = [pair], list[Step]()
        while True:
            outer, step = self._ways[pairs[0]][0]
            if isinstance(outer, Use):
                return Way(outer, tuple(pairs), tuple(steps))
            pairs.insert(0, outer)
            steps.insert(0, step)

    def ways(self, pair: Pair) -> Iterator[Way]:
        """Ways that lead to *pair*, the shortest first; a dozen at most."""
        first = self.way(pair)
        yield first
        waiting: deque[tuple[tuple[Pair, ...], tuple[Step, ...]]] = deque([((pair,), ())])
        for _ in range(_MOST_WAYS * 20):
            if not waiting:
                return
            pairs, steps = waiting.popleft()
            for outer, step in self._ways[pairs[0]][:_MOST_WAYS]:
                if not isinstance(outer, Use):
                    if outer not in pairs:
                        waiting.append(((outer, *pairs), (step, *steps)))
                elif (found := Way(outer, pairs, steps)) != first:
                    yield found

    def roots(self, pair: Pair) -> Iterator[tuple[Pair, Use]]:
        """Every whole that *pair* is a part of."""
        known, waiting = {pair}, [pair]
        while waiting:
            inner = waiting.pop()
            for outer, _ in self._ways.get(inner, ()):
                if isinstance(outer, Use):
                    yield inner, outer
                elif outer not in known:
                    known.add(outer)
                    waiting.append(outer)

    def is_left_out(self, pair: Pair, is_required: Callable[[Pair, str], bool]) -> bool:
        """Whether on any way the value of *pair* may be absent; *is_required* says it of a member."""
        for one in (pair, *self.around(pair)):
            for outer, step in self._ways.get(one, ()):
                if isinstance(outer, Use):
                    if not outer.is_always:
                        return True
                elif step.kind == "member" and not is_required(outer, step.name):
                    return True
        return False

    def around(self, pair: Pair) -> Iterator[Pair]:
        """Every pair about the same value that *pair* is a variant of."""
        known, waiting = {pair}, [pair]
        while waiting:
            for outer, step in self._ways.get(waiting.pop(), ()):
                if step == SAME and not isinstance(outer, Use) and outer not in known:
                    known.add(outer)
                    waiting.append(outer)
                    yield outer

    def _reach(self, pair: Pair, outer: Pair | Use, step: Step) -> None:
        if pair not in self._ways:
            self._ways[pair] = []
            self._waiting.append(pair)
        self._ways[pair].append((outer, step))
