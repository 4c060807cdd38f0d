"""Findings without secrets: a server may write the key into its answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from leadline_contracts.case import Breach, Exchange, Finding

Redact = Callable[[str], str]
"""Gives a text without the secrets in it."""


def redacted(finding: Finding, redact: Redact) -> Finding:
    """*finding* with nothing secret in what was answered; its breach has been cleaned when it was found."""
    before = tuple(cleaned(exchange, redact) for exchange in finding.before)
    return replace(
        finding,
        breach=replace(finding.breach, before=before),
        exchange=cleaned(finding.exchange, redact),
    )


def cleaned(exchange: Exchange, redact: Redact) -> Exchange:
    """*exchange* with nothing secret in what was answered."""
    return replace(
        exchange,
        headers=tuple((redact(name), redact(value)) for name, value in exchange.headers),
        body=_bytes(exchange.body, redact),
        failure=redact(exchange.failure),
    )


def worded(breach: Breach, redact: Redact) -> Breach:
    """*breach* with nothing secret in its words, which may repeat what was answered."""
    return replace(
        breach,
        message=redact(breach.message),
        expected=redact(breach.expected),
        actual=redact(breach.actual),
        about=redact(breach.about),
    )


def _bytes(body: bytes, redact: Redact) -> bytes:
    text = body.decode("utf-8", "surrogateescape")
    return redact(text).encode("utf-8", "surrogateescape")
