"""The score: how many of the mutants that count were killed, by family."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from leadline_contracts.mutants.trial import (
    EQUIVALENT,
    KILLED,
    SURVIVED,
    UNDECIDED,
    Verdict,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """
    What is known of *verdicts*: mutants of *contract*, of *derived* in all, tried in *seconds*.

    *suite* names what was tried on them, *seed* is that of the sample; *stopped* says that not all that
    were meant to be tried were.
    """

    contract: str
    suite: str
    verdicts: tuple[Verdict, ...]
    derived: int
    meant: int
    seed: int
    seconds: float
    stopped: bool = False

    def count(self, outcome: str) -> int:
        """How many mutants came to *outcome*."""
        return sum(one.outcome == outcome for one in self.verdicts)

    @property
    def percent(self) -> float | None:
        """Killed of killed and survived; `None` where there are neither."""
        return percent(self.count(KILLED), self.count(SURVIVED))

    @property
    def survivors(self) -> tuple[Verdict, ...]:
        """The mutants that the suite missed."""
        return tuple(one for one in self.verdicts if one.outcome == SURVIVED)

    @property
    def undecided(self) -> tuple[Verdict, ...]:
        """The mutants that were missed, and that may be no defects at all."""
        return tuple(one for one in self.verdicts if one.outcome == UNDECIDED)

    @property
    def families(self) -> dict[str, Counter[str]]:
        """How many of each family came to each outcome."""
        found: dict[str, Counter[str]] = {}
        for one in self.verdicts:
            found.setdefault(one.family, Counter())[one.outcome] += 1
        return found

    @property
    def killers(self) -> Counter[str]:
        """How many mutants each rule of the suite killed."""
        return Counter(one.rule for one in self.verdicts if one.outcome == KILLED)

    @property
    def times(self) -> tuple[float, float, float]:
        """Seconds for one mutant: the least, the median, the most."""
        return spread([one.seconds for one in self.verdicts if one.outcome != EQUIVALENT])

    @property
    def requests(self) -> tuple[float, float, float]:
        """Requests until a mutant was killed: the least, the median, the most."""
        return spread([one.requests for one in self.verdicts if one.outcome == KILLED])


def percent(killed: int, survived: int) -> float | None:
    """The score of so many."""
    return 100 * killed / (killed + survived) if killed + survived else None


def spread(numbers: Sequence[float]) -> tuple[float, float, float]:
    """The least, the median and the most of *numbers*."""
    if not numbers:
        return (0, 0, 0)
    return min(numbers), statistics.median(numbers), max(numbers)
