"""Which keywords assert something, and which values stand at the edge of what they allow."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from leadline_openapi.parameters import Parameter

_NUMBER = (int, float)
_TRIVIAL: dict[str, Any] = {
    "required": [],
    "additionalProperties": True,
    "unevaluatedProperties": True,
    "uniqueItems": False,
    "minLength": 0,
    "minItems": 0,
    "minProperties": 0,
    "dependentRequired": {},
}
"""Values with which a keyword forbids nothing."""


def _any(_limit: Any, _value: Any) -> bool:
    return True


def _of(kind: Any, reached: Callable[[Any, Any], bool] = _any) -> Callable[[Any, Any], bool]:
    """Whether a value of *kind* has reached the edge; `True` is no number."""

    def check(limit: Any, value: Any) -> bool:
        return isinstance(value, kind) and not isinstance(value, bool) and reached(limit, value)

    return check


def _long(limit: Any, value: Any) -> bool:
    return bool(len(value) == limit)


def _equal(limit: Any, value: Any) -> bool:
    return bool(value == limit)


REACHED: dict[str, Callable[[Any, Any], bool]] = {
    "type": _any,
    "enum": _any,
    "const": _any,
    "anyOf": _any,
    "oneOf": _any,
    "not": _any,
    "minimum": _of(_NUMBER, _equal),
    "maximum": _of(_NUMBER, _equal),
    "exclusiveMinimum": _of(_NUMBER),
    "exclusiveMaximum": _of(_NUMBER),
    "multipleOf": _of(_NUMBER),
    "minLength": _of(str, _long),
    "maxLength": _of(str, _long),
    "pattern": _of(str),
    "minItems": _of(list, _long),
    "maxItems": _of(list, _long),
    "uniqueItems": _of(list, lambda _, value: len(value) > 1),
    "contains": _of(list),
    "minContains": _of(list),
    "maxContains": _of(list),
    "required": _of(dict),
    "additionalProperties": _of(dict),
    "unevaluatedProperties": _of(dict),
    "propertyNames": _of(dict, lambda _, value: bool(value)),
    "dependentRequired": _of(dict, lambda limit, value: any(name in value for name in limit)),
    "minProperties": _of(dict, _long),
    "maxProperties": _of(dict, _long),
}
"""
Whether a valid value tells that a keyword with a limit allows enough: it stands at the edge where there is
one, otherwise it is of the type that the keyword speaks of. `format` annotates, so it is not here.
"""


def asserted(schema: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The keywords of *schema* that forbid something, each with the limit that a value can reach."""
    return [
        (word, _reachable(schema, word, limit))
        for word, limit in schema.items()
        if word in REACHED and limit != _TRIVIAL.get(word, math.nan) and not _applies(word, limit)
    ]


def _applies(word: str, limit: Any) -> bool:
    """Whether the keyword hands on to a schema: that says itself what it forbids."""
    return word in {"additionalProperties", "unevaluatedProperties"} and isinstance(limit, dict)


def _reachable(schema: Mapping[str, Any], word: str, limit: Any) -> Any:
    if schema.get("type") == "integer" and word in {"minimum", "maximum"}:
        return math.ceil(limit) if word == "minimum" else math.floor(limit)
    return limit


def breakable(word: str, limit: Any, parameter: Parameter | None) -> bool:
    """
    Whether a request can break the keyword at all.

    Outside JSON every text is a string, every repetition an array; and what is empty is not sent.
    """
    if parameter is None or parameter.json:
        return True
    match word:
        case "type":
            named = {limit} if isinstance(limit, str) else set(limit)
            return not named & {"string", "array", "object"}
        case "additionalProperties" | "unevaluatedProperties":
            return not (parameter.style == "form" and parameter.explode)
        case "minItems" | "minProperties":
            return bool(limit > 1)
        case "minLength":
            return bool(limit > 1) or parameter.location == "query"
    return True
