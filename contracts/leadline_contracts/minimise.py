"""Make a request that shows a defect small: which of its parts are needed for it?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from leadline_contracts.case import Case, Due
from leadline_contracts.draft import base
from leadline_contracts.judge import agrees
from leadline_openapi import jsontext
from leadline_openapi.violation import show

BUDGET = 60
"""Requests that one defect may cost."""

Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """A member of the body, or a parameter in the query, that the simplest request does not have so."""

    location: str
    name: str
    value: Any

    @property
    def same(self) -> tuple[str, str, str]:
        """What two equal parts have in common."""
        return (self.location, self.name, show(self.value, 10_000))


def parts(case: Case) -> list[Part]:
    """What *case* has beyond the simplest request of its operation, in order."""
    simple = _simple(case)
    found = [
        Part("query", name, value)
        for name, value in _query(case)
        if (name, value) not in _query(simple)
    ]
    if isinstance(case.value, dict) and isinstance(simple.value, dict):
        found += [
            Part("body", name, value)
            for name, value in case.value.items()
            if name not in simple.value or not jsontext.same(value, simple.value[name])
        ]
    return found


def minimise(case: Case, still: Callable[[Case], bool]) -> Case:
    """
    The smallest request like *case* that *still* shows what it shows, told apart by its parts.

    Delta debugging: halves of the parts are left out, then quarters, and so on to single ones; then long
    values are made shorter. Asks *still* at most `BUDGET` times, and only about requests that are due
    what *case* is due.
    """
    tries = iter(range(BUDGET))

    def shows(kept: list[Part]) -> bool:
        smaller = _with(case, kept)
        return agrees(smaller) and next(tries, None) is not None and still(smaller)

    kept = _fewer(parts(case), shows)
    kept = _shorter(kept, shows)
    return _named(_with(case, kept), kept)


def _fewer(kept: list[Part], shows: Callable[[list[Part]], bool]) -> list[Part]:
    size = len(kept) // 2
    while size:
        at = 0
        while at < len(kept):
            rest = kept[:at] + kept[at + size :]
            if shows(rest):
                kept = rest
            else:
                at += size
        size //= 2
    return [] if len(kept) == 1 and shows([]) else kept


def _shorter(kept: list[Part], shows: Callable[[list[Part]], bool]) -> list[Part]:
    for at, part in enumerate(kept):
        shorter = True
        while shorter:
            shorter = False
            for value in _halves(kept[at].value):
                changed = [*kept[:at], replace(part, value=value), *kept[at + 1 :]]
                if shows(changed):
                    kept, shorter = changed, True
                    break
    return kept


def _halves(value: Any) -> Iterator[Any]:
    if isinstance(value, str | list) and len(value) > 1:
        middle = len(value) // 2
        yield value[:middle]
        yield value[middle:]


def _with(case: Case, kept: list[Part]) -> Case:
    """*case* with no parts but those *kept*."""
    simple = _simple(case)
    named = {part.name for part in kept if part.location == "query"}
    query = [pair for pair in _query(simple) if pair[0] not in named]
    query += [(part.name, part.value) for part in kept if part.location == "query"]
    path = case.target.partition("?")[0]
    target = f"{path}?{urlencode(query, quote_via=quote)}" if query else path
    body, members = case.body, [part for part in kept if part.location == "body"]
    if isinstance(case.value, dict) and isinstance(simple.value, dict):
        value = {**simple.value, **{part.name: part.value for part in members}}
        body = jsontext.dump(value)
    return replace(case, target=target, body=body)


def _named(case: Case, kept: list[Part]) -> Case:
    """*case* under the name of the parts that it is about."""
    if len(kept) == 1:
        part = kept[0]
        rule = _rule(case, part)
        name = f"{show(part.value)} is fine" if case.due is Due.ACCEPT else show(part.value)
        area = f"{part.location} {part.name}"
        return replace(case, name=name, area=area, rule=rule, compound=False)
    names = " and ".join(f"`{part.name}`" for part in kept)
    if not kept:
        return replace(case, name="the simplest request", compound=False)
    return replace(case, name=f"{names} together", compound=len(kept) > MANY)


MANY = 4
"""More parts than these are no explanation."""


def _rule(case: Case, part: Part) -> str:
    if part.location == "query":
        named = (one.pointer for one in case.operation.parameters if one.name == part.name)
        return next(named, case.rule)
    media = case.operation.body.for_type(case.media_type) if case.operation.body else None
    if media is None or media.schema is None:
        return case.rule
    flat = media.schema.library.flat((media.schema.pointer,))
    return flat.properties[part.name][0] if part.name in flat.properties else case.rule


def _simple(case: Case) -> Case:
    return base(case.operation).case("", case.area, case.due, case.rule, case.credential)


def _query(case: Case) -> list[tuple[str, str]]:
    return parse_qsl(case.target.partition("?")[2], keep_blank_values=True)
