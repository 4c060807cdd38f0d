"""Covering arrays: few rows in which every pair of levels of any two factors stands together.

A factor has so many levels; a row takes one of each. The greedy method of Cohen et al. (AETG, 1997): each
row takes, factor by factor, the level that makes the most new pairs with those taken before. What is
still open is held as one bit for each level, so that a row costs a few machine instructions a level.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Container, Mapping, Sequence
from itertools import accumulate, combinations, product

Row = tuple[int, ...]
Three = tuple[tuple[int, int], ...]
"""Three factors, each with a level."""


def pairs(levels: Sequence[int], begun: Sequence[Row] = ()) -> list[Row]:
    """
    Rows that cover every pair of *levels*, one number for each factor; the same every time.

    *begun* holds the first levels of rows that have to be among them.
    """
    array = _Array(levels)
    rows = [array.row(start) for start in begun]
    while array.open:
        rows.append(array.row(()))
    return rows


def triples(levels: Sequence[int]) -> list[Row]:
    """Rows that cover every three of *levels*, for a handful of factors; all there is of fewer."""
    if len(levels) <= 3:
        return list(product(*map(range, levels)))
    wanted: dict[Three, None] = {
        tuple(zip(chosen, values, strict=True)): None
        for chosen in combinations(range(len(levels)), 3)
        for values in product(*(range(levels[factor]) for factor in chosen))
    }
    rows = []
    while wanted:
        row = dict(next(iter(wanted)))
        for factor in range(len(levels)):
            if factor not in row:
                row[factor] = max(range(levels[factor]), key=_gain(wanted, row, factor))
        rows.append(tuple(row[factor] for factor in range(len(levels))))
        for covered in combinations(sorted(row.items()), 3):
            wanted.pop(covered, None)
    return rows


def _gain(wanted: Container[Three], row: Mapping[int, int], factor: int) -> Callable[[int], int]:
    """How many wanted triples of *row* a level of *factor* makes."""

    def gain(level: int) -> int:
        others = combinations(row.items(), 2)
        return sum(tuple(sorted((*two, (factor, level)))) in wanted for two in others)

    return gain


class _Array:
    """What is covered so far: for each level of each factor, the levels that it has yet to meet."""

    def __init__(self, levels: Sequence[int]) -> None:
        ends = list(accumulate(levels, initial=0))
        every = (1 << ends[-1]) - 1
        self._starts = ends[:-1]
        self._unmet = [
            [every & ~(((1 << count) - 1) << start)] * count
            for count, start in zip(levels, self._starts, strict=True)
        ]
        self._left = [[unmet.bit_count() for unmet in factor] for factor in self._unmet]
        self._weight = ends[-1] + 1
        self._random = random.Random(0)  # noqa: S311 (repeatable, and no secret)

    @property
    def open(self) -> bool:
        """Whether a pair is not covered yet."""
        return any(map(any, self._left))

    def row(self, start: Row) -> Row:
        """The next row, which begins with *start*."""
        taken = dict(enumerate(start))
        met = sum(1 << (self._starts[factor] + level) for factor, level in taken.items())
        for factor in self._order(len(start)):
            taken[factor] = level = self._best(factor, met)
            met |= 1 << (self._starts[factor] + level)
        for factor, level in taken.items():
            unmet = self._unmet[factor][level] & ~met
            self._unmet[factor][level] = unmet
            self._left[factor][level] = unmet.bit_count()
        return tuple(taken[factor] for factor in range(len(self._unmet)))

    def _order(self, begun: int) -> list[int]:
        """The factors from *begun* on, those with the most left to do first."""
        factors = list(range(begun, len(self._unmet)))
        self._random.shuffle(factors)
        return sorted(factors, key=lambda factor: -max(self._left[factor]))

    def _best(self, factor: int, met: int) -> int:
        """The level that meets the most of *met* for the first time; of equals, one that has most left."""
        gains = [
            (unmet & met).bit_count() * self._weight + left
            for unmet, left in zip(self._unmet[factor], self._left[factor], strict=True)
        ]
        best = max(gains)
        equal = [level for level, gain in enumerate(gains) if gain == best]
        return equal[0] if len(equal) == 1 else self._random.choice(equal)
