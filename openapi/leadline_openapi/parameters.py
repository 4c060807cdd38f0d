"""Parameters on the wire: from strings to values and back (OAS 3.1.1 section 4.8.12, `style`).

Supported are the styles that occur: `simple` (path, header), `form` (query, cookie), `spaceDelimited`,
`pipeDelimited` and `deepObject` (query), and `content` with JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from leadline_openapi import pointer as pointers
from leadline_openapi import readings
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

ABSENT = object()
"""What `Parameter.read` gives for a parameter that was not sent."""


Sent = Mapping[str, Sequence[str]]
"""Every name of one location with its raw strings, percent-decoded, in order."""


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """
    One parameter of an operation, or one header of a response.

    *location* is `query`, `path`, `header` or `cookie`; *pointer* leads to its Parameter Object;
    *json* is true when the value is JSON text (`content` instead of `schema`); with *allow_empty*
    (`allowEmptyValue`) nothing is asked of an empty value.
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
    allow_empty: bool = False

    def read(self, sent: Sent) -> Any:
        """
        The value in *sent*, which maps every name of this location to its raw strings, in order.

        Gives `ABSENT` when the parameter was not sent. Of several readings that the schema's types
        admit, the first that is valid counts. What cannot be read as the schema's type is given as
        the string that was sent: the schema then says what is wrong with it. Raises `NotJson` for a
        JSON parameter that is no JSON text.
        """
        meant = list(self._readings(sent))
        if len(meant) > 1:
            return next((value for value in meant if self.schema.is_valid(value)), meant[0])
        return meant[0] if meant else ABSENT

    def write(self, value: Any) -> list[tuple[str, str]]:
        """The pairs of name and raw string that carry *value*."""
        if self.json:
            return [(self.name, json.dumps(value))]
        if isinstance(value, list):
            items = [_text(item) for item in value]
            if self._spreads:
                return [(self.name, item) for item in items]
            return [(self.name, self._delimiter.join(items))]
        if isinstance(value, dict):
            return self._write_object({name: _text(member) for name, member in value.items()})
        return [(self.name, _text(value))]

    def violations(self, sent: Sent, most: int | None = None) -> tuple[Violation, ...]:
        """Everything that is wrong with this parameter in *sent*; *most* is as for `Schema.violations`."""
        try:
            value = self.read(sent)
        except NotJson as error:
            return (self._violation("content", f"is not JSON: {error}", "JSON text"),)
        if value is ABSENT:
            if not self.required:
                return ()
            return (self._violation("required", "is required", "a value"),)
        if self.allow_empty and list(sent.get(self.name, ())) == [""]:
            return ()
        wrong = () if self.schema.is_valid(value) else self.schema.violations(value, most=most)
        return (*self._repeated(sent), *map(self._inside, wrong))

    @cached_property
    def types(self) -> frozenset[str]:
        """The JSON types that the schema admits, as far as its keywords tell."""
        return readings.types(self.schema.source, self._document)

    @cached_property
    def default(self) -> Any:
        """The value that counts where none is sent (`default` of the schema); `ABSENT` without one."""
        return self.schema.library.flat((self.schema.pointer,)).keywords.get("default", ABSENT)

    @property
    def _document(self) -> dict[str, Any]:
        return self.schema.library.document

    @property
    def _delimiter(self) -> str:
        return _DELIMITERS.get(self.style, ",")

    @property
    def _spreads(self) -> bool:
        """Whether every item of an array is sent under the name of the parameter."""
        return self.explode and self.location == "query"

    @property
    def _spreads_members(self) -> bool:
        """Whether the members of an object are sent by their own names."""
        return self.style == "form" and self.explode and "object" in self.types

    def _readings(self, sent: Sent) -> Iterator[Any]:
        """What *sent* may mean, the plainest first."""
        raw = sent.get(self.name)
        if self.json:
            if raw:
                yield parse(raw[-1].encode("utf-8", "surrogateescape"))
            return
        is_list = raw is not None and len(raw) > 1 and self._spreads and "array" in self.types
        if raw and self.types & readings.SCALARS and not is_list:
            yield from readings.scalars(raw[-1], self.types)
        if raw and "array" in self.types:
            items = list(raw) if self._spreads else self._split(raw[-1])
            yield [readings.scalar(item, self._item_types) for item in items]
        if "object" in self.types:
            yield from self._objects(sent, raw)

    def _objects(self, sent: Sent, raw: Sequence[str] | None) -> Iterator[Any]:
        if self.style == "deepObject" or self._spreads_members:
            members = self._deep_members(sent) if self.style == "deepObject" else self._own(sent)
            if members:
                yield {name: self._member(name, texts[-1]) for name, texts in members.items()}
                return
        if raw and not self._spreads_members:
            yield self._read_pairs(raw[-1])
        elif raw and self.types == {"object"}:
            yield raw[-1]

    def _repeated(self, sent: Sent) -> Iterator[Violation]:
        """What is given more than once, and is no array: which of them counts is anybody's guess."""
        found = {self.name: sent.get(self.name, ())}
        if "array" in self.types and self._spreads and not self.json:
            found = {}
        if "object" in self.types and self.style == "deepObject":
            found |= {f"{self.name}[{key}]": raw for key, raw in self._deep_members(sent).items()}
        for name, raw in found.items():
            if len(raw) > 1:
                yield self._violation("style", "is given more than once", "one value", name)

    def _inside(self, found: Violation) -> Violation:
        """What is wrong with the value, as said of the parameter."""
        joint = "." if found.field and not found.field.startswith("[") else ""
        return Violation(
            location=self.location,
            field=self.name + joint + found.field,
            pointer=pointers.pointer((self.name,)) + found.pointer,
            keyword=found.keyword,
            problem=found.problem,
            expected=found.expected,
            rule=found.rule,
        )

    def _violation(
        self, keyword: str, problem: str, expected: str, field: str | None = None
    ) -> Violation:
        at, rule = pointers.pointer((self.name,)), f"{self.pointer}/{keyword}"
        return Violation(self.location, field or self.name, at, keyword, problem, expected, rule)

    @cached_property
    def _item_types(self) -> frozenset[str]:
        for part in readings.parts(self.schema.source, self._document):
            if "items" in part:
                return readings.types(part["items"], self._document)
        return readings.EVERY

    def _member(self, name: str, raw: str) -> Any:
        for part in readings.parts(self.schema.source, self._document):
            properties = part.get("properties", {})
            if name in properties:
                return readings.scalar(raw, readings.types(properties[name], self._document))
        return raw

    def _split(self, raw: str) -> list[str]:
        items = raw.split(self._delimiter) if raw else []
        # A list in a header may have white space round its commas (RFC 9110 section 5.6.1).
        return [item.strip(" \t") for item in items] if self.location == "header" else items

    def _read_pairs(self, raw: str) -> Any:
        parts = self._split(raw)
        if self.explode:
            pairs = [part.partition("=")[::2] for part in parts]
        elif len(parts) % 2:
            return raw
        else:
            pairs = list(zip(parts[::2], parts[1::2], strict=True))
        return {name: self._member(name, member) for name, member in pairs}

    def _deep_members(self, sent: Sent) -> dict[str, Sequence[str]]:
        wanted = re.compile(rf"{re.escape(self.name)}\[([^\[\]]+)\]")
        return {
            match[1]: raw for name, raw in sent.items() if raw and (match := wanted.fullmatch(name))
        }

    def _own(self, sent: Sent) -> dict[str, Sequence[str]]:
        """The members of an exploded object: those that the schema names, for others are unknown."""
        return {
            name: sent[name]
            for part in readings.parts(self.schema.source, self._document)
            for name in part.get("properties", ())
            if sent.get(name)
        }

    def _write_object(self, members: dict[str, str]) -> list[tuple[str, str]]:
        if self.style == "deepObject":
            return [(f"{self.name}[{name}]", text) for name, text in members.items()]
        if self.style == "form" and self.explode:
            return list(members.items())
        if self.explode:
            return [(self.name, ",".join(f"{name}={text}" for name, text in members.items()))]
        flat = [part for pair in members.items() for part in pair]
        return [(self.name, self._delimiter.join(flat))]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
