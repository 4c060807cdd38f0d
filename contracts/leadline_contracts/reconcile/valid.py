"""Valid requests that the server does not take: the keyword that would explain it, where one does."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from leadline_contracts.case import Case, Due
from leadline_contracts.compare.difference import TOO_LARGE
from leadline_contracts.compare.outcome import Outcome
from leadline_contracts.draft import base
from leadline_contracts.judge import agrees
from leadline_contracts.overlays import Action, order
from leadline_contracts.reconcile.bounds import Rule, breaks, explanation, is_closed, trials
from leadline_contracts.reconcile.proposal import CONTRACT, DECIDE, SERVER, Draft, Matter, listed
from leadline_contracts.reconcile.routing import VALID
from leadline_contracts.reconcile.setting import Setting
from leadline_openapi import Operation, jsontext
from leadline_openapi import pointer as pointers
from leadline_openapi.leniency.faults import inside
from leadline_openapi.sample import NoSample

_TRIALS = 40
"""So many more requests are made about one member."""


@dataclass(slots=True)
class _Member:
    """
    The values of one member that were sent alone: those that were *taken*, and those that were not.

    *source* is a case that has the member of this *name*; *tried* is what was sent for it in addition;
    nothing more is to be tried for the rule *settled*.
    """

    source: Case
    name: str
    taken: list[Any] = field(default_factory=list)
    refused: list[Any] = field(default_factory=list)
    tried: list[Any] = field(default_factory=list)
    settled: Rule | None = None
    failed: bool = False
    matters: list[Matter] = field(default_factory=list)


class Valid:
    """Takes what becomes of valid requests; proposes a keyword that those break which are not taken."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._members: dict[str, _Member] = {}
        self._bases: dict[str, Any] = {}
        self._mixed: list[tuple[Matter, dict[str, Any]]] = []

    def take(self, case: Case, right: Outcome, matters: Iterable[Matter]) -> None:
        """Note *case*, if it differs in one member from the simplest request."""
        if case.due is not Due.ACCEPT or right.failure or not isinstance(case.value, dict):
            return
        simple = self._base(case.operation)
        added = {
            name: value
            for name, value in case.value.items()
            if name not in simple or not jsontext.same(simple[name], value)
        }
        if right.family == 2:
            for name, value in added.items():
                for place in _property(case.operation, case.media_type, name):
                    self._member(place, case, name).taken.append(value)
        elif right.family in {4, 5} and right.status != TOO_LARGE:
            about = [one for one in matters if one[0] == VALID]
            names = {
                place: name
                for name in added
                for place in _property(case.operation, case.media_type, name)
            }
            values = {place: added[name] for place, name in names.items()}
            if len(values) > 1:
                self._mixed += [(one, values) for one in about]
            for place, value in values.items() if len(values) == 1 else ():
                member = self._member(place, case, names[place])
                member.refused.append(value)
                member.failed = member.failed or right.family == 5
                member.matters += about

    def _member(self, place: str, case: Case, name: str) -> _Member:
        return self._members.setdefault(place, _Member(case, name))

    def trial(self, but: Collection[str]) -> Case | None:
        """The next request that says more of a bound, *but* not in these operations; `None` for no more."""
        for place, member in self._members.items():
            if member.source.operation.label in but:
                continue
            rule = explanation(member.refused, member.taken) if member.matters else None
            if rule is None or not rule.is_bound or rule == member.settled:
                continue
            if len(member.tried) >= _TRIALS:
                continue
            known = (*member.taken, *member.refused, *member.tried)
            for value in trials(rule, member.refused, member.taken):
                if any(jsontext.same(value, one) for one in known):
                    continue
                case = self._case(place, value)
                if agrees(case):
                    member.tried.append(value)
                    return case
            member.settled = rule
        return None

    def _case(self, place: str, value: Any) -> Case:
        """The simplest request that has *value* at *place*."""
        member = self._members[place]
        operation = member.source.operation
        body = {**self._base(operation), member.name: value}
        draft = base(operation).with_body(jsontext.dump(body), member.source.media_type)
        shown = jsontext.dump(value).decode()
        return draft.case(f"{shown} near the bound", f"body {member.name}", Due.ACCEPT, place)

    def _is_closed(self, place: str, rule: Rule) -> bool:
        """Whether nothing valid is left that would have to be tried before *rule* is said of *place*."""
        return not rule.is_bound or is_closed(rule, lambda one: agrees(self._case(place, one)))

    def _base(self, operation: Operation) -> Mapping[str, Any]:
        if operation.label not in self._bases:
            try:
                body = base(operation).body
            except NoSample:
                body = None
            found = json.loads(body) if body and body.startswith(b"{") else {}
            self._bases[operation.label] = found
        known: Mapping[str, Any] = self._bases[operation.label]
        return known

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
        for at, values in self._mixed:
            broken = (one for one in rules if one in values and breaks(values[one], rules[one]))
            for place in list(broken)[:1]:
                self._members[place].matters.append(at)
        for places in groups.values():
            yield self._draft(places, rules[places[0]])

    def _draft(self, places: list[str], rule: Rule) -> Draft:
        members = [self._members[place] for place in places]
        failed = members[0].failed
        closed = all(self._is_closed(place, rule) for place in places)
        names = listed([pointers.tokens(place)[-1] for place in places])
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
            matters=tuple(at for one in members for at in one.matters),
            actions=tuple(self._actions(places, rule, failed=failed)) if closed else (),
        )

    def _actions(self, places: list[str], rule: Rule, *, failed: bool) -> Iterator[Action]:
        update: dict[str, Any] = {rule.keyword: rule.value}
        update = {"items": update} if rule.items else update
        if failed:
            update["x-leniency"] = {rule.keyword: "error"}
        names = [pointers.tokens(place)[-1] for place in places]
        parent = places[0].rpartition("/")[0]
        yield self._setting.update_members(parent, names, "What breaks it is not taken.", update)


def _property(operation: Operation, media_type: str, name: str) -> tuple[str, ...]:
    """Where the contract describes the member *name* of the body; nothing where that is not one place."""
    media = operation.body.for_type(media_type) if operation.body else None
    if media is None or media.schema is None:
        return ()
    named, places = inside(media.schema.library, (media.schema.pointer,), name)
    return places if named and len(places) == 1 else ()


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
