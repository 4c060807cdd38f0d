"""`x-echo`: does what was sent come back, and does nothing come back that was not sent?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from leadline_contracts.case import Breach, Case, Due, Exchange
from leadline_contracts.judge import sent
from leadline_contracts.oracles.memory import Memory
from leadline_openapi import jsontext
from leadline_openapi import pointer as pointers
from leadline_openapi.contract import Echo, MediaType
from leadline_openapi.flatten import flatten
from leadline_openapi.violation import show
from leadline_openapi.words import ITEMS

_MISSING = object()


def check(exchange: Exchange, memory: Memory) -> Iterator[Breach]:  # noqa: ARG001
    """The echo of an accepted request."""
    media = accepted(exchange)
    if media is None:
        return
    for echo in media.echoes:
        wanted = _source(echo.expression, exchange.case)
        given = reach(exchange.value, echo.path)
        if wanted is _MISSING or given is _MISSING:
            continue  # nothing to echo, or the schema has said that it is missing
        yield from _compare(echo, media, wanted, given)


def accepted(exchange: Exchange) -> MediaType | None:
    """The documented representation of a success, where the answer is one with a valid JSON body."""
    answer = exchange.case.operation.answer_for(exchange.status)
    if answer is None or exchange.case.due is not Due.ACCEPT or not 200 <= exchange.status < 300:
        return None
    media = answer.body.for_type(exchange.media_type)
    return media if media is not None and media.is_json else None


def reach(value: Any, path: tuple[str, ...]) -> Any:
    """What stands at *path* in *value*, or a sentinel that equals nothing."""
    for key in path:
        if not isinstance(value, dict) or key not in value:
            return _MISSING
        value = value[key]
    return value


def missing(value: Any) -> bool:
    """Whether `reach` found nothing."""
    return value is _MISSING


def _source(expression: str, case: Case) -> Any:
    """What the runtime expression names in the request (OAS 3.1.1 section 4.8.20.3)."""
    source, _, rest = expression.removeprefix("$request.").partition("#")
    if source == "body":
        try:
            return pointers.find({} if case.value is None and not case.body else case.value, rest)
        except LookupError:
            return _MISSING
    location, _, name = source.partition(".")
    values = sent(case, location).get(name)
    return values[-1] if values else _MISSING


def _compare(echo: Echo, media: MediaType, wanted: Any, given: Any) -> Iterator[Breach]:
    relations = {relation.path for relation in media.relations}
    if not isinstance(wanted, dict) or not isinstance(given, dict):
        if not _same(wanted, given, echo.path, relations):
            yield _changed(echo.pointer, "", wanted, given)
        return
    assigned = {value.path for value in media.server_values}
    read_only = {value.path for value in media.server_values if value.read_only}
    rules = _member_rules(media, echo)
    for name, value in wanted.items():
        path = (*echo.path, name)
        if path in read_only:
            continue
        back = given.get(name, _MISSING)
        if back is _MISSING:
            yield _lost(rules.get(name, echo.pointer), name, value)
        elif not _same(value, back, path, relations):
            yield _changed(rules.get(name, echo.pointer), name, value, back)
    for name, back in given.items():
        unsent = name in rules and name not in wanted and (*echo.path, name) not in assigned
        if unsent and back is not None and back != []:
            yield _invented(rules[name], name, back)


def _member_rules(media: MediaType, echo: Echo) -> dict[str, str]:
    """The documented members at the echo, each with the pointer of its schema."""
    if media.schema is None:
        return {}
    flat = flatten(media.schema.library.document, (echo.pointer,))
    return {name: places[0] for name, places in flat.properties.items()}


def _same(wanted: Any, given: Any, path: tuple[str, ...], relations: set[tuple[str, ...]]) -> bool:
    """JSON equality, but that a populated document stands for its id."""
    if path in relations and isinstance(given, dict) and not isinstance(wanted, dict):
        return jsontext.same(wanted, given.get("id"))
    if isinstance(wanted, list) and isinstance(given, list):
        inner = (*path, ITEMS)
        return len(wanted) == len(given) and all(
            _same(one, other, inner, relations) for one, other in zip(wanted, given, strict=True)
        )
    if isinstance(wanted, dict) and isinstance(given, dict):
        return wanted.keys() == given.keys() and all(
            _same(wanted[name], given[name], (*path, name), relations) for name in wanted
        )
    return jsontext.same(wanted, given)


def _lost(rule: str, name: str, value: Any) -> Breach:
    return Breach(
        rule="echo",
        pointer=rule,
        message=f"`{name}` was sent and does not come back",
        expected=show(value),
        actual="nothing",
    )


def _changed(rule: str, name: str, wanted: Any, given: Any) -> Breach:
    return Breach(
        rule="echo",
        pointer=rule,
        message=f"{f'`{name}`' if name else 'the value'} comes back changed",
        expected=show(wanted),
        actual=show(given),
    )


def _invented(rule: str, name: str, back: Any) -> Breach:
    return Breach(
        rule="echo",
        pointer=rule,
        message=f"`{name}` was not sent and comes back with a value",
        expected="nothing, null or []",
        actual=show(back),
    )
