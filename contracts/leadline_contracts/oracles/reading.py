"""What several oracles ask of an exchange."""

from __future__ import annotations

from typing import Any

from leadline_contracts.case import Due, Exchange
from leadline_openapi import pointer as pointers
from leadline_openapi.contract import MediaType
from leadline_openapi.parameters import ABSENT

MISSING = ABSENT
"""What stands where nothing is; it equals nothing."""


def accepted(exchange: Exchange) -> MediaType | None:
    """How the contract describes the answer, where it is the JSON of a success that was due."""
    if exchange.case.due not in {Due.ACCEPT, Due.EITHER} or not exchange.accepted:
        return None
    readable = exchange.is_json and not exchange.malformed
    return exchange.media if readable else None


def reach(value: Any, path: tuple[str, ...]) -> Any:
    """What stands at *path* in *value*, or `MISSING`."""
    for key in path:
        if not isinstance(value, dict) or key not in value:
            return MISSING
        value = value[key]
    return value


def faulty(exchange: Exchange, path: tuple[str, ...]) -> bool:
    """Whether the schema finds fault with the value at *path*, with what holds it or what it holds."""
    for violation in exchange.violations:
        at = tuple(pointers.tokens(violation.pointer))
        if at[: len(path)] == path[: len(at)]:
            return True
    return False
