"""Enums beside each other: the values of one are the likeliest mistakes in another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any
from weakref import WeakKeyDictionary

from leadline_contracts.draft import written
from leadline_openapi.schema import Library

_MOST = 3
"""Values of other enums that an enum is tried with."""


def neighbours(library: Library, own: Sequence[Any]) -> Iterator[Any]:
    """
    A value each of a few other enums of the same document, which is not in the enum *own*.

    Those that have the most in common with it come first, then those that follow it in the document.
    """
    known = _listed.get(library) or _listed.setdefault(library, _Enums(library))
    return islice(known.strangers([written(value) for value in own]), _MOST)


class _Enums:
    """Every enum of a document, as JSON texts with their values."""

    def __init__(self, library: Library) -> None:
        found: dict[tuple[bytes, ...], dict[bytes, Any]] = {}
        for values in _enums(library.document):
            texts = {written(value): value for value in values}
            found.setdefault(tuple(texts), texts)
        self._enums = list(found.values())
        self._numbers = {texts: number for number, texts in enumerate(found)}
        self._holding: dict[bytes, list[int]] = {}
        for number, listed in enumerate(found):
            for text in listed:
                self._holding.setdefault(text, []).append(number)

    def strangers(self, own: Sequence[bytes]) -> Iterator[Any]:
        at = self._numbers.get(tuple(own), -1)
        shared = Counter(number for text in own for number in self._holding.get(text, ()))
        related = [number for number, _ in shared.most_common()]
        count = len(self._enums)
        following = ((at + step) % count for step in range(1, count + 1))
        for number in dict.fromkeys((*related, *following)):
            foreign = (value for text, value in self._enums[number].items() if text not in own)
            yield from islice(foreign, 1)


_listed: WeakKeyDictionary[Library, _Enums] = WeakKeyDictionary()


def _enums(tree: Any) -> Iterator[Sequence[Any]]:
    if isinstance(tree, dict):
        if isinstance(tree.get("enum"), list):
            yield tree["enum"]
        for inner in tree.values():
            yield from _enums(inner)
    elif isinstance(tree, list):
        for inner in tree:
            yield from _enums(inner)
