"""Bodies that are nested more deeply than is read here: what can still be said of them."""

from __future__ import annotations

import re
from typing import Any

from leadline_contracts.case import Case
from leadline_openapi import Violation, jsontext
from leadline_openapi.schema import Schema

_LEVELS = 20
"""So many levels are looked at."""
_BELOW = (b"[]", b"{}", b"null", b"1", b'"text"')
"""What might stand below them, a value of each kind."""
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]|[^"\[\]{}]+', re.DOTALL)


def is_too_deep(case: Case) -> bool:
    """Whether the body of *case* is not read for its nesting alone."""
    if not case.malformed or case.body is None:
        return False
    try:
        jsontext.parse(case.body)
    except jsontext.TooDeep:
        return True
    except jsontext.NotJson:
        pass
    return False


def is_refused(case: Case) -> bool:
    """Whether its outer levels break the schema of *case*, whatever stands below, to both validators."""
    media = case.operation.body.for_type(case.media_type) if case.operation.body else None
    if media is None or media.schema is None or case.body is None:
        return False
    return all(_is_refused(media.schema, _outline(case.body, below)) for below in _BELOW)


def violations(case: Case) -> tuple[Violation, ...]:
    """What is wrong with the outer levels of a body that is too deep; nothing where it is read whole."""
    media = case.operation.body.for_type(case.media_type) if case.operation.body else None
    if media is None or media.schema is None or not is_too_deep(case):
        return ()
    return media.schema.violations(value(case))


def value(case: Case) -> Any:
    """The body of *case*, only its outer levels where it is too deep."""
    if case.body is None or not is_too_deep(case):
        return case.value
    try:
        return jsontext.parse(_outline(case.body, b"null"))
    except jsontext.NotJson:
        return case.value


def _is_refused(schema: Schema, text: bytes) -> bool:
    try:
        value = jsontext.parse(text)
    except jsontext.NotJson:
        return False
    return not schema.is_valid(value) and not schema.second_opinion(value)


def _outline(text: bytes, below: bytes) -> bytes:
    """The JSON *text* with *below* in the place of every array and object under its outer levels."""
    kept: list[bytes] = []
    depth = 0
    for token in _TOKEN.findall(text):
        if token in b"[{":
            depth += 1
            if depth == _LEVELS + 1:
                kept.append(below)
        if depth <= _LEVELS:
            kept.append(token)
        if token in b"]}":
            depth -= 1
    return b"".join(kept)
