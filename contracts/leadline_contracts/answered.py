"""What is read in answers by whoever has to see through what a server adds to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from leadline_contracts.case import Exchange
from leadline_openapi.words import ITEMS

_TOLERANCE = timedelta(minutes=5)


def moment(value: Any) -> datetime | None:
    """The moment that *value* names: a date and a time with its offset; `None` where it names none."""
    if not isinstance(value, str) or "T" not in value.upper():
        return None
    try:
        time = datetime.fromisoformat(value.upper())
        return time.astimezone(UTC) if time.tzinfo else None
    except (OverflowError, ValueError):
        return None


def is_near(value: Any, exchange: Exchange) -> bool:
    """Whether *value* is a time near that of *exchange*; clocks of two machines may be apart."""
    time = moment(value)
    return time is not None and abs(time - exchange.received_at) <= _TOLERANCE


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
