"""Answers that stand in an envelope which the contract does not have, or no longer in one that it has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from leadline_contracts.reconcile.proposal import DECIDE, Draft, listed
from leadline_contracts.reconcile.subject import Subject

_WHY = (
    "An overlay that takes these away takes along what is said of them, as with "
    "`x-echo` and `x-server-value`: nothing would be checked any more. Write down by hand where they stand."
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is to be said of *subjects*, which all moved at once."""

    draft: Draft
    subjects: tuple[Subject, ...]


def found(subjects: Sequence[Subject]) -> Iterator[Envelope]:
    """The envelopes that B has and A has not, or the other way round."""
    holders: dict[tuple[str, tuple[str, ...]], list[Subject]] = defaultdict(list)
    for one in subjects:
        holders[one.own.label, one.place.path[:-1]].append(one)
    for ones in holders.values():
        lost = [one for one in ones if one.kinds == {"only in A"}]
        gained = [one for one in ones if one.kinds == {"only in B"} and not one.place.known]
        for one in gained:
            names = {name for value in one.own.values if isinstance(value, dict) for name in value}
            yield from _moved(one, [each for each in lost if each.name in names], "stand in")
        for one in lost:
            names = set(one.place.members)
            yield from _moved(
                one, [each for each in gained if each.name in names], "no longer stand in"
            )


def _moved(around: Subject, moved: list[Subject], how: str) -> Iterator[Envelope]:
    if not moved:
        return
    every = (around, *moved)
    names = listed([one.name for one in moved])
    draft = around.drafted(f"{names} {how} `{around.name}`", _WHY, wrong=DECIDE)
    yield Envelope(draft.about(at for one in every for at in one.matters), every)
