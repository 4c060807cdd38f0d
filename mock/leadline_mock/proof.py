"""Prove once that the usual answer keeps its schema, so that it need not be validated each time."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from jsonschema_rs import canonical

from leadline_mock.recipe import Recipe, Step
from leadline_openapi import pointer as pointers
from leadline_openapi.schema import Library, Schema, reference

_OBJECT = frozenset({"type", "properties", "required", "additionalProperties"})
_SILENT = frozenset(
    {"title", "description", "example", "examples", "default", "deprecated", "readOnly", "$comment"}
)
"""Keywords that say nothing of a value."""
_MADE: Mapping[str, dict[str, Any]] = {
    "sequence": {"type": "integer", "minimum": 1},
    "uuid": {"type": "string", "minLength": 36, "maxLength": 36},
    "now": {"type": "string", "minLength": 24, "maxLength": 24},
}


def is_proved(recipe: Recipe, sent: Schema) -> bool:
    """
    Whether every answer of *recipe* to a body that is valid against *sent* is valid too.

    The proof goes member by member, by the containment of schemas that `jsonschema_rs` works out. Where the
    schemas are no plain objects, or where it finds none, it is false.
    """
    schema = recipe.media.schema
    answer, body = (_plain(one.pointer, one.library) if one else None for one in (schema, sent))
    if answer is None or body is None or not body.closed:
        return False
    at = answer.members.get(recipe.name)
    echo = None if at is None else _plain(at, answer.library)
    if echo is None:
        return False
    envelope = {
        name: {"const": value} for name, value in recipe.start.items() if name != recipe.name
    }
    made = {name: reference(at) for name, at in body.members.items()}
    for step in recipe.steps:
        made[step.name] = _assigned(step, made.get(step.name))
    assigned = {step.name for step in recipe.steps}
    return (
        answer.required <= envelope.keys() | {recipe.name}
        and echo.required <= assigned
        and answer.admits(envelope, sent.library)
        and echo.admits(made, sent.library)
    )


@dataclass(frozen=True, slots=True)
class _Plain:
    """
    A schema that asks no more than an object, of its members one by one, and that some are there.

    *members* maps names to pointers of schemas.
    """

    members: Mapping[str, str]
    required: frozenset[str]
    closed: bool
    library: Library

    def admits(self, made: Mapping[str, dict[str, Any]], other: Library) -> bool:
        """Whether each of the members *made*, whose schemas refer to *other*, is always right."""
        for name, schema in made.items():
            wanted = self.members.get(name)
            if wanted is None and self.closed:
                return False
            if wanted is not None and not self._covers(wanted, other.canonical(schema)):
                return False
        return True

    def _covers(self, wanted: str, made: Any) -> bool:
        with suppress(canonical.CanonicalizationError):
            return (
                self.library.canonical(reference(wanted)).covers(made) == canonical.Containment.YES
            )
        return False


def _plain(at: str, library: Library) -> _Plain | None:
    """The schema at the pointer *at*, if it is so simple."""
    source = pointers.find(library.document, at)
    while isinstance(source, dict) and "$ref" in source and _says_only(source, frozenset({"$ref"})):
        at = str(source["$ref"])[1:]
        source = pointers.find(library.document, at)
    if not isinstance(source, dict) or not _says_only(source, _OBJECT):
        return None
    more = source.get("additionalProperties", True)
    if source.get("type") != "object" or not isinstance(more, bool):
        return None
    names = source.get("properties", {})
    return _Plain(
        {name: at + pointers.pointer(("properties", name)) for name in names},
        frozenset(source.get("required", ())),
        not more,
        library,
    )


def _says_only(source: dict[str, Any], words: frozenset[str]) -> bool:
    """Whether *source* says nothing of a value, but for *words*."""
    return all(word in _SILENT or word in words or word.startswith("x-") for word in source)


def _assigned(step: Step, sent: Any) -> dict[str, Any]:
    made = _MADE[step.kind]
    return {"anyOf": [sent, made]} if step.kept and sent is not None else made
