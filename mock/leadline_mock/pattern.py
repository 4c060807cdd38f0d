"""Patterns: what a request may be asked to look like, checked before anything is compared with them."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from leadline_mock.hints import did_you_mean
from leadline_mock.redaction import REDACTED, Redaction
from leadline_openapi import LeadlineError
from leadline_openapi import pointer as pointers
from leadline_openapi.contract import Operation
from leadline_openapi.jsontext import MAX_DEPTH
from leadline_openapi.parameters import ABSENT
from leadline_openapi.violation import show


class BadPattern(LeadlineError):
    """A pattern cannot be understood: the message names the member, what is wrong, and what would do."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many requests there have to be: *least* to *most*, of which the latter may be open."""

    least: int = 1
    most: int | None = None

    def admits(self, number: int) -> bool:
        """Whether there may be *number*."""
        return self.least <= number and (self.most is None or number <= self.most)

    def __str__(self) -> str:
        if self.most is None:
            return f"at least {self.least}"
        if self.least == self.most:
            return f"exactly {self.least}"
        return f"{self.least} to {self.most}" if self.least else f"at most {self.most}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """
    What requests are asked to look like; `pattern` makes one. What is `None`, empty or `ABSENT` is not asked.

    Header names are in lower case; query parameters have all their values as texts.
    """

    operation: str | None
    method: str | None
    path: str | None
    query: Mapping[str, tuple[str, ...]]
    headers: Mapping[str, str]
    body: Any
    exact: bool
    absent: tuple[str, ...]
    status: int | None
    run: str | None
    violations: bool | None
    count: Count

    def without(self, redaction: Redaction) -> Pattern:
        """
        The pattern for entries that *redaction* was applied to: what is not told cannot be asked for.

        Raises `BadPattern` where the value of a credential is asked for.
        """
        for kind, hidden, asked in (
            ("header", redaction.headers, {name: (value,) for name, value in self.headers.items()}),
            ("query parameter", redaction.parameters, self.query),
        ):
            _check_credentials(kind, hidden, asked)
        text = redaction.text
        return replace(
            self,
            path=self.path and text(self.path),
            query=redaction.query(self.query),
            headers=redaction.fields(self.headers.items()),
            body=redaction.value(self.body),
            absent=tuple(pointers.pointer(map(text, pointers.tokens(one))) for one in self.absent),
            run=self.run and text(self.run),
        )


def pattern(
    *,
    operation: str | None = None,
    method: str | None = None,
    path: str | None = None,
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, Any] | None = None,
    body: Any = ABSENT,
    exact: bool = False,
    absent: Sequence[str] = (),
    status: int | None = None,
    run: str | None = None,
    violations: bool | None = None,
    count: int | Mapping[str, int] | None = None,
) -> Pattern:
    """
    A pattern of requests.

    *operation* is an `operationId` or `POST /pets`; *path* is the path as it was sent, or below the base
    path. The *query* parameters and *headers* that are given have to be there, others may be. So it is
    with the members of objects in *body*, unless *exact*; arrays are the same item by item. *absent* are
    JSON pointers to what must not be in the body. *violations* says whether the request broke the
    contract. *count* is a number, or `{"min": 1, "max": 3}`; at least one otherwise.

        pattern(operation="createPet", body={"name": "Rex"}, count=1)

    Raises `BadPattern`.
    """
    if exact and body is ABSENT:
        raise BadPattern("`exact` says how `body` is compared, and there is no `body`")
    return Pattern(
        operation=_optional("operation", operation, str),
        method=_method(_optional("method", method, str)),
        path=_path(_optional("path", path, str)),
        query=_query({} if query is None else query),
        headers=_headers({} if headers is None else headers),
        body=body if body is ABSENT else _json(body),
        exact=bool(_optional("exact", exact, bool)),
        absent=_absent(absent),
        status=_optional("status", status, int),
        run=_optional("run", run, str),
        violations=_optional("violations", violations, bool),
        count=_count(count),
    )


MEMBERS = tuple(one.name for one in fields(Pattern))


def from_json(members: Mapping[str, Any]) -> Pattern:
    """The pattern that the JSON object *members* describes. Raises `BadPattern`."""
    check_names("a pattern", members, MEMBERS)
    for name, value in members.items():
        if value is None and name != "body":
            raise BadPattern(f"`{name}` is null; leave it out where it does not matter")
    return pattern(**members)


def check_names(what: str, given: Iterable[str], known: Collection[str]) -> None:
    """Raises `BadPattern` for the first name of *given* that *what* does not have."""
    for name in given:
        if name not in known:
            hint = did_you_mean(name, known) or f"there are: {', '.join(known)}"
            raise BadPattern(f"{what} has no `{show(name)[1:-1]}`; {hint}")


def check_operation(name: str, operations: Collection[Operation]) -> None:
    """Raises `BadPattern` where none of *operations* is called *name*."""
    known = [spelling for one in operations for spelling in (one.id, one.label)]
    if name not in known:
        hint = did_you_mean(name, known) or f"there are: {', '.join(one.id for one in operations)}"
        raise BadPattern(f"there is no operation `{show(name)[1:-1]}`; {hint}")


_KINDS: Mapping[type, str] = {str: "a text", int: "a whole number", bool: "true or false"}


def _optional(name: str, value: Any, kind: type) -> Any:
    if value is None or type(value) is kind or (kind is str and isinstance(value, str)):
        return value
    raise BadPattern(f"`{name}` has to be {_KINDS[kind]}, not {show(value)}")


def _object(name: str, value: Any) -> Mapping[str, Any]:
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return value
    raise BadPattern(f"`{name}` has to be an object that maps names to values, not {show(value)}")


def _method(method: str | None) -> str | None:
    if method == "":
        raise BadPattern("`method` is empty; leave it out where it does not matter")
    return method and method.upper()


def _path(path: str | None) -> str | None:
    if path is not None and not path.startswith("/"):
        raise BadPattern(f"`path` begins with `/`, as in `/pets`, and {show(path)} does not")
    if path is not None and "?" in path:
        raise BadPattern(
            f"`path` is {show(path)}; what is behind the `?` is asked for with `query`"
        )
    return path


def _query(query: Any) -> dict[str, tuple[str, ...]]:
    found = {}
    for name, value in _object("query", query).items():
        values = value if isinstance(value, list | tuple) else [value]
        found[name] = tuple(_text(f"query/{pointers.escape(name)}", one) for one in values)
    return found


def _headers(headers: Any) -> dict[str, str]:
    return {
        name.lower(): _text(f"headers/{pointers.escape(name)}", value)
        for name, value in _object("headers", headers).items()
    }


def _text(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return show(value)
    raise BadPattern(f"`{name}` has to be a text, not {show(value)}")


def _absent(absent: Any) -> tuple[str, ...]:
    if not isinstance(absent, list | tuple):
        raise BadPattern(f"`absent` has to be a list of JSON pointers, not {show(absent)}")
    for one in absent:
        if not isinstance(one, str) or (one and not one.startswith("/")):
            raise BadPattern(f"`absent` has {show(one)} in it, where a JSON pointer is `/name`")
    return tuple(absent)


def _json(value: Any, depth: int = 0) -> Any:
    """*value* as JSON has it. Raises `BadPattern`."""
    if depth > MAX_DEPTH:
        raise BadPattern(f"`body` is nested more than {MAX_DEPTH} levels deep")
    match value:
        case Mapping():
            return {
                name: _json(member, depth + 1) for name, member in _object("body", value).items()
            }
        case list() | tuple():
            return [_json(item, depth + 1) for item in value]
        case None | bool() | int() | str():
            return value
        case float() if math.isfinite(value):
            return value
    raise BadPattern(f"`body` holds {value!r:.60}, which is not JSON")


def _count(count: Any) -> Count:
    if count is None:
        return Count()
    if isinstance(count, Mapping):
        check_names("`count`", _object("count", count), ("min", "max"))
        least = _number("count/min", count.get("min", 0))
        most = _number("count/max", count["max"]) if "max" in count else None
        if not count or (most is not None and most < least):
            raise BadPattern(f"`count` is {show(dict(count))}, which no number fits")
        return Count(least, most)
    number = _number("count", count)
    return Count(number, number)


def _number(name: str, value: Any) -> int:
    if type(value) is int and value >= 0:
        return value
    raise BadPattern(f"`{name}` has to be a whole number from 0, not {show(value)}")


def _check_credentials(
    kind: str, hidden: Collection[str], asked: Mapping[str, Sequence[str]]
) -> None:
    for name, values in asked.items():
        if name.lower() in hidden and any(value != REDACTED for value in values):
            told = f"`{REDACTED}` asks whether one was sent, `violations` whether it was accepted"
            raise BadPattern(f"the value of the {kind} `{name}` is not kept: {told}")
