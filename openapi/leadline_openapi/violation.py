"""What was wrong with a value, in words for a person and in parts for a machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from leadline_openapi import pointer as pointers

_TYPE_NAMES = {
    "null": "null",
    "boolean": "a boolean",
    "integer": "an integer",
    "number": "a number",
    "string": "a string",
    "array": "an array",
    "object": "an object",
}
_SHOWN_VALUES = 25


@dataclass(frozen=True, slots=True)
class Violation:
    """
    One rule of the contract that a value breaks.

    *location* is `body`, `query`, `path`, `header` or `cookie`; *pointer* leads from there to the value
    that is wrong; *field* is the same for people (`timeToPurchase[0]`); *keyword* is the JSON Schema or
    OpenAPI keyword; *problem* says what is wrong, *expected* what would do; *rule* points into the
    contract.
    """

    location: str
    field: str
    pointer: str
    keyword: str
    problem: str
    expected: str
    rule: str

    @property
    def message(self) -> str:
        """The violation as one sentence without a full stop."""
        return f"{self.field}: {self.problem}" if self.field else self.problem


def from_error(
    error: jsonschema_rs.ValidationError, location: str, rule: str
) -> Iterator[Violation]:
    """The violations that one error of the validator tells: one per member that is wrong."""
    kind = error.kind
    if (branch := _only_branch(error)) is not None:
        for inner in branch:
            yield from from_error(inner, location, rule)
        return
    at_rule = _rule(error, rule)
    for path, problem, expected in _tell(error, tuple(error.instance_path)):
        at = pointers.pointer(path)
        yield Violation(location, field(path), at, kind.name, problem, expected, at_rule)


def _tell(
    error: jsonschema_rs.ValidationError, base: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Where *error* is, what is wrong there, and what would do."""
    kind, parts = error.kind, error.kind.as_dict()
    if kind.name in {"additionalProperties", "unevaluatedProperties"}:
        for name in parts["unexpected"]:
            yield (*base, name), "is not in the contract", "no such member"
    elif kind.name == "required":
        yield (*base, parts["property"]), "is required", "a value"
    elif (expected := _expected(error)) is not None:
        yield base, f"must be {expected}, not {show(error.instance)}", expected
    else:
        rest = ", ".join(show(value) for value in parts.values())
        yield base, _cut(error.message), f"{kind.name} {rest}".strip()


def field(path: tuple[str | int, ...]) -> str:
    """*path* as people write it: `searches[0].id`."""
    text = ""
    for key in path:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else key
    return text


def show(value: Any, limit: int = 60) -> str:
    """*value* as JSON text, cut after *limit* characters."""
    return _cut(json.dumps(value, ensure_ascii=False, default=str), limit)


def _cut(text: str, limit: int = 200) -> str:
    return text if len(text) <= limit else f"{text[:limit]}…"


def _rule(error: jsonschema_rs.ValidationError, rule: str) -> str:
    location = error.absolute_keyword_location
    if location is not None and "#" in location:
        return location.partition("#")[2]
    return rule + pointers.pointer(error.schema_path)


def _only_branch(error: jsonschema_rs.ValidationError) -> list[Any] | None:
    """Of an anyOf or oneOf, the one branch whose type fits the value, if there is just one."""
    branches: list[list[Any]] = getattr(error.kind, "context", None) or []
    depth = len(error.instance_path)
    fitting = [
        branch
        for branch in branches
        if branch
        and not any(
            inner.kind.name in {"type", "const"} and len(inner.instance_path) == depth
            for inner in branch
        )
    ]
    return fitting[0] if len(fitting) == 1 else None


def _expected(error: jsonschema_rs.ValidationError) -> str | None:
    parts = error.kind.as_dict()
    match error.kind.name:
        case "type":
            return _types(parts["types"])
        case "enum":
            return f"one of {_values(parts['options'])}"
        case "const":
            return show(parts["expected_value"])
        case "anyOf" | "oneOf":
            return _branches(error)
    return None


def _types(names: list[str]) -> str:
    order = list(_TYPE_NAMES)
    return " or ".join(_TYPE_NAMES.get(name, name) for name in sorted(names, key=order.index))


def _values(options: list[Any]) -> str:
    shown = ", ".join(show(option) for option in options[:_SHOWN_VALUES])
    more = len(options) - _SHOWN_VALUES
    return f"{shown} and {more} more" if more > 0 else shown


def _branches(error: jsonschema_rs.ValidationError) -> str:
    """What the branches of an anyOf or oneOf ask for, where that can be said in a word."""
    branches: list[list[Any]] = getattr(error.kind, "context", None) or []
    names: list[str] = []
    for branch in branches:
        kinds = [inner.kind for inner in branch if inner.kind.name == "type"]
        if len(kinds) != 1:
            return f"valid under {'exactly one' if error.kind.name == 'oneOf' else 'one'} of the schemas"
        names += kinds[0].as_dict()["types"]
    return _types(sorted(set(names)))
