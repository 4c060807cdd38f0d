"""Is there a key, and is it one of ours? The answer never holds the key."""

from __future__ import annotations

from leadline_mock.messages import Request
from leadline_openapi.contract import Operation, SecurityScheme
from leadline_openapi.violation import Violation


def violations(
    operation: Operation, request: Request, keys: tuple[str, ...]
) -> tuple[Violation, ...]:
    """
    What is wrong with the credentials of *request*; empty when one alternative is fulfilled.

    An operation that lists alternatives wants any one of them, with all of its schemes (OAS 3.1.1
    section 4.8.30).
    """
    shortest: tuple[Violation, ...] = ()
    for alternative in operation.security:
        found = tuple(
            violation
            for scheme in alternative
            if (violation := _violation(scheme, request, keys)) is not None
        )
        if not found:
            return ()
        shortest = shortest or found
    return shortest


def _violation(scheme: SecurityScheme, request: Request, keys: tuple[str, ...]) -> Violation | None:
    sent = request.sent(scheme.location).get(scheme.parameter)
    accepted = {scheme.credential(key) for key in keys}
    if sent and sent[-1] in accepted:
        return None
    return Violation(
        location=scheme.location,
        field=scheme.parameter,
        pointer=f"/{scheme.parameter}",
        keyword="security",
        problem="the API key is not accepted" if sent else "the API key is missing",
        expected=scheme.credential("<api-key>"),
        rule=scheme.pointer,
    )
