"""Schemas whose canonical form is not to be trusted, so that nothing is proven from it.

jsonschema-rs leaves out of an `if` the branches that do not matter to whether it holds, though what they
evaluate is then left for `unevaluatedProperties` and `unevaluatedItems`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_UNEVALUATED = ("unevaluatedProperties", "unevaluatedItems")
_CHOICES = frozenset(("anyOf", "oneOf", "if", "dependentSchemas", "$ref"))


def has_choice_in_condition(tree: Any) -> bool:
    """Whether an `if` in *tree* has branches."""
    return any(
        word == "if" and any(inner in _CHOICES for inner, _ in _said(value))
        for word, value in _said(tree)
    )


def is_misread(tree: Any) -> bool:
    """Whether the canonical form of *tree*, with all that it leads to, may admit something else."""
    return any(word in _UNEVALUATED for word, _ in _said(tree)) and has_choice_in_condition(tree)


def _said(tree: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(tree, dict):
        yield from tree.items()
        for value in tree.values():
            yield from _said(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _said(value)
