"""JSON text (RFC 8259), read strictly: what Python's reader adds to the grammar is refused."""

from __future__ import annotations

import json
import math
import operator
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

import orjson

MAX_DEPTH = 200
"""Levels of nesting that are read (RFC 8259 section 9 lets a reader set a limit)."""


class NotJson(ValueError):
    """The bytes are not JSON text; the message says where and why."""


class TooDeep(NotJson):
    """The text is nested more deeply than is read here; it may be JSON for another reader."""


def parse(body: bytes) -> Any:
    """
    The value of the JSON text *body*.

    Raises `NotJson` for bytes that are not UTF-8, for text that is not well-formed, for `NaN` and
    `Infinity`, for numbers beyond what IEEE 754 can hold, and, as `TooDeep`, for nesting deeper than
    `MAX_DEPTH`.
    """
    shape = body.translate(_SHAPE)
    if _LONG in shape:  # orjson gives up precision beyond 64 bits
        return _parse_slowly(body)
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:  # it does not say enough, and takes less than we do
        return _parse_slowly(body)
    if shape.count(b"[") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise TooDeep("the body is nested too deeply")
    return value


def _parse_slowly(body: bytes) -> Any:
    """As `parse`, by the reader of Python's own library: it takes all that is JSON, and gives reasons."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotJson(f"the body is not UTF-8 (byte {error.start})") from None
    if text.startswith("\ufeff"):
        raise NotJson("it starts with a byte order mark (BOM)")
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise NotJson(f"{error.msg} (line {error.lineno} column {error.colno})") from None
    except RecursionError:
        raise TooDeep("the body is nested too deeply") from None
    except NotJson:
        raise
    except ValueError:
        raise NotJson("the body holds a number with too many digits") from None
    if text.count("[") + text.count("{") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise TooDeep("the body is nested too deeply")
    return value


def dump(value: Any) -> bytes:
    r"""*value* as compact JSON text in UTF-8; lone surrogates are kept as `\ud800` escapes."""
    try:
        made = orjson.dumps(value, option=_JSON_ONLY)
    except TypeError:  # integers beyond 64 bits, lone surrogates
        made = b"null"
    if b"null" not in made:  # which orjson also writes for NaN
        return made
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"), allow_nan=False).encode("ascii")


def same(left: Any, right: Any) -> bool:
    """
    Whether two JSON values are equal (JSON Schema 2020-12 section 4.2.2).

    Numbers compare by value (`1` is `1.0`), but `true` is not `1`.
    """
    return _same(left, right, operator.eq)


def alike(left: Any, right: Any) -> bool:
    """
    Whether two JSON values are equal to whoever reads numbers as doubles (RFC 8259 section 6).

    A number that is written with a fraction or an exponent is read as a double here as well, so that an
    integer that stands for it, as `25603888446661590` for `2.560388844666159e16`, may be another one exactly.
    """
    return _same(left, right, _as_doubles)


def _same(left: Any, right: Any, numbers: Callable[[Any, Any], bool]) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(
            _same(left[key], right[key], numbers) for key in left
        )
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(
            _same(one, other, numbers) for one, other in zip(left, right, strict=True)
        )
    if isinstance(left, int | float) and isinstance(right, int | float):
        return numbers(left, right)
    return bool(left == right)


def _as_doubles(left: float, right: float) -> bool:
    if isinstance(left, int) and isinstance(right, int):
        return left == right
    try:
        return float(left) == float(right)
    except OverflowError:
        return False


def distinct(values: Iterable[Any]) -> list[Any]:
    """*values*, each of those that are equal as JSON only once, in order."""
    found: list[Any] = []
    for value in values:
        if not any(same(value, known) for known in found):
            found.append(value)
    return found


def _depth(value: Any) -> int:
    level, depth = [value], 0
    while level := [item for item in level if isinstance(item, dict | list)]:
        depth += 1
        level = [
            inner for item in level for inner in (item.values() if isinstance(item, dict) else item)
        ]
    return depth


def _refuse(constant: str) -> NoReturn:
    raise NotJson(f"`{constant}` is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise NotJson(f"the number {text[:40]} is out of range")
    return value


_JSON_ONLY = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
_SHAPE = bytes.maketrans(b"123456789{", b"000000000[")
"""Leaves of a text what its reading depends on: runs of digits, and what opens a level."""
_LONG = b"0" * 19

_DECODER = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite)
"""Made once: `json.loads` makes one for every text that is read with options."""
