"""Servers whose answers are not what the contract says: one member of them, or the whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from typing import Any

from leadline_contracts.mutants import candidates, refusals, whole
from leadline_contracts.mutants.members import Member, change, json_media, members, success
from leadline_contracts.mutants.mutant import (
    Mutant,
    Ruling,
    Standing,
    defect,
    equivalent,
    slug,
)
from leadline_contracts.mutants.server import Answer, Ask, Behaviour, Request
from leadline_contracts.mutants.spoiling import FALSY, WAYS
from leadline_contracts.oracles.reading import MISSING
from leadline_contracts.schemas import certain
from leadline_openapi import Contract, Operation, jsontext
from leadline_openapi.schema import Schema
from leadline_openapi.violation import show

FAMILY = "response"
Spoil = Callable[[Any], Any]


def mutants(contract: Contract, operation: Operation) -> Iterator[Mutant]:
    """The response mutants of *operation*."""
    yield from whole.mutants(operation, FAMILY)
    yield from refusals.mutants(contract, operation, FAMILY)
    media = json_media(success(operation))
    if media is None or operation.method == "HEAD":
        return
    known = list(members(operation, media))
    for member in known:
        yield from _of_member(operation, member)
    for first, second in pairwise(known):
        if first.path[:-1] == second.path[:-1] and first.sent and second.sent:
            yield _swapped(operation, first, second)


def _of_member(operation: Operation, member: Member) -> Iterator[Mutant]:
    yield _mutant(
        operation, member, "dropped", "is left out", lambda _: MISSING, _must_be_there(member)
    )
    yield _mutant(operation, member, "null", "is null", lambda _: None, partial(_not_null, member))
    wrong = _wrong(member)
    if wrong is not MISSING:
        does, rule = f"is {show(wrong)}", defect("its schema forbids that")
        yield _mutant(operation, member, "retyped", does, lambda _: wrong, rule)
    yield _renamed(operation, member)
    if member.sent is None:
        return
    types = _types(member)
    for way in WAYS:
        if way.types & types:
            spoil = partial(_present, way.spoil)
            rule = partial(_spoils, member, way.spoil)
            yield _mutant(operation, member, way.id, way.does, spoil, rule)
    for name, falsy in FALSY:
        if _admits(member, falsy):
            does = f"is left out when it is {show(falsy)}"
            spoil = partial(_without, falsy)
            rule = defect(f"{show(falsy)} may be sent, and has to come back")
            yield _mutant(operation, member, f"falsy:{name}", does, spoil, rule)
    filled = next(_telling(member.library, member.places), MISSING)
    if filled is not MISSING and member.assigned is None:
        does = f"is {show(filled)} when nothing was sent"
        spoil = partial(_filled, filled)
        rule = _filling(member)
        yield _mutant(operation, member, "default", does, spoil, rule)


def _mutant(
    operation: Operation,
    member: Member,
    kind: str,
    does: str,
    spoil: Spoil,
    rule: Callable[[], Ruling],
) -> Mutant:
    return Mutant(
        id=f"{FAMILY}/{slug(operation)}/{member.name}/{kind}",
        does=f"answer: `{member.name}` {does}",
        operation=operation,
        behaviour=partial(_editing, lambda value: change(value, member.path, spoil)),
        rule=rule,
    )


def _editing(edit: Spoil) -> Behaviour:
    """Edits the value of a JSON answer that says yes."""

    def behave(_request: Request, ask: Ask) -> Answer:
        answer = ask()
        if answer.accepted and answer.is_json:
            answer.value = edit(answer.value)
        return answer

    return behave


def _present(spoil: Spoil, old: Any) -> Any:
    return old if old is MISSING else spoil(old)


def _without(falsy: Any, old: Any) -> Any:
    return MISSING if type(old) is type(falsy) and old == falsy else old


def _filled(filled: Any, old: Any) -> Any:
    return filled if old is MISSING or old is None or old == [] else old


def _must_be_there(member: Member) -> Callable[[], Ruling]:
    if member.required:
        return defect("it is required")
    if member.assigned is not None:
        return defect("the server has to assign it")
    if member.sent is not None:
        return defect("what was sent comes back")
    return equivalent("it is optional, and nothing says what it holds")


def _not_null(member: Member) -> Ruling:
    if not candidates.fits(member.library, member.places, None):
        return Ruling(Standing.DEFECT, "its schema forbids null")
    if member.assigned is not None:
        return Ruling(Standing.DEFECT, "the server has to assign it")
    if member.sent is None:
        return Ruling(Standing.EQUIVALENT, "its schema allows null, and nothing says what it holds")
    return _spoils(member, lambda _: None)


def _spoils(member: Member, spoil: Spoil) -> Ruling:
    """Whether something may be sent that *spoil* changes."""
    sent = member.sent
    if sent is None:
        return Ruling(Standing.EQUIVALENT, "nothing is echoed there")
    try:
        found = candidates.witness(
            sent.library, sent.places, lambda value: not jsontext.same(spoil(value), value)
        )
    except LookupError:
        if candidates.finite(sent.library, sent.places) is not None:
            return Ruling(Standing.EQUIVALENT, "it changes no value that may be sent")
        return Ruling(Standing.UNDECIDED, "no value that it changes was found")
    return Ruling(Standing.DEFECT, f"it matters for {show(found, 160)}")


def _filling(member: Member) -> Callable[[], Ruling]:
    if member.sent is not None and not member.sent.always:
        return defect("what was not sent comes back absent, null or []")
    return equivalent("it is always sent")


def _wrong(member: Member) -> Any:
    """A value that the schema of *member* forbids, near to what it should be; `MISSING` if there is none."""
    usual = next(_telling(member.library, member.places), None)
    near: list[Any] = [[usual], {"value": usual}, usual, "text", 7, True]
    if isinstance(usual, bool | int | float):
        near.insert(0, str(usual).lower())
    if isinstance(usual, list) and usual:
        near.insert(0, usual[0])
    fitting = (one for one in near if not candidates.fits(member.library, member.places, one))
    return next(fitting, MISSING)


def _telling(library: Any, places: Any) -> Iterator[Any]:
    return (
        value for value in candidates.valid(library, places) if value is not None and value != []
    )


def _types(member: Member) -> frozenset[str]:
    sent = member.sent
    if sent is None:
        return frozenset()
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}
    return frozenset(
        kinds.get(type(one), "") for one in candidates.valid(sent.library, sent.places)
    )


def _admits(member: Member, value: Any) -> bool:
    sent = member.sent
    return sent is not None and all(
        schema.is_valid(value) and certain(schema, value)
        for schema in (Schema(place, sent.library) for place in sent.places)
    )


def _renamed(operation: Operation, member: Member) -> Mutant:
    name = member.path[-1]
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    other = snake if snake != name else f"{name}_"

    def rename(holder: Any) -> Any:
        if not isinstance(holder, dict):
            return holder
        return {other if key == name else key: value for key, value in holder.items()}

    return Mutant(
        id=f"{FAMILY}/{slug(operation)}/{member.name}/renamed",
        does=f"answer: `{member.name}` is called `{other}`",
        operation=operation,
        behaviour=partial(_editing, lambda value: change(value, member.path[:-1], rename)),
        rule=_must_be_there(member),
    )


def _swapped(operation: Operation, first: Member, second: Member) -> Mutant:
    one, other = first.path[-1], second.path[-1]

    def swap(holder: Any) -> Any:
        if not isinstance(holder, dict):
            return holder
        names = {one: other, other: one}
        return {names.get(key, key): value for key, value in holder.items()}

    return Mutant(
        id=f"{FAMILY}/{slug(operation)}/{first.name}/swapped-with:{other}",
        does=f"answer: `{first.name}` and `{second.name}` are mixed up",
        operation=operation,
        behaviour=partial(_editing, lambda value: change(value, first.path[:-1], swap)),
        rule=defect("each comes back as it was sent"),
    )
