"""Schemas of a contract, compiled: a fast verdict, an independent second one, and the reasons."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import jsonschema_rs

from leadline_openapi import pointer as pointers
from leadline_openapi.violation import Violation, from_error

_URI = "urn:leadline:contract"


class Library:
    """The document that schemas refer into, held once for all of them."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._registry = jsonschema_rs.Registry([(_URI, document)], draft=jsonschema_rs.Draft202012)

    def compile(self, pointer: str) -> jsonschema_rs.Draft202012Validator:
        """A validator for the schema at *pointer*. `format` annotates, as 2020-12 has it."""
        return jsonschema_rs.Draft202012Validator(
            {"$ref": f"{_URI}#{pointer}"},
            registry=self._registry,
            validate_formats=False,
            offline=True,
        )

    @cached_property
    def second(self) -> Any:
        """The registry of the second validator, the pure Python `jsonschema`."""
        from referencing import Registry
        from referencing.jsonschema import DRAFT202012

        return Registry().with_resource(_URI, DRAFT202012.create_resource(self.document))


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
        import jsonschema

        return jsonschema.Draft202012Validator(
            {"$ref": f"{_URI}#{self.pointer}"}, registry=self.library.second
        )

    def is_valid(self, value: Any) -> bool:
        """Whether *value*, parsed JSON, is valid against the schema (JSON Schema 2020-12)."""
        try:
            return self._first.is_valid(value)
        except UnicodeEncodeError:
            # A lone surrogate is a JSON string (RFC 8259 section 8.2), but no Rust string.
            return self.second_opinion(value)

    def second_opinion(self, value: Any) -> bool:
        """The verdict of an implementation that shares nothing with the first."""
        return bool(self._second.is_valid(value))

    def violations(self, value: Any, location: str = "body") -> tuple[Violation, ...]:
        """Everything that is wrong with *value*, in the order of the document; empty when valid."""
        try:
            errors = list(self._first.iter_errors(value))
        except UnicodeEncodeError:
            return self._explained(value, location)
        found = [one for error in errors for one in from_error(error, location, self.pointer)]
        return tuple(dict.fromkeys(found))

    def _explained(self, value: Any, location: str) -> tuple[Violation, ...]:
        from leadline_openapi.violation import field as as_field

        return tuple(
            Violation(
                location=location,
                field=as_field(tuple(error.absolute_path)),
                pointer=pointers.pointer(error.absolute_path),
                keyword=str(error.validator),
                problem=error.message[:200],
                expected=f"{error.validator} {error.validator_value}"[:200],
                rule=self.pointer,
            )
            for error in self._second.iter_errors(value)
        )
