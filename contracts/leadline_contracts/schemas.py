"""What is asked of a schema again and again, answered once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import jsonschema_rs

from leadline_openapi.flatten import Flat, Places
from leadline_openapi.schema import URI, Library, Schema, encoded, reference

_INT32 = {"minimum": -(2**31), "maximum": 2**31 - 1}
_HIDDEN_MEMBERS = frozenset(("if", "then", "else", "dependentSchemas", "$dynamicRef"))

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_EXACT = 2**53
"""Up to here all implementations agree on an integer (RFC 8259 section 6)."""
_SILENT = frozenset(
    ("$comment", "default", "deprecated", "description", "example", "examples", "title")
)
"""Keywords that say nothing of a value."""

_words: WeakKeyDictionary[Library, dict[str, bool]] = WeakKeyDictionary()
_formats: WeakKeyDictionary[Library, Any] = WeakKeyDictionary()
_strict: WeakKeyDictionary[Schema, Any] = WeakKeyDictionary()
_shared: WeakKeyDictionary[Library, dict[str, Schema]] = WeakKeyDictionary()
_hiding: WeakKeyDictionary[Library, dict[Places, bool]] = WeakKeyDictionary()


def certain(schema: Schema, value: Any) -> bool:
    """
    Whether the valid *value* is one that every server must take.

    Servers differ on `format`, which annotates in JSON Schema and is checked by many, on members
    that are `readOnly`, which a request should not hold, on an integer that is written as `1.0` or
    `1e3`, and on what is not interoperable: integers beyond 2^53, half a surrogate pair (RFC 8259
    sections 6 and 8.2), and NUL, which many stores lack.
    """
    library = schema.library
    if not _interoperable(value):
        return False
    if _holds_float(value) and _spelled_as_fraction(library, (schema.pointer,), value):
        return False
    if _says(library, "readOnly") and _read_only(library, (schema.pointer,), value):
        return False
    if not _says(library, "format"):
        return True
    if schema not in _strict:
        _strict[schema] = _format_validator(schema)
    return bool(_strict[schema].is_valid(value))


def shared(library: Library, pointer: str) -> Schema:
    """The schema at *pointer*, or another one that says the same, compiled once for all of them."""
    known = _shared.setdefault(library, {})
    schema = known.get(pointer)
    if schema is None:
        schema = Schema(pointer, library)
        told = json.dumps(said(schema.source), sort_keys=True)
        schema = known[pointer] = known.setdefault(f"says {told}", schema)
    return schema


def _interoperable(value: Any) -> bool:
    match value:
        case str():
            return "\0" not in value and (value.isascii() or not _LONE_SURROGATE.search(value))
        case bool() | None:
            return True
        case int():
            return abs(value) < _EXACT
        case list():
            return all(map(_interoperable, value))
        case dict():
            return all(_interoperable(one) for pair in value.items() for one in pair)
    return True


def said(source: Any) -> Any:
    """The Schema Object *source* without what says nothing of a value."""
    if not isinstance(source, dict):
        return source
    return {
        word: value
        for word, value in source.items()
        if word not in _SILENT and not word.startswith("x-")
    }


def unnamed(library: Library, places: Places, value: Any) -> Iterator[str]:
    """Members of *value* that the schemas at *places* do not name, as `doc.colour`."""
    return (".".join(path) for path in _unnamed(library, places, value, ()))


def _unnamed(
    library: Library, places: Places, value: Any, path: tuple[str, ...]
) -> Iterator[tuple[str, ...]]:
    told = library.flat(places)
    if told.branches or not places or _HIDDEN_MEMBERS & told.keywords.keys():
        return  # which branch is meant is not told; the schema has judged the whole
    if isinstance(value, dict) and told.properties:
        is_open = bool(told.extra) or "patternProperties" in told.keywords
        for name, member in value.items():
            if name in told.properties:
                if isinstance(member, dict | list):
                    yield from _unnamed(library, told.properties[name], member, (*path, name))
            elif not is_open and told.keywords.get("additionalProperties") is not True:
                yield (*path, name)
    elif isinstance(value, list) and told.items:
        for item in value:
            if isinstance(item, dict | list):
                yield from _unnamed(library, told.items, item, (*path, "*"))


def _read_only(library: Library, places: Places, value: Any) -> bool:
    """Whether *value* holds a member that some schema at or below *places* marks as `readOnly`."""
    told = library.flat(places)
    if told.keywords.get("readOnly") is True:
        return True
    if not _hides(library, places):
        return False
    return any(_read_only(library, *one) for one in _inside(told, value))


def _holds_float(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_float, value.values()))
    return any(map(_holds_float, value)) if isinstance(value, list) else isinstance(value, float)


def _spelled_as_fraction(library: Library, places: Places, value: Any) -> bool:
    """
    Whether *value* holds a number with a fraction or an exponent where a schema wants an integer.

    By value, it is one in JSON Schema 2020-12 (section 6.1.1); OpenAPI 3.0 and many parsers say no.
    """
    told = library.flat(places)
    if isinstance(value, float) and "integer" in told.types and "number" not in told.types:
        return True
    return any(_spelled_as_fraction(library, *one) for one in _inside(told, value))


def _inside(told: Flat, value: Any) -> Iterator[tuple[Places, Any]]:
    """The parts of *value* of which *told* says more, and the whole for each branch, with the places."""
    if isinstance(value, dict):
        for name, member in value.items():
            if places := told.properties.get(name, told.extra):
                yield places, member
    elif isinstance(value, list):
        for number, item in enumerate(value):
            places = told.prefix[number] if number < len(told.prefix) else told.items
            if places:
                yield places, item
    yield from (((branch,), value) for branch in told.branches)


def _hides(library: Library, places: Places) -> bool:
    """Whether a `readOnly` member is to be found at or below *places*."""
    known = _hiding.setdefault(library, {})
    if places not in known:
        known[places] = _found(library, places, set())
    return known[places]


def _found(library: Library, places: Places, seen: set[Places]) -> bool:
    if places in seen:
        return False
    seen.add(places)
    told = library.flat(places)
    inside = [*told.properties.values(), *((branch,) for branch in told.branches)]
    inside += [told.items] if told.items else []
    return told.keywords.get("readOnly") is True or any(
        _found(library, one, seen) for one in inside
    )


def _says(library: Library, word: str) -> bool:
    known = _words.setdefault(library, {})
    if word not in known:
        known[word] = _holds(library.document, word)
    return known[word]


def _holds(tree: Any, word: str) -> bool:
    if isinstance(tree, dict):
        return word in tree or any(_holds(value, word) for value in tree.values())
    return isinstance(tree, list) and any(_holds(value, word) for value in tree)


def _format_validator(schema: Schema) -> Any:
    library = schema.library
    if library not in _formats:
        registry = jsonschema_rs.Registry(
            [(URI, _tight(encoded(library.document)))], draft=jsonschema_rs.Draft202012
        )
        _formats[library] = partial(
            jsonschema_rs.Draft202012Validator,
            registry=registry,
            validate_formats=True,
            offline=True,
        )
    return _formats[library](reference(schema.pointer))


def _tight(tree: Any) -> Any:
    """*tree* with what the numeric formats of OpenAPI mean said in keywords."""
    if isinstance(tree, list):
        return [_tight(value) for value in tree]
    if not isinstance(tree, dict):
        return tree
    made = {key: _tight(value) for key, value in tree.items()}
    if made.get("format") == "int32":
        made["allOf"] = [*made.get("allOf", ()), _INT32]
    return made
