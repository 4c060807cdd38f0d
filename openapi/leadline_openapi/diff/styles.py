"""How values are written in parameters and headers (OAS 3.1.1 section 4.8.12.6), before and now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leadline_openapi import readings
from leadline_openapi.diff.context import Object, Scene
from leadline_openapi.diff.facing import NEW, OLD
from leadline_openapi.parameters import DEFAULT_STYLES

_EXPLODED = frozenset(("form", "cookie"))
"""Styles whose `explode` is true unless it is said otherwise (OAS 3.2.0 section 4.12.2)."""


def styles(scene: Scene, old: Object, new: Object) -> tuple[str, str] | None:
    """How values were and are written; `None` where that is the same for all values that both have."""
    kinds = _kinds(scene, OLD, old[1]) & _kinds(scene, NEW, new[1])
    before, after = (_ways(value, kinds) for _, value in (old, new))
    if before == after:
        return None
    return _told(before, after), _told(after, before)


def is_nameless(scene: Scene, which: int, parameter: Object) -> bool:
    """Whether the names of its members are all that is written of *parameter*: `R=100&G=200`."""
    _, value = parameter
    if value["in"] != "query" or "content" in value:
        return False
    return _ways(value, _kinds(scene, which, value)) == {"object": "form, exploded"}


def _told(ways: Mapping[str, str], others: Mapping[str, str]) -> str:
    return " or ".join(dict.fromkeys(way for kind, way in ways.items() if others.get(kind) != way))


def _kinds(scene: Scene, which: int, parameter: Mapping[str, Any]) -> frozenset[str]:
    document: dict[str, Any] = dict(scene.context.documents[which])
    types = readings.types(parameter.get("schema", True), document)
    return frozenset("scalar" if one in readings.SCALARS else one for one in types)


def _ways(parameter: Mapping[str, Any], kinds: frozenset[str]) -> dict[str, str]:
    """How a value of each of *kinds* looks on the wire."""
    if "content" in parameter:
        names = [name.lower().replace(" ", "") for name in parameter["content"]]
        return {"content": next(iter(names), "")}
    location = str(parameter.get("in", "header"))
    style = str(parameter.get("style", DEFAULT_STYLES.get(location, "simple")))
    is_exploded = parameter.get("explode", style in _EXPLODED) is True
    return {
        kind: _way(kind, style, str(parameter.get("name", "")), is_exploded=is_exploded)
        for kind in sorted(kinds)
    }


def _way(kind: str, style: str, name: str, *, is_exploded: bool) -> str:
    """
    What makes a difference to a value of *kind*.

    The name is written by `matrix` alone: where another style writes it, it is what tells parameters apart.
    """
    way = style
    if kind == "scalar" and style not in {"label", "matrix", "cookie"}:
        way = "plain"
    elif (kind == "object" and style != "deepObject") or (kind == "array" and style != "simple"):
        way = f"{style}, {'' if is_exploded else 'not '}exploded"
    is_named = style == "matrix" and not (kind == "object" and is_exploded)
    return f"{way}, as ;{name}=" if is_named else way
