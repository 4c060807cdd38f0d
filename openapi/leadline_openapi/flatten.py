"""A schema with its `$ref` and `allOf` folded in: what generators of values need to see at once.

Folding is a reading aid, not a proof: whoever makes a value from it lets the compiled schema judge it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from leadline_openapi import pointer as pointers

Places = tuple[str, ...]
"""Pointers of schemas that all apply to the same value."""


@dataclass(frozen=True, slots=True)
class Flat:
    """
    All that is said of one value.

    *keywords* holds the assertions and annotations, folded; *rules* the pointer of each; *properties*,
    *items*, *prefix* and *extra* (`additionalProperties`) point to the schemas of members;
    *branches* are those of the first `oneOf` or `anyOf`. *impossible* is true under a `false` schema.
    """

    keywords: Mapping[str, Any]
    rules: Mapping[str, str]
    properties: Mapping[str, Places]
    items: Places
    prefix: tuple[Places, ...]
    extra: Places
    branches: Places
    impossible: bool

    @property
    def types(self) -> tuple[str, ...]:
        """The types that the value may have, `null` last; guessed from other keywords if unsaid."""
        named = self.keywords.get("type")
        if named is not None:
            listed = [named] if isinstance(named, str) else named
            return tuple(sorted(listed, key=lambda name: name == "null"))
        for name, words in _HINTS.items():
            if any(word in self.keywords for word in words):
                return (name,)
        if self.properties:
            return ("object",)
        return ("array",) if self.items or self.prefix else ("string",)


_HINTS = {
    "object": ("required", "minProperties", "maxProperties", "additionalProperties"),
    "array": ("minItems", "maxItems", "uniqueItems"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}
_STRUCTURAL = frozenset(
    (
        "$ref",
        "allOf",
        "oneOf",
        "anyOf",
        "properties",
        "items",
        "prefixItems",
        "description",
        "title",
    )
)


def flatten(document: Mapping[str, Any], places: Places) -> Flat:
    """What the schemas at *places* of *document* say together."""
    gathered = _Gathered()
    for at, schema in _parts(document, places, set()):
        if isinstance(schema, dict):
            gathered.take(at, schema)
        elif schema is False:
            gathered.impossible = True
    return gathered.flat()


class _Gathered:
    """What has been said so far."""

    def __init__(self) -> None:
        self.impossible = False
        self._keywords: dict[str, Any] = {}
        self._rules: dict[str, str] = {}
        self._properties: dict[str, Places] = {}
        self._single: dict[str, Places] = {"items": (), "additionalProperties": ()}
        self._prefix: tuple[Places, ...] = ()
        self._branches: Places = ()

    def take(self, at: str, schema: dict[str, Any]) -> None:
        for word, value in schema.items():
            if word not in _STRUCTURAL:
                known = word in self._keywords
                self._keywords[word] = _fold(word, self._keywords[word], value) if known else value
                self._rules.setdefault(word, f"{at}/{word}")
        for name in schema.get("properties", ()):
            inner = at + pointers.pointer(("properties", name))
            self._properties[name] = (*self._properties.get(name, ()), inner)
        for word in self._single:
            if isinstance(schema.get(word), dict):
                self._single[word] = (*self._single[word], f"{at}/{word}")
        if "prefixItems" in schema:
            self._prefix = tuple((place,) for place in _numbered(at, schema, "prefixItems"))
        self._branches = self._branches or (
            *_numbered(at, schema, "oneOf"),
            *_numbered(at, schema, "anyOf"),
        )

    def flat(self) -> Flat:
        return Flat(
            keywords=self._keywords,
            rules=self._rules,
            properties=self._properties,
            items=self._single["items"],
            prefix=self._prefix,
            extra=self._single["additionalProperties"],
            branches=self._branches,
            impossible=self.impossible,
        )


def _numbered(at: str, schema: dict[str, Any], word: str) -> Places:
    return tuple(f"{at}/{word}/{number}" for number in range(len(schema.get(word, ()))))


def _parts(
    document: Mapping[str, Any], places: Places, seen: set[str]
) -> Iterator[tuple[str, Any]]:
    for at in places:
        if at in seen:
            continue
        seen.add(at)
        schema = pointers.find(document, at)
        yield at, schema
        if isinstance(schema, dict):
            reference = schema.get("$ref")
            further = (reference[1:],) if isinstance(reference, str) else ()
            yield from _parts(document, (*further, *_numbered(at, schema, "allOf")), seen)


def _fold(word: str, old: Any, new: Any) -> Any:
    return _FOLDS.get(word, lambda old, _: old)(old, new)


def _either(old: Any, new: Any) -> Any:
    return [*old, *(name for name in new if name not in old)]


def _both(old: Any, new: Any) -> Any:
    return [value for value in old if value in new]


def _types(old: Any, new: Any) -> list[str]:
    left, right = ([one] if isinstance(one, str) else one for one in (old, new))
    whole = {"integer", "number"}
    common = [name for name in left if name in right]
    return common or (["integer"] if whole & set(left) and whole & set(right) else [])


_FOLDS: dict[str, Callable[[Any, Any], Any]] = {
    "required": _either,
    "enum": _both,
    "type": _types,
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), max),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), min),
}
