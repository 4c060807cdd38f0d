"""Group breaches into findings: one defect, one finding."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

from leadline_contracts.case import Breach, Due, Exchange, Finding
from leadline_contracts.judge import violations
from leadline_contracts.report import Tested
from leadline_contracts.target.asking import TIMED_OUT
from leadline_openapi import pointer as pointers

_ALIKE = {"depth": 2, "echo": 2, "schema": 2, "server-value": 2}
_ALIKE_OTHERWISE = 5
"""So many rules that are broken in one way are one defect: few where it is what an answer is made of."""
_NAMED = 5
"""So many of them are named."""
_FLOOD = 10
"""From so many refusals on it is asked whether anything is accepted at all."""
_NEARLY_ALL = 0.8
_COMPOUND = "compound"

Key = tuple[str, ...]


class Tally:
    """Takes exchanges with their breaches, one by one."""

    def __init__(self) -> None:
        self._atoms: dict[tuple[str, str, str, str, str], Finding] = {}
        self._known: set[tuple[str, str, str, str]] = set()
        self._areas: Counter[tuple[str, str]] = Counter()
        self._seconds: defaultdict[tuple[str, str], float] = defaultdict(float)
        self._sent: Counter[tuple[str, Due]] = Counter()
        self._refused: Counter[str] = Counter()
        self.statuses: dict[str, Counter[int]] = {}

    @property
    def cases(self) -> int:
        """How many exchanges were taken."""
        return sum(self._areas.values())

    @property
    def answers(self) -> int:
        """How many exchanges were answered."""
        return sum(
            count for one in self.statuses.values() for status, count in one.items() if status
        )

    @property
    def found(self) -> int:
        """How many findings there are before those alike are told as one."""
        return len(self._known)

    def known(self, exchange: Exchange, breach: Breach) -> bool:
        """Whether *breach* belongs to a finding that there is already."""
        return _key(exchange, breach) in self._known

    def knows(self, exchange: Exchange, when: str) -> bool:
        """Whether there is a finding of what happens *when*, in the operation of *exchange*."""
        return ("", exchange.case.operation.label, "", when) in self._known

    def attributed(self, exchange: Exchange, breach: Breach) -> Breach:
        """
        *breach* of a generated request, put down to what is known where that explains it.

        A request that breaks several rules and is accepted shows that none of them is checked.
        """
        label, explained = exchange.case.operation.label, {breach.pointer}
        if breach.rule == "accepts-invalid":
            explained |= {violation.rule for violation in violations(exchange.case)}
        for rule, operation, pointer, about, kind in self._atoms:
            fits = pointer in explained and about == _key(exchange, breach)[-1]
            if (rule, operation) == (breach.rule, label) and fits:
                return replace(breach, pointer=pointer, kind=kind)
        return breach

    def count(self, exchange: Exchange) -> None:
        """Count *exchange* as sent."""
        case, label = exchange.case, exchange.case.operation.label
        self._areas[label, case.area] += 1
        self._seconds[label, case.area] += exchange.elapsed
        self._sent[label, case.due] += 1
        self.statuses.setdefault(label, Counter())[exchange.status] += 1

    def take(self, exchange: Exchange, breaches: list[Breach]) -> None:
        """Put each of the *breaches* of *exchange* to the finding that it belongs to."""
        label = exchange.case.operation.label
        self._refused[label] += any(breach.rule == "rejects-valid" for breach in breaches)
        for key, breach in {_key(exchange, breach): breach for breach in breaches}.items():
            self._known.add(key)
            atom = (*key, breach.kind)
            self._atoms[atom] = _merged(self._atoms.get(atom), exchange, breach)

    def findings(self) -> tuple[Finding, ...]:
        """One finding for each defect, in the order in which they were met."""
        groups: dict[Key, list[Finding]] = {}
        marks: dict[Key, list[tuple[str, str]]] = {}
        alike, places, simple = self._alike(), self._places(), self._simple_refusals()
        for (rule, label, pointer, about, kind), finding in self._atoms.items():
            group: Key = (rule, label, pointer, about)
            if about == _COMPOUND:
                group = simple.get(label, group)
            if rule == "rejects-valid" and self._refuses_all(label):
                group = (rule, label)
            elif (rule, label, kind) in alike:
                group = (rule, label, kind)
            else:
                group = places.get((rule, label, pointer), group)
            groups.setdefault(group, []).append(finding)
            told = rule and len(group) > 2 and (about != _COMPOUND or group[2:] == (pointer, about))
            known = marks.setdefault(group, [])
            if told and (pointer, about) not in known:
                known.append((pointer, about))
        return tuple(
            replace(_one(group, len(key)), marks=tuple(marks[key])) for key, group in groups.items()
        )

    def tested(self) -> tuple[Tested, ...]:
        """Every area that was exercised, with the findings that its cases are evidence of."""
        found = self.findings()
        return tuple(
            Tested(
                operation=operation,
                area=area,
                cases=count,
                seconds=self._seconds[operation, area],
                findings=tuple(
                    finding
                    for finding in found
                    if (finding.operation.label, finding.exchange.case.area) == (operation, area)
                ),
            )
            for (operation, area), count in self._areas.items()
        )

    def _alike(self) -> set[Key]:
        """The kinds of breach that are met at so many rules that they are one defect."""
        places: dict[Key, set[str]] = {}
        for rule, label, pointer, _, kind in self._atoms:
            if kind:
                places.setdefault((rule, label, kind), set()).add(pointer)
        return {
            kind
            for kind, found in places.items()
            if len(found) >= _ALIKE.get(kind[0], _ALIKE_OTHERWISE)
        }

    def _places(self) -> dict[Key, Key]:
        """Where what is valid is refused in one way at many places: the finding that each belongs to."""
        alike = self._alike()
        return {
            (rule, label, pointer): (rule, label, kind)
            for rule, label, pointer, _, kind in self._atoms
            if rule == "rejects-valid" and (rule, label, kind) in alike
        }

    def _simple_refusals(self) -> dict[str, Key]:
        """
        For each operation the first refusal that tells what was refused.

        Which part of a compound request was refused is not told: it is put down to that.
        """
        found: dict[str, Key] = {}
        places = self._places()
        for rule, label, pointer, about, _ in self._atoms:
            if rule == "rejects-valid" and about != _COMPOUND:
                known = places.get((rule, label, pointer), (rule, label, pointer, about))
                found.setdefault(label, known)
        return found

    def _refuses_all(self, label: str) -> bool:
        refused = self._refused[label]
        return refused >= _FLOOD and refused >= _NEARLY_ALL * self._sent[label, Due.ACCEPT]


def _key(exchange: Exchange, breach: Breach) -> tuple[str, str, str, str]:
    """What a breach is told apart by: rule, operation, pointer, and one thing more."""
    about, case = breach.about, exchange.case
    if breach.when:
        return ("", case.operation.label, "", breach.when)
    if breach.rule in {"status", "server-error"}:
        about = str(exchange.status)
    elif breach.rule == "rejects-valid" and case.compound and breach.pointer == case.rule:
        about = _COMPOUND
    elif breach.rule == "no-answer":
        about = "in time" if exchange.failure == TIMED_OUT else ""
    return (breach.rule, case.operation.label, breach.pointer, about)


def _merged(known: Finding | None, exchange: Exchange, breach: Breach) -> Finding:
    if known is None:
        return Finding(breach=breach, exchange=exchange)
    if _size(exchange) < _size(known.exchange):
        return Finding(breach=breach, exchange=exchange, count=known.count + 1)
    return replace(known, count=known.count + 1)


def _one(group: list[Finding], parts: int) -> Finding:
    """The *group* as one finding: its smallest, with the number of all. *parts* is how it was made."""
    smallest = min(group, key=lambda finding: _size(finding.exchange))
    count = sum(finding.count for finding in group)
    breach = smallest.breach
    label, status = smallest.operation.label, smallest.exchange.status
    if parts == 2:
        message = (
            f"every valid request is refused: {label} answers {status}{_HINTS.get(status, '')}"
        )
        breach = replace(breach, pointer=smallest.operation.pointer, message=message)
    elif breach.when:
        breach = replace(breach, message=f"{breach.message} ({breach.when})")
    elif parts == 3:
        message = f"{breach.message}; in the same way: {_others(breach, group)}"
        breach = replace(breach, message=message)
    return replace(smallest, breach=breach, count=count)


def _others(breach: Breach, group: list[Finding]) -> str:
    """The places of *group* but that of *breach*, each by the name of the member that it is about."""
    places = dict.fromkeys(
        one.breach.pointer for one in group if one.breach.pointer != breach.pointer
    )
    last = breach.pointer.rpartition("/")[2]
    names = []
    for place in places:
        named = pointers.tokens(place.removesuffix(f"/{last}"))
        names.append(f"`{named[-1]}`" if named else place)
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} places more" if more > 0 else "")


_HINTS = {
    401: " (is the key accepted?)",
    403: " (is the key accepted?)",
    404: " (is this the API's base URL? The path of an operation is appended to it)",
}


def _size(exchange: Exchange) -> int:
    return len(exchange.case.body or b"") + len(exchange.case.target)
