"""Parameters on the wire: from strings to values and back (OAS 3.1.1 section 4.8.12, `style`).

Supported are the styles that occur: `simple` (path, header), `form` (query, cookie), `spaceDelimited`,
`pipeDelimited` and `deepObject` (query), and `content` with JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leadline_openapi import pointer as pointers
from leadline_openapi.jsontext import NotJson, parse
from leadline_openapi.schema import Schema
from leadline_openapi.violation import Violation

DEFAULT_STYLES = {"path": "simple", "header": "simple", "query": "form", "cookie": "form"}
STYLES = {
    "path": {"simple"},
    "header": {"simple"},
    "cookie": {"form"},
    "query": {"form", "spaceDelimited", "pipeDelimited", "deepObject"},
}
_DELIMITERS = {"form": ",", "simple": ",", "spaceDelimited": " ", "pipeDelimited": "|"}
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.ASCII)
_SCALARS = ("null", "boolean", "integer", "number", "string")

ABSENT = object()
"""What `Parameter.read` gives for a parameter that was not sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """
    One parameter of an operation, or one header of a response.

    *location* is `query`, `path`, `header` or `cookie`; *pointer* leads to its Parameter Object;
    *json* is true when the value is JSON text (`content` instead of `schema`).
    """

    name: str
    location: str
    required: bool
    schema: Schema
    style: str
    explode: bool
    json: bool
    description: str
    pointer: str

    def read(self, sent: Mapping[str, Sequence[str]]) -> Any:
        """
        The value in *sent*, which maps every name of this location to its raw strings, in order.

        Gives `ABSENT` when the parameter was not sent. What cannot be read as the schema's type is
        given as the string that was sent: the schema then says what is wrong with it. Raises
        `NotJson` for a JSON parameter that is no JSON text.
        """
        types = self.types
        if self.style == "deepObject" and "object" in types:
            return self._read_deep(sent)
        if self.style == "form" and self.explode and "object" in types and self.name not in sent:
            return self._read_members(sent)
        raw = sent.get(self.name)
        if not raw:
            return ABSENT
        if self.json:
            return parse(raw[0].encode("utf-8", "surrogateescape"))
        if "array" in types:
            items = list(raw) if self.explode and self.location == "query" else self._split(raw[0])
            return [_scalar(item, self._item_types()) for item in items]
        if "object" in types:
            return self._read_pairs(raw[0])
        return _scalar(raw[-1], types)

    def write(self, value: Any) -> list[tuple[str, str]]:
        """The pairs of name and raw string that carry *value*."""
        if self.json:
            return [(self.name, json.dumps(value))]
        if isinstance(value, list):
            items = [_text(item) for item in value]
            if self.explode and self.location == "query":
                return [(self.name, item) for item in items]
            return [(self.name, _DELIMITERS.get(self.style, ",").join(items))]
        if isinstance(value, dict):
            return self._write_object({name: _text(member) for name, member in value.items()})
        return [(self.name, _text(value))]

    def violations(self, sent: Mapping[str, Sequence[str]]) -> tuple[Violation, ...]:
        """Everything that is wrong with this parameter in *sent*; empty when nothing is."""
        try:
            value = self.read(sent)
        except NotJson as error:
            return (self._violation("content", f"is not JSON: {error}", "JSON text"),)
        if value is ABSENT:
            if not self.required:
                return ()
            return (self._violation("required", "is required", "a value"),)
        return tuple(
            Violation(
                location=self.location,
                field=self._field(found.pointer),
                pointer=pointers.pointer((self.name,)) + found.pointer,
                keyword=found.keyword,
                problem=found.problem,
                expected=found.expected,
                rule=found.rule,
            )
            for found in self.schema.violations(value, self.location)
        )

    @property
    def types(self) -> frozenset[str]:
        """The JSON types that the schema admits, as far as its keywords tell."""
        return _types(self.schema.source, self.schema.library.document, frozenset())

    def _field(self, inside: str) -> str:
        return ".".join((self.name, *pointers.tokens(inside)))

    def _violation(self, keyword: str, problem: str, expected: str) -> Violation:
        at = pointers.pointer((self.name,))
        return Violation(
            self.location, self.name, at, keyword, problem, expected, f"{self.pointer}/{keyword}"
        )

    def _item_types(self) -> frozenset[str]:
        document = self.schema.library.document
        items = _resolve(self.schema.source, document).get("items", True)
        return _types(items, document, frozenset())

    def _member(self, name: str, raw: str) -> Any:
        document = self.schema.library.document
        member = _resolve(self.schema.source, document).get("properties", {}).get(name, True)
        return _scalar(raw, _types(member, document, frozenset()))

    def _split(self, raw: str) -> list[str]:
        return raw.split(_DELIMITERS.get(self.style, ",")) if raw else []

    def _read_pairs(self, raw: str) -> Any:
        parts = self._split(raw)
        if self.explode:
            pairs = [part.partition("=")[::2] for part in parts]
        elif len(parts) % 2:
            return raw
        else:
            pairs = list(zip(parts[::2], parts[1::2], strict=True))
        return {name: self._member(name, member) for name, member in pairs}

    def _read_deep(self, sent: Mapping[str, Sequence[str]]) -> Any:
        wanted = re.compile(rf"{re.escape(self.name)}\[([^\[\]]+)\]")
        found = {
            match[1]: self._member(match[1], raw[-1])
            for name, raw in sent.items()
            if raw and (match := wanted.fullmatch(name))
        }
        return found or ABSENT

    def _read_members(self, sent: Mapping[str, Sequence[str]]) -> Any:
        """An exploded form object spreads its members over the query string by their own names."""
        known = _resolve(self.schema.source, self.schema.library.document).get("properties", {})
        found = {name: self._member(name, sent[name][-1]) for name in known if sent.get(name)}
        return found or ABSENT

    def _write_object(self, members: dict[str, str]) -> list[tuple[str, str]]:
        if self.style == "deepObject":
            return [(f"{self.name}[{name}]", text) for name, text in members.items()]
        if self.style == "form" and self.explode:
            return list(members.items())
        if self.explode:
            return [(self.name, ",".join(f"{name}={text}" for name, text in members.items()))]
        flat = [part for pair in members.items() for part in pair]
        return [(self.name, _DELIMITERS.get(self.style, ",").join(flat))]


