"""Valid requests that the server does not take: the keyword that would explain it, where one does."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from leadline_contracts.case import Case, Due
from leadline_contracts.compare.difference import TOO_LARGE
from leadline_contracts.compare.outcome import Outcome
from leadline_contracts.draft import Draft as Request
from leadline_contracts.draft import base
from leadline_contracts.judge import agrees
from leadline_contracts.overlays import Action, order
from leadline_contracts.reconcile.bounds import Rule, breaks, explanation, is_closed, trials
from leadline_contracts.reconcile.parts import Part, parts
from leadline_contracts.reconcile.proposal import CONTRACT, DECIDE, SERVER, Draft, Matter, listed
from leadline_contracts.reconcile.routing import VALID
from leadline_contracts.reconcile.setting import Setting
from leadline_openapi import Operation, jsontext
from leadline_openapi import pointer as pointers
from leadline_openapi.sample import NoSample

_SURE = 5
"""So many requests with much that is special are refused for what is the same in all of them."""
_OF_ELSE = frozenset((TOO_LARGE, 404))
"""Statuses that speak of the whole body, or of a document that is not there, and of no value."""
_TRIALS = 40
"""So many more requests are made about one member."""


@dataclass(slots=True)
class _Member:
    """
    The values of one part that were sent alone: those that were *taken*, and those that were not.

    *source* is a case that has the *part*; *tried* is what was sent for it in addition; nothing more is to
    be tried for the rule *settled*.
    """

    source: Case
    part: Part
    taken: list[Any] = field(default_factory=list)
    refused: list[Any] = field(default_factory=list)
    tried: list[Any] = field(default_factory=list)
    settled: Rule | None = None
    failed: bool = False
    matters: list[Matter] = field(default_factory=list)
    _known: set[str] = field(default_factory=set)

    def take(self, value: Any) -> None:
        """Note that *value* is taken; many requests have the same."""
        text = repr(value)
        if text not in self._known:
            self._known.add(text)
            self.taken.append(value)


@dataclass(frozen=True, slots=True)
class _Mixed:
    """A valid *case* of several *parts* that are special, which is not taken."""

    matter: Matter
    case: Case
    parts: list[Part]

    def breaks(self, place: str, rule: Rule) -> bool:
        """Whether a value at *place* breaks *rule*."""
        return any(part.place == place and breaks(part.value, rule) for part in self.parts)


class Valid:
    """Takes what becomes of valid requests; proposes a keyword that those break which are not taken."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._members: dict[str, _Member] = {}
        self._bases: dict[str, Request | None] = {}
        self._mixed: list[_Mixed] = []
        self._told: set[str] = set()
        """Operations of which it is known what single part is not taken."""

    def take(self, case: Case, right: Outcome, matters: Iterable[Matter]) -> None:
        """Note *case*, if it differs in one member or parameter from the simplest request."""
        simple = self._base(case.operation)
        if case.due is not Due.ACCEPT or right.failure or simple is None:
            return
        if right.family == 2:
            for part in parts(case, simple):
                self._member(part, case).take(part.value)
        elif right.family in {4, 5} and right.status not in _OF_ELSE:
            about = [one for one in matters if one[0] == VALID]
            every = list(parts(case, simple))
            changed = {part.place: part for part in every if part.changed}
            if len(changed) > 1:
                self._mixed += [_Mixed(one, case, every) for one in about]
            for part in changed.values() if len(changed) == 1 else ():
                self._told.add(case.operation.label)
                member = self._member(part, case)
                member.refused.append(part.value)
                member.failed = member.failed or right.family == 5
                member.matters += about

    def _member(self, part: Part, case: Case) -> _Member:
        return self._members.setdefault(part.place, _Member(case, part))

    def trial(self, but: Collection[str]) -> Case | None:
        """The next request that says more of a bound, *but* not in these operations; `None` for no more."""
        self._single_out()
        for place, member in self._members.items():
            if member.source.operation.label in but:
                continue
            # One size that is taken may be a matter of chance; trying says whether it is one of bounds.
            rule = explanation(member.refused, member.taken, 1) if member.matters else None
            if rule is None or not rule.is_bound or rule == member.settled:
                continue
            if len(member.tried) >= _TRIALS:
                continue
            known = (*member.taken, *member.refused, *member.tried)
            for value in trials(rule, member.refused, member.taken):
                if any(jsontext.same(value, one) for one in known):
                    continue
                case = self._case(place, value)
                if case is not None and agrees(case):
                    member.tried.append(value)
                    return case
            member.settled = rule
        return None

    def _single_out(self) -> None:
        """Of what was never sent alone, the one part by which all is told that is not taken."""
        mixed: dict[str, list[_Mixed]] = {}
        for one in self._mixed:
            if one.case.operation.label not in self._told:
                mixed.setdefault(one.case.operation.label, []).append(one)
        for label, cases in mixed.items():
            places = {part.place for part in cases[0].parts}
            found = {place: rule for place in places if (rule := self._common(place, cases))}
            if len(cases) >= _SURE and len(found) == 1:
                (place,) = found
                self._blame(self._members[place], place, cases)
                self._told.add(label)

    def _common(self, place: str, cases: Sequence[_Mixed]) -> Rule | None:
        """The bound at *place* that all of *cases* break, and nothing that is taken."""
        values = [[part.value for part in one.parts if part.place == place] for one in cases]
        if place not in self._members or any(len(one) != 1 for one in values):
            return None
        return explanation([one for (one,) in values], self._members[place].taken)

    def _blame(self, member: _Member, place: str, cases: Sequence[_Mixed]) -> None:
        for one in cases:
            member.refused += [part.value for part in one.parts if part.place == place]
            member.matters.append(one.matter)

    def _case(self, place: str, value: Any) -> Case | None:
        """The simplest request that has *value* at *place*."""
        member = self._members[place]
        simple = self._base(member.source.operation)
        draft = member.part.put(simple, member.source, value) if simple else None
        if draft is None:
            return None
        shown = jsontext.dump(value).decode()
        return draft.case(f"{shown} near the bound", f"body {member.part.name}", Due.ACCEPT, place)

    def _is_closed(self, place: str, rule: Rule) -> bool:
        """Whether nothing valid is left that would have to be tried before *rule* is said of *place*."""
        return not rule.is_bound or is_closed(rule, lambda one: self._is_valid(place, one))

    def _is_valid(self, place: str, value: Any) -> bool:
        case = self._case(place, value)
        return case is not None and agrees(case)

    def _base(self, operation: Operation) -> Request | None:
        """The simplest request to *operation*, if there is one."""
        if operation.label not in self._bases:
            with suppress(NoSample):
                self._bases[operation.label] = base(operation)
        return self._bases.setdefault(operation.label, None)

    def drafts(self, matters: Iterable[Matter]) -> Iterator[Draft]:
        """One for each keyword, at all siblings that it explains."""
        wanted = set(matters)
        groups: dict[tuple[str, bytes, bool], list[str]] = {}
        rules: dict[str, Rule] = {}
        for place in sorted(self._members, key=order(self._setting.contract)):
            member = self._members[place]
            rule = None
            if wanted & set(member.matters):
                rule = explanation(member.refused, member.taken)
            if rule is not None and self._setting.reaches(place):
                rules[place] = rule
                told = jsontext.dump([rule.keyword, rule.value, rule.items, rule.refused])
                key = place.rpartition("/")[0], told, member.failed
                groups.setdefault(key, []).append(place)
        for mixed in self._mixed:
            broken = (place for place, rule in rules.items() if mixed.breaks(place, rule))
            for place in list(broken)[:1]:
                self._members[place].matters.append(mixed.matter)
        for places in groups.values():
            yield self._draft(places, rules[places[0]])

    def _draft(self, places: list[str], rule: Rule) -> Draft:
        members = [self._members[place] for place in places]
        failed = members[0].failed
        closed = all(self._is_closed(place, rule) for place in places)
        names = listed([one.part.name for one in members])
        said = f"`{rule.keyword}: {jsontext.dump(rule.value).decode()}`"
        what = f"{names}: {'items keep' if rule.items else 'values keep'} {said}"
        if not closed:
            what = f"{names}: valid values are not taken, from some size on"
        count = sum(len(one.refused) for one in members)
        return Draft(
            wrong=SERVER if failed else CONTRACT if closed else DECIDE,
            pointer=places[0],
            what=what + (", and the server fails on others" if failed else ""),
            why=f"{_all(count)} would break it, and none that it takes"
            + _drawn(rule, closed=closed),
            expected="acceptance",
            actual="a failure" if failed else "a refusal",
            matters=tuple(dict.fromkeys(at for one in members for at in one.matters)),
            actions=tuple(self._actions(places, rule, failed=failed)) if closed else (),
        )

    def _actions(self, places: list[str], rule: Rule, *, failed: bool) -> Iterator[Action]:
        if failed and self._members[places[0]].part.parameter:
            return  # what is known of a parameter is not said in its schema
        update: dict[str, Any] = {rule.keyword: rule.value}
        update = {"items": update} if rule.items else update
        if failed:
            update["x-leniency"] = {rule.keyword: "error"}
        names = [pointers.tokens(place)[-1] for place in places]
        parent = places[0].rpartition("/")[0]
        yield self._setting.update_members(parent, names, "What breaks it is not taken.", update)


def _all(count: int) -> str:
    many = "The one value" if count == 1 else f"All {count:,} values"
    return f"{many} that B does not take"


def _drawn(rule: Rule, *, closed: bool) -> str:
    """Between which sizes the bound is, if *rule* is one."""
    if not rule.is_bound:
        return "."
    sizes = f"B takes {rule.value:,} and not {rule.refused:,}"
    if closed:
        return f": {sizes}, and there is nothing in between."
    return f", for `{rule.keyword}`: {sizes}. What is in between was not told apart: ask where the bound is."
