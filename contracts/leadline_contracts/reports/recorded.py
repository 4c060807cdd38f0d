"""What a report says of recorded traffic beside its findings: the same facts for people and programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from leadline_contracts.report import Report

_SHOWN = 10


def facts(report: Report) -> dict[str, Any]:
    """The member `traffic` of the JSON report; nothing where no recording was held to the contract."""
    traffic = report.traffic
    if traffic is None:
        return {}
    return {
        "traffic": {
            "files": [
                {"file": file, "creator": creator}
                for file, creator in zip(traffic.files, traffic.creators, strict=True)
            ],
            "entries": traffic.entries,
            "bases": dict(traffic.bases),
            "skipped": dict(traffic.skipped),
            "elsewhere": traffic.elsewhere,
            "undocumented": dict(traffic.undocumented),
            "unchecked": dict(traffic.unchecked),
            "denied": dict(traffic.denied),
            "callers": [
                {"caller": name, "requests": one.requests, "wrong": one.wrong}
                for name, one in traffic.callers.items()
            ],
        }
    }


def where(report: Report) -> Iterator[str]:
    """Lines on what was read, and where the API was found in it."""
    traffic = report.traffic
    if traffic is None:
        return
    for file, creator in zip(traffic.files, traffic.creators, strict=True):
        yield f"  Recorded in {file}" + (f" by {creator}" if creator else "")
    for base, count in traffic.bases.items():
        yield f"  {_count(count, 'request')} below {base}"
    if not traffic.bases:
        yield "  No request is an operation of the contract; where the API stands, --base tells."
    left = dict(traffic.skipped)
    if traffic.elsewhere:
        left["not below the base"] = traffic.elsewhere
    if left:
        told = ", ".join(f"{count} {reason}" for reason, count in left.items())
        yield f"  Left out: {told}"


def notes(report: Report) -> Iterator[str]:
    """Lines on what could not be checked, who is behind what, and what nobody documented."""
    traffic = report.traffic
    if traffic is None:
        return
    yield from _listed("Not checked:", traffic.unchecked, "time")
    yield from _listed("Denied with a key (is it the right one?):", traffic.denied, "answer")
    yield from _listed("Not documented, but asked for:", traffic.undocumented, "request")
    if len(traffic.callers) > 1:
        yield ""
        yield "Callers:"
        for name, one in list(traffic.callers.items())[:_SHOWN]:
            wrong = f", {one.wrong} of them wrong" if one.wrong else ""
            yield f"  {name}  ({_count(one.requests, 'request')}{wrong})"


def _listed(title: str, counts: Mapping[str, int], noun: str) -> Iterator[str]:
    if not counts:
        return
    yield ""
    yield title
    for name, count in list(counts.items())[:_SHOWN]:
        yield f"  {name}  ({_count(count, noun)})"
    if len(counts) > _SHOWN:
        yield f"  and {len(counts) - _SHOWN} more; --report json=FILE has them all"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
