"""Requests with two things wrong: which of them does a server speak of?"""

from __future__ import annotations

from collections.abc import Sequence

from leadline_contracts.case import Case
from leadline_contracts.compare.difference import ORDER, STATUS, Difference
from leadline_contracts.compare.outcome import Outcome
from leadline_contracts.compare.twos import Two


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
