"""The references in a part of a document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def references(tree: Any) -> Iterator[str]:
    """The pointer of each `$ref` in *tree*."""
    if isinstance(tree, dict):
        if isinstance(text := tree.get("$ref"), str):
            yield text[1:]
        for value in tree.values():
            yield from references(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from references(value)


def refers(tree: Any) -> bool:
    """Whether there is a `$ref` in *tree*."""
    return next(references(tree), None) is not None
