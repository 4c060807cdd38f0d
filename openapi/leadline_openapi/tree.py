"""Data that remembers where each value was written, while it is copied, merged and moved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from leadline_openapi import pointer as pointers
from leadline_openapi.errors import Place


class Located(dict[str, Any]):
    """An object that knows the place of each of its members."""

    __slots__ = ("places",)

    def __init__(self) -> None:
        super().__init__()
        self.places: dict[str, Place] = {}

    def put(self, key: str, value: Any, place: Place) -> None:
        """Set *key*, and remember that it stood at *place*."""
        self[key] = value
        self.places[key] = place


class LocatedList(list[Any]):
    """An array that knows the place of each of its items."""

    __slots__ = ("places",)

    def __init__(self) -> None:
        super().__init__()
        self.places: list[Place] = []

    def put(self, value: Any, place: Place) -> None:
        """Append *value*, and remember that it stood at *place*."""
        self.append(value)
        self.places.append(place)


def plain(tree: Any) -> Any:
    """The same data in ordinary dicts and lists."""
    if isinstance(tree, dict):
        return {key: plain(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [plain(value) for value in tree]
    return tree


def copy(tree: Any) -> Any:
    """A deep copy that keeps the places."""
    if isinstance(tree, Located):
        mapping = Located()
        for key, value in tree.items():
            mapping.put(key, copy(value), tree.places[key])
        return mapping
    if isinstance(tree, LocatedList):
        sequence = LocatedList()
        for value, place in zip(tree, tree.places, strict=True):
            sequence.put(copy(value), place)
        return sequence
    return tree


def located(value: Any, place: Place) -> Any:
    """*value* as located data, all of it standing at *place*."""
    if isinstance(value, dict):
        mapping = Located()
        for key, member in value.items():
            mapping.put(key, located(member, place), place)
        return mapping
    if isinstance(value, list):
        sequence = LocatedList()
        for item in value:
            sequence.put(located(item, place), place)
        return sequence
    return value


def place_map(tree: Any) -> dict[str, Place]:
    """Every JSON pointer into *tree*, with the place where its value was written."""
    return dict(_places(tree, ""))


def _places(tree: Any, at: str) -> Iterator[tuple[str, Place]]:
    if isinstance(tree, Located):
        for key, value in tree.items():
            inner = f"{at}/{pointers.escape(key)}"
            yield inner, tree.places[key]
            yield from _places(value, inner)
    elif isinstance(tree, LocatedList):
        for index, value in enumerate(tree):
            inner = f"{at}/{index}"
            yield inner, tree.places[index]
            yield from _places(value, inner)
