"""What accepted requests are answered, and where that differs from one server to the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from leadline_contracts.case import Case, Due, Exchange
from leadline_contracts.compare.members import parted
from leadline_contracts.compare.normalise import described
from leadline_contracts.compare.outcome import Outcome
from leadline_contracts.oracles.reading import MISSING, reach
from leadline_contracts.overlays import Action
from leadline_contracts.reconcile import envelopes, members, values
from leadline_contracts.reconcile.evidence import Evidence, Seen
from leadline_contracts.reconcile.places import Path, Place
from leadline_contracts.reconcile.proposal import NOBODY, Draft, Matter, listed
from leadline_contracts.reconcile.routing import ANSWER
from leadline_contracts.reconcile.setting import Setting
from leadline_contracts.reconcile.subject import Subject
from leadline_openapi import pointer as pointers
from leadline_openapi.contract import MediaType
from leadline_openapi.leniency.faults import json_type
from leadline_openapi.words import ITEMS

_KEPT = 300
"""So many answers to each operation are looked at."""
_MADE_UP = (
    "Nothing in the contract is called so: requests of this comparison had such a member. What becomes of "
    "members that are `unknown` is told apart."
)
_BLANK = "What comes back as `null` or `[]` says no more than what is not there; the contract admits both."


@dataclass(slots=True)
class _Spot:
    """A place in answers where both servers differ: how, of which types, and in how many of them."""

    media: MediaType
    kinds: set[str] = field(default_factory=set)
    types: set[tuple[str, str]] = field(default_factory=set)
    matters: set[Matter] = field(default_factory=set)
    empty: bool = True


class Answers:
    """Takes successes; proposes what the schemas of responses are to say."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._seen: defaultdict[str, list[Exchange]] = defaultdict(list)
        self._spots: dict[tuple[str, Path], _Spot] = {}
        self._made_up: set[str] = set()

    def take(self, case: Case, left: Outcome, right: Outcome, matters: Sequence[Matter]) -> None:
        """Note the answer *right*, and where it differs from *left*."""
        self._made_up |= self._setting.made_up(case)
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
            spot = self._spots.setdefault((label, one.path), _Spot(media))
            spot.kinds.add(one.kind)
            spot.types.add(_types(left, right, one.path))
            spot.matters |= about
            spot.empty = spot.empty and (one.right is None or one.right == [])

    def drafts(self) -> Iterator[Draft]:
        """One for each place that differs."""
        evidence = Evidence(self._seen, self._setting.real)
        subjects = [
            found
            for (label, path), spot in self._spots.items()
            if (found := self._subject(label, path, spot, evidence))
        ]
        made_up = [one for one in subjects if one.name in self._made_up and not one.place.known]
        blank = [one for one in subjects if members.is_blank(one)]
        yield from _together(made_up, "answered as it was sent", _MADE_UP)
        yield from _together(blank, "empty where A leaves it out", _BLANK)
        wrapped = list(envelopes.found([one for one in subjects if one not in made_up]))
        yield from (one.draft for one in wrapped)
        done = [*made_up, *blank, *(one for each in wrapped for one in each.subjects)]
        yield from _merged(
            (one, draft) for one in subjects if one not in done for draft in _drafts(one)
        )

    def _subject(self, label: str, path: Path, spot: _Spot, evidence: Evidence) -> Subject | None:
        """What there is to be said of at *path*, if anything."""
        if not spot.matters or not path or ITEMS in path:
            return None
        place = Place(self._setting, spot.media, path)
        if not place.holder or not self._setting.reaches(place.holder):
            return None
        answers = [one for one in self._seen[label] if described(one) is not None]
        holders = [one for one in answers if isinstance(reach(one.value, path[:-1]), dict)]
        return Subject(
            setting=self._setting,
            place=place,
            kinds=frozenset(spot.kinds),
            types=frozenset(spot.types),
            empty=spot.empty,
            matters=tuple(sorted(spot.matters)),
            own=Seen(label, [(one, reach(one.value, path)) for one in holders]),
            others=evidence.others(label, path, place.known, place.holder),
        )


def _drafts(one: Subject) -> Iterator[Draft]:
    if one.kinds == {"only in A"}:
        yield members.left_out(one)
    elif one.kinds == {"only in B"}:
        yield members.nothing(one) if one.place.known else members.added(one)
    elif one.kinds == {"another value"}:
        yield from values.another(one)
    elif all(" / " in kind for kind in one.kinds):
        yield values.of_type(one)


def _merged(drafts: Iterable[tuple[Subject, Draft]]) -> Iterator[Draft]:
    """Of what several operations show of one schema, one draft, with the actions of all of them."""
    groups: dict[tuple[str, str, str], list[tuple[Subject, Draft]]] = {}
    for one, draft in drafts:
        groups.setdefault((draft.pointer, draft.wrong, draft.what), []).append((one, draft))
    for group in groups.values():
        first = group[0][1]
        if not first.actions:
            yield from (draft for _, draft in group)
            continue
        more = listed(list(dict.fromkeys(one.own.label for one, _ in group[1:])))
        actions: list[Action] = []
        for action in (action for _, draft in group for action in draft.actions):
            actions += [action] if action not in actions else []
        yield replace(
            first,
            why=f"{first.why} So it is in {more}." if more else first.why,
            matters=tuple(dict.fromkeys(at for _, draft in group for at in draft.matters)),
            actions=tuple(actions),
        )


def _together(subjects: Sequence[Subject], what: str, why: str) -> Iterator[Draft]:
    """That nobody is wrong about *subjects*: one draft for all those of an operation."""
    for label in dict.fromkeys(one.own.label for one in subjects):
        own = [one for one in subjects if one.own.label == label]
        names = listed(list(dict.fromkeys(one.name for one in own)))
        draft = own[0].drafted(f"{names}: {what}", why, wrong=NOBODY)
        yield draft.about(at for one in own for at in one.matters)


def _types(left: Outcome, right: Outcome, path: Path) -> tuple[str, str]:
    """The JSON types of what both servers have at *path*; empty where there is nothing."""
    one, other = (reach(side.exchange.value, path) for side in (left, right))
    return _type(one), _type(other)


def _type(value: Any) -> str:
    return "" if value is MISSING else json_type(value)
