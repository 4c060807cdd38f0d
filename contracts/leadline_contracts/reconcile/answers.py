"""What accepted requests are answered, and where that differs from one server to the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from leadline_contracts.case import Case, Due, Exchange
from leadline_contracts.compare.members import parted
from leadline_contracts.compare.normalise import described
from leadline_contracts.compare.outcome import Outcome
from leadline_contracts.oracles.reading import MISSING, reach
from leadline_contracts.reconcile.members import Member
from leadline_contracts.reconcile.places import Path, Place
from leadline_contracts.reconcile.proposal import Draft, Matter
from leadline_contracts.reconcile.routing import ANSWER
from leadline_contracts.reconcile.setting import Setting
from leadline_openapi import pointer as pointers
from leadline_openapi.contract import MediaType
from leadline_openapi.words import ITEMS

_KEPT = 300
"""So many answers to each operation are looked at."""


@dataclass(slots=True)
class _Spot:
    """A place in answers where both servers differ: how, and in how many of them."""

    kinds: set[str]
    matters: set[Matter]
    media: MediaType


class Answers:
    """Takes successes; proposes what the schemas of responses are to say."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._seen: defaultdict[str, list[Exchange]] = defaultdict(list)
        self._spots: dict[tuple[str, Path], _Spot] = {}

    def take(self, case: Case, left: Outcome, right: Outcome, matters: Sequence[Matter]) -> None:
        """Note the answer *right*, and where it differs from *left*."""
        if right.family != 2 or not right.is_json or right.unread or case.due is Due.NOWHERE:
            return
        label = case.operation.label
        if len(self._seen[label]) < _KEPT:
            self._seen[label].append(right.exchange)
        found = {at for at in matters if at[0] == ANSWER}
        media = described(right.exchange)
        if not found or media is None or left.family != 2 or not left.is_json or left.unread:
            return
        for one in parted(left, right)[1]:
            about = {at for at in found if at[2] in {one.pointer, pointers.pointer(one.path[:-1])}}
            spot = self._spots.setdefault((label, one.path), _Spot(set(), set(), media))
            spot.kinds.add(one.kind)
            spot.matters |= about

    def drafts(self) -> Iterator[Draft]:
        """One for each place that differs."""
        for (label, path), spot in self._spots.items():
            if spot.matters and path and ITEMS not in path:
                yield from self._draft(label, path, spot)

    def _draft(self, label: str, path: Path, spot: _Spot) -> Iterator[Draft]:
        answers = [one for one in self._seen[label] if described(one) is not None]
        holders = [one for one in answers if isinstance(reach(one.value, path[:-1]), dict)]
        given = [(one, reach(one.value, path)) for one in holders]
        there = [(one, value) for one, value in given if value is not MISSING]
        place = Place(self._setting, spot.media, path)
        if not place.holder or not self._setting.reaches(place.holder):
            return
        matters = tuple(sorted(spot.matters))
        member = Member(self._setting, place, spot.kinds, matters, there, len(given))
        yield from member.drafts()
