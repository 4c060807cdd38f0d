"""What an answer may have beyond the plain one: made-up members, related documents, what is required."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from leadline_mock import documented, locales, relations
from leadline_mock.assigned import Assigned
from leadline_mock.compose import assemble, echoes
from leadline_mock.dynamic import Maker
from leadline_mock.messages import Request
from leadline_mock.trees import EVERYWHERE, Path, always, put
from leadline_mock.world import World
from leadline_openapi.contract import Echo, MediaType, Operation
from leadline_openapi.flatten import Places
from leadline_openapi.parameters import ABSENT
from leadline_openapi.sample import NoSample
from leadline_openapi.schema import Library, Schema


def compose(
    operation: Operation,
    media: MediaType,
    request: Request,
    body: Any,
    world: World,
    *,
    depth: int | None,
    dynamic: bool,
) -> Any:
    """
    As `leadline_mock.compose.compose`, with relations populated down to *depth*.

    With *dynamic*, what is not echoed is made up, members of an echoed object that were not sent included.
    What would not be valid is left as it was.
    """
    echoed = echoes(operation, media, request, body)
    assigned = Assigned(media, world)
    start = documented.example(media)
    schema = media.schema
    if schema is None:
        return assemble(start, echoed, assigned)
    locale = locales.chosen(operation, request)
    value: Any = ABSENT
    if dynamic:
        with suppress(NoSample):
            value = _made_up(schema, echoed, assigned, maker(operation, schema, world, locale))
    if value is ABSENT:
        if depth == 0:
            start = _if_valid(schema, relations.bare(start, media.relations, schema.library), start)
        value = assemble(start, echoed, assigned)
    if not depth:
        return value
    stubs = relations.Stubs(world.seed, locale)
    further = relations.populated(value, media.relations, schema.library, depth, stubs)
    return _if_valid(schema, further, value)


def _if_valid(schema: Schema, further: Any, plain: Any) -> Any:
    """*further*, unless *plain* is valid and *further* is not."""
    return plain if not schema.is_valid(further) and schema.is_valid(plain) else further


def maker(operation: Operation, schema: Schema, world: World, locale: str) -> Maker:
    """What makes up the next answer to *operation*: another one than the one before."""
    number = world.ids.sequence(f"made up for {operation.label}")
    return Maker(schema.library, f"{world.seed} {operation.label} {number}", locale)


def _made_up(schema: Schema, echoed: Mapping[Path, Any], assigned: Assigned, make: Maker) -> Any:
    """A made-up value with what was sent in it; raises `NoSample` where it is not valid."""
    start = make.make(schema.pointer)
    sent = {path: value for path, value in echoed.items() if value is not ABSENT}
    for echo in assigned.media.echoes:
        if isinstance(sent.get(echo.path), dict):
            with suppress(NoSample):
                sent[echo.path] = _filled_up(echo, sent[echo.path], assigned.media, make)
    value = assemble(start, sent, assigned)
    if not schema.is_valid(value):
        raise NoSample("what was sent does not go with what was made up")
    return value


def _filled_up(echo: Echo, sent: dict[str, Any], media: MediaType, make: Maker) -> Any:
    """*sent* with made-up members, but for those that the server assigns."""
    filled = make.make(echo.pointer, sent)
    for server_value in media.server_values:
        rest = server_value.path[len(echo.path) :]
        if server_value.path[: len(echo.path)] == echo.path and rest[0] not in sent:
            filled = put(filled, rest, always(ABSENT), EVERYWHERE)
    return filled


def completed(media: MediaType, schema: Schema, value: Any) -> Any:
    """*value* with what *schema* requires of an echoed object and nobody sent: null, `[]` or a sample."""
    for echo in media.echoes:
        value = put(value, echo.path, partial(_with_required, schema.library, echo), EVERYWHERE)
    return value


def _with_required(library: Library, echo: Echo, _at: Path, sent: Any) -> Any:
    if not isinstance(sent, dict):
        return sent
    branches = library.flat((echo.pointer,)).branches
    filled: list[dict[str, Any]] = []
    for places in ((echo.pointer,), *((echo.pointer, branch) for branch in branches)):
        flat = library.flat(places)
        missing = [name for name in flat.keywords.get("required", ()) if name not in sent]
        least = {name: _least(library, flat.properties.get(name, flat.extra)) for name in missing}
        filled.append({**sent, **least})
        if library.at(echo.pointer).is_valid(filled[-1]):
            break
    else:
        return filled[0]  # what was sent is not valid, and answered all the same
    return filled[-1]


def _least(library: Library, places: Places) -> Any:
    """The least that the schemas at *places* admit: null or `[]`, by default that of `default`."""
    schemas = [library.at(place) for place in places]
    blanks: tuple[Any, ...] = (None, [])
    if library.flat(places).keywords.get("default") == []:
        blanks = ([], None)
    offered = (documented.sampled_or_none(schema, full=False) for schema in schemas)
    for value in (*blanks, *offered):
        if all(schema.is_valid(value) for schema in schemas):
            return value
    return None
