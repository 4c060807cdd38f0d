"""Requests with two things wrong: which of them does a server speak of?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from leadline_contracts.case import Case, Due
from leadline_contracts.compare.difference import ORDER, STATUS, Difference
from leadline_contracts.compare.outcome import Outcome
from leadline_contracts.draft import base
from leadline_openapi import Operation

AREA = "order of checks"
_FACETS = ("credential", "method", "target", "headers", "body")
"""The parts of a request that may be wrong each by itself."""
_WRONG: dict[str, Callable[[Case], bool]] = {
    "credentials": lambda case: case.due is Due.DENY,
    "method": lambda case: case.due is Due.NOWHERE,
    "malformed body": lambda case: case.due is Due.REFUSE and bool(case.malformed),
    "media type": lambda case: case.due is Due.REFUSE and case.area == "media type",
    "body": lambda case: case.due is Due.REFUSE and case.area.startswith("body "),
    "query": lambda case: case.due is Due.REFUSE and case.area.startswith("query "),
    "path": lambda case: case.due is Due.REFUSE and case.area.startswith("path "),
    "header": lambda case: case.due is Due.REFUSE and case.area.startswith("header "),
}
"""By the name under which an order is told, what is wrong with such a case."""


@dataclass(frozen=True, slots=True)
class Two:
    """The case *both* has what is wrong with *first* and with *second*, which go by these names."""

    both: Case
    first: Case
    second: Case
    names: tuple[str, str]


def pairs(operation: Operation, certificate: Sequence[Case]) -> list[Two]:
    """Every two of the *certificate*'s kinds of fault that can stand in one request to *operation*."""
    found = dict(_faults(operation, certificate))
    return [
        Two(_together(found[one], found[other]), found[one][0], found[other][0], (one, other))
        for one, other in combinations(found, 2)
        if found[one][1] != found[other][1]
    ]


def _faults(
    operation: Operation, certificate: Sequence[Case]
) -> Iterator[tuple[str, tuple[Case, str]]]:
    """The first case of each kind that differs in one facet from the simplest request."""
    simple = base(operation).case("", AREA, Due.ACCEPT, operation.pointer)
    for name, wrong in _WRONG.items():
        for case in certificate:
            if case.operation is operation and wrong(case):
                differing = [one for one in _FACETS if getattr(case, one) != getattr(simple, one)]
                if len(differing) == 1:
                    yield name, (case, differing[0])
                    break


def _together(one: tuple[Case, str], other: tuple[Case, str]) -> Case:
    case, (added, facet) = one[0], other
    return replace(
        case,
        **{facet: getattr(added, facet)},
        name=f"{case.area}: {case.name}; and {added.area}: {added.name}",
        area=AREA,
        rule=case.operation.pointer,
        compound=True,
    )


class Order:
    """Remembers what each server answers to one fault; tells of which one it speaks when there are two."""

    def __init__(self, twos: Sequence[Two]) -> None:
        self._twos = {_key(two.both): two for two in twos}
        self._wanted = {_key(case) for two in twos for case in (two.first, two.second)}
        self._single: dict[object, tuple[Outcome, Outcome, tuple[Difference, ...]]] = {}

    def explained(
        self, case: Case, left: Outcome, right: Outcome, found: tuple[Difference, ...]
    ) -> tuple[Difference, ...]:
        """
        *found*, the differences of *case*, put down to what they follow from.

        Where one of two faults is taken in another way by itself, that is a reason; the order of checks is
        one, if it is another one.
        """
        key = _key(case)
        if key in self._wanted:
            self._single[key] = left, right, found
        two = self._twos.get(key)
        first = self._single.get(_key(two.first)) if two else None
        second = self._single.get(_key(two.second)) if two else None
        if two is None or first is None or second is None:
            return found
        told = (
            _first(left, first[0], second[0], two.names),
            _first(right, first[1], second[1], two.names),
        )
        another = all(told) and told[0] != told[1]
        order = (_difference(two, left, right, told),) if another else ()
        known = tuple(one for one in (*first[2], *second[2]) if one.aspect == STATUS)
        if known:
            return (*known[:1], *order) if found else ()
        return order or found


def _difference(two: Two, left: Outcome, right: Outcome, told: tuple[str, str]) -> Difference:
    return Difference(
        aspect=ORDER,
        kind=f"{' and '.join(two.names)}: {told[0]} / {told[1]}",
        pointer=two.both.operation.pointer,
        left=f"{left.status}: {told[0]}",
        right=f"{right.status}: {told[1]}",
    )


def _first(both: Outcome, first: Outcome, second: Outcome, names: tuple[str, str]) -> str:
    """Which fault the answer *both* speaks of; empty where that cannot be told."""
    if not all(one.status >= 400 and not one.failure for one in (both, first, second)):
        return ""
    for look in (_exactly, _roughly):
        like = [look(both) == look(first), look(both) == look(second)]
        if like == [True, True]:
            return ""
        if any(like):
            return f"{names[like.index(True)]} first"
    return "both, or something else"


def _exactly(outcome: Outcome) -> object:
    return (outcome.status, outcome.media, outcome.exchange.body)


def _roughly(outcome: Outcome) -> object:
    return (outcome.status, outcome.media, repr(outcome.value))


def _key(case: Case) -> object:
    return (
        case.operation.label,
        case.method,
        case.target,
        case.headers,
        case.body,
        case.credential,
    )
