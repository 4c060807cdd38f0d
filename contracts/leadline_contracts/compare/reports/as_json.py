"""The comparison as JSON."""

from __future__ import annotations

from typing import Any

from leadline_contracts.case import Exchange
from leadline_contracts.compare.divergence import Divergence
from leadline_contracts.compare.report import Comparison
from leadline_contracts.reconcile.proposal import Proposal
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
        "suspect": comparison.suspect,
        "planned": comparison.planned,
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
        "refused": [{"member": told, "count": count} for told, count in comparison.refused.items()],
        **_proposals(comparison),
    }


def _proposals(comparison: Comparison) -> dict[str, Any]:
    """What to do about the divergences, where that was asked for."""
    if comparison.proposals is None:
        return {}
    return {"proposals": [_proposal(comparison, one) for one in comparison.proposals]}


def _proposal(comparison: Comparison, one: Proposal) -> dict[str, Any]:
    return {
        "wrong": one.wrong,
        "operation": one.operation,
        "pointer": one.pointer,
        "what": one.what,
        "why": one.why,
        "count": one.count,
        "actions": [action.facts for action in one.actions],
        "bug": {"title": one.title, "expected": one.expected, "actual": one.actual}
        if one.is_bug
        else None,
        **_evidence(comparison, one.left, one.right),
    }


def _divergence(comparison: Comparison, one: Divergence) -> dict[str, Any]:
    difference = one.difference
    return {
        "operation": one.operation.label,
        "operations": list(one.operations),
        "aspect": difference.aspect,
        "kind": difference.kind,
        "pointer": one.pointer,
        "pointers": list(one.pointers),
        "causes": [cause for cause in one.causes if cause],
        "message": one.message,
        "count": one.count,
        "a": difference.left,
        "b": difference.right,
        **_evidence(comparison, one.left, one.right),
    }


def _evidence(comparison: Comparison, left: Exchange, right: Exchange) -> dict[str, Any]:
    """The case, how to repeat it, and both answers."""
    urls, disclosed = comparison.urls, comparison.disclosed
    return {
        "case": left.case.id,
        "curl_a": curl(left.case, urls[0], disclosed[0]),
        "curl_b": curl(right.case, urls[1], disclosed[1]),
        "answer_a": _answer(left),
        "answer_b": _answer(right),
    }


def _answer(exchange: Exchange) -> dict[str, Any]:
    return {
        "status": exchange.status,
        "headers": [list(pair) for pair in exchange.headers],
        "body": exchanges.body(exchange.body),
        "failure": exchange.failure,
    }
