"""What was wrong with a value, in words for a person and in parts for a machine."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from leadline_openapi import pointer as pointers
from leadline_openapi.excerpt import Excerpt
from leadline_openapi.tags import tag

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
_NAME = 1000
"""Characters of a name that are told."""
_APPLIED_TO_REST = frozenset(("additionalProperties", "items"))


@dataclass(frozen=True, slots=True)
class Violation:
    """
    One rule of the contract that a value breaks.

    *location* is `body`, `query`, `path`, `header` or `cookie`; *pointer* leads from there to the value
    that is wrong; *field* is the same for people (`timeToPurchase[0]`); *keyword* is the JSON Schema or
    OpenAPI keyword; *problem* says what is wrong, *expected* what would do; *rule* points into the
    contract. *count* is how many violations it stands for: more than one at the end of too many. *outcome*
    is what `x-leniency` says became of the value, where it was taken all the same.
    """

    location: str
    field: str
    pointer: str
    keyword: str
    problem: str
    expected: str
    rule: str
    count: int = 1
    outcome: str = ""

    @property
    def message(self) -> str:
        """The violation as one sentence without a full stop."""
        return f"{self.field}: {self.problem}" if self.field else self.problem


def from_error(
    error: jsonschema_rs.ValidationError, location: str, rule: str, part: Excerpt | None = None
) -> Iterator[Violation]:
    """
    The violations that one error of the validator tells: one per member that is wrong.

    Where only *part* of a value was looked at, those that are none of the whole value are left out.
    """
    if (branch := _only_branch(error)) is not None:
        for inner in branch:
            yield from from_error(inner, location, rule, part)
        return
    if part is not None and not part.holds(error.instance_path, str(error.kind.name)):
        return
    keyword, at_rule = _keyword(error), _rule(error, rule)
    for path, problem, expected in _tell(error, keyword):
        at = _tellable(path)
        yield Violation(
            location, field(at), pointers.pointer(at), keyword, problem, expected, at_rule
        )


def more(location: str, count: int, *, whole: bool) -> Violation:
    """That *count* violations are not told, or, where not the *whole* value was looked at, maybe others."""
    number = f"and {count}" if whole else f"and at least {count}" if count else "and there may be"
    return Violation(location, "", "", "", f"{number} more violations", "", "", max(1, count))


def too_large(location: str, rule: str) -> Violation:
    """There is something wrong with a value in which nobody looks for it."""
    problem = "is not what the contract describes, and too large to say where"
    return Violation(location, "", "", "", problem, "", rule)


def _tellable(path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """*path* without names that are longer than anybody reads; a name may be as long as a body."""
    return tuple(
        f"(a name of {len(key)} characters)" if isinstance(key, str) and len(key) > _NAME else key
        for key in path
    )


_Told = tuple[tuple[str | int, ...], str, str]


def _keyword(error: jsonschema_rs.ValidationError) -> str:
    """The keyword of the schema, where the validator names its own kind of error."""
    name, path = str(error.kind.name), error.schema_path
    last = path[-1] if path else ""
    if name in {"contains", "required"} and last in {
        "minContains",
        "maxContains",
        "dependentRequired",
    }:
        return str(last)
    if name == "falseSchema":
        applied = last in _APPLIED_TO_REST and path[-2:-1] != ["properties"]
        return str(last) if applied else "false"
    return name


def _tell(error: jsonschema_rs.ValidationError, keyword: str) -> Iterator[_Told]:
    """Where *error* is, what is wrong there, and what would do."""
    base, parts = tuple(error.instance_path), error.kind.as_dict()
    match keyword:
        case "additionalProperties" | "unevaluatedProperties" if "unexpected" in parts:
            for name in parts["unexpected"]:
                yield (*base, name), "is not in the contract", "no such member"
        case "additionalProperties":
            yield base, "has a member that is not in the contract", "an empty object"
        case "required" | "dependentRequired":
            yield (*base, parts["property"]), "is required", "a value"
        case "propertyNames":
            for _, problem, expected in _tell(parts["error"], str(parts["error"].kind.name)):
                name = parts["error"].instance
                yield (*base, name), f"has a name that {problem}", f"a name that is {expected}"
        case "items" | "false":
            yield base, "is not in the contract", "no such value"
        case "anyOf" | "oneOf" if found := tag(error.instance, len(base), _context(error)):
            yield base, *_tagged(error.instance, *found)
        case _:
            expected = _expected(error, keyword, parts)
            yield base, f"must be {expected}{_instead(error, keyword)}", expected


def _tagged(value: Any, name: str, options: Sequence[Any]) -> tuple[str, str]:
    """What is wrong and what would do, where the member *name* of *value* has to be one of *options*."""
    if not options:
        return f"must be an object with `{name}`", f"an object with `{name}`"
    expected = f"an object whose `{name}` is one of {_values(options)}"
    return f"must be {expected}, not {show(value[name])}", expected


def _expected(error: jsonschema_rs.ValidationError, keyword: str, parts: dict[str, Any]) -> str:
    """What would do, in words that follow "must be"."""
    match keyword:
        case "type":
            return _types(parts["types"])
        case "enum":
            return f"one of {_values(parts['options'])}"
        case "const":
            return show(parts["expected_value"])
        case "anyOf" | "oneOf":
            return _branches(error)
        case _ if keyword in _LIMITS:
            return _limit(keyword, parts["limit"])
        case "pattern" if "pattern" not in parts:
            return "a text for which its pattern can be worked out"
        case _:
            return _PHRASES.get(keyword, "what `{keyword}` allows").format(keyword=keyword, **parts)


_LIMITS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "minLength": "at least {} character",
    "maxLength": "at most {} character",
    "minItems": "at least {} item",
    "maxItems": "at most {} item",
    "minProperties": "at least {} member",
    "maxProperties": "at most {} member",
}
_PHRASES = {
    "multipleOf": "a multiple of {multiple_of}",
    "pattern": "a match for the pattern `{pattern}`",
    "format": "a {format}",
    "uniqueItems": "an array without repeated items",
    "unevaluatedItems": "an array without further items",
    "contains": "an array with an item that `contains` describes",
    "minContains": "an array with more items that `contains` describes",
    "maxContains": "an array with fewer items that `contains` describes",
    "not": "something else than what `not` describes",
}


def _limit(keyword: str, limit: Any) -> str:
    text = _LIMITS[keyword].format(show(limit))
    if "imum" in keyword:
        return text
    units = text if limit == 1 else f"{text}s"
    return f"{units} long" if keyword.endswith("Length") else f"an {_holder(keyword)} of {units}"


def _holder(keyword: str) -> str:
    return "array" if keyword.endswith("Items") else "object"


def _instead(error: jsonschema_rs.ValidationError, keyword: str) -> str:
    """What the value is, in short; of a text or a collection that has a wrong size, the size."""
    value = error.instance
    if keyword == "not":
        return ""
    if keyword in _LIMITS and isinstance(value, str | list | dict):
        return f", not {len(value)}"
    if isinstance(value, list | dict):
        of_type = keyword in {"type", "enum", "const", "anyOf", "oneOf"}
        return f", not {_TYPE_NAMES['array' if isinstance(value, list) else 'object']}" * of_type
    return f", not {show(value)}"


def field(path: tuple[str | int, ...]) -> str:
    """*path* as people write it: `searches[0].id`."""
    text = ""
    for key in path:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else key
    return text


def show(value: Any, limit: int = 60) -> str:
    """*value* as JSON text, cut after *limit* characters."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return cut(text.encode("utf-8", "backslashreplace").decode(), limit)


