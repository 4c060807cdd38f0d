"""What became of a fault: told from the answer's status, and from what it echoes."""

from __future__ import annotations

from functools import partial
from typing import Any

from leadline_contracts.case import Case, Exchange
from leadline_contracts.judge import sent
from leadline_contracts.leniency.faults import Fault, reach
from leadline_openapi import jsontext
from leadline_openapi import pointer as pointers
from leadline_openapi.expressions import evaluate
from leadline_openapi.parameters import ABSENT

Way = tuple[str, ...]


def became(exchange: Exchange, fault: Fault) -> tuple[str, Any]:
    """
    What an accepted request's *fault* became, and what is answered for it.

    The first is empty where no `x-echo` tells.
    """
    media = exchange.media if exchange.is_json and not exchange.malformed else None
    for echo in media.echoes if media and fault.of_value else ():
        way = _way(echo.expression, fault)
        source = ABSENT if way is None else _source(echo.expression, exchange.case)
        given = reach(exchange.value, echo.path)
        if way is not None and ABSENT not in (source, given):
            return _compared(source, given, way)
    return "", ABSENT


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
    body = case.value if case.body else ABSENT
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
    return given is not ABSENT and jsontext.same(wanted, given)
