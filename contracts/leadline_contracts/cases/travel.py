"""Which texts a parameter can carry at all."""

from __future__ import annotations

from collections.abc import Sequence

from leadline_contracts.path import fits_path
from leadline_openapi.parameters import Parameter

_NO_COOKIE = frozenset(' ",;\\')
"""What does not stand in the value of a cookie (RFC 6265 section 4.1.1)."""


def can_travel(parameter: Parameter, pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether *pairs* can stand in the parameter's place: a path segment, say, is never empty."""
    text = "".join(value for _, value in pairs)
    if parameter.location == "path":
        return fits_path(text)
    if parameter.location in {"header", "cookie"}:
        bare = text.isascii() and text.isprintable() and text == text.strip()
        if parameter.location == "cookie":
            return bare and _NO_COOKIE.isdisjoint(text)
        return bare and text != ""
    return True
