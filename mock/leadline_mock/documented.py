"""What the contract documents of an answer beyond its body: which representation, which headers."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from leadline_mock.caching import forgettable
from leadline_openapi import jsontext
from leadline_openapi.contract import Answer, MediaType, Operation
from leadline_openapi.sample import NoSample, sampled
from leadline_openapi.schema import Schema

_CONCRETE = {
    "*/*": "application/json",
    "application/*": "application/json",
    "text/*": "text/plain",
    "image/*": "image/png",
}


@forgettable
@lru_cache(maxsize=1024)
def success(operation: Operation) -> Answer | None:
    """The first documented yes; else a redirection; else what covers 200."""
    for digit in "23":
        for answer in operation.answers:
            if answer.status.startswith(digit):
                return answer
    return operation.answer_for(200)


def status(answer: Answer | None, default: int = 200) -> int:
    """The status of *answer*, the first of a range; *default* for what covers any status."""
    if answer is None or answer.status == "default":
        return default
    return int(answer.status.replace("XX", "00"))


@forgettable
@lru_cache(maxsize=1024)
def representation(answer: Answer | None) -> MediaType | None:
    """The representation that is served: the first that is JSON, else the first; `Accept` is not read."""
    content = answer.body.content if answer else ()
    return next((media for media in content if is_json(media)), next(iter(content), None))


def type_name(media: MediaType) -> str:
    """What to put into `Content-Type`: a type where *media* is a range, and the charset of text."""
    return _concrete(media.name)


@lru_cache(maxsize=256)
def _concrete(name: str) -> str:
    name = _CONCRETE.get(name, name.replace("*", "octet-stream"))
    return f"{name}; charset=utf-8" if re.fullmatch(r"text/[^;]+", name) else name


def is_json(media: MediaType) -> bool:
    """Whether *media* is served as JSON text."""
    return media.is_json or type_name(media) == "application/json"


def example(media: MediaType) -> Any:
    """The first documented example of *media*, else a value of its schema; not to be changed."""
    if media.examples or media.schema is None:
        return next(iter(media.examples.values()), None)
    return sampled_or_none(media.schema, full=False)


@forgettable
@lru_cache(maxsize=1024)
def has_example(media: MediaType) -> bool:
    """Whether `example` gives something for *media* that is valid."""
    return media.schema is None or media.schema.is_valid(example(media))


def text(media: MediaType, value: Any) -> bytes:
    """*value* as it is written in the representation *media*."""
    if is_json(media):
        return jsontext.dump(value)
    if value is None:
        return b""
    return value.encode("utf-8", "replace") if isinstance(value, str) else jsontext.dump(value)


def headers(answer: Answer | None) -> tuple[tuple[str, str], ...]:
    """The headers that *answer* requires, with a value that fits each."""
    found = []
    for header in answer.headers if answer else ():
        if header.required:
            _, text = header.write(sampled_or_none(header.schema, full=False))[0]
            found.append((header.name, " ".join(text.encode("ascii", "replace").decode().split())))
    return tuple(found)


@forgettable
@lru_cache(maxsize=1024)
def heading(answer: Answer | None, media: MediaType | None) -> tuple[tuple[str, str], ...]:
    """All headers of *answer* in the representation *media*; `None` where there is no body."""
    if media is None:
        return headers(answer)
    return (("Content-Type", type_name(media)), *headers(answer))


def sampled_or_none(schema: Schema, *, full: bool) -> Any:
    """A value of *schema*, always the same one, so not to be changed; `None` where none is found."""
    try:
        return sampled(schema, full=full)
    except NoSample:
        return None
