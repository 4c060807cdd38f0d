"""All that the schemas at some places say of one value: `$ref` and `allOf` followed, nothing lost.

A value is valid against the places if and only if it is valid against every part of their view. So two
views can be compared keyword by keyword, however their schemas are written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import jsonschema_rs

from leadline_openapi import pointer as pointers
from leadline_openapi.diff.reach import Evaluated, Reach, reach

Places = tuple[str, ...]
"""Pointers of schemas that all apply to the same value; none means: anything."""

ASPECTS: Mapping[str, tuple[str, ...]] = {
    "type": ("type",),
    "enum": ("enum", "const"),
    "minimum": ("minimum", "exclusiveMinimum"),
    "maximum": ("maximum", "exclusiveMaximum"),
    "multiple-of": ("multipleOf",),
    "min-length": ("minLength",),
    "max-length": ("maxLength",),
    "pattern": ("pattern",),
    "min-items": ("minItems",),
    "max-items": ("maxItems",),
    "unique-items": ("uniqueItems",),
    "contains": ("contains", "minContains", "maxContains"),
    "min-properties": ("minProperties",),
    "max-properties": ("maxProperties",),
    "property-names": ("propertyNames",),
    "dependent-required": ("dependentRequired",),
    "dependent-schemas": ("dependentSchemas",),
    "not": ("not",),
    "if": ("if", "then", "else"),
    "one-of": ("oneOf",),
    "any-of": ("anyOf",),
}
"""What can be compared by itself: its name in codes, and the keywords that say it together."""

TYPES = frozenset(("null", "boolean", "integer", "number", "string", "array", "object"))
_VARIANTS = ("oneOf", "anyOf")
_SAYS_MORE = frozenset(("$ref", *_VARIANTS, "allOf", "not", "if", "const"))
_NULL = frozenset(("type", "description", "title"))
_FLAGS = frozenset(("readOnly", "writeOnly", "deprecated"))
"""Keywords that say nothing where they are `false`."""
_ANYTHING: tuple[Any, ...] = (True, {})
_UNEVALUATED = frozenset(("unevaluatedProperties", "unevaluatedItems"))


@dataclass(frozen=True, slots=True)
class Part:
    """A schema object at *at*; where *nullable*, `null` is valid whatever it says."""

    at: str
    schema: Mapping[str, Any]
    nullable: bool = False

    def says(self, keywords: tuple[str, ...]) -> dict[str, Any]:
        """The schema of *keywords* alone; empty where it has none of them."""
        said = {word: self.schema[word] for word in keywords if word in self.schema}
        if not said or not self.nullable or "null" in _listed(said.get("type")):
            return said
        if "type" in said:
            return {"type": [*_listed(said["type"]), "null"]}
        return {"enum": [*said["enum"], None]} if "enum" in said else said


@dataclass(frozen=True)
class View:
    """The *parts* that say everything; *impossible* where one of the schemas is `false`."""

    document: Mapping[str, Any] = field(repr=False)
    parts: tuple[Part, ...]
    impossible: bool

    def aspect(self, name: str) -> list[dict[str, Any]]:
        """What the parts say of the aspect *name*, each as a schema."""
        found = (part.says(ASPECTS[name]) for part in self.parts)
        return [said for said in found if said]

    def first(self, word: str) -> tuple[str, Any] | None:
        """The pointer and the value of the keyword *word*, as it is said first."""
        for part in self.parts:
            if word in part.schema and not (word in _FLAGS and part.schema[word] is False):
                return f"{part.at}/{pointers.escape(word)}", part.schema[word]
        return None

    @cached_property
    def keywords(self) -> frozenset[str]:
        """All keywords that the parts have."""
        return frozenset(word for part in self.parts for word in part.schema)

    @cached_property
    def types(self) -> frozenset[str]:
        """The types that `type`, `enum` and `const` admit; `number` counts as `integer` too."""
        found = TYPES
        for said in self.aspect("enum"):
            values = said.get("enum", [said.get("const")])
            found &= frozenset(name for value in values for name in _types_of(value))
        for said in self.aspect("type"):
            named = frozenset(_listed(said["type"]))
            found &= named | {"integer"} if "number" in named else named
        return found

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The members that are declared, in order."""
        return tuple(
            dict.fromkeys(n for part in self.parts for n in part.schema.get("properties", ()))
        )

    @cached_property
    def required(self) -> frozenset[str]:
        """The members that have to be there."""
        return frozenset(n for part in self.parts for n in part.schema.get("required", ()))

    def member(self, name: str) -> Places:
        """The schemas that the member *name* has in any case, declared or not."""
        return tuple(at for part in self.parts for at in self._member(part, name))

    @cached_property
    def extra(self) -> Places:
        """The schemas of members that are not declared and match no pattern; none where anything goes."""
        return self.matching(frozenset())

    def matching(self, patterns: frozenset[str]) -> Places:
        """The schemas of members that are not declared, and match *patterns* and no others."""
        return tuple(
            at for part in self.parts for at in self._extra(part, patterns, lambda _: False)
        )

    def _member(self, part: Part, name: str) -> Iterator[str]:
        if name in part.schema.get("properties", ()):
            yield part.at + pointers.pointer(("properties", name))
            matched = [p for p in part.schema.get("patternProperties", ()) if matches(p, name)]
            yield from (part.at + pointers.pointer(("patternProperties", one)) for one in matched)
        else:
            fitting = frozenset(pattern for pattern in self.patterns if matches(pattern, name))
            yield from self._extra(part, fitting, lambda found: name in found.names)

    def _extra(
        self, part: Part, patterns: frozenset[str], is_named: Callable[[Evaluated], bool]
    ) -> Iterator[str]:
        """What *part*, which does not declare it, says of a member that matches *patterns* and no others."""
        matched = [one for one in part.schema.get("patternProperties", ()) if one in patterns]
        if matched:
            yield from (part.at + pointers.pointer(("patternProperties", one)) for one in matched)
        elif "additionalProperties" in part.schema:
            if part.schema["additionalProperties"] not in _ANYTHING:
                yield f"{part.at}/additionalProperties"
        elif part.schema.get("unevaluatedProperties", True) not in _ANYTHING:
            found = self.reaches[part.at].either
            if not (found.members or is_named(found) or found.patterns & patterns):
                yield f"{part.at}/unevaluatedProperties"

    @cached_property
    def reaches(self) -> Mapping[str, Reach]:
        """What the parts evaluate that say what is to be with the rest, by their pointers."""
        return {
            part.at: reach(lambda at: pointers.find(self.document, at), part.at)
            for part in self.parts
            if not _UNEVALUATED.isdisjoint(part.schema)
        }

    @cached_property
    def patterns(self) -> tuple[str, ...]:
        """The keys of `patternProperties`, also those by which members may have been evaluated."""
        found = {p for part in self.parts for p in part.schema.get("patternProperties", ())}
        return tuple(sorted(found.union(*(one.either.patterns for one in self.reaches.values()))))

    @cached_property
    def noticed(self) -> tuple[str, ...]:
        """The members that are not declared, and yet may be evaluated."""
        found = frozenset[str]().union(*(one.may.names for one in self.reaches.values()))
        return tuple(sorted(found.difference(self.names)))

    @cached_property
    def prefix(self) -> int:
        """How many first items have schemas of their own, or may be evaluated by themselves."""
        own = (len(part.schema.get("prefixItems", ())) for part in self.parts)
        return max((*own, *(one.either.prefix for one in self.reaches.values())), default=0)

    def item(self, index: int | None) -> Places:
        """The schemas that the item *index* has in any case; those beyond the first ones for `None`."""
        return tuple(at for part in self.parts for at in self._item(part, index))

    def _item(self, part: Part, index: int | None) -> Iterator[str]:
        if index is not None and index < len(part.schema.get("prefixItems", ())):
            yield f"{part.at}/prefixItems/{index}"
        elif "items" in part.schema:
            yield f"{part.at}/items"
        elif part.schema.get("unevaluatedItems", True) not in _ANYTHING:
            found = self.reaches[part.at].either
            if not found.items and (index is None or index >= found.prefix):
                yield f"{part.at}/unevaluatedItems"

    def variants(self, keyword: str) -> list[tuple[str, ...]]:
        """For each part that has *keyword*, `oneOf` or `anyOf`, the pointers of its branches."""
        return [
            tuple(f"{part.at}/{keyword}/{n}" for n in range(len(part.schema[keyword])))
            for part in self.parts
            if keyword in part.schema
        ]


