"""The members of an answer that a behaviour may spoil, and what the contract asks of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from leadline_contracts.mutants.server import Answer
from leadline_contracts.oracles.reading import MISSING, reach
from leadline_contracts.oracles.server_values import gives
from leadline_openapi import Operation
from leadline_openapi import pointer as pointers
from leadline_openapi.contract import Answer as Documented
from leadline_openapi.contract import Echo, MediaType, ServerValue
from leadline_openapi.flatten import Places
from leadline_openapi.schema import Library
from leadline_openapi.words import ITEMS

_DEPTH = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The part of a request that is echoed: the schemas at *places* of *library* judge it."""

    library: Library
    places: Places
    tokens: tuple[str, ...] | None
    """The way to it in the body; `None` for a parameter."""
    always: bool
    """Whether it has to be sent, if what holds it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """
    The member at *path* of an answer, which the schemas at *places* of *library* judge.

    *sent* says what is echoed there, *assigned* what the server puts there, *required* whether the
    schema asks for it.
    """

    path: tuple[str, ...]
    library: Library
    places: Places
    required: bool
    sent: Sent | None = None
    assigned: ServerValue | None = None

    @property
    def name(self) -> str:
        """`doc.firstName`."""
        return ".".join(self.path)


def success(operation: Operation) -> Documented | None:
    """The answer that the mock gives when it accepts."""
    if operation.unsupported:
        return None
    return next((one for one in operation.answers if one.status.startswith("2")), None)


def json_media(answer: Documented | None) -> MediaType | None:
    """The JSON representation that *answer* begins with, where there is one with a schema."""
    media = next(iter(answer.body.content), None) if answer else None
    return media if media is not None and media.is_json and media.schema is not None else None


def given(operation: Operation) -> Iterator[ServerValue]:
    """The values that a success gives for the first time: of others it is not known what they have to be."""
    answer = success(operation)
    media = json_media(answer)
    for value in media.server_values if media else ():
        if answer is not None and gives(operation, answer.status, value):
            yield value


def sent_media(operation: Operation) -> MediaType | None:
    """The JSON representation of the request, where there is one with a schema."""
    content = operation.body.content if operation.body else ()
    return next((one for one in content if one.is_json and one.schema is not None), None)


def members(operation: Operation, media: MediaType) -> Iterator[Member]:
    """Every documented member of *media*, the outer before the inner."""
    if media.schema is None:
        return
    assigned = {value.path: value for value in media.server_values}
    library = media.schema.library
    waiting: list[tuple[tuple[str, ...], Places]] = [((), (media.schema.pointer,))]
    while waiting:
        path, places = waiting.pop(0)
        flat = library.flat(places)
        if flat.branches or len(path) >= _DEPTH:
            continue
        required = flat.keywords.get("required", ())
        for name, inner in flat.properties.items():
            at = (*path, name)
            yield Member(
                path=at,
                library=library,
                places=inner,
                required=name in required,
                sent=_sent(operation, media.echoes, at),
                assigned=assigned.get(at),
            )
            waiting.append((at, inner))
        if flat.items:
            waiting.append(((*path, ITEMS), flat.items))


def _sent(operation: Operation, echoes: tuple[Echo, ...], path: tuple[str, ...]) -> Sent | None:
    """What of a request comes back at *path*."""
    for echo in echoes:
        inside = path[len(echo.path) :]
        if path[: len(echo.path)] != echo.path or ITEMS in inside:
            continue
        source, _, at = echo.expression.removeprefix("$request.").partition("#")
        if source == "body":
            return _of_body(operation, (*pointers.tokens(at), *inside))
        if not inside:
            location, _, name = source.partition(".")
            return _of_parameter(operation, location, name)
    return None


def _of_body(operation: Operation, tokens: tuple[str, ...]) -> Sent | None:
    media = sent_media(operation)
    if media is None or media.schema is None:
        return None
    library = media.schema.library
    places: Places = (media.schema.pointer,)
    always = operation.body is not None and operation.body.required
    for token in tokens:
        flat = library.flat(places)
        always = token in flat.keywords.get("required", ())
        places = flat.properties.get(token, ())
        if not places or library.flat(places).keywords.get("readOnly") is True:
            return None
    return Sent(library=library, places=places, tokens=tokens, always=always)


def _of_parameter(operation: Operation, location: str, name: str) -> Sent | None:
    for parameter in operation.parameters:
        if (parameter.location, parameter.name) == (location, name):
            schema = parameter.schema
            return Sent(
                library=schema.library,
                places=(schema.pointer,),
                tokens=None,
                always=parameter.required,
            )
    return None


def answered(answer: Answer, path: tuple[str, ...]) -> Any:
    """What a yes holds at *path*; `MISSING` for a no, or where nothing is there."""
    return reach(answer.value if answer.accepted else None, path)


def change(value: Any, path: tuple[str, ...], spoil: Callable[[Any], Any]) -> Any:
    """*value* with what stands at *path* spoilt; where its holder is not there, as it was.

    `MISSING` is what *spoil* takes for a member that is not there, and gives for one to be left out.
    """
    if not path:
        return spoil(value)
    name, rest = path[0], path[1:]
    if name == ITEMS:
        return [change(item, rest, spoil) for item in value] if isinstance(value, list) else value
    if not isinstance(value, dict):
        return value
    if rest:
        return {**value, name: change(value[name], rest, spoil)} if name in value else value
    made = spoil(value.get(name, MISSING))
    if made is MISSING:
        return {key: inner for key, inner in value.items() if key != name}
    return {**value, name: made}
