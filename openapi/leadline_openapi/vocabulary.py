"""Leadline's extensions to OpenAPI: which there are, where each may stand, what each may say.

Their meaning is told in `docs/vocabulary.md`. One that is unknown, misspelt or misplaced is an error:
a declaration that nothing reads would be a check that never runs.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from leadline_openapi import leniency, words
from leadline_openapi import pointer as pointers
from leadline_openapi.contract import CHECKS
from leadline_openapi.errors import Place, SpecError
from leadline_openapi.structure import Node, spoken, walk
from leadline_openapi.tree import Located
from leadline_openapi.violation import show

_EXPRESSION = r"^\$request\.(body(#(/.*)?)?|(header|query|path)\.[^\s]+)$"
_TEXT = {"type": "string", "minLength": 1}
_NUMBER = {"type": "integer", "minimum": 1}
_PROPERTY = frozenset({"property"})
TOLD = ("message", "field", "property", "words", "pointer", "keyword", "expected", "location")
"""What `x-violation` tells of a violation."""
ASSIGNED: dict[str, frozenset[str]] = {
    "sequence": frozenset(("integer", "number", "string")),
    "uuid": frozenset(("string",)),
    "now": frozenset(("string",)),
}
"""By kind of `x-server-value`, the JSON types that its values may have."""


@dataclass(frozen=True, slots=True)
class Word:
    """One extension: the *kinds* of object it may stand on, and the JSON Schema of its value."""

    kinds: frozenset[str]
    where: str
    value: dict[str, Any]
    says: str


WORDS: dict[str, Word] = {
    "x-echo": Word(
        _PROPERTY,
        "a property of a response schema",
        {"type": "string", "pattern": _EXPRESSION},
        "a runtime expression such as `$request.body`",
    ),
    "x-server-value": Word(
        _PROPERTY,
        "a property of a response schema",
        {"enum": list(ASSIGNED)},
        "`sequence`, `uuid` or `now`",
    ),
    "x-relation": Word(
        frozenset({"property", "items"}),
        "a property, or its `items`",
        _TEXT,
        "the name of a collection",
    ),
    "x-localized": Word(_PROPERTY, "a property", {"const": True}, "`true`"),
    "x-credential": Word(
        frozenset({"securityScheme"}),
        "a security scheme",
        {"type": "string", "pattern": r"\{key\}"},
        "a text with `{key}` in it",
    ),
    "x-leniency": Word(
        frozenset({"property", "items", "parameter", "requestBody"}),
        "a property, its `items`, a parameter or a request body",
        leniency.VALUE,
        f"a map from a fault to one or several of {', '.join(leniency.OUTCOMES)}, or of "
        "{if: a schema, then: one of them}",
    ),
    "x-invariants": Word(
        frozenset({"operation"}),
        "an operation",
        {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["name", "rule", "message"],
                "additionalProperties": False,
                "properties": {"name": _TEXT, "rule": _TEXT, "message": _TEXT},
            },
        },
        "a list of {name, rule, message}",
    ),
    "x-check-order": Word(
        frozenset({"operation"}),
        "an operation",
        {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"enum": list(CHECKS)}},
        f"a list of some of {', '.join(CHECKS)}",
    ),
    "x-max-bytes": Word(
        frozenset({"requestBody"}),
        "a request body",
        {"type": "integer", "minimum": 1},
        "a number of bytes",
    ),
    "x-rate-limit": Word(
        frozenset({"operation"}),
        "an operation",
        {
            "type": "object",
            "required": ["requests", "seconds"],
            "properties": {"requests": _NUMBER, "seconds": _NUMBER},
            "additionalProperties": False,
        },
        "{requests: a number, seconds: a number}",
    ),
    "x-unrouted": Word(
        frozenset({"paths"}),
        "the `paths`",
        {
            "type": "object",
            "required": ["404"],
            "properties": {"404": {"type": "object"}, "405": {"type": "object"}},
            "additionalProperties": False,
        },
        "responses for `404` and, where that is another one, `405`",
    ),
    "x-sunset": Word(
        frozenset({"operation", "parameter", "header", "property", "schema"}),
        "an operation, a parameter, a header, a property or a schema",
        {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]},
        "a day such as `2026-01-31`, or a time as RFC 3339 has it",
    ),
    "x-violation": Word(
        _PROPERTY,
        "a string property of an error response",
        {"type": "string", "pattern": rf"\{{({'|'.join(TOLD)})\}}"},
        f"a text with {', '.join(f'`{{{word}}}`' for word in TOLD[:-1])} or `{{{TOLD[-1]}}}` in it",
    ),
}

_VALIDATORS = {
    name: jsonschema_rs.Draft202012Validator(word.value, validate_formats=True)
    for name, word in WORDS.items()
}


def check(document: Located, ours: frozenset[str]) -> None:
    """
    Check every extension in *document*; *ours* are the files in which all of them must be known.

    A vendor's own extensions are none of our business, except where one looks like a misspelt word of
    ours. An overlay exists to say our words, so there each has to be known. Raises `SpecError`.
    """
    for node in walk(document):
        for name in node.value:
            if name.lower().startswith(("x-", "x_")) and isinstance(node.value, Located):
                _check_one(document, node, name, node.value.places[name], ours)
    _check_read(document)


def _check_one(
    document: Located, node: Node, name: str, place: Place, ours: frozenset[str]
) -> None:
    word = WORDS.get(name)
    if word is None:
        _check_foreign(name, place, ours)
        return
    if node.kind not in word.kinds:
        raise SpecError(
            place, f"`{name}` is misplaced on {spoken(node.kind)}", f"put it on {word.where}"
        )
    value = node.value[name]
    if not _VALIDATORS[name].is_valid(value):
        raise SpecError(place, f"`{name}` cannot be {show(value)}", f"it takes {word.says}")
    if name == "x-leniency":
        leniency.check(node, document)
    if name == "x-relation" and _is_list(document, node):
        raise SpecError(
            place,
            "`x-relation` is misplaced on a list: not it but its items are ids",
            "put it on `items`",
        )


def _is_list(document: Located, node: Node) -> bool:
    """Whether the schema at *node* is of arrays and nothing else, but perhaps null."""
    types = _types(document, node)
    return "array" in types and types <= {"array", "null"}


def _types(document: Located, node: Node) -> set[str]:
    """The types that the schema at *node* names."""
    _, schema = words.follow(document, pointers.pointer(node.path))
    told = schema.get("type", "array" if "items" in schema else ())
    return {told} if isinstance(told, str) else set(told)


def _check_foreign(name: str, place: Place, ours: frozenset[str]) -> None:
    meant = _meant(name)
    if meant or place.file in ours or name.lower().startswith("x-leadline"):
        hint = f"did you mean `{meant}`?" if meant else f"the words are {', '.join(WORDS)}"
        raise SpecError(place, f"`{name}` is no extension that Leadline knows", hint)


def _meant(name: str) -> str:
    """The word that *name* looks like; vendors' words such as `x-location` look like none."""
    spelt = name.lower().replace("_", "-")
    squeezed = spelt.replace("-", "")
    for word in WORDS:
        if squeezed == word.replace("-", ""):
            return word
    likeness = 0.82 if len(spelt) < 8 else 0.88  # one letter in `x-echo` is much, in others little
    close = difflib.get_close_matches(spelt, WORDS, n=1, cutoff=likeness)
    return close[0] if close else ""


