"""The usual answer, worked out before: one echo of the whole body, with the server's values in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from leadline_mock import documented
from leadline_mock.assigned import spelt, timestamp
from leadline_mock.caching import forgettable
from leadline_mock.world import World
from leadline_openapi.contract import MediaType
from leadline_openapi.schema import Schema
from leadline_openapi.words import ITEMS


@dataclass(frozen=True, slots=True)
class Step:
    """A member that the server assigns; *kept* where the request carries it. *judge* is its schema."""

    name: str
    kind: str
    kept: bool
    pointer: str
    judge: Schema | None


@dataclass(frozen=True, slots=True)
class Recipe:
    """
    What `compose` gives, for an answer in which the member *name* of *start* echoes the body.

    *steps* are members of the echo.
    """

    media: MediaType
    start: dict[str, Any]
    name: str
    steps: tuple[Step, ...]

    def compose(self, body: dict[str, Any], world: World) -> dict[str, Any]:
        """The value that answers a request with *body*."""
        echo = dict(body)
        now = ""
        for step in self.steps:
            if step.kept and step.name in echo:
                continue
            if step.kind == "now":
                now = now or timestamp(world.now())
                echo[step.name] = now
            elif step.kind == "uuid":
                echo[step.name] = world.ids.uuid()
            else:
                number = world.ids.sequence(step.pointer)
                plain = step.judge is None or step.judge.is_valid(number)
                echo[step.name] = number if plain else spelt(number, step.pointer, self.media)
        return {**self.start, self.name: echo}


@forgettable
@lru_cache(maxsize=256)
def recipe(media: MediaType) -> Recipe | None:
    """The recipe for *media*, or `None` where its answers are not of that kind."""
    start = documented.example(media)
    if len(media.echoes) != 1 or not isinstance(start, dict):
        return None
    echo = media.echoes[0]
    if echo.expression != "$request.body" or len(echo.path) != 1:
        return None
    steps = []
    for value in media.server_values:
        if len(value.path) != 2 or value.path[:1] != echo.path or value.path[1] == ITEMS:
            return None
        judge = media.schema.library.at(value.pointer) if media.schema else None
        steps.append(Step(value.path[1], value.kind, not value.read_only, value.pointer, judge))
    return Recipe(media, start, echo.path[0], tuple(steps))
