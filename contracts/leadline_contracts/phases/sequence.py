"""Requests in sequence: repeats, and what each kind of request leaves behind for the next one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from leadline_contracts.case import Case, Due

AREA = "sequence"


def cases(certificate: Sequence[Case]) -> Iterator[Case]:
    """
    Cases of the *certificate* once more, each after one that may have left something behind.

    The simplest and the largest request are repeated, and follow on one that is refused, denied,
    malformed, or the other one; nothing of that may show.
    """
    simple, large = _extremes(certificate)
    if simple is None or large is None:
        return
    disturbing = [
        next((case for case in certificate if wanted(case)), None)
        for wanted in (
            lambda case: case.due is Due.REFUSE and not case.malformed,
            lambda case: case.due is Due.REFUSE and case.malformed,
            lambda case: case.due is Due.DENY,
        )
    ]
    order: list[Case] = [large, large, simple, simple, large]
    for case in disturbing:
        if case is not None:
            order += [case, simple, case, large, simple]
    before = ""
    for case in order:
        yield replace(case, area=AREA, name=f"{case.name}, after {before}" if before else case.name)
        before = case.name


def _extremes(certificate: Sequence[Case]) -> tuple[Case | None, Case | None]:
    """The shortest accepted request, and the longest of ordinary size."""
    accepted = [case for case in certificate if case.due is Due.ACCEPT]
    ordinary = [case for case in accepted if len(case.body or b"") < _ORDINARY] or accepted
    size = _size
    return min(ordinary, key=size, default=None), max(ordinary, key=size, default=None)


_ORDINARY = 50_000
"""Bytes."""


def _size(case: Case) -> int:
    return len(case.body or b"") + len(case.target)
