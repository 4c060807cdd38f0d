"""Build the body of an answer that says yes: the echo, the server's own values, the rest by example."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from leadline_mock.documented import sampled_or_none
from leadline_mock.messages import Request
from leadline_mock.world import World
from leadline_openapi.contract import MediaType, Operation, ServerValue
from leadline_openapi.expressions import evaluate
from leadline_openapi.parameters import ABSENT
from leadline_openapi.schema import Library, Schema
from leadline_openapi.words import ITEMS

Path = tuple[str, ...]

_KEEP = object()
_STAND_INS: tuple[Any, ...] = (ABSENT, None, {}, _KEEP)
"""What may stand where nothing was sent to be echoed: nothing, null, an empty object, the example's."""


def compose(
    operation: Operation, media: MediaType, request: Request, body: Any, world: World
) -> Any:
    """The value that answers *request*, whose parsed body is *body*, in the representation *media*."""
    echoed = {
        echo.path: evaluate(echo.expression, operation, request.sent, body) for echo in media.echoes
    }
    assigned = _Assigned(media, world)
    start = next(iter(media.examples.values()), None)
    if not media.examples and media.schema is not None:
        start = sampled_or_none(media.schema, full=False)
    made = None
    for stand_in in _STAND_INS:
        made = _assemble(start, echoed, stand_in, assigned)
        complete = ABSENT not in echoed.values()
        if complete or media.schema is None or media.schema.is_valid(made):
            break
    return made


def timestamp(time: datetime) -> str:
    """*time* as RFC 3339 with milliseconds, in UTC."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _assemble(start: Any, echoed: dict[Path, Any], stand_in: Any, assigned: _Assigned) -> Any:
    made = start
    for path, value in echoed.items():
        given = stand_in if value is ABSENT else value
        if given is not _KEEP:
            made = _put(made, path, _always(given), frozenset())
    carried = frozenset(path for path, value in echoed.items() if value is not ABSENT)
    for server_value in assigned.media.server_values:
        chosen = not server_value.read_only and any(
            server_value.path[: len(path)] == path for path in carried
        )
        make = assigned.maker(server_value, keep=chosen)
        made = _put(made, server_value.path, make, frozenset(echoed))
    return made


def _always(value: Any) -> Callable[[Path, Any], Any]:
    return lambda _at, _old: value


class _Assigned:
    """The server's own values of one answer; each is drawn once."""

    def __init__(self, media: MediaType, world: World) -> None:
        self.media = media
        self._world = world
        self._now = timestamp(world.now()) if media.server_values else ""
        self._drawn: dict[tuple[str, Path], Any] = {}

    def maker(self, server_value: ServerValue, *, keep: bool) -> Callable[[Path, Any], Any]:
        """What `_put` asks for the value; with *keep*, one that is there already stays."""

        def make(at: Path, old: Any) -> Any:
            if keep and old is not ABSENT:
                return old
            known = (server_value.pointer, at)
            if known not in self._drawn:
                self._drawn[known] = self._draw(server_value)
            return self._drawn[known]

        return make

    def _draw(self, server_value: ServerValue) -> Any:
        match server_value.kind:
            case "now":
                return self._now
            case "uuid":
                return self._world.ids.uuid()
        number = self._world.ids.sequence(server_value.pointer)
        if self.media.schema is None:
            return number
        judge = _schema(server_value.pointer, self.media.schema.library)
        spellings = (number, str(number), f"{number:024x}")
        return next((one for one in spellings if judge.is_valid(one)), number)


@lru_cache(maxsize=1024)
def _schema(pointer: str, library: Library) -> Schema:
    return Schema(pointer, library)


def _put(
    tree: Any,
    path: Path,
    make: Callable[[Path, Any], Any],
    echoes: frozenset[Path],
    at: Path = (),
) -> Any:
    """
    A copy of *tree* with what *make* gives at *path*, at every item of an array that *path* goes through.

    Objects on the way are added where they are missing, but not inside what is echoed.
    """
    if not path:
        return make(at, tree)
    key, rest = path[0], path[1:]
    if key == ITEMS:
        items = list(enumerate(tree)) if isinstance(tree, list) else []
        made = [_put(item, rest, make, echoes, (*at, str(index))) for index, item in items]
        return made or tree
    if tree is ABSENT or (tree is None and not at):
        tree = {}
    inside = any(at[: len(echo)] == echo for echo in echoes)
    if not isinstance(tree, dict) or (rest and inside and key not in tree):
        return tree
    value = _put(tree.get(key, ABSENT), rest, make, echoes, (*at, key))
    if value is ABSENT:
        return {name: member for name, member in tree.items() if name != key}
    return {**tree, key: value}
