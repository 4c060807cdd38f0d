"""JSON pointers (RFC 6901), as text and as tuples of keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote

_INDEX = re.compile(r"0|[1-9][0-9]{0,9}")


def escape(key: str | int) -> str:
    """One reference token, escaped: `~` as `~0`, `/` as `~1`."""
    return str(key).replace("~", "~0").replace("/", "~1")


def pointer(keys: Iterable[str | int]) -> str:
    """The pointer for a path of *keys*; the empty path gives `""`."""
    return "".join(f"/{escape(key)}" for key in keys)


def tokens(text: str) -> tuple[str, ...]:
    """The unescaped reference tokens of a pointer; the inverse of `pointer` for string keys."""
    if not text:
        return ()
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in text[1:].split("/"))


def from_fragment(fragment: str) -> str:
    """The pointer that a URI fragment (without `#`) carries, percent-decoded (RFC 6901 section 6)."""
    return unquote(fragment)


def to_fragment(text: str) -> str:
    """The pointer *text* as a URI fragment (without `#`); the inverse of `from_fragment`."""
    return quote(text, safe="/~!$&'()*+,;=:@?")


def find(document: Any, text: str) -> Any:
    """
    The value that the pointer *text* names in *document*.

    Raises `LookupError` with the first token that leads nowhere.
    """
    value = document
    for token in tokens(text):
        if isinstance(value, Mapping) and token in value:
            value = value[token]
        elif _is_array(value) and _INDEX.fullmatch(token) and int(token) < len(value):
            value = value[int(token)]
        else:
            raise LookupError(token)
    return value


def _is_array(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)
