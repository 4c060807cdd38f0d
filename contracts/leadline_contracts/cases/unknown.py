"""Cases about members that only answers have: a server that takes them lets callers choose its values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

from leadline_contracts.case import Case, Due
from leadline_contracts.draft import Draft, json_media, smallest
from leadline_contracts.schemas import shared
from leadline_openapi import Operation
from leadline_openapi.flatten import Flat, Places
from leadline_openapi.sample import NoSample, sampled
from leadline_openapi.schema import Library

_DEPTH = 2
"""The answer itself, and what it wraps."""
_MOST = 20


def cases(operation: Operation, base: Draft) -> Iterator[Case]:
    """
    The request *base* with a member more that *operation* has in its answers only, or that is `readOnly`.

    Where a schema of the request names the latter, OpenAPI says only that it "SHOULD NOT be sent".
    """
    media = json_media(operation)
    if media is None or media.schema is None:
        return
    library = media.schema.library
    flat = library.flat((media.schema.pointer,))
    body = smallest(media)
    if not isinstance(body, dict):
        return
    draft = base.with_body(base.body, media.name)
    rule = flat.rules.get("additionalProperties", media.schema.pointer)
    members = _assigned(library, flat, operation)
    for name, value in islice(members, _MOST):
        due = Due.ANY if name in flat.properties else Due.REFUSE
        case = draft.with_value({**body, name: value})
        yield case.case("a member of answers", f"body {name}", due, rule)


def _assigned(library: Library, flat: Flat, operation: Operation) -> Iterator[tuple[str, Any]]:
    """Members that the request described by *flat* should not have, each with a good value."""
    found = dict(flat.properties)
    for answer in operation.answers:
        for media in answer.body.content if answer.status.startswith("2") else ():
            if media.schema is not None:
                _gather(library, (media.schema.pointer,), found, _DEPTH)
    for name, places in found.items():
        writable = library.flat(places).keywords.get("readOnly") is not True
        if name in flat.properties and writable:
            continue
        with suppress(NoSample):
            yield name, sampled(shared(library, places[0]))


def _gather(library: Library, places: Places, found: dict[str, Places], depth: int) -> None:
    """Put the members at *places*, and what is in them, into *found*."""
    for name, inner in library.flat(places).properties.items():
        found.setdefault(name, inner)
        if depth > 1:
            _gather(library, inner, found, depth - 1)
