"""Find the vocabulary's words in the schema of an answer, with the path that leads to each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from leadline_openapi import pointer as pointers
from leadline_openapi.contract import Echo, Localized, Relation, ServerValue
from leadline_openapi.structure import is_schema, walk

ITEMS = "*"
"""Stands for every item of an array in the path of a word."""

_MAX_WAYS = 20_000
_PLACED = frozenset(("x-echo", "x-server-value", "x-relation", "x-localized"))


@dataclass(frozen=True, slots=True)
class Annotations:
    """The words of one answer."""

    echoes: tuple[Echo, ...] = ()
    server_values: tuple[ServerValue, ...] = ()
    relations: tuple[Relation, ...] = ()
    localized: tuple[Localized, ...] = ()


class Overgrown(Exception):
    """Words are reached in more ways than anybody could check."""


class Finder:
    """Finds words in the schemas of one document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document

    def find(self, at: str) -> Annotations:
        """
        The words in the schema at the pointer *at*; what only a populated relation has is left out.

        Raises `Overgrown` where the schemas are too entangled.
        """
        found: dict[str, list[Any]] = {word: [] for word in _PLACED}
        for number, (path, where, schema) in enumerate(self._visit(at, (), frozenset())):
            if number > _MAX_WAYS:
                raise Overgrown(f"more than {_MAX_WAYS:,} ways lead to extensions of ours")
            if "x-echo" in schema:
                found["x-echo"].append(Echo(path, schema["x-echo"], where))
            if "x-server-value" in schema:
                read_only = schema.get("readOnly") is True
                value = ServerValue(path, schema["x-server-value"], read_only, where)
                found["x-server-value"].append(value)
            if "x-relation" in schema:
                found["x-relation"].append(Relation(path, schema["x-relation"], where))
            if "x-localized" in schema:
                found["x-localized"].append(Localized(path, where))
        return Annotations(
            tuple(dict.fromkeys(found["x-echo"])),
            tuple(dict.fromkeys(found["x-server-value"])),
            tuple(dict.fromkeys(found["x-relation"])),
            tuple(dict.fromkeys(found["x-localized"])),
        )

    def _visit(
        self, at: str, path: tuple[str, ...], inside: frozenset[str]
    ) -> Iterator[tuple[tuple[str, ...], str, dict[str, Any]]]:
        # Schemas that lead to no word are not entered: the ways through a web of them are countless.
        if at in inside or at not in self._speaking:
            return
        schema = pointers.find(self._document, at)
        yield path, at, schema
        for step in _steps(at, schema):
            if not (step.branch and "x-relation" in schema):
                # The branches of a relation are the id and the related document, not this one.
                yield from self._visit(step.pointer, (*path, *step.path), inside | {at})

    @cached_property
    def _speaking(self) -> set[str]:
        """The schemas in which a word is, or from which one is reached."""
        leading: dict[str, list[str]] = {}
        waiting: list[str] = []
        for node in walk(self._document):
            if is_schema(node.kind):
                at = pointers.pointer(node.path)
                for step in _steps(at, node.value):
                    leading.setdefault(step.pointer, []).append(at)
                if not _PLACED.isdisjoint(node.value):
                    waiting.append(at)
        found: set[str] = set()
        while waiting:
            at = waiting.pop()
            if at not in found:
                found.add(at)
                waiting += leading.get(at, ())
        return found


@dataclass(frozen=True, slots=True)
class _Step:
    """From a schema to one directly inside it: the way in the value, and where the schema stands."""

    path: tuple[str, ...]
    pointer: str
    branch: bool = False


def _steps(at: str, schema: dict[str, Any]) -> Iterator[_Step]:
    if isinstance(reference := schema.get("$ref"), str):
        yield _Step((), reference[1:])
    for word in ("allOf", "anyOf", "oneOf"):
        for index in range(len(schema.get(word, ()))):
            yield _Step((), f"{at}/{word}/{index}", branch=word != "allOf")
    for name in schema.get("properties", ()):
        yield _Step((name,), at + pointers.pointer(("properties", name)))
    if "items" in schema:
        yield _Step((ITEMS,), f"{at}/items")


def reach(document: Mapping[str, Any], at: str, found: set[str]) -> None:
    """Add to *found* the pointers of the schema at *at* and of all that it leads to."""
    waiting = [at]
    while waiting:
        at = waiting.pop()
        try:
            schema = pointers.find(document, at)
        except LookupError:
            continue  # a media type without a schema
        if at in found or not isinstance(schema, dict):
            continue
        found.add(at)
        waiting += [step.pointer for step in _steps(at, schema)]


def follow(document: Mapping[str, Any], at: str) -> tuple[str, dict[str, Any]]:
    """The object at *at*, and where it really stands, references followed."""
    value = pointers.find(document, at)
    while isinstance(value, dict) and isinstance(reference := value.get("$ref"), str):
        at = reference[1:]
        value = pointers.find(document, at)
    return at, value
