"""Where schemas stand in a request, and the same request with another schema at one place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from leadline_openapi import Operation
from leadline_openapi import pointer as pointers
from leadline_openapi.contract import MediaType
from leadline_openapi.parameters import Parameter
from leadline_openapi.schema import Library, Schema

_DEPTH = 6
_ONE = frozenset(("items", "additionalProperties", "not", "contains", "propertyNames"))
_LISTED = frozenset(("allOf", "anyOf", "oneOf", "prefixItems"))
SILENT = frozenset(("description", "title", "default", "example", "examples", "deprecated"))
"""Keywords that say nothing of which values are valid."""


@dataclass(frozen=True, slots=True)
class Position:
    """
    A Schema Object *source* below the schema *root* of a body or parameter, reached by *steps*.

    The steps are the keys of the document; a `$ref` is one of them. *name* is what a reader calls
    the value, as `owner.tags.*`, and is empty for the whole.
    """

    holder: MediaType | Parameter
    root: Schema
    steps: tuple[str, ...]
    name: str
    source: dict[str, Any]


def positions(operation: Operation) -> Iterator[Position]:
    """Every place of a schema in the requests of *operation*, those in circles once."""
    for media in operation.body.content if operation.body else ():
        if media.is_json and media.schema is not None:
            yield from _below(media, media.schema)
    for parameter in operation.parameters:
        yield from _below(parameter, parameter.schema)


def _below(holder: MediaType | Parameter, root: Schema) -> Iterator[Position]:
    document = root.library.document
    waiting: list[tuple[tuple[str, ...], tuple[str, ...], Any, frozenset[str]]] = [
        ((), (), root.source, frozenset())
    ]
    while waiting:
        steps, names, source, seen = waiting.pop(0)
        if not isinstance(source, dict):
            continue
        if any(key not in SILENT and key != "$ref" and key[:2] != "x-" for key in source):
            yield Position(holder, root, steps, ".".join(names), source)
        reference = source.get("$ref")
        if isinstance(reference, str) and reference not in seen:
            found = pointers.find(document, reference[1:])
            waiting.append(((*steps, "$ref"), names, found, seen | {reference}))
        if len(names) < _DEPTH:
            waiting += [
                ((*steps, *more), (*names, *name), inner, seen)
                for more, name, inner in _inside(source)
            ]


def _inside(source: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], Any]]:
    for name, inner in source.get("properties", {}).items():
        if not (isinstance(inner, dict) and inner.get("readOnly") is True):
            yield ("properties", name), (name,), inner
    for word in _ONE & source.keys():
        yield (word,), ("*",), source[word]
    for word in _LISTED & source.keys():
        for number, inner in enumerate(source[word]):
            name = ("*",) if word == "prefixItems" else ()
            yield (word, str(number)), name, inner


def altered(position: Position, schema: Any) -> Schema:
    """The root of *position* with *schema* at its place; nothing else refers to what is changed."""
    root, document = position.root, position.root.library.document
    changed = _with(document, root.source, position.steps, schema)
    return Schema(root.pointer, Library(_put(document, pointers.tokens(root.pointer), changed)))


def with_schema(operation: Operation, holder: MediaType | Parameter, schema: Schema) -> Operation:
    """*operation* with another *schema* for *holder*."""
    if isinstance(holder, Parameter):
        return with_parameter(operation, holder, replace(holder, schema=schema))
    if operation.body is None:
        return operation
    content = tuple(
        replace(one, schema=schema) if one is holder else one for one in operation.body.content
    )
    return replace(operation, body=replace(operation.body, content=content))


def with_parameter(operation: Operation, old: Parameter, new: Parameter | None) -> Operation:
    """*operation* with *new* in the place of the parameter *old*."""
    changed = (new if one is old else one for one in operation.parameters)
    return replace(operation, parameters=tuple(one for one in changed if one is not None))


def _with(document: Any, source: Any, steps: tuple[str, ...], schema: Any) -> Any:
    if not steps:
        return schema
    step, rest = steps[0], steps[1:]
    if step == "$ref":
        target = pointers.find(document, source["$ref"][1:])
        beside = {key: value for key, value in source.items() if key != "$ref"}
        inlined = _with(document, target, rest, schema)
        return {**beside, "allOf": [*beside.get("allOf", ()), inlined]}
    if isinstance(source, list):
        changed = list(source)
        changed[int(step)] = _with(document, source[int(step)], rest, schema)
        return changed
    return {**source, step: _with(document, source[step], rest, schema)}


def _put(tree: Any, keys: tuple[str, ...], value: Any) -> Any:
    if not keys:
        return value
    if isinstance(tree, list):
        copied = list(tree)
        copied[int(keys[0])] = _put(tree[int(keys[0])], keys[1:], value)
        return copied
    return {**tree, keys[0]: _put(tree[keys[0]], keys[1:], value)}


def around(position: Position, value: Any) -> Iterator[Any]:
    """Values of the whole with *value* at *position*, in the simplest surroundings that there are."""
    from leadline_contracts.mutants import candidates

    for base in candidates.valid(position.root.library, (position.root.pointer,)):
        yield _lifted(
            position.root.library.document, position.root.source, position.steps, value, base
        )


def _lifted(document: Any, source: Any, steps: tuple[str, ...], value: Any, base: Any) -> Any:
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if step == "$ref":
        target = pointers.find(document, source["$ref"][1:])
        return _lifted(document, target, rest, value, base)
    inner = source[step]
    if step == "properties":
        fields = base if isinstance(base, dict) else {}
        name = rest[0]
        member = _lifted(document, inner[name], rest[1:], value, fields.get(name))
        return {**fields, name: member}
    if step in _LISTED:
        number = int(rest[0])
        if step == "prefixItems":
            items = base if isinstance(base, list) else []
            first = [*items, *[None] * number][:number]
            return [*first, _lifted(document, inner[number], rest[1:], value, None)]
        return _lifted(document, inner[number], rest[1:], value, base)
    if step == "additionalProperties":
        fields = base if isinstance(base, dict) else {}
        return {**fields, "leadlineWitness": _lifted(document, inner, rest, value, None)}
    if step in {"items", "contains"}:
        item = base[0] if isinstance(base, list) and base else None
        return [_lifted(document, inner, rest, value, item)]
    return value
