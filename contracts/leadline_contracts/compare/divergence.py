"""Differences of many cases, put together: what has one reason is one divergence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from leadline_contracts.case import Case, Exchange
from leadline_contracts.compare.difference import ASPECTS, SIZE, STATUS, TOO_LARGE, Difference
from leadline_contracts.compare.outcome import Outcome
from leadline_openapi import Operation
from leadline_openapi import pointer as pointers
from leadline_openapi.words import ITEMS

_PLACES = 5
"""At so many places that are taken in another way, there is one reason."""
_NEARLY_ALL = 0.9
"""Where a status means another one in so many of its answers, it does so always."""
_MANY = 5
_NAMED = 4

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """
    One way in which two servers differ: seen in *count* cases, at all of *pointers*, for all of *causes*.

    *left* and *right* are the exchanges of the smallest case that shows it.
    """

    difference: Difference
    left: Exchange = field(repr=False)
    right: Exchange = field(repr=False)
    count: int
    pointers: tuple[str, ...]
    causes: tuple[str, ...]

    @property
    def operation(self) -> Operation:
        """The operation that was asked."""
        return self.left.case.operation

    @property
    def pointer(self) -> str:
        """The place, or the first of several."""
        return self.pointers[0]

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
            key = _key(label, one)
            atom = self._atoms.setdefault(key, _Atom(one, left.exchange, right.exchange))
            atom.cases.add(self._taken)
            if _size(case) < _size(atom.left.case):
                atom.difference, atom.left, atom.right = one, left.exchange, right.exchange

    def divergences(self) -> tuple[Divergence, ...]:
        """One for each reason, by operation and aspect, those of most cases first."""
        groups: dict[Key, list[_Atom]] = {}
        group_of = self._grouping()
        for key, atom in self._atoms.items():
            groups.setdefault(group_of(key, atom.difference), []).append(atom)
        found = [_one(group) for group in groups.values()]
        return tuple(sorted(found, key=_rank))

    def _grouping(self) -> Callable[[Key, Difference], Key]:
        """Which differences are told as one."""
        total, only = self._always(), self._only()
        places: defaultdict[Key, set[str]] = defaultdict(set)
        clear: dict[Key, Key] = {}
        for key, atom in self._atoms.items():
            if not atom.difference.vague:
                places[key[:4]].add(key[4])
                clear.setdefault(key[:3], key)

        def group(key: Key, difference: Difference) -> Key:
            kind = key[:3]
            if difference.aspect != STATUS:
                return (*kind, _parent(difference.pointer))
            if difference.cause == SIZE:
                return (*key[:2], SIZE, str(difference.left == str(TOO_LARGE)))
            for side, word in enumerate((difference.left, difference.right)):
                if (side, key[0], word) in only:
                    return (*key[:2], str(side), word)
            if kind in total:
                return kind
            if difference.vague and kind in clear:
                return group(clear[kind], self._atoms[clear[kind]].difference)
            alike = len(places[key[:4]]) >= _PLACES
            return key[:4] if alike else (*kind, "", difference.pointer)

        return group

    def _only(self) -> set[tuple[int, str, str]]:
        """By side and operation, what one server says to nearly everything, and the other one hardly ever."""
        totals = Counter(label for label, _ in self._said[0].elements())
        return {
            (side, label, word)
            for side, said in enumerate(self._said)
            for (label, word), count in said.items()
            if count >= max(_MANY, _NEARLY_ALL * totals[label])
            and self._said[1 - side][label, word] < (1 - _NEARLY_ALL) * totals[label]
        }

    def _always(self) -> set[Key]:
        """
        The kinds of difference in status that have one reason, whatever was asked.

        Two that say the same (200 and 201), and those of nearly all answers of a status, on either side.
        """
        counts: Counter[Key] = Counter()
        sides: dict[Key, tuple[str, str]] = {}
        for key, atom in self._atoms.items():
            if atom.difference.aspect == STATUS:
                counts[key[:3]] += len(atom.cases)
                sides[key[:3]] = atom.difference.left, atom.difference.right
        return {
            kind
            for kind, count in counts.items()
            if _family(sides[kind][0]) == _family(sides[kind][1])
            or any(
                count >= max(_MANY, _NEARLY_ALL * said[kind[0], word])
                for said, word in zip(self._said, sides[kind], strict=True)
            )
        }


def _family(word: str) -> str:
    """The first digit of a status; for a failure, what it says."""
    return word[0] if word.isdigit() else word


def _key(label: str, one: Difference) -> Key:
    return (label, one.aspect, one.kind, one.cause, one.pointer)


def _parent(pointer: str) -> str:
    """What holds the member at *pointer*: siblings that differ in one way have one reason."""
    keys = list(pointers.tokens(pointer))
    while keys and keys[-1] == ITEMS:
        keys.pop()
    return pointers.pointer(keys[:-1]) if keys else pointer


def _one(group: list[_Atom]) -> Divergence:
    smallest = min(group, key=lambda atom: _size(atom.left.case))
    others = [atom for atom in group if atom is not smallest]
    atoms = [smallest, *others]
    return Divergence(
        difference=replace(smallest.difference, kind=_kind(atoms)),
        left=smallest.left,
        right=smallest.right,
        count=len(set().union(*(atom.cases for atom in atoms))),
        pointers=tuple(dict.fromkeys(atom.difference.pointer for atom in atoms)),
        causes=tuple(dict.fromkeys(atom.difference.cause for atom in atoms)),
    )


def _kind(atoms: list[_Atom]) -> str:
    """Their kind; where one server always says the same, it does not matter what the other one says."""
    found = [atom.difference for atom in atoms]
    if len({one.kind for one in found}) == 1:
        return found[0].kind
    if len({one.right for one in found}) == 1:
        return f"anything / {found[0].right}"
    return f"{found[0].left} / anything"


def _listed(items: list[str]) -> str:
    more = len(items) - _NAMED
    return ", ".join(items[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _rank(one: Divergence) -> tuple[str, int, int]:
    return (one.operation.label, ASPECTS.index(one.difference.aspect), -one.count)


def _size(case: Case) -> tuple[int, str]:
    return len(case.body or b"") + len(case.target), case.id
