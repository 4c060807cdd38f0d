"""Which places of a document an object leads to, over all references."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from leadline_openapi import pointer as pointers


def reach(document: Mapping[str, Any], at: str) -> frozenset[str]:
    """The pointer *at*, and those of all that is referred to from there, however far."""
    found: set[str] = set()
    waiting = [at]
    while waiting:
        place = waiting.pop()
        if place in found:
            continue
        found.add(place)
        try:
            waiting += _references(pointers.find(document, place))
        except LookupError:
            continue
    return frozenset(found)


def touches(reached: frozenset[str], pointer: str) -> bool:
    """Whether what stands at *pointer* is in, or around, one of the places that were *reached*."""
    return any(is_within(pointer, one) or is_within(one, pointer) for one in reached)


def is_within(inner: str, outer: str) -> bool:
    """Whether the pointer *inner* is *outer*, or leads into it."""
    return inner == outer or inner.startswith(f"{outer}/")


def _references(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            reference = one.get("$ref")
            if isinstance(reference, str) and reference.startswith("#"):
                yield reference[1:]
            waiting += one.values()
        elif isinstance(one, list | tuple):
            waiting += one
