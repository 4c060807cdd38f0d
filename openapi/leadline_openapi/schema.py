"""Schemas of a contract, compiled: a fast verdict, an independent second one, and the reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any

import jsonschema_rs

from leadline_openapi import pointer as pointers
from leadline_openapi.excerpt import SIZES, Excerpt
from leadline_openapi.flatten import Flat, Places, flatten
from leadline_openapi.violation import Violation, from_error, more, too_large

URI = "urn:leadline:contract"


class Library:
    """The document that schemas refer into, held once for all of them."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._flats: dict[Places, Flat] = {}
        self._schemas: dict[str, Schema] = {}
        self._registry = jsonschema_rs.Registry(
            [(URI, encoded(document))], draft=jsonschema_rs.Draft202012
        )

    def compile(self, pointer: str) -> jsonschema_rs.Draft202012Validator:
        """A validator for the schema at *pointer*. `format` annotates, as 2020-12 has it."""
        return jsonschema_rs.Draft202012Validator(
            reference(pointer), registry=self._registry, validate_formats=False, offline=True
        )

    def canonical(self, schema: dict[str, Any]) -> jsonschema_rs.CanonicalSchema:
        """*schema*, which may refer to this document, in the form that containment is worked out from."""
        return jsonschema_rs.canonicalize(
            schema,
            draft=jsonschema_rs.Draft202012,
            registry=self._registry,
            validate_formats=False,
            offline=True,
        )

    def at(self, pointer: str) -> Schema:
        """The schema at *pointer*; made once, so that it is compiled once."""
        known = self._schemas.get(pointer)
        if known is None:
            known = self._schemas[pointer] = Schema(pointer, self)
        return known

    def flat(self, places: Places) -> Flat:
        """What the schemas at *places* say together; worked out once."""
        known = self._flats.get(places)
        if known is None:
            known = self._flats[places] = flatten(self.document, places)
        return known

    @cached_property
    def second(self) -> Any:
        """Makes validators for schemas, as `compile` does, from the pure Python `jsonschema`."""
        from leadline_openapi.second import compiler

        return compiler(URI, encoded(self.document))


def reference(pointer: str) -> dict[str, str]:
    """A schema that refers to the one at *pointer* of the contract."""
    return {"$ref": f"{URI}#{pointers.to_fragment(pointer)}"}


def encoded(tree: Any) -> Any:
    """*tree* with its references percent-encoded, as a URI has to be; copied only if need be."""
    if not any(pointers.to_fragment(text[1:]) != text[1:] for text in _references(tree)):
        return tree
    return _encode(tree)


def _references(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        if isinstance(text := tree.get("$ref"), str):
            yield text
        for value in tree.values():
            yield from _references(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _references(value)


def _encode(tree: Any) -> Any:
    if isinstance(tree, dict):
        copied = {key: _encode(value) for key, value in tree.items()}
        if isinstance(text := copied.get("$ref"), str):
            copied["$ref"] = f"#{pointers.to_fragment(text[1:])}"
        return copied
    return [_encode(value) for value in tree] if isinstance(tree, list) else tree


@dataclass(frozen=True, eq=False)
class Schema:
    """The Schema Object at *pointer* of the contract, ready to judge values."""

    pointer: str
    library: Library = field(repr=False)

    @cached_property
    def source(self) -> Any:
        """The Schema Object itself: a dict, or a boolean."""
        return pointers.find(self.library.document, self.pointer)

    @cached_property
    def _first(self) -> jsonschema_rs.Draft202012Validator:
        return self.library.compile(self.pointer)

    @cached_property
    def _second(self) -> Any:
        return self.library.second(reference(self.pointer))

    def is_valid(self, value: Any) -> bool:
        """Whether *value*, parsed JSON, is valid against the schema (JSON Schema 2020-12)."""
        try:
            return self._first.is_valid(value)
        except UnicodeEncodeError:
            return self._first.is_valid(_encodable(value))

    def second_opinion(self, value: Any) -> bool:
        """The verdict of an implementation that shares nothing with the first."""
        try:
            return bool(self._second.is_valid(value))
        except re.error:
            return self.is_valid(
                value
            )  # a pattern that Python's `re` cannot say: no second opinion

    def violations(
        self, value: Any, location: str = "body", most: int | None = None
    ) -> tuple[Violation, ...]:
        """
        Everything that is wrong with *value*, in the order of the document; empty when valid.

        With *most*, no more than so many things are told, and a last one says how many there are besides.
        Of a large value only the beginning is looked at then, so there may be more.
        """
        if most is None:
            return self._found(value, location)
        part, found = self._beginning(value, location)
        if not found and not part.whole:
            return () if self.is_valid(value) else (too_large(location, self.pointer),)
        left = len(found) - most
        if left <= 0 and part.whole:
            return found
        return (*found[:most], more(location, max(0, left), whole=part.whole))

    def _beginning(self, value: Any, location: str) -> tuple[Excerpt, tuple[Violation, ...]]:
        """The smallest excerpt of *value* in which something is wrong, else the largest one."""
        for size in SIZES[:-1]:
            part = Excerpt(value, size)
            found = self._found(part.value, location, part)
            if found or part.whole:
                return part, found
        part = Excerpt(value, SIZES[-1])
        return part, self._found(part.value, location, part)

    def _found(
        self, value: Any, location: str, part: Excerpt | None = None
    ) -> tuple[Violation, ...]:
        try:
            errors = list(self._first.iter_errors(value))
        except UnicodeEncodeError:
            errors = list(self._first.iter_errors(_encodable(value)))
        told = (from_error(error, location, self.pointer, part) for error in errors)
        return tuple(dict.fromkeys(chain.from_iterable(told)))


_SURROGATES = re.compile(r"[\ud800-\udfff]")


def _encodable(value: Any) -> Any:
    """
    *value* with each lone surrogate replaced by a private character of its own.

    A lone surrogate is a character of a JSON string (RFC 8259 section 8.2), but of no Rust string.
    """
    if isinstance(value, str):
        return _SURROGATES.sub(lambda match: chr(ord(match[0]) - 0xD800 + 0x100000), value)
    if isinstance(value, dict):
        return {_encodable(key): _encodable(member) for key, member in value.items()}
    return [_encodable(item) for item in value] if isinstance(value, list) else value
