"""Cases about what is below the values: media types and malformed JSON."""

from __future__ import annotations

from collections.abc import Iterator

from leadline_contracts.case import Case, Due
from leadline_contracts.draft import Draft, json_media
from leadline_openapi import Operation

_MALFORMED = (
    ("cut off", b'{"a": 1'),
    ("a trailing comma", b'{"a": 1,}'),
    ("single quotes", b"{'a': 1}"),
    ("no quotes", b"{a: 1}"),
    ("two values", b"{} {}"),
    ("NaN", b'{"a": NaN}'),
    ("a comment", b"{} // comment"),
    ("plain text", b"hello"),
    ("not UTF-8", b'{"a": "\xff"}'),
)


def cases(operation: Operation, base: Draft) -> Iterator[Case]:
    """The wire cases of *operation*, around the simplest accepted request *base*."""
    media, body = json_media(operation), operation.body
    if media is None or body is None:
        return
    for name, text in _MALFORMED:
        draft = base.with_body(text, media.name)
        yield draft.case(name, "malformed JSON", Due.REFUSE, media.pointer)
    if body.required:
        draft = base.with_body(None, None)
        yield draft.case("no body", "body", Due.REFUSE, f"{body.pointer}/required")
    for name in ("text/plain", "application/xml", "application/x-www-form-urlencoded"):
        if base.body and body.for_type(name) is None:
            draft = base.with_body(base.body, name)
            yield draft.case(f"`{name}`", "media type", Due.REFUSE, f"{body.pointer}/content")
    if base.body:
        draft = base.with_body(base.body, f"{media.name}; charset=utf-8")
        yield draft.case("with charset=utf-8", "media type", Due.ACCEPT, f"{body.pointer}/content")
