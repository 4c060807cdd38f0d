"""Which texts a parameter can carry at all."""

from __future__ import annotations

from collections.abc import Sequence

from leadline_openapi.parameters import Parameter


def can_travel(parameter: Parameter, pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether *pairs* can stand in the parameter's place: a path segment, say, is never empty."""
    text = "".join(value for _, value in pairs)
    if parameter.location == "path":
        return text not in {"", ".", ".."} and not set(text) & set("/\\\n")
    if parameter.location in {"header", "cookie"}:
        bare = text.isascii() and text.isprintable() and text == text.strip()
        return bare and (text != "" or parameter.location == "cookie")
    return True
