"""What the contract documents of an answer beyond its body: which representation, which headers."""

from __future__ import annotations

import re
from typing import Any

from leadline_openapi.contract import Answer, MediaType
from leadline_openapi.sample import NoSample, sampled
from leadline_openapi.schema import Schema

_CONCRETE = {
    "*/*": "application/json",
    "application/*": "application/json",
    "text/*": "text/plain",
    "image/*": "image/png",
}


def representation(answer: Answer | None) -> MediaType | None:
    """The representation that is served: the first that is JSON, else the first; `Accept` is not read."""
    content = answer.body.content if answer else ()
    return next((media for media in content if is_json(media)), next(iter(content), None))


def type_name(media: MediaType) -> str:
    """What to put into `Content-Type`: a type where *media* is a range, and the charset of text."""
    name = _CONCRETE.get(media.name, media.name.replace("*", "octet-stream"))
    return f"{name}; charset=utf-8" if re.fullmatch(r"text/[^;]+", name) else name


def is_json(media: MediaType) -> bool:
    """Whether *media* is served as JSON text."""
    return media.is_json or type_name(media) == "application/json"


def headers(answer: Answer | None) -> tuple[tuple[str, str], ...]:
    """The headers that *answer* requires, with a value that fits each."""
    found = []
    for header in answer.headers if answer else ():
        if header.required:
            _, text = header.write(sampled_or_none(header.schema, full=False))[0]
            found.append((header.name, " ".join(text.encode("ascii", "replace").decode().split())))
    return tuple(found)


def sampled_or_none(schema: Schema, *, full: bool) -> Any:
    """A value of *schema*, always the same one, so not to be changed; `None` where none is found."""
    try:
        return sampled(schema, full=full)
    except NoSample:
        return None
