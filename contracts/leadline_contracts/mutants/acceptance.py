"""Servers that accept what the contract forbids, or refuse what it allows, by one rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from leadline_contracts.cases import size
from leadline_contracts.cases.travel import can_travel
from leadline_contracts.mutants.candidates import valid
from leadline_contracts.mutants.equivalence import compare
from leadline_contracts.mutants.keywords import changes
from leadline_contracts.mutants.mutant import Mutant, Ruling, Standing, defect, equivalent, slug
from leadline_contracts.mutants.positions import (
    SILENT,
    Position,
    altered,
    positions,
    with_parameter,
    with_schema,
)
from leadline_contracts.mutants.server import Answer, Ask, Behaviour, Request
from leadline_openapi import Contract, Operation, jsontext, mediatype
from leadline_openapi.contract import Body
from leadline_openapi.parameters import Parameter
from leadline_openapi.schema import Schema

FAMILY = "acceptance"


def mutants(contract: Contract, operation: Operation) -> Iterator[Mutant]:
    """The acceptance mutants of *operation*."""
    del contract
    start = f"{FAMILY}/{slug(operation)}"
    for position in positions(operation):
        where = f"{start}/{_place(position)}"
        what = f"`{position.name}`" if position.name else "the whole"
        for change in changes(position.source):
            yield Mutant(
                id=f"{where}/{change.id}",
                does=f"{_in(position)}, {what}: {change.does}",
                operation=operation,
                accepting=with_schema(operation, position.holder, altered(position, change.schema)),
                behaviour=_as_understood,
                rule=partial(_rule, position, change.schema),
            )
    yield from _parameters(operation, start)
    yield from _body(operation, start)


def _as_understood() -> Behaviour:
    return _understanding


def _understanding(_request: Request, ask: Ask) -> Answer:
    """Where the contract's own mock has no honest answer to what is let in, it answers anyway."""
    answer = ask()
    return ask(lenient=True) if answer.status == 500 else answer


def _place(position: Position) -> str:
    where = "body" if not isinstance(position.holder, Parameter) else position.holder.name
    return f"{where}.{position.name}" if position.name else where


def _in(position: Position) -> str:
    holder = position.holder
    if isinstance(holder, Parameter):
        return f"{holder.location} parameter `{holder.name}`"
    return "body"


def _rule(position: Position, changed: Any) -> Ruling:
    mutated = altered(position, changed)
    if isinstance(position.holder, Parameter):
        ruling = compare(position, changed, partial(_read_differently, position.holder, mutated))
        if ruling.standing is Standing.UNDECIDED and _any_text(position, changed):
            return Ruling(Standing.EQUIVALENT, "every text is a valid value already")
        return ruling
    root = position.root
    return compare(
        position, changed, lambda value: root.is_valid(value) is not mutated.is_valid(value)
    )


def _any_text(position: Position, changed: Any) -> bool:
    """Whether the parameter takes whatever is written, before and after."""
    said = {word for word in position.source if word not in SILENT and not word.startswith("x-")}
    listed = changed.get("type") if isinstance(changed, dict) else None
    wider = not listed or "string" in listed
    return wider and not position.steps and said <= {"type"} and position.source["type"] == "string"


def _read_differently(parameter: Parameter, mutated: Schema, value: Any) -> bool:
    """Whether what carries *value* on the wire is judged differently."""
    pairs = parameter.write(value)
    if not can_travel(parameter, pairs):
        return False
    sent: dict[str, list[str]] = {}
    for name, text in pairs:
        sent.setdefault(name, []).append(text)
    if "array" not in parameter.types and any(len(texts) > 1 for texts in sent.values()):
        # Given twice: which one counts is not defined, so that nobody can hold a server to it.
        return False
    other = replace(parameter, schema=mutated)
    return bool(parameter.violations(sent)) is not bool(other.violations(sent))


def _parameters(operation: Operation, start: str) -> Iterator[Mutant]:
    for parameter in operation.parameters:
        at = f"{start}/{parameter.name}"
        said = f"{parameter.location} parameter `{parameter.name}`"
        if parameter.required and parameter.location != "path":
            loose = with_parameter(operation, parameter, replace(parameter, required=False))
            yield _plain(f"{at}/required/dropped", f"{said}: is not asked for", operation, loose)
        elif not parameter.required:
            tight = with_parameter(operation, parameter, replace(parameter, required=True))
            yield _plain(f"{at}/required/added", f"{said}: is insisted on", operation, tight)
        anything = Position(parameter, parameter.schema, (), "", parameter.schema.source)
        ignored = with_parameter(operation, parameter, None)
        if parameter.location != "path":
            yield replace(
                _plain(f"{at}/ignored", f"{said}: is not looked at", operation, ignored),
                rule=partial(_rule, anything, {}) if not parameter.required else defect("required"),
            )


def _plain(id_: str, does: str, operation: Operation, accepting: Operation) -> Mutant:
    return Mutant(
        id=id_,
        does=does,
        operation=operation,
        accepting=accepting,
        behaviour=_as_understood,
        rule=defect("whether it is sent decides"),
    )


