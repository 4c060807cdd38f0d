"""Which schemas are the same to the letter, with all that they lead to: nothing has to be compared there."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from leadline_openapi import pointer as pointers
from leadline_openapi.diff.facing import NEW, OLD, Facing
from leadline_openapi.diff.references import references
from leadline_openapi.diff.view import Places


class Unchanged:
    """Tells it for the documents of *facing*, in time that grows with their size and not with their ways."""

    def __init__(self, facing: Facing) -> None:
        self._facing = facing

    def are(self, old: Places, new: Places) -> bool:
        """Whether the schemas at *old* and *new* are written alike, and lead to ones that are."""
        if len(old) != len(new):
            return False
        sources = [
            [self._facing.source(which, at) for at in places]
            for which, places in ((OLD, old), (NEW, new))
        ]
        text = repr(sources[OLD])
        if text != repr(sources[NEW]):
            return False
        targets = references(sources[OLD]) if "$ref" in text else ()
        return not any(target in self._changed for target in targets)

    @cached_property
    def _changed(self) -> frozenset[str]:
        """What is referred to and not the same in both, there or behind further references."""
        documents = [library.document for library in self._facing.libraries]
        targets = set(references(documents[OLD])) | set(references(documents[NEW]))
        users: dict[str, list[str]] = {}
        waiting: list[str] = []
        for target in targets:
            old, new = (_found(document, target) for document in documents)
            for inner in references(old):
                users.setdefault(inner, []).append(target)
            if repr(old) != repr(new):
                waiting.append(target)
        found: set[str] = set()
        while waiting:
            target = waiting.pop()
            if target not in found:
                found.add(target)
                waiting += users.get(target, ())
        return frozenset(found)


def _found(document: Any, target: str) -> Any:
    try:
        return pointers.find(document, target)
    except LookupError:
        return None
