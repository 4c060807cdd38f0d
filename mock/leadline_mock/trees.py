"""Change parts of parsed JSON by path, without changing the original."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from leadline_openapi.parameters import ABSENT
from leadline_openapi.words import ITEMS

Path = tuple[str, ...]

EVERYWHERE: frozenset[Path] = frozenset(((),))
"""For `put`: nothing is added on the way, wherever that is."""


def put(
    tree: Any,
    path: Path,
    make: Callable[[Path, Any], Any],
    closed: frozenset[Path],
    at: Path = (),
) -> Any:
    """
    A copy of *tree* with what *make* gives at *path*, at every item of an array that *path* goes through.

    *make* is asked with the place and the value there, which may be `ABSENT`; it may give that, too. Objects
    on the way are added where they are missing, but not inside the places that are *closed*.
    """
    if not path:
        return make(at, tree)
    key, rest = path[0], path[1:]
    if key == ITEMS:
        items = list(enumerate(tree)) if isinstance(tree, list) else []
        made = [put(item, rest, make, closed, (*at, str(index))) for index, item in items]
        return made or tree
    if tree is ABSENT or (tree is None and not at):
        tree = {}
    if not isinstance(tree, dict):
        return tree
    if rest and key not in tree and any(at[: len(place)] == place for place in closed):
        return tree
    value = put(tree.get(key, ABSENT), rest, make, closed, (*at, key))
    if value is ABSENT:
        return {name: member for name, member in tree.items() if name != key}
    return {**tree, key: value}


def always(value: Any) -> Callable[[Path, Any], Any]:
    """For `put`: *value*, wherever."""
    return lambda _at, _old: value