def view(document: Mapping[str, Any], places: Places) -> View:
    """All that the schemas at *places* of *document* say."""
    parts: list[Part] = []
    impossible = False
    for at, schema, nullable in _gathered(
        document, places, set[tuple[str, bool]](), nullable=False
    ):
        if isinstance(schema, dict):
            parts.append(Part(at, schema, nullable))
        elif schema is False and not nullable:
            impossible = True
    return View(document, tuple(parts), impossible)


def _gathered(
    document: Mapping[str, Any], places: Places, seen: set[tuple[str, bool]], *, nullable: bool
) -> Iterator[tuple[str, Any, bool]]:
    for at in places:
        if not seen.isdisjoint(((at, False), (at, nullable))):
            continue
        seen.add((at, nullable))
        schema = pointers.find(document, at)
        inner: tuple[str, ...] = ()
        if isinstance(schema, dict):
            inner = tuple(f"{at}/allOf/{index}" for index in range(len(schema.get("allOf", ()))))
            if isinstance(reference := schema.get("$ref"), str):
                inner = (reference[1:], *inner)
            if (branch := _or_null(document, at, schema)) is not None:
                schema = {word: value for word, value in schema.items() if word not in _VARIANTS}
                yield at, schema, nullable
                yield from _gathered(document, inner, seen, nullable=nullable)
                yield from _gathered(document, (branch,), seen, nullable=True)
                continue
        yield at, schema, nullable
        yield from _gathered(document, inner, seen, nullable=nullable)


