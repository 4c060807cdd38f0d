"""From a part to the whole: values that hold a given one, so that a witness can be sent by somebody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from leadline_openapi.diff.facing import Facing
from leadline_openapi.diff.hints import Hints
from leadline_openapi.diff.values import Maker
from leadline_openapi.diff.view import Places
from leadline_openapi.diff.walk import Step, Way

_TRIES = 100
_MOST = 4
_STEPS = 60
_DEEPEST = 100
"""Levels of nesting of a witness; nobody reads more."""


def holding(facing: Facing, which: int, places: Places, step: Step, value: Any) -> Iterator[Any]:
    """Values of the schemas at *places* of the document *which* that have *value* where *step* leads to."""
    maker = Maker(facing, which, Hints())
    tried = islice(_made(maker, places, step, value), _TRIES)
    yield from islice((one for one in tried if facing.is_valid(which, places, one)), _MOST)


def whole(
    facing: Facing, which: int, way: Way, value: Any, is_witness: Callable[[Any], bool]
) -> tuple[Any] | None:
    """
    A value of the first pair of *way* that has *value* at the end of it, and for which *is_witness*.

    It comes in a tuple, because it may be `None`.
    """
    waiting = [(len(way.steps) - 1, value)]
    if len(way.steps) > _DEEPEST:
        return None
    for _ in range(_STEPS + 2 * len(way.steps)):
        if not waiting:
            return None
        at, inner = waiting.pop()
        if at < 0:
            if is_witness(inner):
                return (inner,)
            continue
        outer = way.pairs[at][which]
        made = list(holding(facing, which, outer, way.steps[at], inner))
        waiting += [(at - 1, one) for one in reversed(made)]
    return None


def _made(maker: Maker, places: Places, step: Step, value: Any) -> Iterator[Any]:
    match step.kind:
        case "member":
            names = [step.example or step.name]
            if names == ["*"]:
                names = maker.free_names(places)
            for outer in maker.objects(places):
                yield from ({**outer, name: value} for name in names)
            # Where there is room for few members, none but the one that matters.
            yield from ({name: value} for name in names)
        case "item":
            yield from maker.lists(places, step.index, value)
        case _:
            yield value
            if isinstance(value, dict):
                for outer in maker.objects(places):
                    yield {**outer, **value}
