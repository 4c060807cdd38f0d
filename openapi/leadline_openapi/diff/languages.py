"""Languages: sets of texts, told by states between which characters lead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

TOP = 0x110000
"""The first number that is no code point."""

MOST_STATES = 4000
Ranges = tuple[tuple[int, int], ...]
"""Characters, as half-open ranges of code points."""


class Unread(Exception):
    """The texts are told in a way that is not read here, or there are too many states."""


class Language(Protocol):
    """Texts that are looked at character by character."""

    @property
    def first(self) -> Any:
        """The state of the empty text."""
        ...

    def moved(self, state: Any, character: int, /) -> Any:
        """Where *character* leads to from *state*."""
        ...

    def limits(self, state: Any, /) -> set[int]:
        """The characters at which it changes where they lead to from *state*."""
        ...

    def accepts(self, state: Any, /) -> bool:
        """Whether a text that leads to *state* is one."""
        ...

    def is_over(self, state: Any, /) -> bool:
        """Whether no text that goes on from *state* is one."""
        ...


@dataclass
class Automaton:
    """A nondeterministic automaton: *steps* by state, *free* moves, one start and one end."""

    steps: list[list[tuple[Ranges, int]]] = field(default_factory=list)
    free: list[list[int]] = field(default_factory=list)
    start: int = 0
    end: int = 0

    def state(self) -> int:
        """A state more. Raises `Unread` where there would be too many."""
        if len(self.steps) > MOST_STATES:
            raise Unread
        self.steps.append([])
        self.free.append([])
        return len(self.steps) - 1

    @cached_property
    def first(self) -> frozenset[int]:
        """The states of the empty text."""
        return self.closed([self.start])

    def accepts(self, states: frozenset[int]) -> bool:
        """Whether a text that leads to *states* is one."""
        return self.end in states

    def is_over(self, states: frozenset[int]) -> bool:
        """Whether no text that goes on from *states* is one."""
        return not states

    def closed(self, states: Iterable[int]) -> frozenset[int]:
        """*states* and all that are reached from them for free."""
        waiting = list(states)
        found = set(waiting)
        while waiting:
            for following in self.free[waiting.pop()]:
                if following not in found:
                    found.add(following)
                    waiting.append(following)
        return frozenset(found)

    def moved(self, states: frozenset[int], character: int) -> frozenset[int]:
        """Where *character* leads to from *states*."""
        return self.closed(
            to
            for state in states
            for ranges, to in self.steps[state]
            if any(low <= character < high for low, high in ranges)
        )

    def limits(self, states: frozenset[int]) -> set[int]:
        """The characters at which the steps from *states* change."""
        return {
            one
            for state in states
            for ranges, _ in self.steps[state]
            for low, high in ranges
            for one in (low, high)
        }


@dataclass(frozen=True, slots=True)
class Lengths:
    """Texts of at least *least* characters, and of at most *most* if that is not `None`."""

    least: int = 0
    most: int | None = None
    first: int = 0

    def moved(self, state: int, _: int) -> int:
        """One character more; what is too long is not counted any further."""
        return min(state + 1, self.least if self.most is None else max(self.least, self.most + 1))

    def limits(self, _: int) -> set[int]:
        """All characters count the same."""
        return set()

    def accepts(self, state: int) -> bool:
        """Whether a text of *state* characters is one."""
        return state >= self.least and (self.most is None or state <= self.most)

    def is_over(self, state: int) -> bool:
        """Whether *state* characters are too many."""
        return self.most is not None and state > self.most
