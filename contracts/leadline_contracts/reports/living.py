"""What every report says of known findings and of leniency: the same facts, the same words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from leadline_contracts.case import Finding
from leadline_contracts.known import Entry, Known, marks
from leadline_contracts.leniency.observation import Observation
from leadline_contracts.report import Report, Tested

_SHOWN = 10


def facts(report: Report, finding: Callable[[Finding], dict[str, Any]]) -> dict[str, Any]:
    """The members of the JSON report; *finding* writes one finding."""
    return {
        "known": [{**finding(one.finding), **_terms(one)} for one in report.known],
        "expired": [{**finding(one.finding), **_terms(one)} for one in report.expired],
        "fixed": [_entry(entry) for entry in report.fixed],
        "lenient": [_observation(one) for one in report.lenient],
    }


def _terms(known: Known) -> dict[str, Any]:
    """Reason and owner, of several entries each once, and the first day that is the last."""
    return {
        "reason": "; ".join(dict.fromkeys(entry.reason for entry in known.entries)),
        "owner": "; ".join(dict.fromkeys(entry.owner for entry in known.entries)),
        "expires": known.expires.isoformat(),
        "places": [{"pointer": at, "about": about} for at, about in marks(known.finding)],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "rule": entry.rule,
        "operation": entry.operation,
        "pointer": entry.pointer,
        "about": entry.about,
        "reason": entry.reason,
        "owner": entry.owner,
        "expires": entry.expires.isoformat(),
        "place": {"file": entry.place.file, "line": entry.place.line},
    }


def _observation(one: Observation) -> dict[str, Any]:
    return {
        "operation": one.operation,
        "pointer": one.pointer,
        "fault": one.fault,
        "declared": list(one.declared),
        "observed": one.observed,
        "sent": one.sent,
        "answered": one.answered,
        "count": one.count,
    }


def notes(report: Report) -> Iterator[str]:
    """Lines for a person: what is known, what is over, and what changed of what is declared."""
    if report.known:
        following = min(known.expires for known in report.known)
        yield f"Known: {_count(len(report.known), 'finding')}, next expires {following}"
    for entry in report.fixed:
        what = f"{entry.rule} at {entry.pointer} of {entry.operation}"
        yield f"Fixed: {what}; remove it from {entry.place.file}:{entry.place.line}"
    yield from _leniency([one for one in report.lenient if set(one.declared) - {"rejected"}])


def _leniency(declared: list[Observation]) -> Iterator[str]:
    taken = [one for one in declared if one.lenient]
    refused = [one for one in declared if not one.lenient]
    if taken:
        yield f"Taken beyond the contract, as x-leniency declares ({_count(len(taken), 'kind')}):"
    for one in taken[:_SHOWN]:
        told = f"{one.fault} {one.observed}: {one.sent} → {one.answered}"
        yield f"  {one.pointer}  {told}  ({_count(one.count, 'time')})"
    if len(taken) > _SHOWN:
        yield f"  and {len(taken) - _SHOWN} more; --report json=FILE has them all"
    for one in refused:
        yield f"No longer lenient: {one.pointer} refuses {one.fault} as the contract asks"


def known_in(report: Report, tested: Tested) -> list[str]:
    """A line for each known finding that the cases of *tested* are evidence of."""
    return [
        f"known until {known.expires}: {known.finding.breach.rule}: {known.finding.breach.message}"
        f" ({'; '.join(dict.fromkeys(f'{one.owner}: {one.reason}' for one in known.entries))})"
        for known in report.known
        if (known.finding.operation.label, known.finding.exchange.case.area)
        == (tested.operation, tested.area)
    ]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
