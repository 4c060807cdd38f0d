"""What the parts of a fault are held to."""

from __future__ import annotations

import math
from typing import Any

from leadline_openapi import LeadlineError

MAX_SECONDS = 600
MAX_MILLISECONDS = MAX_SECONDS * 1000


class BadFault(LeadlineError):
    """A fault that cannot be: the message names the member, what is wrong with it and what would do."""


def is_whole(value: Any, least: int, most: int) -> bool:
    """Whether *value* is an integer from *least* to *most*; `True` is none."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def is_number(value: Any, least: float, most: float) -> bool:
    """Whether *value* is a number from *least* to *most*; `nan` is in no range."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and least <= value <= most


def written(number: float) -> str:
    """*number* as a person writes it: `200`, `0.1`."""
    return str(int(number)) if math.floor(number) == number else repr(number)
