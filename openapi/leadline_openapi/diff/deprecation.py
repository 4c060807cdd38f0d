"""Deprecation and its end: `deprecated`, and `x-sunset`, the day on which what is deprecated may go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from leadline_openapi.diff.view import View


def sunset_of(seen: View) -> str:
    """The day on which a deprecated schema may go, as `2026-01-31`; empty where none is told."""
    deprecated, told = seen.first("deprecated"), seen.first("x-sunset")
    return day(told[1]) if told and deprecated and deprecated[1] is True else ""


def sunset(value: Mapping[str, Any]) -> str:
    """The day on which a deprecated operation, parameter or header may go; empty where none is told."""
    return day(value.get("x-sunset")) if value.get("deprecated") is True else ""


def has_come(told: str, today: date) -> bool:
    """Whether the day *told*, as `sunset` tells it, is there; never, where it is empty."""
    return told != "" and told <= today.isoformat()


def day(told: Any) -> str:
    """The day of an RFC 3339 date or time; empty for anything else."""
    text = str(told)[:10]
    try:
        date.fromisoformat(text)
    except ValueError:
        return ""
    return text
