"""The two documents face to face, as one side sees them: one registry, so that schemas can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any

import jsonschema_rs
from jsonschema_rs import canonical

from leadline_openapi import pointer as pointers
from leadline_openapi.diff import pruning
from leadline_openapi.diff.limits import limited
from leadline_openapi.diff.misread import has_choice_in_condition, is_misread
from leadline_openapi.diff.references import references
from leadline_openapi.diff.view import Places, View, view
from leadline_openapi.schema import Library, encoded, reference

OLD, NEW = 0, 1
_LARGE = 50
"""Schemas that one leads to, from which on values are judged by what the schema says of them alone."""

_URIS = ("urn:leadline:old", "urn:leadline:new")


class _Limited(Library):
    """A document in which formats limit: whoever knows a format may hold values to it."""

    def compile(self, pointer: str) -> jsonschema_rs.Draft202012Validator:
        return jsonschema_rs.Draft202012Validator(
            reference(pointer), registry=self._registry, validate_formats=True, offline=True
        )


class Facing:
    """
    The *old* and the *new* document of one side; `OLD` and `NEW` say which is meant.

    A value is valid that has all formats as well: what the old contract never let in is no example of
    what the new one refuses.
    """

    def __init__(self, old: Library, new: Library) -> None:
        self.libraries = (old, new)
        self.limited = (_Limited(limited(old.document)), _Limited(limited(new.document)))
        self._views: tuple[dict[Places, View], dict[Places, View]] = ({}, {})
        self._targets: tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]] = ({}, {})
        self._sizes: tuple[dict[str, bool], dict[str, bool]] = ({}, {})
        self._sources: tuple[dict[str, Any], dict[str, Any]] = ({}, {})

    def view(self, which: int, places: Places) -> View:
        """What the schemas at *places* say together."""
        known = self._views[which].get(places)
        if known is None:
            known = self._views[which][places] = view(self.libraries[which].document, places)
        return known

    def source(self, which: int, place: str) -> Any:
        """The schema at the pointer *place*."""
        known = self._sources[which]
        if place not in known:
            known[place] = pointers.find(self.libraries[which].document, place)
        return known[place]

    def has(self, which: int, place: str) -> bool:
        """Whether there is anything at the pointer *place*; a `$ref` may be part of an example."""
        try:
            self.source(which, place)
        except LookupError:
            return False
        return True

    def is_valid(self, which: int, places: Places, value: Any) -> bool:
        """Whether *value* is valid against all schemas at *places*."""
        return all(self._is_valid(which, place, value) for place in places)

    def _is_valid(self, which: int, place: str, value: Any) -> bool:
        if self._is_large(which, place):
            with suppress(pruning.Unprunable, UnicodeEncodeError):
                return pruning.is_valid(place, lambda at: self._limited_source(which, at), value)
        return self.limited[which].at(place).is_valid(value)

    def _limited_source(self, which: int, place: str) -> Any:
        return self.limited[which].at(place).source

    def _is_large(self, which: int, place: str) -> bool:
        """Whether the schema at *place* leads to so many others that a validator is slow to make."""
        known = self._sizes[which]
        if place not in known:
            found, waiting = {place}, [place]
            while waiting and len(found) <= _LARGE:
                following = self._led_to(which, waiting.pop()) - found
                found |= following
                waiting += following
            known[place] = len(found) > _LARGE
        return known[place]

    def _led_to(self, which: int, place: str) -> frozenset[str]:
        """The schemas that the one at *place* refers to."""
        known = self._targets[which]
        if place not in known:
            targets = references(self.source(which, place))
            known[place] = frozenset(at for at in targets if self.has(which, at))
        return known[place]

    def validator(
        self, which: int, schemas: Sequence[dict[str, Any]]
    ) -> jsonschema_rs.Draft202012Validator:
        """What judges *schemas* together, which refer into the document."""
        return jsonschema_rs.Draft202012Validator(
            _together(which, schemas),
            registry=self._registry,
            validate_formats=True,
            offline=True,
        )

    def canonical(
        self, which: int, schemas: Sequence[dict[str, Any]]
    ) -> jsonschema_rs.CanonicalSchema | None:
        """*schemas* together, in the form that containment is worked out from; `None` if there is none."""
        if self._has_conditions[which] and is_misread(self._all_of(which, schemas)):
            return None
        try:
            return jsonschema_rs.canonicalize(
                _together(which, schemas),
                draft=jsonschema_rs.Draft202012,
                registry=self._registry,
                validate_formats=True,
                offline=True,
            )
        except (canonical.CanonicalizationError, jsonschema_rs.ValidationError):
            return None

    @cached_property
    def _has_conditions(self) -> tuple[bool, ...]:
        """Whether a document may have what `is_misread` looks for: few have, and most are large."""
        return tuple(has_choice_in_condition(library.document) for library in self.libraries)

    def _all_of(self, which: int, schemas: Sequence[dict[str, Any]]) -> list[Any]:
        """*schemas*, and all that they lead to."""
        found, waiting = dict[str, Any](), list(references(schemas))
        while waiting:
            at = waiting.pop()
            if at not in found and self.has(which, at):
                found[at] = self.source(which, at)
                waiting += self._led_to(which, at)
        return [*schemas, *found.values()]

    @cached_property
    def _registry(self) -> jsonschema_rs.Registry:
        documents = [
            (uri, encoded(library.document))
            for uri, library in zip(_URIS, self.limited, strict=True)
        ]
        return jsonschema_rs.Registry(documents, draft=jsonschema_rs.Draft202012)


def referring(places: Places) -> list[dict[str, Any]]:
    """Schemas that refer to those at *places*."""
    return [{"$ref": f"#{place}"} for place in places]


def covers(
    wanted: jsonschema_rs.CanonicalSchema | None, made: jsonschema_rs.CanonicalSchema | None
) -> bool:
    """Whether it is proven that *wanted* admits every value that *made* does."""
    if wanted is None or made is None:
        return False
    try:
        return bool(wanted.covers(made) == canonical.Containment.YES)
    except canonical.CanonicalizationError:
        return False


def absolute(tree: Any, uri: str) -> Any:
    """*tree* with its references made into ones to the document *uri*."""
    if isinstance(tree, dict):
        copied = {key: absolute(value, uri) for key, value in tree.items()}
        if isinstance(text := tree.get("$ref"), str):
            copied["$ref"] = f"{uri}#{pointers.to_fragment(text[1:])}"
        return copied
    return [absolute(value, uri) for value in tree] if isinstance(tree, list) else tree


def _together(which: int, schemas: Sequence[dict[str, Any]]) -> dict[str, Any]:
    every = [limited(absolute(schema, _URIS[which])) for schema in schemas]
    return dict(every[0]) if len(every) == 1 else {"allOf": every}
