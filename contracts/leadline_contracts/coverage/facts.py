"""What was exercised, as plain facts, and whether that is enough."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

KINDS = (
    "operations",
    "parameters",
    "fields",
    "enum-values",
    "keywords-accepted",
    "keywords-broken",
    "statuses",
    "media-types",
    "credentials",
    "response-fields",
    "response-enum-values",
)
"""In the order in which they are told."""
_SERVERS = frozenset(("response-fields", "response-enum-values"))
"""What a server may leave out of every answer and still be right: no part of the overall share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """
    One part of the contract, at *pointer*, and how many exchanges exercised it.

    What no request can be sure to provoke, as the status 500, is not *counted*.
    """

    kind: str
    operation: str
    pointer: str
    label: str
    count: int
    counted: bool = True

    @property
    def exercised(self) -> bool:
        """Whether it was exercised at all."""
        return self.count > 0

    @property
    def name(self) -> str:
        """`POST /leads: body reason`."""
        return f"{self.operation}: {self.label}" if self.label else self.operation


@dataclass(frozen=True, slots=True)
class Share:
    """How many of *total* items were *exercised*."""

    exercised: int
    total: int

    def __str__(self) -> str:
        return f"{self.exercised:,} of {self.total:,}"

    @property
    def percent(self) -> float:
        """With one decimal, rounded down: 100 means all. Of nothing, all was exercised."""
        return math.floor(1000 * self.exercised / self.total) / 10 if self.total else 100.0


@dataclass(frozen=True, slots=True)
class Covered:
    """Every *item* of the contract, in the order of `KINDS` and of the document."""

    items: tuple[Item, ...] = ()

    @property
    def overall(self) -> Share:
        """The share of everything that requests alone can exercise."""
        return _share(item for item in self.items if item.kind not in _SERVERS)

    def of(self, kind: str) -> Share:
        """The share of the items of one *kind*."""
        return _share(item for item in self.items if item.kind == kind)

    def missing(self, kind: str = "") -> tuple[Item, ...]:
        """The counted items, all that count overall or those of one *kind*, not exercised."""
        return tuple(
            item
            for item in self.items
            if item.counted
            and not item.exercised
            and (item.kind == kind if kind else item.kind not in _SERVERS)
        )


def _share(items: Iterable[Item]) -> Share:
    counted = [item for item in items if item.counted]
    return Share(sum(item.exercised for item in counted), len(counted))


@dataclass(frozen=True, slots=True)
class Requirement:
    """At least so many *percent* of one *kind* have to be exercised; overall where that is empty."""

    kind: str
    percent: float


def requirement(text: str) -> Requirement:
    """The requirement that `95` or `fields=95` asks for. Raises `ValueError` for anything else."""
    kind, separator, number = text.rpartition("=")
    if separator and kind not in KINDS:
        raise ValueError(f"`{kind}` is none of: {', '.join(KINDS)}")
    try:
        percent = float(number)
    except ValueError:
        percent = math.nan
    if not 0 <= percent <= 100:
        raise ValueError(f"`{number}` is no percentage")
    return Requirement(kind, percent)


def unmet(covered: Covered, requirements: Sequence[Requirement], shown: int = 10) -> list[str]:
    """A sentence for each of *requirements* that is not met, with up to *shown* of what is missing."""
    told = []
    for wanted in requirements:
        share = covered.of(wanted.kind) if wanted.kind else covered.overall
        if 100 * share.exercised >= wanted.percent * share.total:
            continue
        missing = covered.missing(wanted.kind)
        names = [f"{item.kind}: {item.name}" for item in missing[:shown]]
        more = [f"and {len(missing) - shown} more"] if len(missing) > shown else []
        what = wanted.kind or "the contract"
        told.append(
            f"{share.percent:g} % of {what} exercised, {wanted.percent:g} % required;"
            f" not exercised: {'; '.join([*names, *more])}"
        )
    return told
