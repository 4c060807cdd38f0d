"""Coverage: which parts of a contract a run exercised, told from its exchanges alone."""

from __future__ import annotations

from leadline_contracts.coverage.facts import (
    KINDS,
    Covered,
    Item,
    Requirement,
    Share,
    requirement,
    unmet,
)
from leadline_contracts.coverage.taking import Coverage

__all__ = [
    "KINDS",
    "Coverage",
    "Covered",
    "Item",
    "Requirement",
    "Share",
    "requirement",
    "unmet",
]
