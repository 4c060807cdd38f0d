"""Requests on which correct servers differ: of those, a server owes no certain answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from leadline_contracts.case import Case
from leadline_contracts.judge import sent
from leadline_contracts.schemas import unnamed
from leadline_openapi import Operation, mediatype
from leadline_openapi.contract import MediaType

_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0")
"""How JSON text starts that is not plain UTF-8: some readers take it (RFC 8259 section 8.1)."""
_NUMBER = re.compile(rb"[:,\[]\s*-?(?:[\d.]{17,}|[\d.]+[eE][+-]?\d{3,})")
"""A number that not every reader can hold (RFC 8259 section 6)."""
_ODD_QUERY = re.compile(r"%(?![0-9a-fA-F]{2})|\d{17,}|(?:^|&)[^=&]+(?:&|$)")
"""What is not percent-encoded rightly (RFC 3986 section 2.1), a long number, a name without a value."""
_LARGE_BODY, _LARGE_TARGET = 100_000, 2_000
"""Beyond that a server may say that it is too large (RFC 9110 sections 15.5.14 and 15.5.15)."""
_HALF_PAIR = re.compile(rb"\\u[dD][89a-fA-F]")


def is_unsettled(case: Case) -> bool:
    """
    Whether the standards leave open what becomes of *case*, or the contract does.

    That is a media type that is missing or has parameters, JSON in another encoding, a member given twice,
    half a surrogate pair (RFC 8259 sections 4, 8.1 and 8.2), a number that not every reader can hold, a
    member that the contract neither names nor forbids, and a query that is not UTF-8, holds NUL, gives one
    value twice, or names another parameter.
    """
    if _is_odd(case):
        return True
    media = case.operation.body.for_type(case.media_type) if case.operation.body else None
    if not case.body:
        return False
    return not _is_plain(case) or (media is not None and any(_loose(case, case.body, media)))


def is_large(case: Case) -> bool:
    """Whether a server may refuse *case* for its size alone."""
    return len(case.body or b"") > _LARGE_BODY or len(case.target) > _LARGE_TARGET


def _is_plain(case: Case) -> bool:
    """Whether the media type is the one of the contract, or JSON in UTF-8, and no more."""
    given = next((value for name, value in case.headers if name.lower() == "content-type"), "")
    name, parameters = mediatype.parse(given)
    charset = parameters.pop("charset", "utf-8").lower()
    return bool(name) and charset in {"utf-8", "utf8"} and (not parameters or "/form" in name)


def _loose(case: Case, body: bytes, media: MediaType) -> Iterator[bool]:
    if not media.is_json:
        return
    yield body.startswith(_MARKS) or body[1:2] == b"\0"
    yield bool(_HALF_PAIR.search(body)) and _holds_half_pair(case.value)
    if media.schema is not None:
        yield any(unnamed(media.schema.library, (media.schema.pointer,), case.value))
    yield bool(_NUMBER.search(body))
    yield not case.malformed and _is_doubled(body)


def _holds_half_pair(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _is_doubled(body: bytes) -> bool:
    """Whether an object in the JSON *body* has two members of one name."""
    found: list[bool] = []

    def members(pairs: list[tuple[str, Any]]) -> None:
        found.append(len({name for name, _ in pairs}) < len(pairs))

    json.loads(body, object_pairs_hook=members)
    return any(found)


def _is_odd(case: Case) -> bool:
    query = case.target.partition("?")[2]
    pairs = parse_qsl(query, keep_blank_values=True)
    if _ODD_QUERY.search(query) or unnamed_parameters(case.operation, case.target):
        return True
    if any("\ufffd" in text or "\0" in text for pair in pairs for text in pair):
        return True
    values = sent(case, "query")
    return any(
        len(values.get(one.name, ())) > 1 and "array" not in one.types
        for one in case.operation.parameters
        if one.location == "query"
    )


def unnamed_parameters(operation: Operation, target: str) -> list[str]:
    """Query parameters of *target* that *operation* does not name."""
    parameters = [one for one in operation.parameters if one.location == "query"]
    if any("object" in one.types and one.style == "form" for one in parameters):
        return []  # members of an object stand in the query by their own names
    named = {one.name for one in parameters}
    named |= {scheme.parameter for one in operation.security for scheme in one}
    nested = {one.name for one in parameters if one.style == "deepObject"}
    found = parse_qsl(target.partition("?")[2], keep_blank_values=True)
    return [
        name
        for name in dict.fromkeys(name for name, _ in found)
        if name not in named and name.partition("[")[0] not in nested
    ]
