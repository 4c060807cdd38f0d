"""How faithful one server is to another: a figure, and where it comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from leadline_contracts.case import Case
from leadline_contracts.compare.difference import ASPECTS, Difference
from leadline_contracts.coverage import Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """
    The cases of one *area* of an *operation*: how many were compared, and how many of them are the same
    in status and in body; *differing* counts those that differ in each aspect.
    """

    operation: str
    area: str
    cases: int
    same: int
    differing: tuple[tuple[str, int], ...]


class Fidelity:
    """Counts cases that were compared; each once."""

    def __init__(self) -> None:
        self._cases: Counter[tuple[str, str]] = Counter()
        self._same: Counter[tuple[str, str]] = Counter()
        self._aspects: Counter[tuple[str, str, str]] = Counter()

    def take(self, case: Case, found: Iterable[Difference], *, same: bool) -> None:
        """Count *case*; *found* are its differences, *same* says whether status and body are."""
        key = case.operation.label, case.kind
        self._cases[key] += 1
        self._same[key] += same
        for aspect in {one.aspect for one in found}:
            self._aspects[(*key, aspect)] += 1

    @property
    def share(self) -> Share:
        """The cases that are the same in status and in body, of all."""
        return Share(self._same.total(), self._cases.total())

    def areas(self) -> tuple[Area, ...]:
        """By area, in the order in which they were met first."""
        return tuple(
            Area(
                operation=key[0],
                area=key[1],
                cases=count,
                same=self._same[key],
                differing=tuple(
                    (aspect, self._aspects[(*key, aspect)])
                    for aspect in ASPECTS
                    if self._aspects[(*key, aspect)]
                ),
            )
            for key, count in self._cases.items()
        )
