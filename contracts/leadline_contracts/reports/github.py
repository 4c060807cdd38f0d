"""The findings as workflow commands, which GitHub shows beside the lines of the spec."""

from __future__ import annotations

from collections.abc import Iterator

from leadline_contracts.report import Report
from leadline_contracts.reports.titles import TITLES

_SHOWN = 10
"""GitHub shows no more errors of one step."""


def render(report: Report) -> str:
    """One `::error` line for each of the first findings."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    for finding in report.findings[:_SHOWN]:
        breach, place = finding.breach, report.contract.place(finding.breach.pointer)
        title = f"{finding.operation.label} {TITLES.get(breach.rule, breach.rule)}"
        where = {"file": place.file, "line": str(place.line or 1), "title": title}
        properties = ",".join(f"{name}={_property(value)}" for name, value in where.items())
        text = f"{breach.message}\nexpected {breach.expected}\nactual {breach.actual}"
        yield f"::error {properties}::{_data(text)}"


def _data(text: str) -> str:
    """*text* as the value of a workflow command, which ends with the line."""
    shown = "".join(one if one.isprintable() or one in "\r\n" else ascii(one)[1:-1] for one in text)
    return shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
