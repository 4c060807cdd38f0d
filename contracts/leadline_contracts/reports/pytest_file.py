"""The findings as pytest tests that run without Leadline."""

from __future__ import annotations

from leadline_contracts.report import Report
from leadline_contracts.reproduction.pytest_file import tests


def render(report: Report) -> str:
    """The text of a Python file with one test for each finding."""
    return tests(report.contract, report.findings, report.url, report.disclosed)
