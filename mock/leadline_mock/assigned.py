"""The server's own values: what `x-server-value` asks for, drawn from the world."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from leadline_mock.trees import Path
from leadline_mock.world import World
from leadline_openapi.contract import MediaType, ServerValue
from leadline_openapi.parameters import ABSENT


def timestamp(time: datetime) -> str:
    """*time* as RFC 3339 with milliseconds, in UTC."""
    at = time if time.tzinfo is UTC else time.astimezone(UTC)
    return at.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


class Assigned:
    """The server's own values of one answer; each is drawn once."""

    def __init__(self, media: MediaType, world: World) -> None:
        self.media = media
        self._world = world
        self._now = timestamp(world.now()) if media.server_values else ""
        self._drawn: dict[tuple[str, Path], Any] = {}

    def maker(self, server_value: ServerValue, *, keep: bool) -> Callable[[Path, Any], Any]:
        """What `put` asks for the value; with *keep*, one that is there already stays."""

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
        return spelt(number, server_value.pointer, self.media)


def spelt(number: int, pointer: str, media: MediaType) -> Any:
    """*number* as the schema at *pointer* wants it: as it is, as text, or as 24 hexadecimal digits."""
    if media.schema is None:
        return number
    judge = media.schema.library.at(pointer)
    spellings = (number, str(number), f"{number:024x}")
    return next((one for one in spellings if judge.is_valid(one)), number)
