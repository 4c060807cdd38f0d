"""The verdicts of rules: whom it breaks when less, or more, may be written than before.

Of every exchange a caller writes one half and reads the other: it sends requests of operations and the
answers of callbacks and webhooks (the side `request`), and reads the rest (`response`).
"""

from __future__ import annotations

from leadline_openapi.diff.change import SideName, Verdict
from leadline_openapi.diff.rows import REQUEST, RESPONSE

Verdicts = dict[str, Verdict]


def broken(side: SideName) -> Verdicts:
    """It breaks callers, whether they write or read it."""
    return {side: "breaking"}


def harmless(side: SideName) -> Verdicts:
    """It breaks no caller."""
    return {side: "non-breaking"}


def narrower(side: SideName) -> Verdicts:
    """Less may be written than before: it breaks callers who write."""
    return broken(side) if side == REQUEST else harmless(side)


def wider(side: SideName) -> Verdicts:
    """More may be written than before: it breaks callers who read."""
    return broken(side) if side == RESPONSE else harmless(side)
