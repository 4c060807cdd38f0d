"""What a correct server answers, as assertions in Python: each says the rule that a finding broke."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from leadline_contracts.case import AT_ONCE, Case, Due, Finding, successes
from leadline_contracts.judge import sent
from leadline_contracts.oracles.server_values import gives
from leadline_contracts.reproduction.keywords import asserted
from leadline_contracts.reproduction.literals import literal
from leadline_openapi.contract import Echo, MediaType, ServerValue
from leadline_openapi.expressions import evaluate
from leadline_openapi.parameters import ABSENT
from leadline_openapi.words import ITEMS

_STATUS = re.compile(r"\b[1-5](?:\d\d|XX)\b")


@dataclass(frozen=True, slots=True)
class Assertions:
    """Lines *of_each* `answer`, and *of_all* the `answers`."""

    of_each: tuple[str, ...]
    of_all: tuple[str, ...] = ()


def assertions(finding: Finding) -> Assertions:
    """What tells that the rule of *finding* is kept."""
    rule, exchange = finding.breach.rule, finding.exchange
    if rule in {"status", "credentials"}:
        wanted = _STATUS.findall(finding.breach.expected) or _due(exchange.case)
        return Assertions((_has_status(wanted),))
    first = _has_status(_due(exchange.case))
    if rule == "server-value":
        each, every = _server_value(finding)
        return Assertions((first, *each), tuple(every))
    further = _FURTHER.get(rule)
    return Assertions((first, *(further(finding) if further else ())))


def _has_status(wanted: list[str]) -> str:
    return f"assert answer.has_status({', '.join(map(literal, wanted))}), answer"


def _due(case: Case) -> list[str]:
    """The statuses of a correct answer to *case*."""
    if case.due is Due.DENY:
        return ["401", "403"]
    if case.due is not Due.ACCEPT:
        return ["4XX"]
    return successes(case.operation) or ["2XX"]


def _media_type(finding: Finding) -> Iterator[str]:
    answers = finding.operation.answers
    names = {one.status: [media.name for media in one.body.content] for one in answers}
    yield f"assert answer.has_media_type({literal(names)}), answer.headers"
    if not finding.breach.pointer.endswith("/content"):
        yield "assert answer.value is not ABSENT"


def _schema(finding: Finding) -> Iterator[str]:
    """The keyword that is broken, where the answer is one that it speaks of."""
    exchange, breach = finding.exchange, finding.breach
    fitting = [one for one in exchange.violations if one.rule == breach.pointer]
    schema = exchange.media.schema if exchange.media else None
    if exchange.answer is None or schema is None or not fitting:
        return
    about = [one for one in fitting if re.sub(r"\[\d+\]", "[*]", one.field) == breach.about]
    yield f"if answer.has_status({literal(exchange.answer.status)}):"
    for line in asserted((about or fitting)[0], schema.library.document, exchange.value):
        yield f"    {line}"


def _undocumented(finding: Finding) -> Iterator[str]:
    path = finding.breach.about.split(".")
    yield f"assert not list(found(answer.value, {literal(path)})), answer"


def _header(finding: Finding) -> Iterator[str]:
    exchange = finding.exchange
    for header in exchange.answer.headers if exchange.answer else ():
        value = exchange.header(header.name)
        found = header.violations({} if value is None else {header.name: [value]})
        if any(one.rule == finding.breach.pointer for one in found):
            yield f"assert answer.header({literal(header.name)}) != {literal(value)}, answer.headers"
            return


def _echo(finding: Finding) -> Iterator[str]:
    media, case = finding.exchange.media, finding.exchange.case
    for echo in media.echoes if media else ():
        wanted = evaluate(
            echo.expression, case.operation, partial(sent, case), case.value if case.body else {}
        )
        if media is not None and wanted is not ABSENT:
            yield from _echoed(finding, media, echo, wanted)


def _echoed(finding: Finding, media: MediaType, echo: Echo, wanted: Any) -> Iterator[str]:
    rule = finding.breach.pointer
    if not isinstance(wanted, dict):
        if rule == echo.pointer:
            yield _comes_back(media, echo.path, wanted)
        return
    told = media.schema.library.flat((echo.pointer,)).properties if media.schema else {}
    rules = {name: places[0] for name, places in told.items()}
    for name, value in wanted.items():
        if rules.get(name, echo.pointer) == rule:
            yield _comes_back(media, (*echo.path, name), value)
    for name, place in rules.items():
        if place == rule and name not in wanted:
            at = _at((*echo.path, name))
            yield f"assert {at} is ABSENT or {at} in (None, []), answer"


def _comes_back(media: MediaType, path: tuple[str, ...], value: Any) -> str:
    relations = {one.path for one in media.relations}
    compare = "same_or_document" if relations & {path, (*path, ITEMS)} else "same"
    return f"assert {compare}({_at(path)}, {literal(value)}), answer"


def _at(path: tuple[str, ...]) -> str:
    return f"answer.at({', '.join(map(literal, path))})"


def _server_value(finding: Finding) -> tuple[list[str], list[str]]:
    exchange, breach = finding.exchange, finding.breach
    for value in exchange.media.server_values if exchange.media else ():
        if breach.pointer == f"{value.pointer}/x-server-value":
            is_given = gives(finding.operation, exchange.status, value)
            each = list(_assigned(value, is_given=is_given))
            at_once = breach.when == AT_ONCE  # then it is not known which was answered first
            return each, list(_one_after_the_other(value, at_once=at_once)) if is_given else []
    return [], []


def _assigned(value: ServerValue, *, is_given: bool) -> Iterator[str]:
    """Each value is there; a time is one, and where the answer *is_given* it, that of the request."""
    told = ['assert value is not ABSENT and value not in (None, ""), answer']
    if value.kind == "now":
        told.append("assert is_now(value, answer), answer" if is_given else "moment(value)")
    if ITEMS not in value.path:
        yield from (f"value = {_at(value.path)}", *told)
        return
    *way, name = value.path
    yield f"for one in found(answer.value, {literal(way)}):"
    yield "    if isinstance(one, dict):"
    yield from (f"        {line}" for line in (f"value = one.get({literal(name)}, ABSENT)", *told))


def _one_after_the_other(value: ServerValue, *, at_once: bool) -> Iterator[str]:
    """What holds for the values of several answers together."""
    values = (
        f"[value for answer in answers for value in found(answer.value, {literal([*value.path])})]"
    )
    if value.kind != "now":
        yield f"assert distinct({values})"
    elif not at_once and ITEMS not in value.path:
        yield f"times = [moment(value) for value in {values}]"
        yield "assert times == sorted(times)"


def _invariant(finding: Finding) -> Iterator[str]:
    rule = literal(finding.breach.expected)
    yield f"assert cel.compile({rule}).execute(facts(requests[-1], answer)) is True, answer"


def _latency(finding: Finding) -> Iterator[str]:
    yield f"assert answer.elapsed < {finding.exchange.elapsed / 2:.3f}"


_FURTHER: dict[str, Callable[[Finding], Iterator[str]]] = {
    "echo": _echo,
    "header": _header,
    "invariant": _invariant,
    "latency": _latency,
    "media-type": _media_type,
    "schema": _schema,
    "undocumented": _undocumented,
}
"""What is to be asserted beyond the status; the other rules speak of nothing else."""
