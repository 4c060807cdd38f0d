"""The report as SARIF 2.1.0: code scanning shows each finding at the line of the spec that it breaks."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from leadline_contracts.case import Finding
from leadline_contracts.coverage import KINDS
from leadline_contracts.known import Known, fingerprints
from leadline_contracts.report import Report
from leadline_contracts.reports import exchanges
from leadline_contracts.reports.titles import TITLES
from leadline_contracts.reproduction import commands

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(report: Report) -> str:
    """The report as indented JSON text in ASCII, which holds every string that JSON can."""
    return json.dumps(_log(report), indent=2) + "\n"


def _log(report: Report) -> dict[str, Any]:
    known = [one.finding for one in report.known]
    rules = sorted({finding.breach.rule for finding in (*report.findings, *known)})
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
        "properties": {
            "coverage": {kind: report.coverage.of(kind).percent for kind in KINDS},
        },
        "results": [
            *(_result(report, rules, finding) for finding in report.findings),
            *(_suppressed(report, rules, known) for known in report.known),
        ],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(report: Report, rules: list[str], finding: Finding) -> dict[str, Any]:
    breach, label = finding.breach, finding.operation.label
    reproduction = "\n".join(commands(finding, report.url, report.disclosed))
    return {
        "ruleId": breach.rule,
        "ruleIndex": rules.index(breach.rule),
        "level": "error",
        "message": {
            "text": f"{label}: {breach.message}\n"
            f"expected {breach.expected}\nactual {breach.actual}\n{reproduction}"
        },
        "locations": [_location(report, label, breach.pointer)],
        # A finding is the same one in the next run if it breaks the same rule at the same place.
        "partialFingerprints": {"leadline/v1": fingerprints(finding)[0]},
        "properties": {"pointer": breach.pointer, "case": finding.exchange.case.id},
        "occurrenceCount": finding.count,
        **_web(exchanges.facts(report, finding.exchange)),
    }


def _suppressed(report: Report, rules: list[str], known: Known) -> dict[str, Any]:
    """A known finding, as a result that the baseline suppresses."""
    suppressions = [
        {
            "kind": "external",
            "justification": entry.reason,
            "properties": {"owner": entry.owner, "expires": entry.expires.isoformat()},
        }
        for entry in known.entries
    ]
    return {**_result(report, rules, known.finding), "suppressions": suppressions}


def _web(facts: dict[str, Any]) -> dict[str, Any]:
    """The exchange of a finding (SARIF 2.1.0 sections 3.46 and 3.47)."""
    sent, answered = facts["request"], facts["response"]
    http = {"protocol": "HTTP", "version": "1.1"}
    request = {**http, "method": sent["method"], "target": sent["url"]}
    request["headers"] = _headers(sent["headers"])
    if sent["body"] is not None:
        request["body"] = _content(sent["body"])
    if facts["failure"]:
        return {"webRequest": request, "webResponse": {"noResponseReceived": True}}
    response = {**http, "statusCode": answered["status"], "body": _content(answered["body"])}
    response["headers"] = _headers(answered["headers"])
    return {"webRequest": request, "webResponse": response}


def _headers(pairs: list[list[str]]) -> dict[str, str]:
    """By name; several of one name are one, as RFC 9110 section 5.3 has it."""
    found: dict[str, str] = {}
    for name, value in pairs:
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _content(body: dict[str, Any]) -> dict[str, str]:
    return {"text" if body["encoding"] == "utf-8" else "binary": body["text"]}


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
