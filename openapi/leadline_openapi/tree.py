"""Data that remembers where each value was written, while it is copied, merged and moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NoReturn

from leadline_openapi import pointer as pointers
from leadline_openapi.errors import Place, SpecError

MAX_DEPTH = 200
"""Levels of nesting in a document: above any real one, below what recursion can bear."""


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


class Reporter:
    """Raises the error about what stands at a path of a document."""

    def __init__(self, root: Located, file: str) -> None:
        self._root, self._file = root, file

    def fail(self, path: tuple[str | int, ...], problem: str, hint: str = "") -> NoReturn:
        """Raise a `SpecError` that names the file, the line and the pointer of *path*."""
        raise SpecError(self.place(path), problem, hint)

    def place(self, path: tuple[str | int, ...]) -> Place:
        """Where *path*, or the nearest thing above it, is written; the pointer is of that file."""
        value: Any = self._root
        place, known = Place(self._file, 1), 0
        for depth, key in enumerate(path, 1):
            if not isinstance(value, Located | LocatedList):
                break
            try:
                place, value, known = value.places[key], value[key], depth  # type: ignore[index]
            except LookupError:
                break
        return replace(place, pointer=place.pointer + pointers.pointer(path[known:]))
