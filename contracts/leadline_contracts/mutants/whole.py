"""Servers whose success is not what the contract says: its status, its media type, its text, its headers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from leadline_contracts.mutants.members import success
from leadline_contracts.mutants.mutant import Mutant, Ruling, defect, equivalent, slug
from leadline_contracts.mutants.server import Answer, Ask, Request
from leadline_openapi import Operation
from leadline_openapi.contract import MediaType


def mutants(operation: Operation, family: str) -> Iterator[Mutant]:
    """The mutants of *operation* that spoil its answer of success as a whole."""
    start = f"{family}/{slug(operation)}"
    documented = success(operation)
    if documented is None:
        return
    for status in (200, 201, 202, 204, 302, 404, 500):
        if not documented.covers(status):
            known = status < 300 and operation.answer_for(status) is not None
            rule = equivalent("that is documented too") if known else defect("it is not documented")
            yield _whole(
                operation, start, f"status:{status}", f"is {status}", rule, partial(_status, status)
            )
    for header in documented.headers:
        does = f"lacks the header `{header.name}`"
        rule = defect("it is required") if header.required else equivalent("it is optional")
        key = f"header:{header.name}/dropped"
        yield _whole(operation, start, key, does, rule, partial(_headless, header.name))
    media = next(iter(documented.body.content), None)
    if media is None or operation.method == "HEAD":
        return
    for name in ("text/html", "application/octet-stream", ""):
        if documented.body.for_type(name) is None:
            does = f"is sent as `{name}`" if name else "has no media type"
            rule = defect("it is not documented")
            key = f"media-type:{name or 'none'}"
            yield _whole(operation, start, key, does, rule, partial(_typed, name))
    if media.is_json:
        yield from _broken(operation, start, media)


def _broken(operation: Operation, start: str, media: MediaType) -> Iterator[Mutant]:
    rule = defect(f"it is no {media.name}")
    for key, does, spoil in (
        ("cut-off", "is cut off", lambda body: body[:-1]),
        ("empty", "is empty", lambda _: b""),
        (
            "trailing-comma",
            "has a trailing comma",
            lambda body: re.sub(rb"([}\]])$", rb",\1", body),
        ),
        ("twice", "comes twice in one", lambda body: body + body),
        ("latin-1", "is not UTF-8", lambda body: body[:-1] + b', "\xe9": 1}'),
        ("page", "is a page", lambda _: b"<html><body>It works!</body></html>"),
    ):
        yield _whole(operation, start, f"body:{key}", does, rule, partial(_bytes, spoil))


def _whole(
    operation: Operation,
    start: str,
    key: str,
    does: str,
    rule: Callable[[], Ruling],
    spoil: Callable[[Answer], None],
) -> Mutant:
    def behave(_request: Request, ask: Ask) -> Answer:
        answer = ask()
        if answer.accepted:
            spoil(answer)
        return answer

    return Mutant(
        id=f"{start}/{key}",
        does=f"answer: {does}",
        operation=operation,
        behaviour=lambda: behave,
        rule=rule,
    )


def _status(status: int, answer: Answer) -> None:
    answer.status = status


def _typed(name: str, answer: Answer) -> None:
    answer.with_header("Content-Type", name or None)


def _headless(name: str, answer: Answer) -> None:
    answer.with_header(name, None)


def _bytes(spoil: Callable[[bytes], bytes], answer: Answer) -> None:
    answer.body = spoil(answer.body)
