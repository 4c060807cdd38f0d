"""Many requests to one server: does its memory stay where it is?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.mocks.load import press
from benchmarks.mocks.processes import Running, resident
from benchmarks.mocks.work import Work

TENTHS = 10
SLICE = 1
"""Seconds of load between two looks at how far it is."""


@dataclass(frozen=True)
class Mark:
    """After so many *requests*, of which *failed* were not answered yes: memory in *resident* bytes."""

    requests: int
    resident: int
    failed: int


def soak(server: Running, work: Work, requests: int) -> Iterator[Mark]:
    """Send at least *requests*; gives a mark whenever another tenth of them is done."""
    done = failed = passed = 0
    while done < requests:
        load = press(server, work, SLICE)
        done, failed = done + load.requests, failed + load.failed
        tenth = min(TENTHS, done * TENTHS // requests)
        if tenth > passed:
            passed = tenth
            yield Mark(done, resident(server.pid), failed)


def growth(marks: list[Mark]) -> float:
    """By how many percent memory grew after the first mark."""
    return (marks[-1].resident / marks[0].resident - 1) * 100
