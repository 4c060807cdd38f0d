"""Group breaches into findings: one defect, one finding."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from leadline_contracts.case import Breach, Due, Exchange, Finding
from leadline_contracts.report import Tested

_FLOOD = 10
"""From so many findings of one kind on it is asked whether they are one defect."""
_NEARLY_ALL = 0.8

_BY_ACTUAL = frozenset({"status", "server-error", "no-answer"})


class Tally:
    """Takes exchanges with their breaches, one by one."""

    def __init__(self) -> None:
        self._findings: dict[tuple[str, ...], Finding] = {}
        self._areas: Counter[tuple[str, str]] = Counter()
        self._blamed: dict[tuple[str, str], set[tuple[str, ...]]] = {}
        self._sent: Counter[tuple[str, Due]] = Counter()
        self._wrong: Counter[tuple[str, str]] = Counter()
        self.statuses: dict[str, Counter[int]] = {}

    @property
    def cases(self) -> int:
        """How many exchanges were taken."""
        return sum(self._areas.values())

    @property
    def found(self) -> int:
        """How many findings there are before floods are told as one."""
        return len(self._findings)

    def known(self, exchange: Exchange, breach: Breach) -> bool:
        """Whether *breach* belongs to a finding that there is already."""
        return _key(exchange, breach) in self._findings

    def take(self, exchange: Exchange, breaches: list[Breach]) -> None:
        """Count *exchange*, and put each of its *breaches* to the finding that it belongs to."""
        case = exchange.case
        where = (case.operation.label, case.area)
        self._areas[where] += 1
        self._sent[case.operation.label, case.due] += 1
        self.statuses.setdefault(case.operation.label, Counter())[exchange.status] += 1
        for breach in breaches:
            key = _key(exchange, breach)
            self._wrong[case.operation.label, breach.rule] += 1
            self._blamed.setdefault(where, set()).add(key)
            self._findings[key] = _merged(self._findings.get(key), exchange, breach)

    def findings(self) -> tuple[Finding, ...]:
        """One finding for each defect, those of one flood as one."""
        found = list(self._findings.values())
        for rule, due, says in (
            ("rejects-valid", Due.ACCEPT, "every valid request is refused"),
            ("accepts-invalid", Due.REFUSE, "invalid requests are not refused at all"),
        ):
            found = self._without_flood(found, rule, due, says)
        return tuple(found)

    def tested(self) -> tuple[Tested, ...]:
        """Every area that was exercised, in the order of the run."""
        return tuple(
            Tested(
                operation=operation,
                area=area,
                cases=count,
                findings=tuple(
                    finding
                    for key, finding in self._findings.items()
                    if key in self._blamed.get((operation, area), ())
                ),
            )
            for (operation, area), count in self._areas.items()
        )

    def _without_flood(self, found: list[Finding], rule: str, due: Due, says: str) -> list[Finding]:
        for label in {finding.operation.label for finding in found}:
            flood = [
                finding
                for finding in found
                if finding.breach.rule == rule and finding.operation.label == label
            ]
            share = self._wrong[label, rule] / max(1, self._sent[label, due])
            if len(flood) >= _FLOOD and share >= _NEARLY_ALL:
                found = [finding for finding in found if finding not in flood]
                found.insert(0, _one(flood, says))
        return found


def _key(exchange: Exchange, breach: Breach) -> tuple[str, ...]:
    told = breach.actual if breach.rule in _BY_ACTUAL else ""
    return (breach.rule, exchange.case.operation.label, breach.pointer, told)


def _merged(known: Finding | None, exchange: Exchange, breach: Breach) -> Finding:
    if known is None:
        return Finding(breach=breach, exchange=exchange)
    if _size(exchange) < _size(known.exchange):
        return Finding(breach=breach, exchange=exchange, count=known.count + 1)
    return replace(known, count=known.count + 1)


def _one(flood: list[Finding], says: str) -> Finding:
    smallest = min(flood, key=lambda finding: _size(finding.exchange))
    operation, status = smallest.operation, smallest.exchange.status
    message = f"{says}: {operation.label} answers {status}"
    breach = replace(smallest.breach, pointer=operation.pointer, message=message)
    return replace(smallest, breach=breach, count=sum(finding.count for finding in flood))


def _size(exchange: Exchange) -> int:
    return len(exchange.case.body or b"") + len(exchange.case.target)
