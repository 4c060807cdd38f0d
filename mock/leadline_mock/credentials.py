"""Is there a key, and is it one of ours? The answer never holds the key."""

from __future__ import annotations

from functools import lru_cache
from operator import itemgetter

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
    section 4.8.30). What is told is about the alternative that the caller came closest to: one that was
    tried at all, of which the fewest are missing, then wrong; of those that are as close, the first.
    """
    found = []
    for alternative in operation.security:
        wrong = _violations(alternative, request, keys)
        if not wrong:
            return ()
        missing = sum(not _sent(scheme, request) for scheme in alternative)
        found.append(((missing == len(alternative), missing, len(wrong)), wrong))
    return tuple(min(found, key=itemgetter(0))[1]) if found else ()


def fits(scheme: SecurityScheme, request: Request, keys: tuple[str, ...]) -> bool:
    """Whether *request* carries one of *keys* as *scheme* wants it."""
    return _sent(scheme, request) in _accepted(scheme, keys)


def _violations(
    alternative: tuple[SecurityScheme, ...], request: Request, keys: tuple[str, ...]
) -> list[Violation]:
    return [
        _violation(scheme, alternative, request, keys)
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
    scheme: SecurityScheme,
    alternative: tuple[SecurityScheme, ...],
    request: Request,
    keys: tuple[str, ...],
) -> Violation:
    sent = _sent(scheme, request)
    hint = near_miss(scheme, alternative, sent, request, keys)
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