def cut(text: str, limit: int) -> str:
    """*text*, of which no more than *limit* characters are told; it ends with `…` then."""
    return text if len(text) <= limit else f"{text[:limit]}…"


def _rule(error: jsonschema_rs.ValidationError, rule: str) -> str:
    location = error.absolute_keyword_location
    if location is not None and "#" in location:
        return pointers.from_fragment(location.partition("#")[2])
    return rule + pointers.pointer(error.schema_path)


def _only_branch(error: jsonschema_rs.ValidationError) -> list[Any] | None:
    """
    Of an anyOf or oneOf, the one branch that was meant, if that can be told.

    It is the only one whose type fits the value, or of those, the only one whose constants fit.
    """
    depth = len(error.instance_path)
    branches: list[list[Any]] = [branch for branch in _context(error) if branch]
    if len(branches) != len(_context(error)):
        return None  # one of them fits: the value fits too many
    branches = [one for one in branches if not _breaks(one, {"type", "const"}, depth)]
    if len(branches) > 1:
        branches = [one for one in branches if not _breaks(one, {"const", "enum"}, depth + 1)]
    return branches[0] if len(branches) == 1 else None


def _context(error: jsonschema_rs.ValidationError) -> list[list[Any]]:
    return getattr(error.kind, "context", None) or []


def _breaks(branch: list[Any], keywords: set[str], depth: int) -> bool:
    return any(
        inner.kind.name in keywords and len(inner.instance_path) == depth for inner in branch
    )


def _types(names: list[str]) -> str:
    order = list(_TYPE_NAMES)
    return " or ".join(_TYPE_NAMES.get(name, name) for name in sorted(names, key=order.index))


def _values(options: Sequence[Any]) -> str:
    shown = ", ".join(show(option) for option in options[:_SHOWN_VALUES])
    more = len(options) - _SHOWN_VALUES
    return f"{shown} and {more} more" if more > 0 else shown


def _branches(error: jsonschema_rs.ValidationError) -> str:
    """What the branches of an anyOf or oneOf ask for, where that can be said in a word."""
    fitting = sum(not branch for branch in _context(error))
    if fitting > 1:
        return f"valid under only one of the schemas of `oneOf`, where {fitting} fit"
    names: list[str] = []
    for branch in _context(error):
        kinds = [inner.kind for inner in branch if inner.kind.name == "type"]
        if len(branch) != 1 or len(kinds) != 1:
            exactly = "exactly " if error.kind.name == "oneOf" else ""
            return f"valid under {exactly}one of the schemas of `{error.kind.name}`"
        names += kinds[0].as_dict()["types"]
    return _types(sorted(set(names)))
