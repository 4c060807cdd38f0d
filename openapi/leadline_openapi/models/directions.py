"""Who uses a schema, requests or answers, and what that means for the members it requires."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from leadline_openapi import pointer as pointers
from leadline_openapi.contract import Body, Contract
from leadline_openapi.normalise import for_direction
from leadline_openapi.structure import walk
from leadline_openapi.tree import plain


class Directions:
    """The document of a contract as requests see it, and as answers see it."""

    def __init__(self, contract: Contract) -> None:
        self._document = dict(contract.document)
        sent = (one.body for one in contract.operations if one.body)
        answered = (answer.body for one in contract.operations for answer in one.answers)
        self._sides = tuple(
            (for_direction(self._document, unasked), reachable(self._document, _pointers(bodies)))
            for unasked, bodies in (("readOnly", sent), ("writeOnly", answered))
        )

    def narrowed(self) -> dict[str, Any]:
        """
        The document in which each schema requires what every direction that it serves requires.

        One class stands for a schema in both directions, so it cannot ask for more than either.
        """
        document: dict[str, Any] = plain(self._document)
        for side, used in self._sides:
            for pointer in used:
                schema = pointers.find(document, pointer)
                if isinstance(schema, dict) and isinstance(names := schema.get("required"), list):
                    asked = pointers.find(side, pointer)["required"]
                    schema["required"] = [name for name in names if name in asked]
        return document

    def differ(self, pointer: str) -> bool:
        """Whether the schema at *pointer* serves both directions, and these require different members."""
        sides = [pointers.find(side, pointer) for side, used in self._sides if pointer in used]
        required = [side.get("required") for side in sides if isinstance(side, dict)]
        return len(required) == 2 and required[0] != required[1]


def reachable(document: Mapping[str, Any], starts: Iterable[str]) -> frozenset[str]:
    """The pointers of all schemas in and behind the schemas at the pointers *starts*."""
    seen: set[str] = set()
    waiting = list(starts)
    while waiting:
        start = waiting.pop()
        if start in seen:
            continue
        seen.add(start)
        for node in walk(pointers.find(document, start), "schema"):
            seen.add(start + pointers.pointer(node.path))
            if isinstance(reference := node.value.get("$ref"), str):
                waiting.append(reference[1:])
    return frozenset(seen)


def _pointers(bodies: Iterable[Body]) -> Iterator[str]:
    return (media.schema.pointer for body in bodies for media in body.content if media.schema)
