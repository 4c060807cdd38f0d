"""The report as SARIF 2.1.0: code scanning shows each finding at the line of the spec that it breaks."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from leadline_contracts.case import Finding
from leadline_contracts.report import Report
from leadline_contracts.reports.titles import TITLES
from leadline_contracts.reproduction import curl

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(report: Report) -> str:
    """The report as indented JSON text in ASCII, which holds every string that JSON can."""
    return json.dumps(_log(report), indent=2) + "\n"


def _log(report: Report) -> dict[str, Any]:
    rules = sorted({finding.breach.rule for finding in report.findings})
    driver = {
        "name": "Leadline",
        "version": version("leadline"),
        "rules": [
            {"id": rule, "shortDescription": {"text": f"The server {TITLES.get(rule, rule)}"}}
            for rule in rules
        ],
    }
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": not report.stopped and report.cases > 0}],
        "results": [_result(report, rules, finding) for finding in report.findings],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(report: Report, rules: list[str], finding: Finding) -> dict[str, Any]:
    breach, label = finding.breach, finding.operation.label
    same = f"{breach.rule}\n{label}\n{breach.pointer}\n{breach.about}"
    return {
        "ruleId": breach.rule,
        "ruleIndex": rules.index(breach.rule),
        "level": "error",
        "message": {
            "text": f"{label}: {breach.message}\n"
            f"expected {breach.expected}\nactual {breach.actual}\n{curl(finding.exchange.case, report.url)}"
        },
        "locations": [_location(report, label, breach.pointer)],
        # A finding is the same one in the next run if it breaks the same rule at the same place.
        "partialFingerprints": {"leadline/v1": hashlib.sha256(same.encode()).hexdigest()},
        "properties": {"pointer": breach.pointer, "case": finding.exchange.case.id},
        "occurrenceCount": finding.count,
    }


def _location(report: Report, label: str, pointer: str) -> dict[str, Any]:
    place = report.contract.place(pointer)
    path = PurePath(place.file)
    address = path.as_uri() if path.is_absolute() else quote(path.as_posix())
    physical: dict[str, Any] = {"artifactLocation": {"uri": address}}
    if place.line is not None:
        physical["region"] = {"startLine": place.line, "startColumn": place.column or 1}
    return {
        "physicalLocation": physical,
        "logicalLocations": [{"fullyQualifiedName": f"{label} {pointer}"}],
    }
