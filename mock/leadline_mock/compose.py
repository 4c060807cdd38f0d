"""Build the body of an answer that says yes: the echo, the server's own values, the rest by example."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leadline_mock import documented
from leadline_mock.assigned import Assigned
from leadline_mock.messages import Request
from leadline_mock.recipe import recipe
from leadline_mock.trees import Path, always, put
from leadline_mock.world import World
from leadline_openapi.contract import MediaType, Operation
from leadline_openapi.expressions import evaluate
from leadline_openapi.parameters import ABSENT

_KEEP = object()
_STAND_INS: tuple[Any, ...] = (ABSENT, None, {}, _KEEP)
"""What may stand where nothing was sent to be echoed: nothing, null, an empty object, the example's."""


def compose(
    operation: Operation, media: MediaType, request: Request, body: Any, world: World
) -> Any:
    """The value that answers *request*, whose parsed body is *body*, in the representation *media*."""
    usual = recipe(media) if isinstance(body, dict) else None
    if usual is not None:
        return usual.compose(body, world)
    echoed = echoes(operation, media, request, body)
    return assemble(documented.example(media), echoed, Assigned(media, world))


def echoes(operation: Operation, media: MediaType, request: Request, body: Any) -> dict[Path, Any]:
    """What *media* echoes of *request*, by the place where it goes; `ABSENT` where nothing was sent."""
    return {
        echo.path: evaluate(echo.expression, operation, request.sent, body) for echo in media.echoes
    }


def assemble(start: Any, echoed: Mapping[Path, Any], assigned: Assigned) -> Any:
    """*start* with what is *echoed* and what is *assigned*; with the first stand-in that is valid."""
    schema = assigned.media.schema
    made = None
    for stand_in in _STAND_INS:
        made = _assemble(start, echoed, stand_in, assigned)
        if ABSENT not in echoed.values() or schema is None or schema.is_valid(made):
            break
    return made


def _assemble(start: Any, echoed: Mapping[Path, Any], stand_in: Any, assigned: Assigned) -> Any:
    made = start
    for path, value in echoed.items():
        given = stand_in if value is ABSENT else value
        if given is not _KEEP:
            made = put(made, path, always(given), frozenset())
    carried = frozenset(path for path, value in echoed.items() if value is not ABSENT)
    for server_value in assigned.media.server_values:
        chosen = not server_value.read_only and any(
            server_value.path[: len(path)] == path for path in carried
        )
        make = assigned.maker(server_value, keep=chosen)
        made = put(made, server_value.path, make, frozenset(echoed))
    return made
