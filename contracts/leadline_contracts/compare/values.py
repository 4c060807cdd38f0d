"""Where two JSON values differ, and in what way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from leadline_contracts.oracles.reading import MISSING
from leadline_openapi import jsontext
from leadline_openapi import pointer as pointers
from leadline_openapi.words import ITEMS

Path = tuple[str, ...]

NUMBER, ORDER = "another number of items", "another order"
"""How lists differ."""


@dataclass(frozen=True, slots=True)
class Unlike:
    """
    One place where *left* and *right* are not the same; `MISSING` stands for a member that is not there.

    *path* leads there, with `*` for an item of an array; *kind* says how they differ, *of_shape* whether
    one that only looks at members and types would see it.
    """

    path: Path
    kind: str
    of_shape: bool
    left: Any
    right: Any

    @property
    def pointer(self) -> str:
        """The path as a JSON pointer."""
        return pointers.pointer(self.path)


def unlike(left: Any, right: Any, path: Path = ()) -> Iterator[Unlike]:
    """Every place where *left* and *right* differ, the outermost first."""
    if isinstance(left, dict) and isinstance(right, dict):
        for name in dict.fromkeys((*left, *right)):
            yield from unlike(left.get(name, MISSING), right.get(name, MISSING), (*path, name))
    elif isinstance(left, list) and isinstance(right, list):
        yield from _lists(left, right, path)
    elif left is MISSING or right is MISSING:
        kind = "only in B" if left is MISSING else "only in A"
        yield Unlike(path, kind, of_shape=True, left=left, right=right)
    elif (kinds := (json_type(left), json_type(right)))[0] != kinds[1]:
        yield Unlike(path, " / ".join(kinds), of_shape=True, left=left, right=right)
    elif not jsontext.same(left, right):
        yield Unlike(path, "another value", of_shape=False, left=left, right=right)


def merged(found: list[Unlike]) -> list[Unlike]:
    """*found*, but that members which only one side has, beside such of the other, are one place."""
    sides: dict[Path, list[Unlike]] = {}
    for one in found:
        if one.left is MISSING or one.right is MISSING:
            sides.setdefault(one.path[:-1], []).append(one)
    mixed = {path: ones for path, ones in sides.items() if len({one.kind for one in ones}) > 1}
    rest = [one for one in found if one not in mixed.get(one.path[:-1], ())]
    return [*rest, *(_members(path, ones) for path, ones in mixed.items())]


def _members(path: Path, ones: list[Unlike]) -> Unlike:
    left = {one.path[-1]: one.left for one in ones if one.left is not MISSING}
    right = {one.path[-1]: one.right for one in ones if one.right is not MISSING}
    return Unlike(path, "other members", of_shape=True, left=left, right=right)


def _lists(left: list[Any], right: list[Any], path: Path) -> Iterator[Unlike]:
    if len(left) != len(right):
        yield Unlike(path, NUMBER, of_shape=True, left=left, right=right)
    elif not jsontext.same(left, right) and _ordered(left) == _ordered(right):
        yield Unlike(path, ORDER, of_shape=False, left=left, right=right)
    else:
        for one, other in zip(left, right, strict=True):
            yield from unlike(one, other, (*path, ITEMS))


def _ordered(items: list[Any]) -> list[bytes]:
    return sorted(map(jsontext.dump, items))


def json_type(value: Any) -> str:
    """The JSON type of *value*."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "text"
        case list():
            return "array"
    return "object"
