"""What became of a fault: told from the answer's status, and from what it echoes."""

from __future__ import annotations

from functools import partial
from typing import Any

from leadline_contracts.answered import is_near, replaced
from leadline_contracts.case import Case, Exchange
from leadline_contracts.judge import sent
from leadline_openapi import jsontext
from leadline_openapi import pointer as pointers
from leadline_openapi.contract import Echo, MediaType
from leadline_openapi.expressions import evaluate
from leadline_openapi.leniency.faults import Fault, reach
from leadline_openapi.parameters import ABSENT

Way = tuple[str, ...]


def became(exchange: Exchange, fault: Fault) -> tuple[str, Any]:
    """
    What an accepted request's *fault* became, and what is answered for it.

    The first is empty where no `x-echo` tells.
    """
    readable = exchange.is_json and not exchange.malformed and not exchange.case.malformed
    media = exchange.media if readable else None
    for echo in media.echoes if media and fault.of_value else ():
        way = _way(echo.expression, fault)
        source = ABSENT if way is None else _source(echo.expression, exchange.case)
        given = reach(exchange.value, echo.path)
        if way is None or media is None or ABSENT in (source, given):
            continue
        assigned = _assigned(exchange, media, (*echo.path, *way))
        return assigned or _told(fault, *_compared(source, _with_ids(given, media, echo), way))
    return "", ABSENT


def _told(fault: Fault, outcome: str, given: Any) -> tuple[str, Any]:
    """Of an answer that is nothing like the whole body, nobody can tell whether it was looked at."""
    if not fault.path and outcome == "coerced" and "dropped" in fault.declared:
        return "dropped", given
    return outcome, given


def _assigned(exchange: Exchange, media: MediaType, path: Way) -> tuple[str, Any] | None:
    """
    A value that the server sets by itself: what was sent in its place was dropped.

    Where it always does, the answer does not tell what became of what was sent.
    """
    for one in media.server_values:
        given = reach(exchange.value, path)
        if one.path == path and one.read_only:
            return "", ABSENT
        if one.path == path and (one.kind != "now" or is_near(given, exchange)):
            return "dropped", given
    return None


def _with_ids(given: Any, media: MediaType, echo: Echo) -> Any:
    """*given*, what stands at *echo*, with ids in the place of documents: how deep they go is asked for."""
    for relation in media.relations:
        if relation.path[: len(echo.path)] == echo.path:
            given = replaced(given, relation.path[len(echo.path) :], _bare)
    return given


def _bare(value: Any) -> Any:
    return value.get("id", value) if isinstance(value, dict) else value


def _way(expression: str, fault: Fault) -> Way | None:
    """The way to *fault* from what *expression* names; `None` where it names something else."""
    location, path = fault.violation.location, fault.path
    if location != "body":
        name, *rest = path
        return tuple(rest) if expression == f"$request.{location}.{name}" else None
    source, _, fragment = expression.partition("#")
    start = pointers.tokens(fragment)
    inside = source == "$request.body" and path[: len(start)] == start
    return path[len(start) :] if inside else None


def _source(expression: str, case: Case) -> Any:
    body = case.value if case.body and not case.malformed else ABSENT
    return evaluate(expression, case.operation, partial(sent, case), body)


def _compared(source: Any, given: Any, way: Way) -> tuple[str, Any]:
    """What the value at *way* of *source* is in *given*."""
    for key in way:
        if isinstance(source, list) and isinstance(given, list) and len(given) != len(source):
            return ("dropped" if len(given) < len(source) else "coerced"), given
        if not isinstance(given, list if isinstance(source, list) else dict):
            return ("dropped" if _blank(given) else "coerced"), given
        source, given = _member(source, key), _member(given, key)
    if source is ABSENT:
        return ("stored" if _blank(given) else "coerced"), given
    if _includes(given, source):
        return "stored", given
    return ("dropped" if _blank(given) else "coerced"), given


def _member(value: Any, key: str) -> Any:
    if isinstance(value, list):
        return value[int(key)]
    return value.get(key, ABSENT)


def _blank(value: Any) -> bool:
    """Whether nothing is there; a list that was never filled is written `[]` by many servers."""
    return value is ABSENT or value is None or value == []


def _includes(given: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict) and isinstance(given, dict):
        return all(_includes(given.get(name, ABSENT), wanted[name]) for name in wanted)
    return given is not ABSENT and jsontext.alike(wanted, given)
