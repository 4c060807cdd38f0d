"""What is read in answers by whoever has to see through what a server adds to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from leadline_contracts.case import Exchange
from leadline_openapi.words import ITEMS

_TOLERANCE = timedelta(minutes=5)


def is_near(value: Any, exchange: Exchange) -> bool:
    """Whether *value* is a time near that of *exchange*; clocks of two machines may be apart."""
    if not isinstance(value, str) or "T" not in value.upper():
        return False
    try:
        time = datetime.fromisoformat(value.upper())
    except ValueError:
        return False
    if time.tzinfo is None:
        return False
    return abs(time.astimezone(UTC) - exchange.received_at) <= _TOLERANCE


def replaced(value: Any, path: tuple[str, ...], change: Any) -> Any:
    """*value* with what stands at *path* changed; `*` stands for every item."""
    if not path:
        return change(value)
    key, rest = path[0], path[1:]
    if key == ITEMS and isinstance(value, list):
        return [replaced(item, rest, change) for item in value]
    if isinstance(value, dict) and key in value:
        return {**value, key: replaced(value[key], rest, change)}
    return value