def _or_null(document: Mapping[str, Any], at: str, schema: Mapping[str, Any]) -> str | None:
    """The branch of a schema that says: this, or null. Its own keywords must not be about null."""
    keywords = [word for word in _VARIANTS if word in schema]
    if len(keywords) != 1:
        return None
    branches = schema[keywords[0]]
    others = [index for index, branch in enumerate(branches) if not _is_null(branch)]
    if len(others) != 1 or len(branches) != 2:
        return None
    chosen = f"{at}/{keywords[0]}/{others[0]}"
    target = pointers.find(document, chosen)
    while isinstance(target, dict) and isinstance(target.get("$ref"), str) and len(target) == 1:
        target = pointers.find(document, target["$ref"][1:])
    if not isinstance(target, dict) or not _SAYS_MORE.isdisjoint(target):
        return None
    takes_null = "type" not in target or "null" in _listed(target["type"])
    return None if takes_null and keywords[0] == "oneOf" else chosen


def _is_null(schema: Any) -> bool:
    return (
        isinstance(schema, dict)
        and schema.get("type") in ("null", ["null"])
        and schema.keys() <= _NULL
    )


def _types_of(value: Any) -> tuple[str, ...]:
    match value:
        case None:
            return ("null",)
        case bool():
            return ("boolean",)
        case int() | float():
            return ("integer", "number")
        case str():
            return ("string",)
    return ("array",) if isinstance(value, list) else ("object",)


def _listed(named: Any) -> list[str]:
    return [named] if isinstance(named, str) else list(named or ())


def matches(pattern: str, name: str) -> bool:
    """Whether the ECMA-262 *pattern* is found in *name*."""
    return jsonschema_rs.Draft202012Validator({"pattern": pattern}).is_valid(name)