def _body(operation: Operation, start: str) -> Iterator[Mutant]:
    body = operation.body
    json_media = next((one for one in body.content if one.is_json), None) if body else None
    if body is None or json_media is None:
        return
    if body.required:
        optional = replace(operation, body=replace(body, required=False))
        does = "body: a request without one is accepted"
        yield _plain(f"{start}/body/required/dropped", does, operation, optional)
    else:
        needed = replace(operation, body=replace(body, required=True))
        does = "body: a request without one is refused"
        yield _plain(f"{start}/body/required/added", does, operation, needed)
    yield from _size(operation, body, start)
    for name in ("text/plain", "application/xml", "application/x-www-form-urlencoded", ""):
        if body.for_type(name or "application/octet-stream") is None:
            yield Mutant(
                id=f"{start}/content/also:{name or 'none'}",
                does=f"reads {f'`{name}`' if name else 'a body without a media type'} as JSON",
                operation=operation,
                behaviour=partial(_taking, name, json_media.name),
                rule=defect("it is no media type of the operation")
                if name
                else equivalent("RFC 9110 section 8.3 lets a recipient look at the data"),
            )
    for one in _MENDS:
        yield Mutant(
            id=f"{start}/json/{one.id}",
            does=f"{one.does}, although that is no JSON",
            operation=operation,
            behaviour=partial(_mending, one.mend),
            rule=partial(_mended, json_media.schema, one),
        )


def _size(operation: Operation, body: Body, start: str) -> Iterator[Mutant]:
    """Servers without the limit of a body's size, and with another one."""
    most = size.limit(operation)
    if most is None:
        return
    for key, does, other in (
        ("dropped", "has no limit", None),
        ("one-more", "is limited to one byte more", most + 1),
        ("one-less", "is limited to one byte less", most - 1),
    ):
        changed = replace(operation, body=replace(body, max_bytes=other))
        mutant = _plain(f"{start}/x-max-bytes/{key}", f"body: {does}", operation, changed)
        yield replace(mutant, rule=defect("how large it is decides"))


def _taking(name: str, meant: str) -> Behaviour:
    """Takes a body that is sent as *name* for one of the media type *meant*."""

    def behave(request: Request, ask: Ask) -> Answer:
        sent = request.environ.get("CONTENT_TYPE") or ""
        if sent == name or (name and mediatype.parse(sent)[0] == name):
            request.environ["CONTENT_TYPE"] = meant
        return ask()

    return behave


class _Mend(NamedTuple):
    id: str
    does: str
    breaks: Callable[[bytes], bytes]
    mend: Callable[[bytes], bytes]


def _mending(mend: Callable[[bytes], bytes]) -> Behaviour:
    def behave(request: Request, ask: Ask) -> Answer:
        if request.value is None and request.body != b"null":
            request.body = mend(request.body)
        return ask()

    return behave


def _mended(schema: Schema | None, one: _Mend) -> Ruling:
    """Whether there is a body that is broken in this way, and valid when it is mended."""
    if schema is None:
        return Ruling(Standing.UNDECIDED, "any JSON is a body")
    for value in valid(schema.library, (schema.pointer,)):
        for sent in _with_text(value):
            broken = one.breaks(jsontext.dump(sent))
            if _valid(schema, one.mend(broken)) and not _is_json(broken):
                return Ruling(Standing.DEFECT, f"RFC 8259 does not know {broken[:120]!r}")
    return Ruling(Standing.UNDECIDED, "no body was found that is valid when it is mended")


def _with_text(value: Any) -> Iterator[Any]:
    """*value* with one of its members replaced by what stands for broken characters, then as it is."""
    if isinstance(value, dict):
        yield from ({**value, name: "\ufffd"} for name in value)
    yield value


def _is_json(body: bytes) -> bool:
    try:
        jsontext.parse(body)
    except jsontext.NotJson:
        return False
    return True


def _valid(schema: Schema, body: bytes) -> bool:
    return _is_json(body) and schema.is_valid(jsontext.parse(body))


def _first_value(body: bytes) -> bytes:
    """What stands before the second value."""
    depth, text = 0, False
    for at, byte in enumerate(body):
        if byte == 0x22 and (at == 0 or body[at - 1] != 0x5C):
            text = not text
        elif not text:
            depth += (byte in b"[{") - (byte in b"]}")
            if depth == 0 and byte in b"]}":
                return body[: at + 1]
    return body


_MENDS = (
    _Mend(
        "trailing-comma",
        "forgives a trailing comma",
        lambda text: text[:-1] + b"," + text[-1:],
        lambda body: re.sub(rb",\s*([}\]])", rb"\1", body),
    ),
    _Mend(
        "single-quotes",
        "takes single quotes",
        lambda text: text.replace(b'"', b"'"),
        lambda body: body.replace(b"'", b'"'),
    ),
    _Mend(
        "comments",
        "forgives comments",
        lambda text: text + b" // comment",
        lambda body: re.sub(rb"//[^\n]*|/\*.*?\*/", b"", body, flags=re.DOTALL),
    ),
    _Mend("second-value", "reads the first of two values", lambda text: text + text, _first_value),
    _Mend(
        "not-utf-8",
        "replaces bytes that are not UTF-8",
        lambda text: text.replace("\ufffd".encode(), b"\xff"),
        lambda body: body.decode("utf-8", "replace").encode(),
    ),
    _Mend("cut-off", "closes what is cut off", lambda text: text[:-1], lambda body: body + b"}"),
)
