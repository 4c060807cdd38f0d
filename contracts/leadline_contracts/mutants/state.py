"""Servers that remember what they should forget, give a value twice, or fail now and then."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from leadline_contracts.mutants.members import (
    answered,
    change,
    given,
    json_media,
    members,
    success,
)
from leadline_contracts.mutants.mutant import Mutant, Ruling, defect, equivalent, slug
from leadline_contracts.mutants.server import Answer, Ask, Behaviour, Request
from leadline_contracts.oracles.reading import MISSING, reach
from leadline_openapi import Contract, Operation
from leadline_openapi.contract import MediaType

FAMILY = "state"
_REUSED_AFTER = (2, 10, 50)
_FAILS_EVERY = (2, 10, 25)


def mutants(contract: Contract, operation: Operation) -> Iterator[Mutant]:
    """The state mutants of *operation*."""
    del contract
    media = json_media(success(operation))
    if media is not None:
        yield from _identities(operation)
        yield from _leaks(operation, media)
    for every in _FAILS_EVERY:
        does = f"every {every}th accepted request fails with 500"
        yield _mutant(
            operation,
            f"fails-every:{every}",
            does,
            partial(_failing_every, every),
        )
    does = "the first accepted request fails with 500"
    yield _mutant(operation, "fails-at-first", does, partial(_failing, lambda number: number == 1))
    telling = media is not None and bool(media.echoes or any(given(operation)))
    rule = defect if telling else equivalent
    reason = "each request has its own answer" if telling else "the answer is the same for all"
    does = "every 10th answer is the one before"
    yield _mutant(operation, "stale", does, _stale, rule(reason))
    yield _mutant(
        operation, "no-repeat", "a request that was accepted before is refused with 409", _once
    )


def _mutant(
    operation: Operation,
    key: str,
    does: str,
    behaviour: Callable[[], Behaviour],
    rule: Callable[[], Ruling] | None = None,
) -> Mutant:
    return Mutant(
        id=f"{FAMILY}/{slug(operation)}/{key}",
        does=does,
        operation=operation,
        behaviour=behaviour,
        rule=rule or defect("what is valid is accepted, at any time"),
    )


def _identities(operation: Operation) -> Iterator[Mutant]:
    for value in given(operation):
        if value.kind not in {"sequence", "uuid"}:
            continue
        name, path = ".".join(value.path), value.path
        rule = defect("it is never given twice")
        constant = partial(_reusing, path, 1)
        yield _mutant(operation, f"{name}/constant", f"`{name}` is always the same", constant, rule)
        for count in _REUSED_AFTER:
            does = f"`{name}` is reused after {count} requests"
            reusing = partial(_reusing, path, count)
            yield _mutant(operation, f"{name}/reused-after:{count}", does, reusing, rule)
        does = f"`{name}` is given twice, once in 25 requests"
        yield _mutant(operation, f"{name}/given-twice", does, partial(_given_twice, path), rule)


def _reusing(path: tuple[str, ...], count: int) -> Behaviour:
    told: list[Any] = []
    lock, asked = threading.Lock(), [0]

    def behave(_request: Request, ask: Ask) -> Answer:
        answer = ask()
        own = answered(answer, path)
        if own is not MISSING:
            with lock:
                if len(told) < count:
                    told.append(own)
                else:
                    answer.value = change(answer.value, path, lambda _: told[asked[0] % count])
                asked[0] += 1
        return answer

    return behave


def _given_twice(path: tuple[str, ...]) -> Behaviour:
    lock, asked, last = threading.Lock(), [0], [MISSING]

    def behave(_request: Request, ask: Ask) -> Answer:
        answer = ask()
        own = answered(answer, path)
        if own is not MISSING:
            with lock:
                asked[0] += 1
                if asked[0] % 25 == 0:
                    answer.value = change(answer.value, path, lambda _: last[0])
                last[0] = own
        return answer

    return behave


def _leaks(operation: Operation, media: MediaType) -> Iterator[Mutant]:
    echoed = [one for one in members(operation, media) if one.sent and one.sent.tokens]
    paths = [
        (one.path, one.sent.tokens)
        for one in echoed
        if one.sent is not None and one.sent.tokens is not None and one.assigned is None
    ]
    optional = [pair for pair in paths if len(pair[1]) == 1]
    rule = (
        defect("what was not sent comes back absent, null or []")
        if optional
        else equivalent("nothing optional is echoed")
    )
    for key, does, forgets in (
        ("leaks-last-body", "members of the last request come back in the next answer", True),
        ("remembers-all", "a member that was sent once comes back for ever", False),
    ):
        yield _mutant(operation, key, does, partial(_leaking, optional, forgets), rule)


def _leaking(paths: list[tuple[tuple[str, ...], tuple[str, ...]]], forgets: bool) -> Behaviour:  # noqa: FBT001
    known: dict[tuple[str, ...], Any] = {}

    def behave(request: Request, ask: Ask) -> Answer:
        answer = ask()
        if not answer.accepted or not answer.is_json:
            return answer
        value = answer.value
        for path, tokens in paths:
            if path in known and reach(request.value, tokens) is MISSING:
                value = change(value, path, partial(_instead, known[path]))
        if forgets:
            known.clear()
        for path, tokens in paths:
            if (sent := reach(request.value, tokens)) is not MISSING:
                known[path] = sent
        answer.value = value
        return answer

    return behave


def _instead(value: Any, _old: Any) -> Any:
    return value


def _failing_every(count: int) -> Behaviour:
    return _failing(lambda number: number % count == 0)


def _failing(when: Callable[[int], bool]) -> Behaviour:
    lock, asked = threading.Lock(), [0]

    def behave(_request: Request, ask: Ask) -> Answer:
        answer = ask()
        if answer.accepted:
            with lock:
                asked[0] += 1
                fails = when(asked[0])
            if fails:
                return failure()
        return answer

    return behave


def failure() -> Answer:
    """What a server answers that has failed."""
    return Answer(500, [("Content-Type", "text/plain")], b"Internal Server Error")


def _stale() -> Behaviour:
    last: list[Answer] = []
    asked = [0]

    def behave(_request: Request, ask: Ask) -> Answer:
        answer = ask()
        if answer.accepted:
            asked[0] += 1
            if asked[0] % 10 == 0 and last:
                return Answer(last[0].status, list(last[0].headers), last[0].body)
            last[:] = [answer]
        return answer

    return behave


def _once() -> Behaviour:
    seen: set[tuple[str, str, bytes]] = set()

    def behave(request: Request, ask: Ask) -> Answer:
        environ = request.environ
        same = (environ["PATH_INFO"], environ["QUERY_STRING"], request.body)
        answer = ask()
        if answer.accepted:
            if same in seen:
                return Answer(409, [("Content-Type", "text/plain")], b"Conflict")
            seen.add(same)
        return answer

    return behave
