"""What a valid request says otherwise than the simplest one: each member and parameter, with its schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from leadline_contracts.case import Case
from leadline_contracts.cases.travel import can_travel
from leadline_contracts.draft import Draft
from leadline_contracts.judge import sent
from leadline_contracts.oracles.reading import MISSING
from leadline_contracts.reconcile.places import Path
from leadline_openapi import Operation, jsontext
from leadline_openapi.flatten import Places
from leadline_openapi.leniency.faults import inside
from leadline_openapi.parameters import Parameter
from leadline_openapi.words import ITEMS


@dataclass(frozen=True, slots=True)
class Part:
    """
    The *value* of a request that the schema at *place* is about.

    It stands at *path* of the body, or is that of a *parameter*; *changed* says whether the simplest request
    has another one, or none.
    """

    place: str
    value: Any
    changed: bool
    path: Path = ()
    parameter: Parameter | None = None

    @property
    def name(self) -> str:
        """How a person calls it."""
        if self.parameter:
            return self.parameter.name
        return ".".join(ITEMS if key.isdecimal() else key for key in self.path)

    def put(self, simple: Draft, source: Case, value: Any) -> Draft | None:
        """The request *simple* with *value* in this place; what that needs around it is as in *source*."""
        if self.parameter is None:
            held = _body(simple)
            body = _grafted(
                source.value if held is MISSING else held, source.value, self.path, value
            )
            return simple.with_body(jsontext.dump(body), source.media_type)
        pairs = self.parameter.write(value)
        return simple.with_raw(self.parameter, pairs) if can_travel(self.parameter, pairs) else None


def parts(case: Case, simple: Draft) -> Iterator[Part]:
    """The parts of *case*, of which the parameters of the path are none: they name a document."""
    for parameter in case.operation.parameters:
        if parameter.location == "path":
            continue
        value = parameter.read(sent(case, parameter.location))
        pairs = simple.parameters.get((parameter.location, parameter.name), ())
        usual = parameter.read({name: [text] for name, text in pairs})
        if value is not MISSING:
            yield Part(
                parameter.schema.pointer, value, not _same(value, usual), parameter=parameter
            )
    if isinstance(case.value, dict):
        for path, value, changed in _leaves(case.value, _body(simple), ()):
            place = _place(case.operation, case.media_type, path)
            if place:
                yield Part(place, value, changed, path)


def _body(simple: Draft) -> Any:
    """The JSON object that *simple* sends; `MISSING` for none."""
    body = simple.body or b""
    return json.loads(body) if body.startswith(b"{") else MISSING


def _same(value: Any, usual: Any) -> bool:
    return usual is not MISSING and jsontext.same(value, usual)


def _leaves(value: Any, usual: Any, path: Path) -> Iterator[tuple[Path, Any, bool]]:
    """Lists and what is no object in *value*, and whether *usual* is otherwise there."""
    if isinstance(value, dict) and value:
        for name, one in value.items():
            other = usual.get(name, MISSING) if isinstance(usual, dict) else MISSING
            yield from _leaves(one, other, (*path, name))
        return
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        yield path, value, not _same(value, usual)
        return
    others = usual if isinstance(usual, list) else [MISSING]
    alike = len(others) == len(value)
    yield path, value, not alike
    for number, one in enumerate(value):
        # Where it is another number of items, that alone is what is special.
        for at, inner, changed in _leaves(one, others[number] if alike else MISSING, ()):
            yield (*path, str(number), *at), inner, changed and alike


def _place(operation: Operation, media_type: str, path: Path) -> str:
    """Where the contract describes what stands at *path* of the body; empty where that is not one place."""
    media = operation.body.for_type(media_type) if operation.body else None
    if media is None or media.schema is None:
        return ""
    places: Places = (media.schema.pointer,)
    named = False
    for key in path:
        named, places = inside(media.schema.library, places, key)
    return places[0] if named and len(places) == 1 else ""


def _grafted(held: Any, source: Any, path: Path, value: Any) -> Any:
    """*held* with *value* at *path*; where the way there is missing, it is that of *source*."""
    if not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(source, list):
        items = list(held if isinstance(held, list) and int(key) < len(held) else source)
        items[int(key)] = _grafted(items[int(key)], source[int(key)], rest, value)
        return items
    members = held if isinstance(held, dict) else source
    below = members.get(key, source[key])
    return {**members, key: _grafted(below, source[key], rest, value)}
