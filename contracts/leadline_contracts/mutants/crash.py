"""Servers that fail on requests of one kind."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations
from typing import Any, NamedTuple

from leadline_contracts.mutants import candidates
from leadline_contracts.mutants.members import sent_media
from leadline_contracts.mutants.mutant import Mutant, Ruling, Standing, defect, slug
from leadline_contracts.mutants.server import Answer, Ask, Behaviour, Request
from leadline_contracts.mutants.state import failure
from leadline_contracts.oracles.reading import MISSING, reach
from leadline_openapi import Contract, Operation
from leadline_openapi.flatten import Places
from leadline_openapi.schema import Library
from leadline_openapi.violation import show

FAMILY = "crash"
_PAIRS = 40


class _Class(NamedTuple):
    id: str
    does: str
    holds: Callable[[Any], bool]


def _number(test: Callable[[float], bool]) -> Callable[[Any], bool]:
    return lambda value: (
        isinstance(value, int | float) and not isinstance(value, bool) and test(value)
    )


_CLASSES = (
    _Class("empty", "empty", lambda value: value == ""),
    _Class("not-ascii", "not ASCII", lambda value: isinstance(value, str) and not value.isascii()),
    _Class("long", "longer than 255", lambda value: isinstance(value, str) and len(value) > 255),
    _Class(
        "blank",
        "with a blank at an end",
        lambda value: isinstance(value, str) and value != value.strip(),
    ),
    _Class("zero", "zero", _number(lambda value: value == 0)),
    _Class("negative", "negative", _number(lambda value: value < 0)),
    _Class("fraction", "a fraction", _number(lambda value: value != int(value))),
    _Class("big", "beyond 32 bits", _number(lambda value: abs(value) >= 2**31)),
    _Class("false", "false", lambda value: value is False),
    _Class("null", "null", lambda value: value is None),
    _Class("no-items", "an empty array", lambda value: value == []),
    _Class(
        "many-items",
        "an array of several items",
        lambda value: isinstance(value, list) and len(value) > 1,
    ),
    _Class(
        "twice",
        "an array with an item twice",
        lambda value: isinstance(value, list) and _twice(value),
    ),
)


def _twice(items: list[Any]) -> bool:
    texts = [show(item, 200) for item in items]
    return len(set(texts)) < len(texts)


def mutants(contract: Contract, operation: Operation) -> Iterator[Mutant]:
    """The crash mutants of *operation*."""
    start = f"{FAMILY}/{slug(operation)}"
    media = sent_media(operation)
    if media is None or media.schema is None:
        return
    library, root = media.schema.library, (media.schema.pointer,)
    members = {
        name: places
        for name, places in library.flat(root).properties.items()
        if library.flat(places).keywords.get("readOnly") is not True
    }
    for name, places in members.items():
        for one in _CLASSES:
            ruling = _ruling(library, places, one.holds)
            if ruling.standing is Standing.DEFECT:
                yield Mutant(
                    operation=operation,
                    id=f"{start}/{name}/{one.id}",
                    does=f"fails with 500 when `{name}` is {one.does}",
                    behaviour=partial(_crashing, partial(_is, name, one.holds)),
                    rule=partial(_ruling, library, places, one.holds),
                )
    yield from _pairs(contract, operation, list(members), start)
    yield from _whole(operation, start)


def _ruling(library: Library, places: Places, holds: Callable[[Any], bool]) -> Ruling:
    try:
        found = candidates.witness(library, places, holds)
    except LookupError:
        return Ruling(Standing.UNDECIDED, "no such value was found")
    return Ruling(Standing.DEFECT, f"{show(found, 160)} is valid")


def _is(name: str, holds: Callable[[Any], bool], value: Any) -> bool:
    found = reach(value, (name,))
    return found is not MISSING and holds(found)


def _crashing(when: Callable[[Any], bool]) -> Behaviour:
    def behave(request: Request, ask: Ask) -> Answer:
        answer = ask()
        return failure() if answer.accepted and when(request.value) else answer

    return behave


def _pairs(
    contract: Contract, operation: Operation, names: list[str], start: str
) -> Iterator[Mutant]:
    """A sample of the pairs: which, is told by the contract alone."""
    every = list(combinations(names, 2))
    chosen = random.Random(contract.digest).sample(every, min(_PAIRS, len(every)))  # noqa: S311 - repeatable
    for first, second in sorted(chosen, key=every.index):
        yield Mutant(
            operation=operation,
            id=f"{start}/{first}+{second}",
            does=f"fails with 500 when `{first}` and `{second}` are both there",
            behaviour=partial(_crashing, partial(_holds_both, first, second)),
            rule=defect("both may be sent"),
        )


def _holds_both(first: str, second: str, value: Any) -> bool:
    return isinstance(value, dict) and first in value and second in value


def _whole(operation: Operation, start: str) -> Iterator[Mutant]:
    refused: tuple[tuple[str, str, Callable[[Request], bool]], ...] = (
        ("malformed", "JSON that is malformed", lambda request: request.value is None),
        ("invalid", "a body that breaks its schema", lambda request: request.value is not None),
    )
    for key, does, when in refused:
        yield Mutant(
            operation=operation,
            id=f"{start}/on:{key}",
            does=f"fails with 500 on {does}",
            behaviour=partial(_refusing, when),
            rule=defect("what is wrong with a request is no failure of the server"),
        )


def _refusing(when: Callable[[Request], bool]) -> Behaviour:
    def behave(request: Request, ask: Ask) -> Answer:
        answer = ask()
        return failure() if answer.status in {400, 422} and when(request) else answer

    return behave
