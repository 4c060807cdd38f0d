"""Ways to spoil a value that should come back as it was sent."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any, NamedTuple

from leadline_openapi import jsontext
from leadline_openapi.violation import show


class Way(NamedTuple):
    """*spoil* gives the value itself where it has nothing to spoil."""

    id: str
    does: str
    types: frozenset[str]
    spoil: Callable[[Any], Any]


def _text(id_: str, does: str, spoil: Callable[[str], str]) -> Way:
    return Way(
        id_, does, frozenset({"string"}), lambda old: spoil(old) if isinstance(old, str) else old
    )


def _array(id_: str, does: str, spoil: Callable[[list[Any]], list[Any]]) -> Way:
    return Way(
        id_, does, frozenset({"array"}), lambda old: spoil(old) if isinstance(old, list) else old
    )


def _number(id_: str, does: str, spoil: Callable[[float], Any]) -> Way:
    def apply(old: Any) -> Any:
        return spoil(old) if isinstance(old, int | float) and not isinstance(old, bool) else old

    kinds = {"number"} if id_ == "whole" else {"number", "integer"}
    return Way(id_, does, frozenset(kinds), apply)


def _rounded(value: float) -> float:
    return int(value) if abs(value) < 2**53 else value


WAYS = (
    _text("cut-at-255", "is cut after 255 characters", lambda text: text[:255]),
    _text("trimmed", "comes back trimmed", str.strip),
    _text("lower-cased", "comes back in lower case", str.lower),
    _text("upper-cased", "comes back in upper case", str.upper),
    _text("nfc", "comes back normalised (NFC)", lambda text: unicodedata.normalize("NFC", text)),
    _text(
        "ascii",
        "comes back with `?` for what is not ASCII",
        lambda text: text.encode("ascii", "replace").decode(),
    ),
    _array(
        "sorted", "comes back sorted", lambda items: sorted(items, key=lambda one: show(one, 200))
    ),
    _array("deduplicated", "comes back without duplicates", jsontext.distinct),
    _array("cut", "comes back without its last item", lambda items: items[:-1]),
    _array("only-one", "comes back with its first item only", lambda items: items[:1]),
    _array("reversed", "comes back reversed", lambda items: items[::-1]),
    _number("whole", "comes back without its fraction", _rounded),
    _number(
        "clamped", "comes back as a 32-bit integer", lambda old: max(-(2**31), min(2**31 - 1, old))
    ),
    _number("positive", "comes back without its sign", abs),
)

FALSY: tuple[tuple[str, Any], ...] = (
    ("zero", 0),
    ("false", False),
    ("empty-text", ""),
    ("empty-array", []),
    ("null", None),
)
"""What code that asks `if value` takes for nothing."""
