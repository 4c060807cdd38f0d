"""What a declared limit of requests (`x-rate-limit`) leaves of a run, and how to get the rest."""

from __future__ import annotations

import math
from dataclasses import dataclass

from leadline_contracts.options import Options
from leadline_contracts.target.allowance import most, usable
from leadline_openapi import Operation
from leadline_openapi.contract import RateLimit

LATER = 0.25
"""The share of what a run may spend that is kept for what comes after the certificate, at most."""
REQUESTS_LATER = 130
"""About so many requests of each operation come after the certificate."""


@dataclass(frozen=True, slots=True)
class Limited:
    """
    An *operation* whose *limit* does not allow all requests in the time that there is.

    In so many *seconds* it would; *removal* is the action of an overlay that takes the word out.
    """

    operation: str
    limit: RateLimit
    removal: str
    seconds: int

    @property
    def reason(self) -> str:
        """`POST /leads takes 500 requests in 900 seconds (x-rate-limit)`."""
        limit = self.limit
        return (
            f"{self.operation} takes {limit.requests:,} requests in {limit.seconds:,} seconds"
            " (x-rate-limit)"
        )

    @property
    def advice(self) -> str:
        """What to do to have all of it sent."""
        return (
            f"all is sent with --max-time {self.seconds}, or, to a server without the limit, with an"
            f" overlay that removes the word: {self.removal}"
        )


def limited(operation: Operation, limit: RateLimit, wanted: int) -> Limited:
    """What the *limit* of *operation* means where so many requests are *wanted*."""
    return Limited(
        operation=operation.label,
        limit=limit,
        removal=f"{{ target: \"{_path(operation)}['x-rate-limit']\", remove: true }}",
        seconds=math.ceil(wanted / usable(limit)) * limit.seconds,
    )


def wanted(cases: int, options: Options) -> int:
    """How many requests a whole run makes of so many *cases* of an operation."""
    return cases + (0 if options.is_short else REQUESTS_LATER + 2 * options.examples)


def sent(operation: Operation, cases: int, options: Options) -> int:
    """How many of so many *cases* of *operation* a run sends, by what the contract allows."""
    room = most(operation, options.max_time)
    return cases if cases + kept(room, options) <= room else int(room - kept(room, options))


def kept(room: float, options: Options) -> float:
    """How many of the requests that there is *room* for are kept for what comes after the certificate."""
    return 0 if options.is_short else min(LATER * room, REQUESTS_LATER)


def _path(operation: Operation) -> str:
    """The operation as JSONPath (RFC 9535)."""
    path = operation.path.replace("\\", "\\\\").replace("'", "\\'")
    return f"$.paths['{path}'].{operation.method.lower()}"
