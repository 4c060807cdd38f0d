"""The comparison as JSON."""

from __future__ import annotations

from typing import Any

from leadline_contracts.case import Exchange
from leadline_contracts.compare.divergence import Divergence
from leadline_contracts.compare.report import Comparison
from leadline_contracts.reports import exchanges
from leadline_contracts.reports.as_json import written
from leadline_contracts.reproduction.shell import curl


def render(comparison: Comparison) -> str:
    """The comparison as indented JSON text."""
    return written(facts(comparison))


def facts(comparison: Comparison) -> dict[str, Any]:
    """The comparison in plain values."""
    contract, share = comparison.contract, comparison.fidelity
    return {
        "verdict": comparison.verdict,
        "fidelity": {"percent": share.percent, "same": share.exercised, "cases": share.total},
        "a": comparison.urls[0],
        "b": comparison.urls[1],
        "seconds": round(comparison.seconds, 3),
        "contract": {
            "title": contract.title,
            "version": contract.version,
            "source": contract.source,
            "digest": contract.digest,
        },
        "stopped": comparison.stopped,
        "gone": comparison.gone,
        "divergences": [_divergence(comparison, one) for one in comparison.divergences],
        "areas": [
            {
                "operation": one.operation,
                "area": one.area,
                "cases": one.cases,
                "same": one.same,
                "differing": dict(one.differing),
            }
            for one in comparison.areas
        ],
        "left_out": dict(comparison.left_out),
        "not_compared": dict(comparison.unchecked),
    }


def _divergence(comparison: Comparison, one: Divergence) -> dict[str, Any]:
    difference, case = one.difference, one.left.case
    urls, disclosed = comparison.urls, comparison.disclosed
    return {
        "operation": one.operation.label,
        "aspect": difference.aspect,
        "kind": difference.kind,
        "pointer": one.pointer,
        "pointers": list(one.pointers),
        "causes": [cause for cause in one.causes if cause],
        "message": one.message,
        "count": one.count,
        "a": difference.left,
        "b": difference.right,
        "case": case.id,
        "curl_a": curl(case, urls[0], disclosed[0]),
        "curl_b": curl(case, urls[1], disclosed[1]),
        "answer_a": _answer(one.left),
        "answer_b": _answer(one.right),
    }


def _answer(exchange: Exchange) -> dict[str, Any]:
    return {
        "status": exchange.status,
        "headers": [list(pair) for pair in exchange.headers],
        "body": exchanges.body(exchange.body),
        "failure": exchange.failure,
    }
