"""Exchanges in plain values: what a page or a program needs to show them."""

from __future__ import annotations

from typing import Any

from leadline_contracts.case import Exchange
from leadline_contracts.report import Report
from leadline_contracts.reproduction.har import body_text
from leadline_contracts.reproduction.secrets import request, written

_LONGEST = 20_000
"""Characters of a body that are told."""


def facts(report: Report, exchange: Exchange) -> dict[str, Any]:
    """*exchange* as it went over the wire, long bodies cut; *failure* says why there is no answer."""
    sent = request(exchange.case, report.disclosed)
    return {
        "request": {
            "method": sent.method,
            "url": report.url + written(sent.target),
            "headers": [[name, written(value)] for name, value in sent.headers],
            "body": None if sent.body is None else body(sent.body),
        },
        "response": {
            "status": exchange.status,
            "headers": [list(pair) for pair in exchange.headers],
            "body": body(exchange.body),
        },
        "failure": exchange.failure,
        "sent_at": exchange.sent_at.isoformat(),
        "seconds": round(exchange.elapsed, 6),
    }


def body(content: bytes) -> dict[str, Any]:
    """A body as text, in Base64 where it is not UTF-8; *cut* when that is not all of it."""
    text, encoding = body_text(content)
    return {
        "text": text[:_LONGEST],
        "encoding": encoding or "utf-8",
        "bytes": len(content),
        "cut": len(text) > _LONGEST,
    }
