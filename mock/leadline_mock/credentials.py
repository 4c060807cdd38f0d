"""Is there a key, and is it one of ours? The answer never holds the key."""

from __future__ import annotations

from functools import lru_cache

from leadline_mock.messages import Request
from leadline_mock.nearmiss import near_miss
from leadline_openapi.contract import Operation, SecurityScheme
from leadline_openapi.violation import Violation


def violations(
    operation: Operation, request: Request, keys: tuple[str, ...]
) -> tuple[Violation, ...]:
    """
    What is wrong with the credentials of *request*; empty when one alternative is fulfilled.

    An operation that lists alternatives wants any one of them, with all of its schemes (OAS 3.1.1
    section 4.8.30). What is told is about the alternative that the caller came closest to: the one
    with the fewest violations, then the one of which most was sent, then the first.
    """
    for alternative in operation.security:
        if not _violations(alternative, request, keys):
            return ()
    told = [tuple(_violations(alternative, request, keys)) for alternative in operation.security]
    sent = [
        sum(_sent(scheme, request) is not None for scheme in alternative)
        for alternative in operation.security
    ]
    order = sorted(range(len(told)), key=lambda index: (len(told[index]), -sent[index]))
    return told[order[0]] if order else ()


def fits(scheme: SecurityScheme, request: Request, keys: tuple[str, ...]) -> bool:
    """Whether *request* carries one of *keys* as *scheme* wants it."""
    return _sent(scheme, request) in _accepted(scheme, keys)


def _violations(
    alternative: tuple[SecurityScheme, ...], request: Request, keys: tuple[str, ...]
) -> list[Violation]:
    return [
        _violation(scheme, _sent(scheme, request), request, keys)
        for scheme in alternative
        if not fits(scheme, request, keys)
    ]


@lru_cache(maxsize=64)
def _accepted(scheme: SecurityScheme, keys: tuple[str, ...]) -> frozenset[str]:
    return frozenset(scheme.credential(key) for key in keys)


def _sent(scheme: SecurityScheme, request: Request) -> str | None:
    if scheme.location == "header":
        return request.header(scheme.parameter.lower())
    values = request.sent(scheme.location).get(scheme.parameter)
    return values[-1] if values else None


def _violation(
    scheme: SecurityScheme, sent: str | None, request: Request, keys: tuple[str, ...]
) -> Violation:
    hint = near_miss(scheme, sent, request, keys)
    problem = "the API key is not accepted" if sent else "the API key is missing"
    return Violation(
        location=scheme.location,
        field=scheme.parameter,
        pointer=f"/{scheme.parameter}",
        keyword="security",
        problem=f"{problem}: {hint}" if hint else problem,
        expected=scheme.credential("<api-key>"),
        rule=scheme.pointer,
    )
