"""Compare two contracts: what changed, what it breaks, and for whom."""

from __future__ import annotations

from datetime import date

from leadline_openapi.contract import Contract
from leadline_openapi.diff.change import Change, Diff, Version, Witness

__all__ = ["Change", "Diff", "Version", "Witness", "diff"]


def diff(old: Contract, new: Contract, *, today: date | None = None) -> Diff:
    """
    Every change from *old* to *new*, with what it means for what a caller sends and for what it reads.

    A schema breaks what is sent where the old one admits a value that the new one refuses, and breaks
    what is read where the new one admits a value that the old one did not. Members that only the new
    contract declares are taken not to be sent by callers of the old one. Neither contract has to be of
    the same OpenAPI version. What was deprecated with an `x-sunset` may go from that day on; *today*
    is the day that counts as now (default: the day in UTC).
    """
    # Every command imports this package, and only one of them compares.
    from leadline_openapi.diff.comparison import compared

    return compared(old, new, today)
