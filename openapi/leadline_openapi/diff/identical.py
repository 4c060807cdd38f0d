"""Do two schemas say the same, but for the names of what they refer to and for descriptions?"""

from __future__ import annotations

from typing import Any

from leadline_openapi.diff.facing import NEW, OLD, Facing

ANNOTATIONS = frozenset(
    (
        *("title", "description", "example", "examples", "externalDocs", "$comment", "deprecated"),
        *("default", "readOnly", "writeOnly", "xml"),
    )
)
"""Keywords that say nothing about which values are valid."""


class Identity:
    """Compares schemas of the two documents of *facing*, references followed."""

    def __init__(self, facing: Facing) -> None:
        self._facing = facing

    def are(self, old: Any, new: Any) -> bool:
        """Whether *old* and *new* admit the same values because they are written alike."""
        return self._same(old, new, frozenset())

    def _same(self, old: Any, new: Any, seen: frozenset[tuple[str, str]]) -> bool:
        one, other = _reference(old), _reference(new)
        if one or other:
            if (one, other) in seen:
                return True
            seen = seen | {(one, other)}
            if one:
                old = self._facing.source(OLD, one)
            if other:
                new = self._facing.source(NEW, other)
            return self._same(old, new, seen)
        if isinstance(old, dict) and isinstance(new, dict):
            left, right = (_asserted(one) for one in (old, new))
            return left.keys() == right.keys() and all(
                self._same(left[word], right[word], seen) for word in left
            )
        if isinstance(old, list) and isinstance(new, list):
            return len(old) == len(new) and all(
                self._same(one, other, seen) for one, other in zip(old, new, strict=True)
            )
        return type(old) is type(new) and bool(old == new)


def _reference(schema: Any) -> str:
    """The pointer in a schema that is nothing but a reference."""
    if (
        isinstance(schema, dict)
        and isinstance(text := schema.get("$ref"), str)
        and len(_asserted(schema)) == 1
    ):
        return text[1:]
    return ""


def _asserted(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema or "type" in schema or "properties" in schema:
        return {k: v for k, v in schema.items() if k not in ANNOTATIONS and not k.startswith("x-")}
    return schema
