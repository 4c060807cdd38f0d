"""Keywords of JSON Schema as assertions in Python, about one place of an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from leadline_contracts.reproduction.literals import literal
from leadline_openapi import Violation
from leadline_openapi import pointer as pointers
from leadline_openapi.flatten import flatten

_COMPARED = {
    "minimum": "not is_number(value) or value >= {limit}",
    "maximum": "not is_number(value) or value <= {limit}",
    "exclusiveMinimum": "not is_number(value) or value > {limit}",
    "exclusiveMaximum": "not is_number(value) or value < {limit}",
    "multipleOf": "is_multiple(value, {limit})",
    "minLength": "not isinstance(value, str) or len(value) >= {limit}",
    "maxLength": "not isinstance(value, str) or len(value) <= {limit}",
    "pattern": "not isinstance(value, str) or re.search({limit}, value)",
    "minItems": "not isinstance(value, list) or len(value) >= {limit}",
    "maxItems": "not isinstance(value, list) or len(value) <= {limit}",
    "uniqueItems": "not isinstance(value, list) or distinct(value)",
    "minProperties": "not isinstance(value, dict) or len(value) >= {limit}",
    "maxProperties": "not isinstance(value, dict) or len(value) <= {limit}",
    "const": "value is ABSENT or same(value, {limit})",
    "enum": "value is ABSENT or any(same(value, one) for one in {limit})",
}
_FORBIDDEN = frozenset(("additionalProperties", "unevaluatedProperties", "false"))


def asserted(violation: Violation, document: Mapping[str, Any], whole: Any) -> Iterator[str]:
    """
    That *violation* of a rule in *document*, found in the answer *whole*, is not there.

    A keyword that has no short form in Python is held by saying that the value must not be what it was.
    """
    path = pointers.tokens(violation.pointer)
    keyword, limit = violation.keyword, _find(document, violation.rule)
    if keyword in {"required", "dependentRequired"}:
        yield f"holder = {_at(path[:-1])}"
        yield f"assert not isinstance(holder, dict) or {literal(path[-1])} in holder, answer"
        return
    yield f"value = {_at(path)}"
    if keyword in _FORBIDDEN:
        yield "assert value is ABSENT, answer"
        return
    if names := _types(document, violation.rule, keyword, limit):
        told = ", ".join(map(literal, names))
        yield f"assert value is ABSENT or has_type(value, {told}), answer"
    if keyword in _COMPARED and limit is not None:
        yield f"assert {_COMPARED[keyword].format(limit=literal(limit))}, answer"
    elif keyword != "type":
        actual = literal(_find(whole, violation.pointer))
        yield f"assert value is ABSENT or not same(value, {actual}), answer"


def _at(path: tuple[str, ...]) -> str:
    return f"answer.at({', '.join(map(literal, path))})"


def _find(whole: Any, pointer: str) -> Any:
    try:
        return pointers.find(whole, pointer)
    except LookupError:
        return None


def _types(document: Mapping[str, Any], rule: str, keyword: str, limit: Any) -> list[str]:
    """The types that the keyword allows, as far as it speaks of types at all."""
    if keyword == "type" and limit:
        return [limit] if isinstance(limit, str) else list(limit)
    if keyword not in {"anyOf", "oneOf"} or not limit:
        return []
    flats = [flatten(document, (f"{rule}/{number}",)) for number in range(len(limit))]
    if not all("type" in flat.keywords for flat in flats):
        return []
    return list(dict.fromkeys(name for flat in flats for name in flat.types))
