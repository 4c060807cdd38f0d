"""The report as JSON; its shape is relied on by users' scripts."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import Any

from leadline_contracts.case import Finding
from leadline_contracts.coverage import KINDS, Covered, Share
from leadline_contracts.report import LeftOut, Report
from leadline_contracts.reports import exchanges, living, recorded
from leadline_contracts.reproduction import commands

_SURROGATES = re.compile("[\ud800-\udfff]")


def render(report: Report) -> str:
    """The report as indented JSON text."""
    return written(facts(report))


def written(told: Any) -> str:
    """The plain values *told* as indented JSON text."""
    text = json.dumps(told, indent=2, ensure_ascii=False)
    if _SURROGATES.search(text):  # no UTF-8 can hold them; JSON can, escaped
        text = json.dumps(told, indent=2)
    return text + "\n"


def facts(report: Report) -> dict[str, Any]:
    """The report in plain values."""
    return {
        "verdict": report.verdict,
        "cases": report.cases,
        "seconds": round(report.seconds, 3),
        "url": report.url,
        "contract": {
            "title": report.contract.title,
            "version": report.contract.version,
            "source": report.contract.source,
            "digest": report.contract.digest,
        },
        "stopped": report.stopped,
        "gone": report.gone,
        "left_out": _left_out(report.left_out),
        "first_finding_seconds": report.first_finding,
        "findings": [_finding(report, finding) for finding in report.findings],
        **living.facts(report, partial(_finding, report)),
        **recorded.facts(report),
        "warnings": [
            {"rule": "undocumented", "member": member, "count": count}
            for member, count in report.undocumented.items()
        ]
        + [
            {"rule": "state", "member": told, "count": count}
            for told, count in report.of_state.items()
        ],
        "coverage": {
            "operations": {
                operation.label: {
                    "cases": sum(
                        tested.cases
                        for tested in report.tested
                        if tested.operation == operation.label
                    ),
                    "statuses": {
                        str(status): count
                        for status, count in report.statuses.get(operation.label, {}).items()
                    },
                    "not_checked": report.unchecked.get(operation.label, ""),
                    "not_generated": report.not_fuzzed.get(operation.label, ""),
                }
                for operation in report.contract.operations
            },
            **_coverage(report.coverage),
        },
    }


def _coverage(covered: Covered) -> dict[str, Any]:
    """The shares, overall and of each kind, and the names of what was not exercised."""
    return {
        **_share(covered.overall),
        "kinds": {
            kind: {
                **_share(covered.of(kind)),
                "missing": [
                    {"operation": item.operation, "pointer": item.pointer, "label": item.label}
                    for item in covered.missing(kind)
                ],
            }
            for kind in KINDS
        },
        "items": [
            {
                "kind": item.kind,
                "operation": item.operation,
                "pointer": item.pointer,
                "label": item.label,
                "count": item.count,
                "counted": item.counted,
            }
            for item in covered.items
        ],
    }


def _left_out(left: LeftOut) -> dict[str, Any]:
    return {
        "cases": left.total,
        "of": left.of,
        "classes": [
            {"operation": operation, "class": kind, "cases": count}
            for (operation, kind), count in left.cases.items()
        ],
        "phases": list(left.phases),
        "limits": [
            {
                "operation": one.operation,
                "pointer": one.limit.pointer,
                "requests": one.limit.requests,
                "seconds": one.limit.seconds,
                "max_time": one.seconds,
                "advice": one.advice,
            }
            for one in left.limits
        ],
    }


def _share(share: Share) -> dict[str, Any]:
    return {"exercised": share.exercised, "total": share.total, "percent": share.percent}


def _finding(report: Report, finding: Finding) -> dict[str, Any]:
    breach, place = finding.breach, report.contract.place(finding.breach.pointer)
    return {
        "rule": breach.rule,
        "operation": finding.operation.label,
        "pointer": breach.pointer,
        "about": breach.when or breach.about,
        "place": {"file": place.file, "line": place.line},
        "message": breach.message,
        "expected": breach.expected,
        "actual": breach.actual,
        "case": finding.exchange.case.id,
        "curl": "\n".join(commands(finding, report.url, report.disclosed)),
        "count": finding.count,
        "before": [exchanges.facts(report, one) for one in finding.before],
        "exchange": exchanges.facts(report, finding.exchange),
    }
