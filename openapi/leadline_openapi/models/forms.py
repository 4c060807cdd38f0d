"""One schema after another in the form that the model generator is given.

Only keywords that say which values are valid are passed on: `format` and `default` would make the generator
rewrite values or fill in members, and a foreign extension could name Python code to import.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from leadline_openapi import pointer as pointers
from leadline_openapi.jsontext import distinct
from leadline_openapi.models.classes import Classes
from leadline_openapi.models.docstrings import described
from leadline_openapi.models.inheriting import lay_out
from leadline_openapi.models.kinds import (
    LIMITS,
    NARROWING,
    UNIONS,
    is_composed,
    is_nullable_object,
    is_object,
    resolve,
    tag,
    types,
)
from leadline_openapi.models.members import MADE, Member, together
from leadline_openapi.models.naming import class_name
from leadline_openapi.models.reducing import reduce

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

_OTHERS = "additionalProperties"
_NESTING = ("properties", "items", _OTHERS, "anyOf", "oneOf")
"""Keywords with schemas inside that are passed on."""

_SPLITTING = frozenset(("enum", *itertools.chain.from_iterable(LIMITS.values())))
_LIMITS = _SPLITTING - {"enum", "items", _OTHERS}


class Forms:
    """Forms schemas for *classes*; *lax* says that their values come as strings."""

    def __init__(self, classes: Classes, *, lax: bool = False) -> None:
        self._classes = classes
        self._lax = lax
        self._ends: dict[str, str] = {}  # where chains of references end

    @property
    def _document(self) -> Mapping[str, Any]:
        return self._classes.view.document

    def form(self, full: Any, pointer: str, name: str) -> dict[str, Any]:
        """The schema *full*, of which *pointer* tells where it stands, for the class *name*."""
        if not isinstance(full, dict):
            return {}
        if is_composed(full) and is_object(self._document, full):
            return self._inheriting(full, pointer, name)
        source = reduce(self._document, full, texts_only=self._lax)
        if self._is_split(source):
            return self._split(source, pointer, name)
        shaped = {word: source[word] for word in _PLAIN if word in source}
        if "type" in shaped and is_object(self._document, source):
            shaped["type"] = "object"  # `null` stands beside the class where that is used
        if isinstance(reference := source.get("$ref"), str):
            named = self._classes.knows(pointer)
            shaped["$ref"] = self._reference(self._last(reference) if named else reference)
        for word in (word for word in _NESTING if word in source):
            shaped[word] = self._children(word, source[word], f"{pointer}/{word}", name)
        if "discriminator" in source:
            shaped["discriminator"] = self._discriminator(source, shaped)
        return with_description(_alone(shaped), source)

    def _inheriting(self, source: dict[str, Any], pointer: str, name: str) -> dict[str, Any]:
        """The composed object *source*: its bases, and what it declares itself."""
        laid = lay_out(self._document, source, pointer)
        properties: dict[str, Any] = {}
        for key, said in laid.members.items():
            if all(self._classes.view.has(one.schema) for one in said):
                ghost = Member(laid.others or {}, f"{pointer}{MADE}{pointers.escape(key)}")
                one = together(self._document, said or (ghost,))
                home = self._classes.named(one.home) if one.home else name
                properties[key] = self.inner(one.schema, one.pointer, home + class_name(key))
        shaped: dict[str, Any] = {
            "allOf": [{"$ref": self._reference(f"#{base}")} for base in laid.bases],
            "type": "object",
            "properties": properties,
            "required": [key for key in properties if key in laid.required],
        }
        if laid.others is not None:
            others = self._children(_OTHERS, laid.others, f"{pointer}/{_OTHERS}", name)
            shaped[_OTHERS] = others
        return with_description(shaped, source)

    def _children(self, word: str, value: Any, pointer: str, name: str) -> Any:
        if isinstance(value, bool):
            return value
        if word == "properties":
            return {
                key: self.inner(member, pointer + pointers.pointer((key,)), name + class_name(key))
                for key, member in value.items()
                if self._classes.view.has(member)
            }
        if isinstance(value, list):
            # Of two branches that are the same, the generator would make one of anything.
            return distinct(
                self.inner(part, f"{pointer}/{at}", f"{name}Option{at + 1}", bare=True)
                for at, part in enumerate(value)
            )
        return self.inner(value, pointer, name + _SUFFIXES[word], bare=True)

    def inner(self, source: Any, pointer: str, name: str, *, bare: bool = False) -> dict[str, Any]:
        """
        A schema inside another: in place if it can be written as a type, else by reference.

        *bare* is true where the type stands inside another one, so that no limit can be put on it.
        """
        if not isinstance(source, dict):
            return {}
        source, pointer = _unwrapped(source, pointer)
        reduced = reduce(self._document, source, texts_only=self._lax)
        limits = bare and _LIMITS & reduced.keys()
        inner: dict[str, Any]
        more = "$ref" not in reduced or is_composed(reduced)  # than the class referred to
        if limits or (more and is_object(self._document, reduced)):
            own = self._classes.own(source, pointer, name)
            inner = {"$ref": _local(own)}
        else:
            inner = self.form(source, pointer, name)
        if "$ref" in inner and is_nullable_object(self._document, source):
            inner.pop("description", None)
            inner = {"anyOf": [inner, {"type": "null"}]}
        return with_description(inner, source)

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
        nullable_map = "null" in types(source) and _OTHERS in source
        return bool(several and _SPLITTING & source.keys()) and (
            len(several) > 1 or (nullable_map and not is_object(self._document, source))
        )

    def _split(self, source: dict[str, Any], pointer: str, name: str) -> dict[str, Any]:
        """Several types with limits as a union: Pydantic holds a limit to one type."""
        shared = {"enum": source["enum"]} if "enum" in source else {}
        branches = []
        for kind in types(source):
            mine = {word: source[word] for word in LIMITS.get(kind, ()) if word in source}
            branch = {"type": kind, **mine, **shared}
            own = name + kind.capitalize()
            branches.append(self.inner(branch, f"{pointer}{MADE}{kind}", own, bare=True))
        return with_description({"anyOf": branches}, source)

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
        return _local(self._classes.named(reference[1:]))


_SUFFIXES = {"items": "Item", _OTHERS: "Value"}


def _unwrapped(source: dict[str, Any], pointer: str) -> tuple[dict[str, Any], str]:
    """An `allOf` of one part with nothing else to say (a habit of OpenAPI 3.0) as that part."""
    parts = source.get("allOf", ())
    alone = len(parts) == 1 and source.keys().isdisjoint(NARROWING - {"allOf"} | {"type"})
    if not alone or not isinstance(parts[0], dict):
        return source, pointer
    rest = {word: value for word, value in source.items() if word != "allOf"}
    return _unwrapped({**parts[0], **rest}, f"{pointer}/allOf/0")


def _alone(shaped: dict[str, Any]) -> dict[str, Any]:
    """The only branch of a union as that branch, unless it has a name, which an alias needs."""
    branches: list[Any] = next((shaped[word] for word in UNIONS if word in shaped), [])
    return branches[0] if len(branches) == 1 and "$ref" not in branches[0] else shaped


def _local(name: str) -> str:
    return f"#/components/schemas/{name}"


def with_description(shaped: dict[str, Any], source: Mapping[str, Any]) -> dict[str, Any]:
    """*shaped* with the description of *source*, and no other."""
    plain = {word: value for word, value in shaped.items() if word != "description"}
    if text := described(source):
        plain["description"] = text
    return plain
