"""The exchanges of all findings as an HTTP Archive."""

from __future__ import annotations

from leadline_contracts.report import Report
from leadline_contracts.reproduction.har import archive


def render(report: Report) -> str:
    """The archive as JSON text in ASCII."""
    return archive(report.findings, report.url, report.disclosed)