def _scalar(raw: str, types: frozenset[str]) -> Any:
    if raw in {"true", "false"} and "boolean" in types:
        return raw == "true"
    if types & {"integer", "number"} and _JSON_NUMBER.fullmatch(raw):
        try:
            return parse(raw.encode())
        except NotJson:
            return raw
    if raw in {"", "null"} and "null" in types and "string" not in types:
        return None
    return raw


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _resolve(schema: Any, document: dict[str, Any]) -> dict[str, Any]:
    seen: set[str] = set()
    while isinstance(schema, dict) and isinstance(reference := schema.get("$ref"), str):
        if reference in seen or (len(schema) > 1 and "type" in schema):
            break
        seen.add(reference)
        schema = pointers.find(document, reference[1:])
    return schema if isinstance(schema, dict) else {}


def _types(schema: Any, document: dict[str, Any], seen: frozenset[int]) -> frozenset[str]:
    """The types that *schema* may admit: a superset, never too few."""
    every = frozenset((*_SCALARS, "array", "object"))
    if not isinstance(schema, dict) or id(schema) in seen:
        return every
    seen = seen | {id(schema)}
    found = every
    if "type" in schema:
        named = schema["type"]
        found &= frozenset([named] if isinstance(named, str) else named)
    if isinstance(reference := schema.get("$ref"), str):
        found &= _types(pointers.find(document, reference[1:]), document, seen)
    for part in schema.get("allOf", ()):
        found &= _types(part, document, seen)
    for word in ("anyOf", "oneOf"):
        if parts := schema.get(word):
            found &= frozenset().union(*(_types(part, document, seen) for part in parts))
    if "const" in schema or "enum" in schema:
        values = schema.get("enum", [schema.get("const")])
        found &= frozenset().union(*(_types_of(value) for value in values))
    return found


def _types_of(value: Any) -> frozenset[str]:
    if value is None:
        return frozenset({"null"})
    if isinstance(value, bool):
        return frozenset({"boolean"})
    if isinstance(value, int):
        return frozenset({"integer", "number"})
    if isinstance(value, float):
        return frozenset({"number"})
    return frozenset({"string" if isinstance(value, str) else type_name(value)})


def type_name(value: Any) -> str:
    """The JSON type of an array or object."""
    return "array" if isinstance(value, list) else "object"
