"""The beginning of a value that is too large to be judged as a whole, and what is true of it all the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

SIZES = (1000, 8000, 64_000)
"""So many values of a value are looked at; more where there is nothing wrong with fewer."""

Path = tuple[str | int, ...]

_ABOUT_NAMES_AND_TYPES = frozenset(("type", "additionalProperties", "propertyNames"))
"""Keywords that say the same of what is left of an object or an array as of all of it."""
_ABOUT_MEMBERS = frozenset(
    ("required", "dependentRequired", "minProperties", "maxProperties", "minItems", "maxItems")
)
"""Keywords that do not look into the members of an object or an array."""


class Excerpt:
    """
    *value* with its first *size* values in the order of the document; *whole* if these are all.

    A validator makes all errors at once, in memory, so there must be no millions of them.
    """

    def __init__(self, value: Any, size: int) -> None:
        self._left = size
        self._cut: dict[Path, bool] = {}
        self.value = self._taken(value, ())
        self.whole = not self._cut

    def holds(self, path: Sequence[str | int], keyword: str) -> bool:
        """Whether an error of *keyword* that the excerpt has at *path* is one of the whole value."""
        lacks_members = self._cut.get(tuple(path))
        if lacks_members is None or keyword in _ABOUT_NAMES_AND_TYPES:
            return True
        return not lacks_members and keyword in _ABOUT_MEMBERS

    def _taken(self, value: Any, path: Path) -> Any:
        """What is taken of *value*; what is cut, there or below, is noted, and whether it lacks members."""
        self._left -= 1
        if not isinstance(value, dict | list):
            return value
        taken: Any = {} if isinstance(value, dict) else []
        cut = False
        for key, member in value.items() if isinstance(value, dict) else enumerate(value):
            if self._left <= 0:
                self._cut[path] = True
                return taken
            at = (*path, key)
            made = self._taken(member, at)
            cut = cut or at in self._cut
            if isinstance(taken, dict):
                taken[key] = made
            else:
                taken.append(made)
        if cut:
            self._cut[path] = False
        return taken
