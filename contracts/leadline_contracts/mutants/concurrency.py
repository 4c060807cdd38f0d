"""Servers that are right for one request at a time, and mix up two."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from leadline_contracts.mutants.members import answered, change, given, json_media, success
from leadline_contracts.mutants.mutant import Mutant, defect, slug
from leadline_contracts.mutants.server import Answer, Ask, Behaviour, Request
from leadline_contracts.oracles.reading import MISSING
from leadline_openapi import Contract, Operation

FAMILY = "concurrency"
_WINDOW = 0.004
"""Seconds for which a race stays open."""


def mutants(contract: Contract, operation: Operation) -> Iterator[Mutant]:
    """The concurrency mutants of *operation*."""
    del contract
    media = json_media(success(operation))
    for value in given(operation):
        if value.kind in {"sequence", "uuid"}:
            name = ".".join(value.path)
            does = f"`{name}` is given to two requests that overlap"
            yield _mutant(operation, f"{name}/given-twice", does, partial(_racing, value.path))
    if media is not None and media.echoes:
        does = "the answers of two requests that overlap are mixed up"
        yield _mutant(operation, "answers-swapped", does, _swapping)
        does = "the body of another request that overlaps is answered"
        yield _mutant(operation, "shared-body", does, _sharing)
    does = "a request fails with 500 while another is under way"
    yield _mutant(operation, "one-at-a-time", does, _alone)


def _mutant(
    operation: Operation, key: str, does: str, behaviour: Callable[[], Behaviour]
) -> Mutant:
    return Mutant(
        id=f"{FAMILY}/{slug(operation)}/{key}",
        does=does,
        operation=operation,
        behaviour=behaviour,
        rule=defect("what holds for one request holds for each of many at once"),
    )


class _Window:
    """Keeps a race open, where there is anybody to race with."""

    def __init__(self) -> None:
        self._callers: set[int] = set()

    def linger(self) -> None:
        """Wait, if several threads have called."""
        self._callers.add(threading.get_ident())
        if len(self._callers) > 1:
            time.sleep(_WINDOW)


def _racing(path: tuple[str, ...]) -> Behaviour:
    """Reads which value is next, works, and only then says that it is taken."""
    drawn: dict[int, Any] = {}
    window = _Window()
    taken = [0]

    def behave(_request: Request, ask: Ask) -> Answer:
        number = taken[0]
        answer = ask()
        window.linger()
        own = answered(answer, path)
        if own is not MISSING:
            told = drawn.setdefault(number, own)
            answer.value = change(answer.value, path, lambda _: told)
            taken[0] = number + 1
        return answer

    return behave


def _swapping() -> Behaviour:
    """One place for the answer under way."""
    place: list[Answer] = []
    window = _Window()

    def behave(_request: Request, ask: Ask) -> Answer:
        answer = ask()
        if not answer.accepted:
            return answer
        place[:] = [answer]
        window.linger()
        found = place[0] if place else answer
        return Answer(found.status, list(found.headers), found.body)

    return behave


def _sharing() -> Behaviour:
    """One place for the body under way."""
    place: list[bytes] = []
    window = _Window()

    def behave(request: Request, ask: Ask) -> Answer:
        place[:] = [request.body]
        window.linger()
        request.body = place[0]
        return ask()

    return behave


def _alone() -> Behaviour:
    under_way: list[bool] = []
    window = _Window()

    def behave(_request: Request, ask: Ask) -> Answer:
        busy = bool(under_way)
        under_way.append(True)
        try:
            answer = ask()
            window.linger()
        finally:
            under_way.pop()
        if busy and answer.accepted:
            return Answer(500, [("Content-Type", "text/plain")], b"Internal Server Error")
        return answer

    return behave
