"""The schemas of a contract, put so that the model generator has nothing to guess and nothing to name.

Every schema that needs a class gets its name here, inline ones too. Only keywords that say which values are
valid are passed on: `format` and `default` would make the generator rewrite values or fill in members, and
a foreign extension could name Python code to import.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from leadline_openapi import pointer as pointers
from leadline_openapi.contract import Contract, Operation
from leadline_openapi.models.components import components
from leadline_openapi.models.directions import Directions, View
from leadline_openapi.models.docstrings import described
from leadline_openapi.models.naming import Names, class_name
from leadline_openapi.models.reducing import (
    LIMITS,
    NARROWING,
    UNIONS,
    is_nullable_object,
    is_object,
    reduce,
    resolve,
    tag,
    types,
)
from leadline_openapi.parameters import Parameter
from leadline_openapi.schema import Schema

_PLAIN = (
    *("type", "enum", "required"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *(
        "minLength",
        "maxLength",
        "pattern",
        "minItems",
        "maxItems",
        "minProperties",
        "maxProperties",
    ),
)
"""Keywords without a schema inside that are passed on."""

_NESTING = ("properties", "items", "additionalProperties", "allOf", "anyOf", "oneOf")
"""Keywords with schemas inside that are passed on."""

_SPLITTING = frozenset(("enum", "allOf", *itertools.chain.from_iterable(LIMITS.values())))
_LIMITS = _SPLITTING - {"enum", "items", "additionalProperties"}

_LOCATIONS = {"path": "Path", "query": "Query", "header": "Headers", "cookie": "Cookies"}
"""What the class for the parameters of a location is called, after the operation."""

_STRUCTURE = frozenset(("schemas", "schema", "properties", "content", "application/json"))
"""What a pointer says about structure, not about meaning."""

_PART = "/~~"
"""Goes between the pointer of a schema and a part that is made of it; no pointer has it (RFC 6901)."""


@dataclass(frozen=True, slots=True)
class Shaped:
    """
    *schemas* by class name, which refer to one another only; *sources* are their pointers.

    *bases* names the base class for those that stand for the parameters of an operation.
    """

    schemas: Mapping[str, Any]
    sources: Mapping[str, str]
    bases: Mapping[str, str]


def bodies(contract: Contract, directions: Directions) -> Shaped:
    """
    Every named schema of *contract*, and the inline schemas of its JSON bodies.

    Of a named schema that has a view for each direction, the class that is read has the name, and the one
    that is sent has `Request` after it. A name that another schema has, letter by letter, is numbered.
    """
    shaper = _Shaper(contract, directions, directions.whole)
    for pointer, name in shaper.add_components().items():
        if pointer in directions.apart:
            shaper.add(pointer, f"{name}Request", directions.request)
    for operation in contract.operations:
        for name, schema in _inline_bodies(operation):
            shaper.add(schema.pointer, name)
    return shaper.run()


def parameters(contract: Contract, directions: Directions, besides: Collection[str]) -> Shaped:
    """One object schema for each operation and location of parameters, called none of *besides*."""
    shaper = _Shaper(contract, directions, directions.request, besides, lax=True)
    for operation in contract.operations:
        for location, suffix in _LOCATIONS.items():
            chosen = [one for one in operation.parameters if one.location == location]
            if chosen:
                shaper.add_object(operation.pointer, class_name(operation.id) + suffix, chosen)
    return shaper.run()


def _inline_bodies(operation: Operation) -> Iterator[tuple[str, Schema]]:
    base = class_name(operation.id)
    holders = [(f"{base}Request", operation.body)] if operation.body else []
    for answer in operation.answers:
        status = class_name(answer.status).removeprefix("Schema")
        holders.append((f"{base}Response{status}", answer.body))
    for name, body in holders:
        schemas = {media.name: media.schema for media in body.content if media.is_json}
        for media, schema in schemas.items():
            if schema and isinstance(schema.source, dict) and "$ref" not in schema.source:
                yield name if len(schemas) == 1 else name + class_name(media), schema


class _Shaper:
    """Shapes schemas one after another; *lax* says that their values come as strings."""

    def __init__(
        self,
        contract: Contract,
        directions: Directions,
        view: View,
        besides: Collection[str] = (),
        *,
        lax: bool = False,
    ) -> None:
        self._lax = lax
        self._contract = contract
        self._instead: Mapping[str, str] = {}
        self._directions = directions
        self._view = view  # of the class that is being shaped
        self._names = Names(besides)
        self._known: dict[tuple[View, str], str] = {}  # class names
        self._waiting: deque[tuple[Any, str, str, View]] = deque()
        self._shaped: dict[str, Any] = {}
        self._bases: dict[str, str] = {}
        self._ends: dict[str, str] = {}  # where chains of references end

    def add_components(self) -> Mapping[str, str]:
        """Give every named schema a class; gives their names by pointer."""
        found = components(self._contract, self._names)
        self._instead = found.instead
        for pointer, name in found.names.items():
            view = self._view_at(pointer, self._view)
            self._wait(pointers.find(view.document, pointer), pointer, name, view)
        return found.names

    def add(self, pointer: str, wanted: str, current: View | None = None) -> str:
        """
        The class of the schema at *pointer*; *wanted* is its name unless it has one or that is taken.

        It is the one for the view *current*, by default that of the class that is being shaped.
        """
        pointer = self._instead.get(pointer, pointer)
        view = self._view_at(pointer, current or self._view)
        return self._class(pointers.find(view.document, pointer), pointer, wanted, view)

    def add_object(self, pointer: str, wanted: str, members: list[Parameter]) -> None:
        """Give an object of *members*, which belong to the operation at *pointer*, a class."""
        name = self._names.give(wanted, pointer)
        properties: dict[str, Any] = {}
        for one in members:
            schema = one.schema.source if isinstance(one.schema.source, dict) else {}
            inner = self._inner(schema, one.schema.pointer, name + class_name(one.name))
            text = one.description or schema.get("description", "")
            properties[one.name] = _with_description(inner, {**schema, "description": text})
        required = [one.name for one in members if one.required]
        self._shaped[name] = {"type": "object", "properties": properties, "required": required}
        self._bases[name] = "Headers" if members[0].location == "header" else "Parameters"

    def run(self) -> Shaped:
        """Shape what was added, and what that refers to."""
        while self._waiting:
            source, pointer, name, self._view = self._waiting.popleft()
            self._shaped[name] = self._shape(source, pointer, name)
        return Shaped(self._shaped, self._names.sources, self._bases)

    def _class(self, source: Any, pointer: str, wanted: str, view: View) -> str:
        if (view, pointer) not in self._known:
            name = self._names.give(wanted, pointer, exported=not self._lax)
            self._wait(source, pointer, name, view)
        return self._known[view, pointer]

    def _wait(self, source: Any, pointer: str, name: str, view: View) -> None:
        self._known[view, pointer] = name
        self._waiting.append((source, pointer, name, view))

    def _view_at(self, pointer: str, current: View) -> View:
        return self._directions.view(pointer.partition(_PART)[0], current)

    @property
    def _document(self) -> Mapping[str, Any]:
        return self._view.document

    def _shape(self, full: Any, pointer: str, name: str) -> dict[str, Any]:
        """The schema *full*, of which *pointer* tells where it stands, for the class *name*."""
        if not isinstance(full, dict):
            return {}
        source = reduce(self._document, full, texts_only=self._lax)
        if self._is_split(source):
            return self._split(source, pointer, name)
        shaped = {word: source[word] for word in _PLAIN if word in source}
        if "type" in shaped and is_object(self._document, source):
            shaped["type"] = "object"  # `null` stands beside the class where that is used
        if isinstance(reference := source.get("$ref"), str):
            named = (self._view, pointer) in self._known
            shaped["$ref"] = self._reference(self._last(reference) if named else reference)
        for word in (word for word in _NESTING if word in source):
            shaped[word] = self._children(word, source[word], f"{pointer}/{word}", name)
        if "discriminator" in source:
            shaped["discriminator"] = self._discriminator(source, shaped)
        return _with_description(shaped, source)

    def _children(self, word: str, value: Any, pointer: str, name: str) -> Any:
        if isinstance(value, bool):
            return value
        if word == "properties":
            return {
                key: self._inner(member, pointer + pointers.pointer((key,)), name + class_name(key))
                for key, member in value.items()
                if self._view.has(member)
            }
        if word == "allOf":
            return [self._shape(part, f"{pointer}/{at}", name) for at, part in enumerate(value)]
        if isinstance(value, list):
            return [
                self._inner(part, f"{pointer}/{at}", f"{name}Option{at + 1}", bare=True)
                for at, part in enumerate(value)
            ]
        return self._inner(value, pointer, name + _SUFFIXES[word], bare=True)

    def _inner(self, source: Any, pointer: str, name: str, *, bare: bool = False) -> dict[str, Any]:
        """
        A schema inside another: in place if it can be written as a type, else by reference.

        *bare* is true where the type stands inside another one, so that no limit can be put on it.
        """
        if not isinstance(source, dict):
            return {}
        source, pointer = _unwrapped(source, pointer)
        reduced = reduce(self._document, source, texts_only=self._lax)
        limits = "allOf" in reduced or (bare and _LIMITS & reduced.keys())
        inner: dict[str, Any]
        more = "$ref" not in reduced or "properties" in reduced  # than the class referred to
        if limits or (more and is_object(self._document, reduced)):
            own = self._class(source, pointer, name, self._view_at(pointer, self._view))
            inner = {"$ref": _local(own)}
        else:
            inner = self._shape(source, pointer, name)
        if "$ref" in inner and is_nullable_object(self._document, source):
            inner.pop("description", None)
            inner = {"anyOf": [inner, {"type": "null"}]}
        return _with_description(inner, source)

    def _discriminator(self, source: dict[str, Any], shaped: dict[str, Any]) -> dict[str, Any]:
        """The discriminator of the union *source*, whose branches fix it, in terms of the *shaped* ones."""
        name = source["discriminator"]["propertyName"]
        mapping = {
            tag(resolve(self._document, branch), name): own["$ref"]
            for word in UNIONS
            for branch, own in zip(source.get(word, ()), shaped.get(word, ()), strict=True)
        }
        return {"propertyName": name, "mapping": mapping}

    def _is_split(self, source: dict[str, Any]) -> bool:
        several = set(types(source)) - {"null"}
        nullable_map = "null" in types(source) and "additionalProperties" in source
        return bool(several and _SPLITTING & source.keys()) and (
            len(several) > 1 or (nullable_map and not is_object(self._document, source))
        )

    def _split(self, source: dict[str, Any], pointer: str, name: str) -> dict[str, Any]:
        """Several types with limits as a union: Pydantic holds a limit to one type."""
        shared: dict[str, Any] = {
            word: source[word] for word in ("enum", "allOf", "$ref") if word in source
        }
        branches = []
        for kind in types(source):
            mine = {word: source[word] for word in LIMITS.get(kind, ()) if word in source}
            branch = {"type": kind, **mine, **shared}
            own = name + kind.capitalize()
            branches.append(self._inner(branch, f"{pointer}{_PART}{kind}", own, bare=True))
        return _with_description({"anyOf": branches}, source)

    def _last(self, reference: str) -> str:
        """The end of a chain of references: Pydantic stumbles over aliases of aliases."""
        passed: list[str] = []
        while reference not in self._ends:
            target = pointers.find(self._document, reference[1:])
            reduced = {}
            if isinstance(target, dict):
                reduced = reduce(self._document, target, texts_only=self._lax)
            if NARROWING & reduced.keys() != {"$ref"}:
                self._ends[reference] = reference
                break
            passed.append(reference)
            reference = reduced["$ref"]
        end = self._ends[reference]
        self._ends.update(dict.fromkeys(passed, end))
        return end

    def _reference(self, reference: str) -> str:
        pointer = reference[1:]
        told = [token for token in pointers.tokens(pointer)[1:] if token not in _STRUCTURE]
        return _local(self.add(pointer, class_name(" ".join(told))))


_SUFFIXES = {"items": "Item", "additionalProperties": "Value"}


def _unwrapped(source: dict[str, Any], pointer: str) -> tuple[dict[str, Any], str]:
    """An `allOf` of one part with nothing else to say (a habit of OpenAPI 3.0) as that part."""
    parts = source.get("allOf", ())
    alone = len(parts) == 1 and source.keys().isdisjoint(NARROWING - {"allOf"} | {"type"})
    if not alone or not isinstance(parts[0], dict):
        return source, pointer
    rest = {word: value for word, value in source.items() if word != "allOf"}
    return _unwrapped({**parts[0], **rest}, f"{pointer}/allOf/0")


def _local(name: str) -> str:
    return f"#/components/schemas/{name}"


def _with_description(shaped: dict[str, Any], source: Mapping[str, Any]) -> dict[str, Any]:
    """*shaped* with the description of *source*, and no other."""
    plain = {word: value for word, value in shaped.items() if word != "description"}
    if text := described(source):
        plain["description"] = text
    return plain
