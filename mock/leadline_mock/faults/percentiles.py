"""Delays that spread as those of real servers do."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from leadline_mock.faults.checks import MAX_MILLISECONDS, BadFault, is_number, written
from leadline_openapi.violation import show

SHORTEST = 0.001
"""Milliseconds; a logarithm needs something to start from."""
_NAME = re.compile(r"p([0-9]{1,2}(?:\.[0-9]{1,3})?)")


@dataclass(frozen=True, slots=True)
class Percentiles:
    """
    Delays of which two percentiles are known: each is a rank between 0 and 100, and its milliseconds.

    They follow the log-normal distribution through both, as latencies mostly do. `from_mapping` makes
    one, and checks it.
    """

    lower: tuple[float, float]
    upper: tuple[float, float]

    @classmethod
    def from_mapping(cls, given: Mapping[str, Any]) -> Percentiles:
        """From milliseconds by name, `{"p50": 40, "p99": 800}`. Raises `BadFault`."""
        points = sorted((_rank(name), _milliseconds(name, value)) for name, value in given.items())
        if len(points) != 2 or points[0][0] == points[1][0]:
            told = "two different percentiles such as p50=40,p99=800"
            raise BadFault(f"`delay` must be milliseconds, or {told}")
        if points[0][1] > points[1][1]:
            low, high = (f"p{written(rank)}" for rank, _ in points)
            raise BadFault(f"`delay`: `{low}` must not be longer than `{high}`")
        return cls(points[0], points[1])

    def mapping(self) -> dict[str, float]:
        """What `from_mapping` makes the same from."""
        return {f"p{written(rank)}": value for rank, value in (self.lower, self.upper)}

    def draw(self, random: Random) -> float:
        """One delay, in milliseconds; those beyond what a fault may take are cut."""
        from statistics import (
            NormalDist,
        )  # only who asks for percentiles has to wait for its import

        (low, fast), (high, slow) = self.lower, self.upper
        normal = NormalDist()
        start = normal.inv_cdf(low / 100)
        spread = math.log(slow / fast) / (normal.inv_cdf(high / 100) - start)
        drawn = random.normalvariate(math.log(fast) - spread * start, spread)
        return math.exp(min(drawn, math.log(MAX_MILLISECONDS)))


def _rank(name: str) -> float:
    found = _NAME.fullmatch(name)
    if found is None or not float(found[1]):
        told = "a percentile is written p50 or p99.9, between p0 and p100"
        raise BadFault(f"`delay`: {told}, not {show(name)}")
    return float(found[1])


def _milliseconds(name: str, value: Any) -> float:
    if not is_number(value, SHORTEST, MAX_MILLISECONDS):
        told = f"milliseconds from {SHORTEST} to {MAX_MILLISECONDS}"
        raise BadFault(f"`delay`: `{name}` must be {told}, not {show(value)}")
    return float(value)
