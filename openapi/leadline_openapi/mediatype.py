"""Media types (RFC 9110 section 8.3.1): compare what was sent with what the contract names."""

from __future__ import annotations

import re
from functools import lru_cache

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_TYPE = re.compile(rf"[ \t]*({_NAME}/{_NAME})[ \t]*")
_PARAMETER = re.compile(rf";[ \t]*(?:({_NAME})=({_NAME}|\"(?:[^\"\\]|\\.)*\")[ \t]*)?")


def parse(value: str) -> tuple[str, dict[str, str]]:
    """The type in lower case and its parameters; `("", {})` when *value* is no media type."""
    match = _TYPE.match(value)
    if match is None:
        return "", {}
    parameters: dict[str, str] = {}
    at = match.end()
    while at < len(value):
        found = _PARAMETER.match(value, at)
        if found is None:
            return "", {}
        if found[1]:
            text = re.sub(r"\\(.)", r"\1", found[2][1:-1]) if found[2][0] == '"' else found[2]
            parameters[found[1].lower()] = text
        at = found.end()
    return match[1].lower(), parameters


def covers(pattern: str, name: str) -> bool:
    """Whether the range *pattern* (`application/json`, `text/*`, `*/*`) covers the type *name*."""
    wanted, given = (text.partition(";")[0].strip().lower() for text in (pattern, name))
    if wanted == "*/*":
        return bool(given)
    if wanted.endswith("/*"):
        return given.startswith(wanted[:-1])
    return wanted == given


@lru_cache(maxsize=256)
def is_json(name: str) -> bool:
    """Whether a body of the type *name* is JSON text (RFC 6839 section 3.1)."""
    base = name.partition(";")[0].strip().lower()
    return base in {"application/json", "text/json"} or base.endswith("+json")
