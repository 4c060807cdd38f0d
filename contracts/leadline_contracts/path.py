"""Values in a path: read from the request line by the operation's template."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from urllib.parse import unquote

_NAME = re.compile(r"\{([^{}]+)\}")
_HAZARDOUS = frozenset("%/;\\")


def fits_path(text: str) -> bool:
    """
    Whether every server takes *text* as the value of a path parameter.

    Gateways and firewalls answer by themselves to what could lead elsewhere once decoded: encoded
    delimiters, controls, dot segments (RFC 3986 sections 3.3 and 7.3), blanks at the ends.
    """
    plain = text.isprintable() and text == text.strip()
    return plain and text not in {"", ".", ".."} and _HAZARDOUS.isdisjoint(text)


def readings(template: str, path: str) -> Sequence[dict[str, str]]:
    """
    What *path* may hold for each name of the path *template*; nothing where it does not fit.

    There are two readings where a value could end sooner or later: `{a}.{b}` in `x.y.z`.
    """
    names, shortest, longest = _compiled(template)
    found: list[dict[str, str]] = []
    for pattern in (shortest, longest):
        match = pattern.fullmatch(path)
        values = dict(zip(names, map(unquote, match.groups()), strict=True)) if match else None
        if values is not None and values not in found:
            found.append(values)
    return found


@cache
def _compiled(template: str) -> tuple[list[str], re.Pattern[str], re.Pattern[str]]:
    literals = _NAME.split(template)[::2]
    shortest, longest = (
        re.compile(value.join(map(re.escape, literals))) for value in ("([^/]+?)", "([^/]+)")
    )
    return _NAME.findall(template), shortest, longest
