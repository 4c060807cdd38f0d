"""Cases about what is below the values: media types, the size of a body, and malformed JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from leadline_contracts.case import Case, Due
from leadline_contracts.cases.malformed import bodies, nested
from leadline_contracts.cases.values import variants
from leadline_contracts.draft import Draft, json_media
from leadline_contracts.judge import agrees
from leadline_openapi import Operation
from leadline_openapi.contract import Body, MediaType
from leadline_openapi.sample import NoSample, sampled
from leadline_openapi.schema import Schema

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
_NARROW = frozenset(("const", "enum", "format", "pattern", "readOnly"))
"""Keywords under which a text or a number may be refused for what it is."""
_TEXT = "leadline"
_NUMBER = 7
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
        case = draft.case(name, "body", Due.REFUSE, media.pointer)
        yield case if agrees(case) else replace(case, due=Due.ANY)
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

    Malformed JSON that a lenient reader takes must not be refused for what it says, so that the members
    are those that take any text and any number, where there are such.
    """
    schema = media.schema
    if schema is None:
        return {}
    found = _plain(schema)
    kinds = {type(value) for value in found.values() if _telling(value)}
    for variant in variants(schema) if len(kinds) < 2 else ():
        if not variant.good or not isinstance(variant.value, dict):
            continue
        for name, value in variant.value.items():
            fuller = {**variant.value, **found, name: value}
            wanted = _telling(value) and type(value) not in kinds
            if wanted and schema.is_valid(fuller):
                found = fuller
                kinds.add(type(value))
        if len(kinds) == 2:
            break
    return found


def _telling(value: Any) -> bool:
    """Whether something can be put in the place of *value*: a text of letters, a number of size."""
    return value.isalpha() if isinstance(value, str) else type(value) is int and value > 1


def _plain(schema: Schema) -> dict[str, Any]:
    """What is required, with one member more that takes any text and one that takes any number."""
    library = schema.library
    flat = library.flat((schema.pointer,))
    try:
        found = sampled(schema)
    except NoSample:
        return {}
    if not isinstance(found, dict):
        return {}
    members = {name: library.flat(places) for name, places in flat.properties.items()}
    chosen: dict[str, Any] = {}
    for value, kinds in ((_TEXT, ("string",)), (_NUMBER, ("number", "integer"))):
        open_to_any = (
            name
            for kind in kinds
            for name, told in members.items()
            if kind in told.types and not told.branches and _NARROW.isdisjoint(told.keywords)
        )
        beside = {**found, **chosen}
        fitting = (one for one in open_to_any if schema.is_valid({**beside, one: value}))
        chosen |= dict.fromkeys(islice(fitting, 1), value)
    return {**chosen, **{name: value for name, value in found.items() if name not in chosen}}
