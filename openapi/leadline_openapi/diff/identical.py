"""Do two schemas say the same, but for the names of what they refer to and for descriptions?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from leadline_openapi.diff.facing import NEW, OLD, Facing
from leadline_openapi.jsontext import same
from leadline_openapi.structure import schemas_in

ANNOTATIONS = frozenset(
    (
        *("title", "description", "example", "examples", "externalDocs", "$comment", "deprecated"),
        *("default", "readOnly", "writeOnly", "xml"),
    )
)
"""Keywords that say nothing about which values are valid."""
_SETS = frozenset(("type", "enum", "required"))
"""Keywords whose values stand in no order."""


class Identity:
    """Compares schemas of the two documents of *facing*, references followed."""

    def __init__(self, facing: Facing) -> None:
        self._facing = facing

    def are(self, old: Any, new: Any) -> bool:
        """
        Whether *old* and *new* admit the same values because they are written alike.

        Each is a schema, or a list of schemas.
        """
        if isinstance(old, list) and isinstance(new, list):
            return self._inside("list", old, new, frozenset())
        return self._same(old, new, frozenset())

    def _same(self, old: Any, new: Any, seen: frozenset[tuple[int, int]]) -> bool:
        """Whether two schemas are; *seen* are those that are being compared, and hold if all else does."""
        old, new = self._resolved(OLD, old), self._resolved(NEW, new)
        if not isinstance(old, dict) or not isinstance(new, dict):
            return old is new
        both = (id(old), id(new))
        if both in seen:
            return True
        left, right = asserted(old), asserted(new)
        return left.keys() == right.keys() and all(
            self._said_alike(word, left[word], right[word], seen | {both}) for word in left
        )

    def _said_alike(self, word: str, old: Any, new: Any, seen: frozenset[tuple[int, int]]) -> bool:
        if word == "$ref":
            one, other = (
                self._facing.source(which, at[1:]) for which, at in ((OLD, old), (NEW, new))
            )
            return self._same(one, other, seen)
        if shape := schemas_in(word):
            return self._inside(shape, old, new, seen)
        if word in _SETS and isinstance(old, list) and isinstance(new, list):
            return _are_same_sets(old, new)
        return same(old, new)

    def _inside(self, shape: str, old: Any, new: Any, seen: frozenset[tuple[int, int]]) -> bool:
        """Whether the schemas are that stand in *old* and *new*: alone, in a list, or in a map by name."""
        if shape == "one":
            return self._same(old, new, seen)
        if shape == "map":
            return old.keys() == new.keys() and all(
                self._same(old[name], new[name], seen) for name in old
            )
        return len(old) == len(new) and all(
            self._same(one, other, seen) for one, other in zip(old, new, strict=True)
        )

    def _resolved(self, which: int, schema: Any) -> Any:
        """What a schema that is nothing but a reference leads to."""
        while isinstance(schema, dict) and asserted(schema).keys() == {"$ref"}:
            schema = self._facing.source(which, schema["$ref"][1:])
        return schema


def asserted(schema: Mapping[str, Any]) -> dict[str, Any]:
    """*schema* without what says nothing of which values are valid."""
    return {k: v for k, v in schema.items() if k not in ANNOTATIONS and not k.startswith("x-")}


def _are_same_sets(old: list[Any], new: list[Any]) -> bool:
    one, other = ({json.dumps(value, sort_keys=True) for value in values} for values in (old, new))
    return one == other or same(old, new)
