"""Find the vocabulary's words in the schema of an answer, with the path that leads to each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from leadline_openapi import pointer as pointers
from leadline_openapi.contract import Echo, Relation, ServerValue

ITEMS = "*"
"""Stands for every item of an array in the path of a word."""


@dataclass(frozen=True, slots=True)
class Annotations:
    """The words of one answer."""

    echoes: tuple[Echo, ...]
    server_values: tuple[ServerValue, ...]
    relations: tuple[Relation, ...]


def find(document: dict[str, Any], at: str) -> Annotations:
    """The words in the schema at the pointer *at*; what only a populated relation has is left out."""
    echoes: list[Echo] = []
    server_values: list[ServerValue] = []
    relations: list[Relation] = []
    for path, where, schema in _visit(document, at, (), frozenset()):
        if "x-echo" in schema:
            echoes.append(Echo(path, schema["x-echo"], where))
        if "x-server-value" in schema:
            read_only = schema.get("readOnly") is True
            server_values.append(ServerValue(path, schema["x-server-value"], read_only, where))
        if "x-relation" in schema:
            relations.append(Relation(path, schema["x-relation"], where))
    return Annotations(
        tuple(dict.fromkeys(echoes)),
        tuple(dict.fromkeys(server_values)),
        tuple(dict.fromkeys(relations)),
    )


def _visit(
    document: dict[str, Any], at: str, path: tuple[str, ...], seen: frozenset[str]
) -> Iterator[tuple[tuple[str, ...], str, dict[str, Any]]]:
    schema = pointers.find(document, at)
    if not isinstance(schema, dict) or at in seen:
        return
    seen = seen | {at}
    yield path, at, schema
    if isinstance(reference := schema.get("$ref"), str):
        yield from _visit(document, reference[1:], path, seen)
    for word in ("allOf", "anyOf", "oneOf"):
        if "x-relation" in schema and word != "allOf":
            continue  # the branches are the id and the related document, not this one
        for index in range(len(schema.get(word, ()))):
            yield from _visit(document, f"{at}/{word}/{index}", path, seen)
    for name in schema.get("properties", ()):
        inner = at + pointers.pointer(("properties", name))
        yield from _visit(document, inner, (*path, name), seen)
    if "items" in schema:
        yield from _visit(document, f"{at}/items", (*path, ITEMS), seen)
