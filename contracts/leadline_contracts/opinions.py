"""The second opinion on a value, asked for once: bodies are made of the same members again and again."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from leadline_contracts.schemas import certain, said, shared
from leadline_openapi import pointer as pointers
from leadline_openapi.schema import Library, Schema

_BY_MEMBER = frozenset(("additionalProperties", "properties", "required", "type"))
"""Where an object's schema says no more than this, the object is as valid as its members are."""

_BY_ITEM = frozenset(("items", "type"))
"""And an array as its items."""


class Opinion(NamedTuple):
    """Whether the second validator finds a value valid, and whether every server has to take it then."""

    valid: bool
    certain: bool


def opinion(schema: Schema, value: Any) -> Opinion:
    """
    The second opinion on *value*; members of an object are judged one by one, each value only once.

    That is the opinion on the whole object where its schema says nothing of members together.
    """
    return _advisor(schema.library, schema.pointer).on(value)


def _advisor(library: Library, pointer: str) -> _Advisor:
    known = _advisors.setdefault(library, {})
    if pointer not in known:
        schema = shared(library, pointer)
        known[pointer] = known.setdefault(schema.pointer, _Advisor(schema))
    return known[pointer]


def _together(parts: list[Opinion]) -> Opinion:
    return Opinion(all(one.valid for one in parts), all(one.certain for one in parts))


class _Advisor:
    """What is known of the values of one schema."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._known: dict[object, Opinion] = {}

    def on(self, value: Any) -> Opinion:
        """The opinion on *value*, from the opinions on its parts where that is enough."""
        if isinstance(value, dict) and self._members is not None:
            members, required = self._members, self._required
            parts = [members[name].on(one) for name, one in value.items() if name in members]
            bare = {
                name: one for name, one in value.items() if name in required or name not in members
            }
            return _together([*parts, self._once(bare)])
        return self._once(value)

    def _once(self, value: Any) -> Opinion:
        simple = isinstance(value, str | int)
        key = (type(value), value) if simple else json.dumps(value, sort_keys=True)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._asked(value)
        return found

    def _asked(self, value: Any) -> Opinion:
        if value and isinstance(value, list) and self._items is not None:
            return _together([*map(self._items.on, value), self._once([])])
        return Opinion(self._followed.second_opinion(value), certain(self._schema, value))

    @cached_property
    def _told(self) -> tuple[str, dict[str, Any]]:
        """Where what the schema says is written, and what: behind references that stand alone."""
        at, source = self._schema.pointer, said(self._schema.source)
        while isinstance(source, dict) and source.keys() == {"$ref"}:
            at = source["$ref"][1:]
            source = said(pointers.find(self._schema.library.document, at))
        return at, source if isinstance(source, dict) else {}

    @cached_property
    def _followed(self) -> Schema:
        return Schema(self._told[0], self._schema.library)

    @cached_property
    def _items(self) -> _Advisor | None:
        """Who is asked about each item, where the schema says no more of arrays."""
        at, source = self._told
        alone = "items" in source and source.keys() <= _BY_ITEM
        return _advisor(self._schema.library, f"{at}/items") if alone else None

    @cached_property
    def _required(self) -> frozenset[str]:
        return frozenset(self._told[1].get("required", ()))

    @cached_property
    def _members(self) -> dict[str, _Advisor] | None:
        """Who is asked about each member, where the schema says no more of objects."""
        at, source = self._told
        if "properties" not in source or not source.keys() <= _BY_MEMBER:
            return None
        places = {
            name: at + pointers.pointer(("properties", name)) for name in source["properties"]
        }
        return {name: _advisor(self._schema.library, place) for name, place in places.items()}


_advisors: WeakKeyDictionary[Library, dict[str, _Advisor]] = WeakKeyDictionary()
