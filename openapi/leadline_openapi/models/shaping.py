"""The schemas of a contract, put so that the model generator has nothing to guess and nothing to name.

Every schema that needs a class gets its name here, inline ones too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from leadline_openapi.contract import Contract, Operation
from leadline_openapi.models.classes import Classes
from leadline_openapi.models.directions import Directions
from leadline_openapi.models.forms import Forms, with_description
from leadline_openapi.models.naming import class_name
from leadline_openapi.parameters import Parameter
from leadline_openapi.schema import Schema

_LOCATIONS = {"path": "Path", "query": "Query", "header": "Headers", "cookie": "Cookies"}
"""What the class for the parameters of a location is called, after the operation."""


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
    Every named schema of *contract*, and the inline schemas of its JSON bodies and of items in streams.

    Of a named schema that has a view for each direction, the class that is read has the name, and the one
    that is sent has `Request` after it. A name that another schema has, letter by letter, is numbered.
    """
    classes = Classes(contract, directions, directions.whole)
    for pointer, name in classes.add_components().items():
        if pointer in directions.apart:
            classes.add(pointer, f"{name}Request", directions.request)
    for operation in contract.operations:
        for name, schema in _inline_bodies(operation):
            classes.add(schema.pointer, name)
    return Shaped(_formed(classes, Forms(classes)), classes.names.sources, {})


def parameters(contract: Contract, directions: Directions, besides: Collection[str]) -> Shaped:
    """One object schema for each operation and location of parameters, called none of *besides*."""
    classes = Classes(contract, directions, directions.request, besides)
    forms = Forms(classes, lax=True)
    objects: dict[str, Any] = {}
    bases: dict[str, str] = {}
    for operation in contract.operations:
        for location, suffix in _LOCATIONS.items():
            chosen = [one for one in operation.parameters if one.location == location]
            if chosen:
                name = classes.names.give(class_name(operation.id, suffix), operation.pointer)
                objects[name] = _object(name, chosen, forms)
                bases[name] = "Headers" if location == "header" else "Parameters"
    return Shaped({**objects, **_formed(classes, forms)}, classes.names.sources, bases)


def _formed(classes: Classes, forms: Forms) -> dict[str, Any]:
    return {name: forms.form(source, pointer, name) for source, pointer, name in classes.waiting()}


def _object(name: str, members: list[Parameter], forms: Forms) -> dict[str, Any]:
    """The class *name* of the parameters that are its *members*."""
    properties: dict[str, Any] = {}
    for one in members:
        schema = one.schema.source if isinstance(one.schema.source, dict) else {}
        inner = forms.inner(schema, one.schema.pointer, name + class_name(one.name))
        text = one.description or schema.get("description", "")
        properties[one.name] = with_description(inner, {**schema, "description": text})
    required = [one.name for one in members if one.required]
    return {"type": "object", "properties": properties, "required": required}


def _inline_bodies(operation: Operation) -> Iterator[tuple[str, Schema]]:
    called = operation.id
    holders = [(class_name(called, "Request"), operation.body)] if operation.body else []
    for answer in operation.answers:
        status = class_name(answer.status).removeprefix("Schema")
        holders.append((class_name(called, f"Response{status}"), answer.body))
    for name, body in holders:
        whole = {media.name: media.schema for media in body.content if media.is_json}
        items = {media.name: media.items for media in body.content if media.items}
        for schemas, suffix in ((whole, ""), (items, "Item")):
            for media, schema in schemas.items():
                if schema and isinstance(schema.source, dict) and "$ref" not in schema.source:
                    own = name if len(schemas) == 1 else name + class_name(media)
                    yield own + suffix, schema
