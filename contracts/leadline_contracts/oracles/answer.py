"""Is the answer what the contract documents for its status: media type, schema, headers?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from leadline_contracts.case import Breach, Exchange
from leadline_contracts.oracles.memory import Memory
from leadline_openapi import jsontext
from leadline_openapi import pointer as pointers
from leadline_openapi.contract import Answer, MediaType
from leadline_openapi.flatten import flatten
from leadline_openapi.violation import Violation, show


def check(exchange: Exchange, memory: Memory) -> Iterator[Breach]:
    """The answer's headers and body against the response documented for its status."""
    answer = exchange.case.operation.answer_for(exchange.status)
    if exchange.failure or answer is None:
        return
    yield from _headers(exchange, answer)
    if not answer.body.content:
        return
    media = answer.body.for_type(exchange.media_type)
    if media is None:
        yield _wrong_type(exchange, answer)
    elif media.is_json:
        yield from _json(exchange, media, memory)


def _headers(exchange: Exchange, answer: Answer) -> Iterator[Breach]:
    for header in answer.headers:
        value = exchange.header(header.name)
        sent = {} if value is None else {header.name: [value]}
        for violation in header.violations(sent):
            yield _breach("header", violation, str(value))


def _wrong_type(exchange: Exchange, answer: Answer) -> Breach:
    given = exchange.header("content-type") or "no Content-Type"
    expected = " or ".join(media.name for media in answer.body.content)
    return Breach(
        rule="media-type",
        pointer=f"{answer.pointer}/content",
        message=f"the answer {exchange.status} is {given}, not {expected}",
        expected=expected,
        actual=given,
    )


def _json(exchange: Exchange, media: MediaType, memory: Memory) -> Iterator[Breach]:
    try:
        value = jsontext.parse(exchange.body)
    except jsontext.NotJson as error:
        yield Breach(
            rule="media-type",
            pointer=media.pointer,
            message=f"the body of the answer {exchange.status} is not JSON: {error}",
            expected=media.name,
            actual=exchange.body[:60].decode("utf-8", "replace"),
        )
        return
    if media.schema is None:
        return
    if not media.schema.is_valid(value) and not media.schema.second_opinion(value):
        for violation in media.schema.violations(value):
            yield _breach("schema", violation, _at(value, violation.pointer))
        return
    for path in undocumented(media, value):
        memory.undocumented[path] = memory.undocumented.get(path, 0) + 1
        if memory.strict:
            yield Breach(
                rule="undocumented",
                pointer=media.schema.pointer,
                message=f"the answer holds `{path}`, which the contract does not document",
                expected="no such member",
                actual=path,
            )


def undocumented(media: MediaType, value: object) -> list[str]:
    """Members of *value* that the schema of *media* does not name, as `doc.colour`."""
    if media.schema is None:
        return []
    return list(_unnamed(media.schema.library.document, (media.schema.pointer,), value, ()))


def _unnamed(
    document: dict[str, object], places: tuple[str, ...], value: object, path: tuple[str, ...]
) -> Iterator[str]:
    flat = flatten(document, places)
    if flat.branches or not places:
        return  # which branch is meant is not told; the schema has judged the whole
    if isinstance(value, dict) and flat.properties:
        for name, member in value.items():
            if name in flat.properties:
                yield from _unnamed(document, flat.properties[name], member, (*path, name))
            elif not flat.extra:
                yield ".".join((*path, name))
    elif isinstance(value, list) and flat.items:
        for item in value:
            yield from _unnamed(document, flat.items, item, (*path, "*"))


def _breach(rule: str, violation: Violation, actual: str) -> Breach:
    where = re.sub(r"\[\d+\]", "[*]", violation.field)
    kind = "header" if rule == "header" else "answer"
    return Breach(
        rule=rule,
        pointer=violation.rule,
        message=f"the {kind} breaks its schema: {where + ': ' if where else ''}{violation.problem}",
        expected=violation.expected,
        actual=actual,
    )


def _at(value: object, pointer: str) -> str:
    try:
        return show(pointers.find(value, pointer))
    except LookupError:
        return "nothing"
