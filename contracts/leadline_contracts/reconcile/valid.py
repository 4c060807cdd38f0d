"""Valid requests that the server does not take: the keyword that would explain it, where one does."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from leadline_contracts.case import Case, Due
from leadline_contracts.compare.outcome import Outcome
from leadline_contracts.draft import base
from leadline_contracts.overlays import Action, order
from leadline_contracts.reconcile.proposal import CONTRACT, SERVER, Draft, Matter, listed
from leadline_contracts.reconcile.routing import VALID
from leadline_contracts.reconcile.setting import Setting
from leadline_openapi import Operation, jsontext
from leadline_openapi import pointer as pointers
from leadline_openapi.leniency.faults import inside
from leadline_openapi.sample import NoSample

_NONE = object()
_SIZES_SEEN = 2
"""Values of so many sizes have to be taken before a bound is drawn."""


@dataclass(slots=True)
class _Member:
    """The values of one member that were sent alone: those that were *taken*, and those that were not."""

    taken: list[Any] = field(default_factory=list)
    refused: list[Any] = field(default_factory=list)
    failed: bool = False
    matters: list[Matter] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Rule:
    """A *keyword* with its *value*; *items* says whether it is about those of an array."""

    keyword: str
    value: Any
    items: bool = False


class Valid:
    """Takes what becomes of valid requests; proposes a keyword that those break which are not taken."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._members: defaultdict[str, _Member] = defaultdict(_Member)
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
                    self._members[place].taken.append(value)
        elif right.family in {4, 5}:
            about = [one for one in matters if one[0] == VALID]
            values = {
                place: value
                for name, value in added.items()
                for place in _property(case.operation, case.media_type, name)
            }
            if len(values) > 1:
                self._mixed += [(one, values) for one in about]
            for place, value in values.items() if len(values) == 1 else ():
                member = self._members[place]
                member.refused.append(value)
                member.failed = member.failed or right.family == 5
                member.matters += about

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
        rules: dict[str, _Rule] = {}
        for place in sorted(self._members, key=order(self._setting.contract)):
            member = self._members[place]
            rule = _explanation(member) if wanted & set(member.matters) else None
            if rule is not None and self._setting.reaches(place):
                rules[place] = rule
                told = jsontext.dump([rule.keyword, rule.value, rule.items])
                key = place.rpartition("/")[0], told, member.failed
                groups.setdefault(key, []).append(place)
        for at, values in self._mixed:
            broken = (one for one in rules if one in values and _breaks(values[one], rules[one]))
            for place in list(broken)[:1]:
                self._members[place].matters.append(at)
        for places in groups.values():
            yield self._draft(places, rules[places[0]])

    def _draft(self, places: list[str], rule: _Rule) -> Draft:
        members = [self._members[place] for place in places]
        failed = members[0].failed
        names = listed([pointers.tokens(place)[-1] for place in places])
        said = f"`{rule.keyword}: {jsontext.dump(rule.value).decode()}`"
        count = sum(len(one.refused) for one in members)
        return Draft(
            wrong=SERVER if failed else CONTRACT,
            pointer=places[0],
            what=f"{names}: {'items keep' if rule.items else 'values keep'} {said}"
            + (", and the server fails on others" if failed else ""),
            why=f"All {count:,} values that B does not take break it, and none that it takes"
            + (", the bound being drawn at the last of these." if rule.keyword in _SIZES else "."),
            expected="acceptance",
            actual="a failure" if failed else "a refusal",
            matters=tuple(at for one in members for at in one.matters),
            actions=tuple(self._actions(places, rule, failed=failed)),
        )

    def _actions(self, places: list[str], rule: _Rule, *, failed: bool) -> Iterator[Action]:
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


def _explanation(member: _Member) -> _Rule | None:
    """The first keyword that all values break which were not taken, and none that was."""
    for rule in _candidates(member):
        if all(_breaks(one, rule) for one in member.refused) and not any(
            _breaks(one, rule) for one in member.taken
        ):
            return rule
    return None


def _breaks(value: Any, rule: _Rule) -> bool:
    """Whether *value*, or an item of it where the rule is about those, breaks *rule*."""
    parts = value if rule.items and isinstance(value, list) else [value]
    return any(not _TESTS[rule.keyword](one, rule.value) for one in parts)


def _flat(values: list[Any], *, items: bool) -> list[Any]:
    """*values*, or their items."""
    if not items:
        return values
    return [one for value in values for one in (value if isinstance(value, list) else [value])]


def _candidates(member: _Member) -> Iterator[_Rule]:
    for items in (False, True):
        refused = _flat(member.refused, items=items)
        taken = _flat(member.taken, items=items)
        if not refused or (items and not any(isinstance(one, list) for one in member.refused)):
            continue
        if all(isinstance(one, list) for one in refused):
            yield _Rule("uniqueItems", True, items)
        yield from _bounds(refused, taken, items=items)


def _bounds(refused: list[Any], taken: list[Any], *, items: bool) -> Iterator[_Rule]:
    for keyword, (size, upper) in _SIZES.items():
        sizes = [size(one) for one in taken]
        known = [one for one in sizes if one is not _NONE]
        if len(set(known)) >= _SIZES_SEEN and all(size(one) is not _NONE for one in refused):
            yield _Rule(keyword, max(known) if upper else min(known), items)


def _length(value: Any) -> Any:
    return len(value) if isinstance(value, str) else _NONE


def _count(value: Any) -> Any:
    return len(value) if isinstance(value, list) else _NONE


def _number(value: Any) -> Any:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else _NONE


_SIZES: dict[str, tuple[Callable[[Any], Any], bool]] = {
    "maxLength": (_length, True),
    "minLength": (_length, False),
    "maxItems": (_count, True),
    "minItems": (_count, False),
    "maximum": (_number, True),
    "minimum": (_number, False),
}
"""Keywords that bound something, with what they measure and whether from above."""


def _bounded(keyword: str) -> Callable[[Any, Any], bool]:
    size, upper = _SIZES[keyword]

    def fits(value: Any, bound: Any) -> bool:
        measured = size(value)
        return measured is _NONE or (measured <= bound if upper else measured >= bound)

    return fits


def _distinct(value: Any, _: Any) -> bool:
    return not isinstance(value, list) or len(jsontext.distinct(value)) == len(value)


_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "uniqueItems": _distinct,
    **{keyword: _bounded(keyword) for keyword in _SIZES},
}
