"""Compare operations: which are there, and what each of them says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from leadline_openapi import pointer as pointers
from leadline_openapi.diff.answers import answers
from leadline_openapi.diff.bodies import request_bodies
from leadline_openapi.diff.context import Context, Scene, member
from leadline_openapi.diff.deprecation import sunset
from leadline_openapi.diff.facing import NEW, OLD
from leadline_openapi.diff.parameters import parameters
from leadline_openapi.diff.rows import REQUEST, RESPONSE
from leadline_openapi.diff.security import security
from leadline_openapi.diff.servers import servers
from leadline_openapi.diff.verdicts import Verdicts, broken, harmless, narrower, wider
from leadline_openapi.structure import METHODS

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """One operation of a document: *item_at* and *at* point to its path item and to itself."""

    method: str
    path: str
    item_at: str
    at: str
    source: Mapping[str, Any]
    is_ours: bool = True

    @property
    def label(self) -> str:
        """`POST /leads`."""
        return f"{self.method} {self.path}"


def operations(context: Context) -> None:
    """Compare all operations, webhooks and callbacks."""
    old, new = (dict(_all(context, which)) for which in (OLD, NEW))
    moved = _moved(old, new)
    met: list[tuple[Found, Found]] = []
    for key, one in old.items():
        if key in new:
            met.append((one, new[key]))
        elif key in moved:
            met.append((one, moved[key]))
            _move(context, one, moved[key])
        else:
            scene = _scene(context, one)
            ends = sunset(one.source)
            scene.row("operation-removed", one.at, None, broken(scene.sent), sunset=ends)
    targets = {id(one) for one in moved.values()}
    for key, one in new.items():
        if key not in old and id(one) not in targets:
            scene = _scene(context, one)
            scene.row("operation-added", None, one.at, harmless(scene.sent))
    for before, after in met:
        _compare(context, before, after)
    servers(
        context,
        [
            (after.label, (before.at, before.item_at), (after.at, after.item_at))
            for before, after in met
            if after.is_ours
        ],
    )


def _scene(context: Context, found: Found) -> Scene:
    if found.is_ours:
        return Scene(context, found.label)
    return Scene(context, found.label, sent="response", read="request")


def _all(context: Context, which: int) -> Iterator[tuple[Key, Found]]:
    document = context.documents[which]
    for path, item in document.get("paths", {}).items():
        if path.startswith("/"):
            for found in _of_item(path, item, pointers.pointer(("paths", path)), is_ours=True):
                yield (found.method, re.sub(r"\{[^{}]*\}", "{}", path)), found
                yield from _callbacks(context, which, found)
    for name in document.get("webhooks", {}):
        at, item = context.follow(which, pointers.pointer(("webhooks", name)))
        for found in _of_item(f"webhook {name}", item, at, is_ours=False):
            yield (found.method, found.path), found


def _callbacks(context: Context, which: int, found: Found) -> Iterator[tuple[Key, Found]]:
    for name in found.source.get("callbacks", ()):
        at, callback = context.follow(which, member(found.at, "callbacks", name))
        for expression, item in callback.items():
            if expression.startswith("x-"):
                continue
            path = f"{found.path} callback {name} {expression}"
            for one in _of_item(path, item, member(at, expression), is_ours=False):
                yield (f"{found.method} {one.method}", path), one


def _of_item(path: str, item: Mapping[str, Any], at: str, *, is_ours: bool) -> Iterator[Found]:
    for method in METHODS:
        if method in item:
            yield Found(method.upper(), path, at, f"{at}/{method}", item[method], is_ours)
    for method, source in item.get("additionalOperations", {}).items():
        yield Found(method, path, at, member(at, "additionalOperations", method), source, is_ours)


def _moved(old: Mapping[Key, Found], new: Mapping[Key, Found]) -> dict[Key, Found]:
    """Operations that are elsewhere now, by their `operationId`."""
    free = {
        (str(one.source["operationId"]), one.is_ours): one
        for key, one in new.items()
        if key not in old and "operationId" in one.source
    }
    return {
        key: free[name]
        for key, one in old.items()
        if key not in new
        and (name := (str(one.source.get("operationId", "")), one.is_ours)) in free
    }


def _move(context: Context, old: Found, new: Found) -> None:
    scene = _scene(context, new)
    labels, ends = (old.label, new.label), sunset(old.source)
    scene.row("operation-moved", old.at, new.at, broken(scene.sent), "", *labels, sunset=ends)


def _compare(context: Context, old: Found, new: Found) -> None:
    scene = _scene(context, new)
    before, after = (old.at, old.source), (new.at, new.source)
    both = (REQUEST, RESPONSE)
    names = [one.source.get("operationId") for one in (old, new)]
    if names[OLD] != names[NEW]:
        told: Verdicts = dict.fromkeys(both, "non-breaking")
        places = tuple(
            f"{one.at}/operationId" if name else one.at
            for one, name in zip((old, new), names, strict=True)
        )
        scene.row(
            "operation-id-changed", places[OLD], places[NEW], told, "", names[OLD], names[NEW]
        )
    scene.texts(before, after, ("summary", "description"))
    scene.ends(before, after, both)
    _invariants(scene, before, after)
    parameters(scene, ((old.item_at, old.at), (new.item_at, new.at)), (old.path, new.path))
    request_bodies(scene, old.at, new.at)
    answers(scene, old.at, new.at)
    security(scene, old.at, new.at)


def _invariants(
    scene: Scene, old: tuple[str, Mapping[str, Any]], new: tuple[str, Mapping[str, Any]]
) -> None:
    """Rules that are true of all answers: one more is a promise more, one less is one that is taken back."""
    before, after = (
        {
            entry["rule"]: (f"{at}/x-invariants/{n}", entry["name"])
            for n, entry in enumerate(value.get("x-invariants", ()))
        }
        for at, value in (old, new)
    )
    for rule, (at, name) in after.items():
        if rule not in before:
            told = narrower(scene.read)
            scene.row("invariants-added", None, at, told, f"the rule `{name}`", None, rule)
    for rule, (at, name) in before.items():
        if rule not in after:
            told = wider(scene.read)
            scene.row("invariants-removed", at, None, told, f"the rule `{name}`", rule, None)
