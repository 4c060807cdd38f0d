"""Cases about what is below the values: media types, the size of a body, and malformed JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from leadline_contracts.case import Case, Due
from leadline_contracts.cases.malformed import bodies, nested
from leadline_contracts.cases.values import variants
from leadline_contracts.draft import Draft, json_media
from leadline_openapi import Operation
from leadline_openapi.contract import Body, MediaType

_OTHERS = (
    "text/plain",
    "application/xml",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/octet-stream",
    "application/jsonx",
    "application/json5",
    "application",
)
_RELATED = ("text/json", "application/vnd.leadline+json", "application/x-json", "")
"""What some frameworks read as JSON, rightly or not (RFC 9110 section 8.3 lets them guess)."""


def cases(operation: Operation, base: Draft) -> Iterator[Case]:
    """The wire cases of *operation*, around the simplest accepted request *base*."""
    media, body = json_media(operation), operation.body
    if media is None or body is None:
        return
    document = _document(media)
    for name, text, due in bodies(document):
        draft = base.with_body(text, media.name)
        yield draft.case(name, "malformed JSON", due, media.pointer)
    for name, text in nested(document):
        draft = base.with_body(text, media.name)
        yield draft.case(name, "body", Due.REFUSE, media.pointer)
    if body.required:
        draft = base.with_body(b"", media.name)
        yield draft.case("no body", "body", Due.REFUSE, f"{body.pointer}/required")
    yield from _media_types(base, media, body)


def _media_types(base: Draft, media: MediaType, body: Body) -> Iterator[Case]:
    if not base.body:
        return
    rule = f"{body.pointer}/content"
    for name in _OTHERS:
        if body.for_type(name) is None:
            draft = base.with_body(base.body, name)
            yield draft.case(f"`{name}`", "media type", Due.REFUSE, rule)
    for name in _RELATED:
        if body.for_type(name) is None:
            draft = base.with_body(base.body, name or None)
            yield draft.case(f"`{name}`" if name else "none", "media type", Due.ANY, rule)
    if "*" in media.name or ";" in media.name:
        return
    for name in _spellings(media.name):
        yield base.with_body(base.body, name).case(f"`{name}`", "media type", Due.ACCEPT, rule)
    for parameter in ("charset=latin-1", "charset=utf-16", "charset=x-unknown", "version=1", "q"):
        draft = base.with_body(base.body, f"{media.name}; {parameter}")
        yield draft.case(f"with {parameter}", "media type", Due.ANY, rule)


def _spellings(name: str) -> Iterator[str]:
    """The media type *name*, written in other ways that mean the same (RFC 9110 section 8.3.1)."""
    yield name.upper()
    for parameter in ("; charset=utf-8", ";charset=UTF-8", '; charset="utf-8"', " ; Charset=utf-8"):
        yield name + parameter


def _document(media: MediaType) -> Any:
    """
    A valid body with a text and a number in it, where one can be had.

    Malformed JSON that a lenient reader takes must not be refused for what it says.
    """
    found: dict[str, Any] = {}
    texts = numbers = 0
    for variant in variants(media.schema) if media.schema else ():
        if not variant.good or not isinstance(variant.value, dict):
            continue
        for name, value in variant.value.items():
            is_text = isinstance(value, str) and value.isalpha()
            is_number = isinstance(value, int) and not isinstance(value, bool) and value > 1
            wanted = (is_text and not texts) or (is_number and not numbers)
            if (
                media.schema
                and wanted
                and media.schema.is_valid({**variant.value, **found, name: value})
            ):
                found = {**variant.value, **found, name: value}
                texts, numbers = texts + is_text, numbers + is_number
        if texts and numbers:
            break
    return found
