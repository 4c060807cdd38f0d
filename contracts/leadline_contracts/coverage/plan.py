"""What there is to exercise in one operation, arranged so that a value finds its items quickly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from leadline_contracts.case import successes
from leadline_contracts.cases import size
from leadline_contracts.coverage.facts import Item
from leadline_contracts.coverage.keywords import asserted, breakable
from leadline_openapi import Operation, jsontext
from leadline_openapi import pointer as pointers
from leadline_openapi.contract import Answer, MediaType, SecurityScheme
from leadline_openapi.parameters import Parameter
from leadline_openapi.schema import Schema
from leadline_openapi.violation import show

_TOO_LARGE = "413"
_PROVOKED = frozenset(("400", "415", "422", "4XX"))
"""Refusals that an invalid request provokes; any other depends on limits or on the state of the server."""


@dataclass(eq=False, slots=True)
class Node:
    """
    One schema. Numbers are those of items.

    *also* are the schemas that apply to the same value, *branches* those of which some do; *known* holds
    what values were found to exercise.
    """

    schema: Schema
    keywords: list[tuple[str, Any, int]] = field(default_factory=list)
    values: dict[Any, int] = field(default_factory=dict)
    also: list[Node] = field(default_factory=list)
    branches: list[Node] = field(default_factory=list)
    members: dict[str, tuple[int, Node]] = field(default_factory=dict)
    patterns: list[tuple[re.Pattern[str], Node]] = field(default_factory=list)
    extra: Node | None = None
    items: Node | None = None
    prefix: list[Node] = field(default_factory=list)
    known: dict[str, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Side:
    """Requests or responses: how their items are called, and which members they leave out."""

    fields: str
    values: str
    hidden: str
    parameter: Parameter | None = None

    @property
    def sent(self) -> bool:
        return self.fields == "fields"


_RECEIVED = _Side("response-fields", "response-enum-values", "writeOnly")


class Plan:
    """The items of *operation*, and where to find them."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.counts: list[int] = []
        self._facts: list[tuple[str, str, str, bool]] = []
        self._known: dict[tuple[str, str, str], int] = {}
        self._nodes: dict[tuple[bool, str], Node] = {}
        self.broken: dict[str, int] = {}
        self.largest: int | None = None
        self.accepted = self._add("operations", operation.pointer, "")
        self.parameters = [(one, *self._parameter(one)) for one in operation.parameters]
        self.sent = {media.pointer: self._sent(media) for media in self._content()}
        self.statuses: dict[str, int] = {}
        self.received: dict[str, tuple[int, Node | None]] = {}
        for answer in operation.answers:
            self._answer(answer)
        self.credentials = [
            (self._credential(scheme, "the proper key"), self._credential(scheme, "no valid key"))
            for scheme in next(iter(operation.security), ())
        ]

    def items(self) -> Iterator[Item]:
        """Every item with its count."""
        for (kind, pointer, label, counted), count in zip(self._facts, self.counts, strict=True):
            yield Item(
                kind=kind,
                operation=self.operation.label,
                pointer=pointer,
                label=label,
                count=count,
                counted=counted,
            )

    def _add(
        self, kind: str, pointer: str, label: str, *, detail: str = "", counted: bool = True
    ) -> int:
        key = (kind, pointer, detail)
        if key not in self._known:
            self._known[key] = len(self.counts)
            self.counts.append(0)
            self._facts.append((kind, pointer, label, counted))
        return self._known[key]

    def _break(self, pointer: str, label: str) -> None:
        self.broken[pointer] = self._add("keywords-broken", pointer, label)

    def _content(self) -> Iterable[MediaType]:
        body = self.operation.body
        if body is None:
            return ()
        if body.required:
            self._break(f"{body.pointer}/required", "body: required")
        if not any(media.name == "*/*" for media in body.content):
            self._break(f"{body.pointer}/content", "body: media type")
        if body.max_bytes is not None:
            self._size(f"{body.pointer}/x-max-bytes")
        return body.content

    def _size(self, pointer: str) -> None:
        label, counted = "body: x-max-bytes", size.limit(self.operation) is not None
        self.largest = self._add("keywords-accepted", pointer, label, counted=counted)
        self.broken[pointer] = self._add("keywords-broken", pointer, label, counted=counted)

    def _parameter(self, parameter: Parameter) -> tuple[int, Node]:
        label = f"{parameter.location} {parameter.name}"
        number = self._add("parameters", parameter.pointer, label)
        if parameter.required and parameter.location != "path":
            self._break(f"{parameter.pointer}/required", f"{label}: required")
        side = _Side("fields", "enum-values", "readOnly", parameter)
        return number, self._node(parameter.schema, side, label)

    def _sent(self, media: MediaType) -> tuple[int, Node | None]:
        number = self._add("media-types", media.pointer, f"body {media.name}")
        if not media.is_json:
            return number, None
        self._break(media.pointer, "body: well-formed JSON")
        if media.schema is None:
            return number, None
        return number, self._node(media.schema, _Side("fields", "enum-values", "readOnly"), "body")

    def _credential(self, scheme: SecurityScheme, how: str) -> int:
        label, needed = f"{scheme.name}, {how}", self.operation.needs_key
        return self._add("credentials", scheme.pointer, label, detail=how, counted=needed)

    def _answer(self, answer: Answer) -> None:
        counted = self._provoked(answer.status)
        self.statuses[answer.status] = self._add(
            "statuses", answer.pointer, answer.status, counted=counted
        )
        for media in answer.body.content:
            label = f"{answer.status} {media.name}"
            number = self._add("media-types", media.pointer, label, counted=counted)
            node = None
            if counted and media.is_json and media.schema is not None:
                node = self._node(media.schema, _RECEIVED, "answer")
            self.received[media.pointer] = number, node

    def _provoked(self, status: str) -> bool:
        """Whether requests alone can be expected to get an answer of this *status*."""
        documented = {answer.status for answer in self.operation.answers}
        if status == "401" or (status == "403" and "401" not in documented):
            return self.operation.needs_key
        if status == _TOO_LARGE:
            return size.limit(self.operation) is not None
        takes = self.operation.parameters or self.operation.body
        return status in successes(self.operation) or (status in _PROVOKED and bool(takes))

    def _node(self, schema: Schema, side: _Side, path: str) -> Node:
        key = (side.sent, schema.pointer)
        if key in self._nodes:
            return self._nodes[key]
        node = self._nodes[key] = Node(schema)
        if isinstance(schema.source, dict):
            self._assertions(node, schema.source, side, path)
            self._members(node, schema.source, side, path)
            self._applied(node, schema.source, side, path)
        return node

    def _assertions(self, node: Node, source: Mapping[str, Any], side: _Side, path: str) -> None:
        at = node.schema.pointer
        for value in source.get("enum", ()):
            shown = show(value)
            number = self._add(side.values, f"{at}/enum", f"{path}: {shown}", detail=shown)
            node.values[value_key(value)] = number
        for word, limit in asserted(source) if side.sent else ():
            pointer, label = f"{at}/{word}", f"{path}: {word}"
            node.keywords.append((word, limit, self._add("keywords-accepted", pointer, label)))
            if breakable(word, limit, side.parameter):
                self._break(pointer, label)

    def _members(self, node: Node, source: Mapping[str, Any], side: _Side, path: str) -> None:
        at = node.schema.pointer
        for name, member in source.get("properties", {}).items():
            inner = Schema(at + pointers.pointer(("properties", name)), node.schema.library)
            if member is False or _says(inner, side.hidden):
                continue
            label = f"{path}.{name}" if "." in path or " " in path else f"{path} {name}"
            number = self._add(side.fields, inner.pointer, label)
            node.members[name] = number, self._node(inner, side, label)
        for pattern in source.get("patternProperties", {}):
            inner = Schema(
                at + pointers.pointer(("patternProperties", pattern)), node.schema.library
            )
            compiled = _compiled(pattern)
            if compiled is not None:
                node.patterns.append((compiled, self._node(inner, side, f"{path}.*")))

    def _applied(self, node: Node, source: Mapping[str, Any], side: _Side, path: str) -> None:
        def inner(pointer: str, path: str) -> Node:
            return self._node(Schema(pointer, node.schema.library), side, path)

        def listed(word: str, path: str) -> list[Node]:
            count = len(source.get(word, ()))
            return [
                inner(f"{node.schema.pointer}/{word}/{number}", path) for number in range(count)
            ]

        if isinstance(reference := source.get("$ref"), str):
            node.also.append(inner(reference[1:], path))
        node.also += listed("allOf", path)
        node.branches = [*listed("oneOf", path), *listed("anyOf", path)]
        node.prefix = listed("prefixItems", f"{path}.*")
        if isinstance(source.get("items"), dict):
            node.items = inner(f"{node.schema.pointer}/items", f"{path}.*")
        if isinstance(source.get("additionalProperties"), dict):
            node.extra = inner(f"{node.schema.pointer}/additionalProperties", f"{path}.*")


def value_key(value: Any) -> Any:
    """Equal for values that are the same in JSON, and for no others; hashable."""
    match value:
        case str():
            return value
        case bool() | None:
            return ("literal", value)
        case int() | float():
            return ("number", value)
    return ("json", jsontext.dump(value))


def _says(schema: Schema, word: str) -> bool:
    return schema.library.flat((schema.pointer,)).keywords.get(word) is True


def _compiled(pattern: str) -> re.Pattern[str] | None:
    """*pattern*, where Python can say it; members under any other are not followed."""
    try:
        return re.compile(pattern)
    except re.error:
        return None
