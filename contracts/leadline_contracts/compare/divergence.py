"""Differences of many cases, put together: what has one reason is one divergence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from leadline_contracts.case import Case, Exchange
from leadline_contracts.compare.difference import ASPECTS, ORDER, SENT, STATUS, Difference
from leadline_contracts.compare.grouping import Grouping, Key, key_of
from leadline_contracts.compare.outcome import Outcome
from leadline_openapi import Operation

_NAMED = 4
_WORDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """
    One way in which two servers differ: seen in *count* cases, at all of *pointers*, for all of *causes*.

    *left* and *right* are the exchanges of the smallest case that shows it, *operations* where it was seen.
    """

    difference: Difference
    left: Exchange = field(repr=False)
    right: Exchange = field(repr=False)
    count: int
    pointers: tuple[str, ...]
    causes: tuple[str, ...]
    operations: tuple[str, ...]

    @property
    def operation(self) -> Operation:
        """The operation that was asked, or the first of several."""
        return self.left.case.operation

    @property
    def pointer(self) -> str:
        """The place, or the first of several."""
        return self.pointers[0]

    @property
    def where(self) -> str:
        """The operations, in a few words."""
        others = len(self.operations) - 1
        told = f" and {others} more operation{'s' if others > 1 else ''}" if others else ""
        return f"{self.operation.label}{told}"

    @property
    def message(self) -> str:
        """What differs, in a line."""
        aspect, kind = self.difference.aspect, self.difference.kind
        causes = [cause for cause in self.causes if cause]
        told = f" ({_listed(causes)})" if causes and aspect == STATUS else ""
        where = _listed(list(self.pointers)) if self.pointers != ("",) else ""
        return f"{aspect}: {kind}{told}" + (f" at {where}" if where else "")


@dataclass(slots=True)
class _Atom:
    difference: Difference
    left: Exchange
    right: Exchange
    cases: set[int] = field(default_factory=set)


class Register:
    """Takes the differences of one case after the other."""

    def __init__(self) -> None:
        self._atoms: dict[Key, _Atom] = {}
        self._said: tuple[Counter[Key], Counter[Key]] = (Counter(), Counter())
        self._taken = 0

    def __len__(self) -> int:
        return len({key[:3] for key in self._atoms})

    def take(
        self, case: Case, left: Outcome, right: Outcome, found: tuple[Difference, ...]
    ) -> None:
        """Count *found*, the differences of *left* and *right*."""
        label = case.operation.label
        self._taken += 1
        for said, outcome in zip(self._said, (left, right), strict=True):
            said[label, outcome.failure or str(outcome.status)] += 1
        for one in found:
            key = key_of(label, one)
            atom = self._atoms.setdefault(key, _Atom(one, left.exchange, right.exchange))
            atom.cases.add(self._taken)
            if _size(case) < _size(atom.left.case):
                atom.difference, atom.left, atom.right = one, left.exchange, right.exchange

    def divergences(self) -> tuple[Divergence, ...]:
        """One for each reason, by operation and aspect, those of most cases first."""
        groups: dict[Key, list[_Atom]] = {}
        counts = {key: len(atom.cases) for key, atom in self._atoms.items()}
        differences = {key: atom.difference for key, atom in self._atoms.items()}
        grouping = Grouping(differences, counts, self._said)
        for key, atom in self._atoms.items():
            groups.setdefault(grouping.of(key), []).append(atom)
        found = [_one(group) for group in groups.values()]
        return tuple(sorted(found, key=_rank))


def _one(group: list[_Atom]) -> Divergence:
    told = {atom.difference.aspect for atom in group}
    main = next((one for one in (STATUS, SENT) if one in told), group[0].difference.aspect)
    shown = [atom for atom in group if atom.difference.aspect == main]
    smallest = min(shown, key=lambda atom: _size(atom.left.case))
    atoms = [smallest, *(atom for atom in shown if atom is not smallest)]
    return Divergence(
        difference=replace(smallest.difference, kind=_kind([one.difference for one in atoms])),
        left=smallest.left,
        right=smallest.right,
        count=len(set().union(*(atom.cases for atom in group))),
        pointers=tuple(dict.fromkeys(atom.difference.pointer for atom in atoms)),
        causes=tuple(dict.fromkeys(atom.difference.cause for atom in atoms)),
        operations=tuple(dict.fromkeys(atom.left.case.operation.label for atom in atoms)),
    )


def _kind(found: list[Difference]) -> str:
    """Their kind; where there are several, what either server says."""
    if len({one.kind for one in found}) == 1:
        return found[0].kind
    sides = [dict.fromkeys(one.left for one in found), dict.fromkeys(one.right for one in found)]
    if found[0].aspect == ORDER:
        sides = [dict.fromkeys(word.partition(": ")[2] for word in words) for words in sides]
    return " / ".join(" or ".join(words) if len(words) <= _WORDS else "anything" for words in sides)


def _listed(items: list[str]) -> str:
    more = len(items) - _NAMED
    return ", ".join(items[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _rank(one: Divergence) -> tuple[str, int, int]:
    return (one.operation.label, ASPECTS.index(one.difference.aspect), -one.count)


def _size(case: Case) -> tuple[int, str]:
    return len(case.body or b"") + len(case.target), case.id
