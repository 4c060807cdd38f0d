"""Cases about what is below the values: media types and malformed JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from leadline_contracts.case import Case, Due
from leadline_contracts.cases.values import variants
from leadline_contracts.draft import Draft, json_media
from leadline_openapi import Operation, jsontext
from leadline_openapi.contract import Body, MediaType


def cases(operation: Operation, base: Draft) -> Iterator[Case]:
    """The wire cases of *operation*, around the simplest accepted request *base*."""
    media, body = json_media(operation), operation.body
    if media is None or body is None:
        return
    for name, text in _malformed(_document(media)):
        draft = base.with_body(text, media.name)
        yield draft.case(name, "malformed JSON", Due.REFUSE, media.pointer)
    if body.required:
        draft = base.with_body(b"", media.name)
        yield draft.case("no body", "body", Due.REFUSE, f"{body.pointer}/required")
    yield from _media_types(base, media, body)


def _media_types(base: Draft, media: MediaType, body: Body) -> Iterator[Case]:
    if not base.body:
        return
    for name in ("text/plain", "application/xml", "application/x-www-form-urlencoded"):
        if body.for_type(name) is None:
            draft = base.with_body(base.body, name)
            yield draft.case(f"`{name}`", "media type", Due.REFUSE, f"{body.pointer}/content")
    if "*" not in media.name and ";" not in media.name:
        draft = base.with_body(base.body, f"{media.name}; charset=utf-8")
        yield draft.case("with charset=utf-8", "media type", Due.ACCEPT, f"{body.pointer}/content")


def _document(media: MediaType) -> Any:
    """
    A valid body with a text in it, where one can be had.

    Malformed JSON that a lenient reader takes must not be refused for what it says.
    """
    found: Any = {}
    for variant in variants(media.schema) if media.schema else ():
        if variant.good and isinstance(variant.value, dict) and len(variant.value) >= len(found):
            found = variant.value if len(variant.value) > len(found) else found
            if any(isinstance(value, str) and value.isalpha() for value in variant.value.values()):
                return variant.value
    return found


def _malformed(value: Any) -> Iterator[tuple[str, bytes]]:
    """*value* in ways that are no JSON text (RFC 8259), each of which some reader takes."""
    text = jsontext.dump(value)
    yield "cut off", text[:-1]
    yield "plain text", b"hello"
    yield "two values", text + text
    yield "a comment", text + b" // comment"
    yield "a block comment", b"/* comment */" + text
    if not isinstance(value, dict) or not value:
        return
    yield "a trailing comma", text[:-1] + b",}"
    yield "a leading comma", b"{," + text[1:]
    if b"'" not in text:
        yield "single quotes", text.replace(b'"', b"'")
    first = next(iter(value))
    if first.isidentifier():
        quoted = jsontext.dump(first)
        yield "a name without quotes", text.replace(quoted, first.encode(), 1)
    for name, member in value.items():
        if isinstance(member, str) and member.isalpha():
            written = jsontext.dump(member)
            yield f"not UTF-8, in `{name}`", text.replace(written, b'"\xff"', 1)
            yield f"a line break in `{name}`", text.replace(written, b'"a\nb"', 1)
            break