def _check_read(document: Located) -> None:
    """A word that speaks of responses has to be where a response leads, or nothing reads it."""
    said = [
        (name, node)
        for node in walk(document)
        for name in ("x-echo", "x-server-value", "x-violation")
        if name in node.value and node.kind in WORDS[name].kinds
    ]
    if not said:
        return
    every, errors = _response_schemas(document)
    for name, node in said:
        reached = errors if name == "x-violation" else every
        hint = f"put it on {WORDS[name].where}"
        if pointers.pointer(node.path) not in reached:
            problem = f"no {'error ' * (name == 'x-violation')}response leads here"
        else:
            problem = _no_room(document, name, node)
            hint += " that has such values, or take it away" if problem else ""
        if problem and isinstance(node.value, Located):
            place = node.value.places[name]
            raise SpecError(place, f"`{name}` is misplaced: {problem}", hint)


def _no_room(document: Located, name: str, node: Node) -> str:
    """Why no value of the property at *node* can be what *name* says; empty where one can."""
    if name == "x-violation" and "string" not in node.value.get("type", "string"):
        return "this property is no text"
    if name == "x-server-value":
        types, fitting = _types(document, node), ASSIGNED[node.value[name]]
        if types and not types & fitting:
            return f"what is `{node.value[name]}` is no {' or '.join(sorted(types))}"
    return ""


def _response_schemas(document: Located) -> tuple[set[str], set[str]]:
    """The pointers of all schemas in responses, and of those in responses that are errors."""
    every: set[str] = set()
    errors: set[str] = set()
    for node in walk(document):
        if node.kind not in {"responses", "unrouted"} or node.path[0] != "paths":
            continue
        if "callbacks" in node.path:
            continue
        for status in (status for status in node.value if not status.startswith("x-")):
            found = errors if not status.startswith(("1", "2", "3")) else every
            at, response = words.follow(document, pointers.pointer((*node.path, status)))
            for media in response.get("content", ()):
                inner, _ = words.follow(document, at + pointers.pointer(("content", media)))
                words.reach(document, f"{inner}/schema", found)
    return every | errors, errors
