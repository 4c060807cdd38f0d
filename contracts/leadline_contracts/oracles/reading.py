"""What several oracles ask of an exchange."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from leadline_contracts.case import Due, Exchange
from leadline_openapi import pointer as pointers
from leadline_openapi.contract import MediaType
from leadline_openapi.parameters import ABSENT
from leadline_openapi.words import ITEMS

MISSING = ABSENT
"""What stands where nothing is; it equals nothing."""


def accepted(exchange: Exchange) -> MediaType | None:
    """How the contract describes the answer, where it is the JSON of a success that was due."""
    if exchange.case.due not in {Due.ACCEPT, Due.EITHER} or not exchange.accepted:
        return None
    readable = exchange.is_json and not exchange.malformed
    return exchange.media if readable else None


def reach(value: Any, path: tuple[str, ...]) -> Any:
    """What stands at *path* in *value*, or `MISSING`. An item of a list is told by its number."""
    for key in path:
        if isinstance(value, list):
            value = dict(zip(map(str, range(len(value))), value, strict=True))
        if not isinstance(value, dict) or key not in value:
            return MISSING
        value = value[key]
    return value


def places(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """
    Every place to which *path* leads in *value*, with what stands there, or `MISSING`.

    `*` stands for each item of a list. An item that is no object has no members that could be missing.
    """
    return _places(value, path, ())


def _places(
    value: Any, path: tuple[str, ...], at: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Any]]:
    if ITEMS in path:
        way, rest = path[: path.index(ITEMS)], path[path.index(ITEMS) + 1 :]
        items = reach(value, way)
        for number, item in enumerate(items if isinstance(items, list) else ()):
            yield from _places(item, rest, (*at, *way, str(number)))
    elif not (at and path) or isinstance(value, dict):
        yield (*at, *path), reach(value, path)


def faulty(exchange: Exchange, path: tuple[str, ...]) -> bool:
    """Whether the schema finds fault with the value at *path*, with what holds it or what it holds."""
    for violation in exchange.violations:
        at = tuple(pointers.tokens(violation.pointer))
        if at[: len(path)] == path[: len(at)]:
            return True
    return False
