"""Where the models of a contract may judge otherwise than its JSON Schema.

The JSON Schema is the contract; the models are its typed view, and Pydantic has no word for some of what
JSON Schema can say. Each rule here was found by generating models of a single feature and holding them
against the schema; the tests repeat that, in both directions.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from leadline_openapi import pointer as pointers
from leadline_openapi.contract import Contract
from leadline_openapi.models.bounds import bounded
from leadline_openapi.models.directions import Directions, reachable
from leadline_openapi.models.kinds import (
    LIMITS,
    NARROWING,
    UNCHECKED,
    UNIONS,
    Document,
    is_composed,
    is_nullable_object,
    is_object,
    is_tagged,
    is_typed,
    json_type,
    literals,
    resolve,
    tag,
    types,
)
from leadline_openapi.models.losses import MEMBERS, OTHERS, PARTS, lost
from leadline_openapi.structure import is_schema, walk

_ANYTHING = "where the schema is `false`, the models take anything"
_UNTAGGED = (
    "not every branch is an `object` that requires it with one value: the models try them all"
)
_SCRIPT = re.compile(r"(?<!\\)(?:\\\\)*\\[dDwWsSbB]")
_BACKTRACKING = re.compile(r"\(\?<?[=!]|(?<!\\)(?:\\\\)*\\[1-9k]")

Found = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Unheld:
    """*keyword*, at *pointer*, says something that the models do not hold; *reason* says what."""

    pointer: str
    keyword: str
    reason: str

    def __str__(self) -> str:
        return f"{self.pointer}: {self.reason}"


@dataclass(frozen=True, slots=True)
class _Place:
    document: Document
    pointer: str
    directions: Directions

    def is_typed(self) -> bool:
        """Whether this schema names types, or what it is a part of, or the union that this is a branch of."""
        whole = re.sub(r"(/allOf/\d+)+$", "", self.pointer)
        union = re.sub(r"/(anyOf|oneOf)/\d+$", "", whole)
        typed = is_typed(self.document, pointers.find(self.document, whole))
        return typed or (union != whole and bool(types(pointers.find(self.document, union))))


def unheld(contract: Contract, *, variants: bool = True) -> tuple[Unheld, ...]:
    """
    What the schemas of *contract* say beyond its generated models, in the order of the document.

    Empty means: a JSON document is valid against a schema if and only if the class takes it. Parameters
    are read from strings, so of theirs it only says that the same limits hold; and with *variants* (see
    `models.generate`) a class does not know the members that are not for its direction. Raises
    `SpecError` for schemas that are too deep for models.
    """
    with bounded(contract):
        return tuple(_found(contract, Directions(contract, variants=variants)))


def _found(contract: Contract, directions: Directions) -> Iterator[Unheld]:
    document = dict(contract.document)
    modelled = reachable(document, _starts(contract))
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        if schema is False:
            pointer = pointers.pointer(("components", "schemas", name))
            yield Unheld(pointer, "false", _ANYTHING)
    unread = {at: why for one in contract.operations for at, why in one.unread.items()}
    for pointer, why in unread.items():
        yield Unheld(pointer, "parameter", f"the models have no field for it: {why}")
    unchecked: set[str] = set()
    for node in walk(document):
        pointer = pointers.pointer(node.path)
        if not is_schema(node.kind) or pointer not in modelled or _behind(pointer, unchecked):
            continue
        place = _Place(document, pointer, directions)
        for rule in _RULES:
            for keyword, reason in rule(place, node.value):
                yield Unheld(f"{pointer}/{keyword}", keyword, reason)
                if keyword in UNCHECKED:
                    unchecked.add(f"{pointer}/{keyword}")


def _starts(contract: Contract) -> Iterator[str]:
    for name in contract.document.get("components", {}).get("schemas", ()):
        yield pointers.pointer(("components", "schemas", name))
    for operation in contract.operations:
        yield from (one.schema.pointer for one in operation.parameters)
        bodies = [
            body for body in (operation.body, *(one.body for one in operation.answers)) if body
        ]
        for media in (media for body in bodies for media in body.content):
            if media.schema is not None and media.is_json:
                yield media.schema.pointer
            if media.items is not None:
                yield media.items.pointer


def _behind(pointer: str, unchecked: Collection[str]) -> bool:
    """Whether *pointer* lies inside a keyword that is not looked at anyway."""
    ends = (match.start() for match in re.finditer("/", pointer))
    return any(pointer[:end] in unchecked for end in (*ends, len(pointer)))


def _unchecked(_: _Place, schema: dict[str, Any]) -> Found:
    for keyword in UNCHECKED:
        if keyword in schema:
            yield keyword, "the models do not check it"
    if schema.get("uniqueItems") is True:
        yield "uniqueItems", "the models do not check it"


def _never(_: _Place, schema: dict[str, Any]) -> Found:
    for keyword in ("properties", "anyOf", "oneOf", "allOf"):
        members = schema.get(keyword, ())
        if False in (members.values() if isinstance(members, dict) else members):
            yield keyword, _ANYTHING


def _values(_: _Place, schema: dict[str, Any]) -> Found:
    keyword = "const" if "const" in schema else "enum"
    found = literals(schema)
    if any(not isinstance(value, str | None) for value in found):
        yield keyword, "the models tell only strings and null apart for sure: `True` equals `1`"
    if keyword in schema and not found:
        yield keyword, "no value that is listed is of the type, the models take all of the type"


def _typeless(place: _Place, schema: dict[str, Any]) -> Found:
    if place.is_typed() or "$ref" in schema or literals(schema):
        return
    for kind in ("string", "number", "array", "object"):
        present = [keyword for keyword in LIMITS[kind] if keyword in schema]
        if {"properties", "items"} & set(present):
            yield "type", f"it is missing, the models take `{kind}` for granted"
        elif present:
            yield present[0], "without `type` beside it the models do not check it"


def _numbers(_: _Place, schema: dict[str, Any]) -> Found:
    step = schema.get("multipleOf", 1)
    if isinstance(step, float) and not step.is_integer():
        yield "multipleOf", "a fraction is no exact step in binary, the models do not check it"


def _patterns(_: _Place, schema: dict[str, Any]) -> Found:
    pattern = schema.get("pattern", "")
    if _BACKTRACKING.search(pattern):
        yield (
            "pattern",
            "it needs Python's `re`, for which `$` also stands before a last line break",
        )
    elif _SCRIPT.search(pattern):
        yield "pattern", r"in the models `\d`, `\w`, `\s` and `\b` know the letters of every script"


def _object(place: _Place, schema: dict[str, Any]) -> Found:
    if not is_object(place.document, schema):
        return
    for keyword in ("minProperties", "maxProperties"):
        if keyword in schema and {"properties", "required", "allOf"} & schema.keys():
            yield keyword, "a class does not count its members"
    described = schema.get("properties", {}).keys()
    if schema.get("additionalProperties") is False and set(schema.get("required", ())) - described:
        yield "required", "a member that is required and forbidden is a member of any type"
    if place.directions.differ(place.pointer):
        yield "required", "requests and answers differ in what they require, one class serves both"
    named = pointers.tokens(place.pointer)[:2] == ("components", "schemas")
    if named and place.pointer.count("/") == 3 and is_nullable_object(place.document, schema):
        yield "type", "`null` is taken where the schema is used, but not by its class alone"


def _composed(place: _Place, schema: dict[str, Any]) -> Found:
    if not is_composed(schema):
        return
    keyword = "allOf" if "allOf" in schema else "$ref"
    found = lost(place.document, schema, place.pointer)
    for part in sorted(found):
        yield ("additionalProperties" if part == OTHERS else keyword), _LOST[part]


_LOST = {
    PARTS: "the models do not hold all that its parts say of one value",
    MEMBERS: "the models do not hold all that its parts say of one member",
    OTHERS: "a class knows the members of all parts of an `allOf`",
}


def _union(place: _Place, schema: dict[str, Any]) -> Found:
    for keyword in (word for word in UNIONS if word in schema):
        branches = [resolve(place.document, branch) for branch in schema[keyword]]
        if NARROWING & schema.keys() - {keyword}:
            yield keyword, "beside other keywords the models do not check it"
            continue
        pairs = combinations(branches, 2)
        if keyword == "oneOf" and not all(_apart(one, two) for one, two in pairs):
            yield keyword, "that no two of the branches fit is not checked"
        typed = zip(schema[keyword], branches, strict=True)
        if types(schema) and not all(_takes_type(schema, *pair) for pair in typed):
            yield "type", "beside a union the models do not check it"
        if "discriminator" in schema and not is_tagged(place.document, schema):
            yield "discriminator", _UNTAGGED


def _takes_type(schema: dict[str, Any], branch: Any, target: Any) -> bool:
    """Whether the `type` beside a union is held by its *branch*, which may refer to *target*."""
    if named := set(types(target)):
        return named <= set(types(schema))
    return isinstance(branch, dict) and branch.keys().isdisjoint({"$ref", "allOf", *UNIONS})


def _apart(one: Any, two: Any) -> bool:
    """Whether no value can fit both of two branches."""
    if not isinstance(one, dict) or not isinstance(two, dict):
        return False
    if literals(one) and literals(two):
        return not any(value in literals(two) for value in literals(one))
    first, second = _kinds(one), _kinds(two)
    if first and second and not first & second:
        return True
    shared = set(one.get("properties", {})) & set(two.get("properties", {}))
    tags = [(tag(one, name), tag(two, name)) for name in shared]
    return any(None not in pair and pair[0] != pair[1] for pair in tags)


def _kinds(schema: dict[str, Any]) -> set[str]:
    """The types a schema admits, if it tells; an integer is a number."""
    named = types(schema) or sorted({json_type(value) for value in literals(schema)})
    return {"number" if kind == "integer" else kind for kind in named}


def _recursion(place: _Place, schema: dict[str, Any]) -> Found:
    outermost = re.sub(r"(/items)+$", "", place.pointer)
    if any(branch.get("$ref") == f"#{outermost}" for branch in _branches(schema.get("items"))):
        yield "items", "an array of itself is an array of anything in the models"


def _branches(schema: Any) -> Iterator[dict[str, Any]]:
    """The *schema*, if it is one, and all branches of its unions."""
    if isinstance(schema, dict):
        yield schema
        for branch in (branch for word in UNIONS for branch in schema.get(word, ())):
            yield from _branches(branch)


_RULES = (
    *(_unchecked, _never, _values, _typeless, _numbers, _patterns),
    *(_object, _composed, _union, _recursion),
)
