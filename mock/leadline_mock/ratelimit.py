"""`x-rate-limit`: of too many requests within a time, the further ones are refused."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from leadline_mock.messages import Response
from leadline_mock.refusal import refuse
from leadline_mock.world import World
from leadline_openapi.contract import Operation
from leadline_openapi.violation import Violation

_TOO_MANY = (429,)


def beyond(operation: Operation, world: World) -> Response | None:
    """
    The refusal of one more request to *operation*, if its limit is reached; the request is counted.

    Times are counted in windows of the declared length. `Retry-After` (RFC 9110 section 10.2.3) says when the
    next one begins.
    """
    limit = operation.rate_limit
    if limit is None:
        return None
    window, gone = divmod(world.now().timestamp(), limit.seconds)
    if world.ids.within(operation.label, int(window)) <= limit.requests:
        return None
    left = ceil(limit.seconds - gone)
    wrong = Violation(
        location="",
        field="",
        pointer="",
        keyword="x-rate-limit",
        problem=f"there were {limit.requests} requests within {limit.seconds} seconds",
        expected=f"the next one in {left} seconds",
        rule=limit.pointer,
    )
    response = refuse(operation, _TOO_MANY, [wrong])
    others = [one for one in response.headers if one[0].lower() != "retry-after"]
    return replace(response, headers=(*others, ("Retry-After", str(left))))
