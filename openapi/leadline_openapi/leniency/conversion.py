"""`coerced`: a value of one JSON type as a value of another, where there is an obvious one."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from leadline_openapi import jsontext
from leadline_openapi.flatten import Flat
from leadline_openapi.parameters import ABSENT

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_BOOLEANS = {"true": True, "false": False}
_ID = "id"


def convert(value: Any, wanted: Flat) -> Any:
    """
    *value* as the first type that *wanted* admits and that it can be read as; else `ABSENT`.

    A text is read as the number or the boolean that it spells, anything is written as a text (an array or an
    object as JSON), a value becomes the one item of an array, and a document, where an id is due, its id.
    Where a date-time is due, a text in ISO 8601 and a number of milliseconds since 1970 are that time. A list
    of one item is that item, but where it can be written as a text.
    """
    if value is None:
        return ABSENT
    if isinstance(value, dict) and "x-relation" in wanted.keywords:
        return value.get(_ID, ABSENT)
    timed = wanted.keywords.get("format") == "date-time"
    for name in wanted.types:
        kind = "time" if timed and name == "string" else name
        made = _CONVERTERS[kind](_only(value, kind)) if kind in _CONVERTERS else ABSENT
        if made is not ABSENT:
            return made
    return ABSENT


def _only(value: Any, kind: str) -> Any:
    """The one item of *value*, where no list is due."""
    alone = isinstance(value, list) and len(value) == 1 and kind not in {"array", "string"}
    return value[0] if alone else value


def _to_array(value: Any) -> Any:
    return ABSENT if isinstance(value, list) else [value]


def _to_boolean(value: Any) -> Any:
    if isinstance(value, str):
        return _BOOLEANS.get(value.strip().lower(), ABSENT)
    return bool(value) if isinstance(value, int | float) and value in (0, 1) else ABSENT


def _to_number(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return value
    if not (isinstance(value, str) and _NUMBER.fullmatch(value.strip())):
        return ABSENT
    number = float(value)
    if not abs(number) < float("inf"):
        return ABSENT
    return int(number) if number.is_integer() else number


def _to_integer(value: Any) -> Any:
    number = _to_number(value)
    return number if isinstance(number, int) else ABSENT


def _to_string(value: Any) -> Any:
    return ABSENT if isinstance(value, str) else written(value)


def written(value: Any) -> str:
    """*value* as JSON text; a number whose fraction is zero is written without it, as ECMAScript does."""
    return jsontext.dump(_whole(value)).decode()


def _whole(value: Any) -> Any:
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < _EXPONENT else value
    if isinstance(value, dict):
        return {key: _whole(member) for key, member in value.items()}
    return [_whole(item) for item in value] if isinstance(value, list) else value


def _to_time(value: Any) -> Any:
    """With milliseconds, as ECMAScript writes it (ECMA-262 section 21.4.1.32)."""
    try:
        if isinstance(value, str):
            time = datetime.fromisoformat(value)
            time = time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            time = _EPOCH + timedelta(milliseconds=value)
        else:
            return ABSENT
    except (ValueError, OverflowError):
        return ABSENT
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EXPONENT = 1e21
"""From here on ECMAScript writes numbers with an exponent (ECMA-262 section 6.1.6.1.20)."""

_CONVERTERS = {
    "array": _to_array,
    "boolean": _to_boolean,
    "integer": _to_integer,
    "number": _to_number,
    "string": _to_string,
    "time": _to_time,
}
