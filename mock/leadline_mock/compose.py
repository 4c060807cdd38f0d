"""Build the body of an answer that says yes: the echo, the server's own values, the rest by example."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

from leadline_mock.intake import ABSENT
from leadline_mock.messages import Request
from leadline_mock.world import World
from leadline_openapi import pointer as pointers
from leadline_openapi.contract import MediaType, ServerValue
from leadline_openapi.sample import NoSample, sample
from leadline_openapi.schema import Schema


def compose(media: MediaType, request: Request, body: Any, world: World) -> Any:
    """The value that answers *request*, whose parsed body is *body*, in the representation *media*."""
    made = _start(media)
    for echo in media.echoes:
        made = _put(made, echo.path, _echoed(echo.expression, request, body))
    now = world.now()
    for server_value in media.server_values:
        if server_value.read_only or not _has(made, server_value.path):
            made = _put(made, server_value.path, _assigned(server_value, media, now, world))
    return made


def timestamp(time: datetime) -> str:
    """*time* as RFC 3339 with milliseconds, in UTC."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _start(media: MediaType) -> Any:
    """The documented example, or a sample, without what is echoed."""
    for example in media.examples.values():
        made = copy.deepcopy(example)
        break
    else:
        try:
            made = sample(media.schema) if media.schema is not None else None
        except NoSample:
            made = {}
    return made


def _echoed(expression: str, request: Request, body: Any) -> Any:
    """What a runtime expression names (OAS 3.1.1 section 4.8.20.3)."""
    source, _, rest = expression.removeprefix("$request.").partition("#")
    if source == "body":
        value = {} if body is ABSENT else body
        try:
            return copy.deepcopy(pointers.find(value, rest))
        except LookupError:
            return None
    location, _, name = source.partition(".")
    sent = request.sent(location).get(name)
    return sent[-1] if sent else None


def _assigned(server_value: ServerValue, media: MediaType, now: datetime, world: World) -> Any:
    match server_value.kind:
        case "now":
            return timestamp(now)
        case "uuid":
            return world.ids.uuid()
    number = world.ids.sequence(server_value.pointer)
    library = media.schema.library if media.schema else None
    fits = library is None or Schema(server_value.pointer, library).is_valid(number)
    return number if fits else str(number)


def _put(tree: Any, path: tuple[str, ...], value: Any) -> Any:
    if not path:
        return value
    made = dict(tree) if isinstance(tree, dict) else {}
    made[path[0]] = _put(made.get(path[0]), path[1:], value)
    return made


def _has(tree: Any, path: tuple[str, ...]) -> bool:
    for key in path:
        if not isinstance(tree, dict) or key not in tree:
            return False
        tree = tree[key]
    return True
