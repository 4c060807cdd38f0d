"""Leadline's extensions to OpenAPI: which there are, where each may stand, what each may say.

Their meaning is told in `docs/vocabulary.md`. One that is unknown, misspelt or misplaced is an error:
a declaration that nothing reads would be a check that never runs.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from leadline_openapi.errors import Place, SpecError
from leadline_openapi.structure import Node, walk
from leadline_openapi.tree import Located

_EXPRESSION = r"^\$request\.(body(#/.*)?|(header|query|path)\..+)$"
_LENIENCIES = ["rejected", "coerced", "dropped", "stored", "error"]
_TEXT = {"type": "string", "minLength": 1}
_PROPERTY = frozenset({"property"})


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
        {"enum": ["sequence", "uuid", "now"]},
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
        frozenset({"property", "parameter", "requestBody"}),
        "a property, a parameter or a request body",
        {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {"enum": _LENIENCIES},
        },
        f"a map from a fault to one of {', '.join(_LENIENCIES)}",
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
    "x-violation": Word(
        _PROPERTY,
        "a string property of an error answer",
        {"type": "string", "pattern": r"\{(message|field|pointer|keyword|expected|location)\}"},
        "a text with `{message}`, `{field}`, `{pointer}`, `{keyword}`, `{expected}` or "
        "`{location}` in it",
    ),
}

_VALIDATORS = {name: jsonschema_rs.Draft202012Validator(word.value) for name, word in WORDS.items()}


def check(document: Located, ours: frozenset[str]) -> None:
    """
    Check every extension in *document*; *ours* are the files in which all of them must be known.

    A vendor's own extensions are none of our business, except where one looks like a misspelt word of
    ours. An overlay exists to say our words, so there each has to be known. Raises `SpecError`.
    """
    for node in walk(document):
        for name in node.value:
            if name.startswith("x-") and isinstance(node.value, Located):
                _check_one(node, name, node.value.places[name], ours)


def _check_one(node: Node, name: str, place: Place, ours: frozenset[str]) -> None:
    word = WORDS.get(name)
    if word is None:
        _check_foreign(name, place, ours)
        return
    if node.kind not in word.kinds:
        raise SpecError(
            place, f"`{name}` is misplaced on {_article(node.kind)}", f"put it on {word.where}"
        )
    if not _VALIDATORS[name].is_valid(node.value[name]):
        raise SpecError(place, f"`{name}` cannot be {node.value[name]!r}", f"it takes {word.says}")


def _check_foreign(name: str, place: Place, ours: frozenset[str]) -> None:
    close = difflib.get_close_matches(name.lower(), WORDS, n=1, cutoff=0.7)
    hint = f"did you mean `{close[0]}`?" if close else f"the words are {', '.join(WORDS)}"
    if close or place.file in ours or name.startswith("x-leadline"):
        raise SpecError(place, f"`{name}` is no extension that Leadline knows", hint)


def _article(kind: str) -> str:
    spelt = {
        "requestBody": "request body",
        "securityScheme": "security scheme",
        "mediaType": "media type",
        "pathItem": "path item",
        "items": "the items of an array",
    }.get(kind, kind)
    if spelt.startswith("the "):
        return spelt
    return f"an {spelt}" if spelt[0] in "aeio" else f"a {spelt}"
