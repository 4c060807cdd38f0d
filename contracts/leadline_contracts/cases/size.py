"""Cases about the size of a body (`x-max-bytes`): the largest one that is taken, and one byte more."""

from __future__ import annotations

from collections.abc import Iterator

from leadline_contracts.case import Case, Due
from leadline_contracts.draft import Draft, json_media, smallest
from leadline_openapi import Operation, jsontext
from leadline_openapi.sample import NoSample

LARGEST = 10_000_000
"""Bytes of the largest body that is sent at all."""


def limit(operation: Operation) -> int | None:
    """How many bytes a body of *operation* may have, where that can be tried."""
    most = operation.body.max_bytes if operation.body else None
    if most is None or most >= LARGEST or json_media(operation) is None:
        return None
    return most


def cases(operation: Operation, base: Draft) -> Iterator[Case]:
    """Bodies of *operation* at its limit and beyond, around the simplest accepted request *base*."""
    most, media, body = limit(operation), json_media(operation), operation.body
    if most is None or media is None or body is None:
        return
    try:
        text = base.body or jsontext.dump(smallest(media))
    except NoSample:
        return
    for size, due in ((most, Due.ACCEPT), (most + 1, Due.REFUSE)):
        # White space is a part of the text (RFC 8259 section 2), whatever the schema says.
        draft = base.with_body(text.ljust(size), media.name)
        yield draft.case(f"{size:,} bytes", "body", due, f"{body.pointer}/x-max-bytes")
