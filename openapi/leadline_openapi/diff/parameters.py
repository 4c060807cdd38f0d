"""Compare the parameters of an operation, and the headers of an answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from leadline_openapi import readings
from leadline_openapi.diff.change import Verdict
from leadline_openapi.diff.context import Object, Scene, member
from leadline_openapi.diff.deprecation import sunset
from leadline_openapi.diff.facing import NEW, OLD
from leadline_openapi.parameters import DEFAULT_STYLES

_IGNORED = frozenset(("accept", "content-type", "authorization"))
"""OAS 3.1.1 section 4.8.12.1: header parameters of these names shall be ignored."""

Found = Mapping[tuple[str, str], Object]


def parameters(
    scene: Scene, holders: tuple[tuple[str, str], tuple[str, str]], paths: tuple[str, str]
) -> None:
    """
    Compare the parameters in *holders*, the path item and the operation of each document.

    A parameter of a *path* is known by its position in it, for its name is not on the wire.
    """
    old, new = (_listed(scene, which, holders[which], paths[which]) for which in (OLD, NEW))
    for key in dict.fromkeys((*old, *new)):
        if key not in new:
            _removed(scene, old[key])
        elif key not in old:
            _added(scene, new[key])
        else:
            _compare(scene, old[key], new[key])


def headers(scene: Scene, old: Object, new: Object) -> None:
    """Compare the headers of two answers."""
    before, after = (_headers(scene, which, value) for which, value in ((OLD, old), (NEW, new)))
    for name in dict.fromkeys((*before, *after)):
        subject = f"the header `{name}`"
        if name not in after:
            at, value = before[name]
            scene.row(
                "header-removed",
                at,
                new[0],
                {scene.read: "breaking"},
                subject,
                sunset=sunset(value),
            )
        elif name not in before:
            scene.row("header-added", old[0], after[name][0], {scene.read: "non-breaking"}, subject)
        else:
            _header(scene, before[name], after[name], subject)


def _header(scene: Scene, old: Object, new: Object, subject: str) -> None:
    was, now = (value.get("required") is True for _, value in (old, new))
    if was and not now:
        scene.row("header-optional", old[0], new[0], {scene.read: "breaking"}, subject)
    elif now and not was:
        scene.row("header-required", old[0], new[0], {scene.read: "non-breaking"}, subject)
    scene.texts(old, new, ("description",), subject)
    scene.ends(old, new, (scene.read,), subject)
    scene.schemas(scene.read, _schema(scene, OLD, old), _schema(scene, NEW, new), subject)


def _headers(scene: Scene, which: int, answer: Object) -> dict[str, Object]:
    found = {
        name.lower(): scene.context.follow(which, member(answer[0], "headers", name))
        for name in answer[1].get("headers", ())
    }
    found.pop("content-type", None)  # OAS 3.1.1 section 4.8.17.1: it shall be ignored
    return found


def _listed(
    scene: Scene, which: int, holders: tuple[str, str], path: str
) -> dict[tuple[str, str], Object]:
    """The operation's parameters override those of its path (OAS 3.1.1 section 4.8.9.1)."""
    order = re.findall(r"\{([^{}]*)\}", path)
    found = {}
    for holder in holders:
        _, source = scene.context.follow(which, holder)
        for index in range(len(source.get("parameters", ()))):
            at, value = scene.context.follow(which, f"{holder}/parameters/{index}")
            location, name = str(value["in"]), str(value["name"])
            if location == "header":
                name = name.lower()
                if name in _IGNORED:
                    continue
            if location == "path" and name in order:
                name = str(order.index(name))
            found[location, name] = (at, value)
    return found


def _subject(parameter: Object) -> str:
    return f"the {parameter[1]['in']} parameter `{parameter[1]['name']}`"


def _removed(scene: Scene, old: Object) -> None:
    ends = sunset(old[1])
    scene.row(
        "parameter-removed", old[0], None, {scene.sent: "breaking"}, _subject(old), sunset=ends
    )


def _added(scene: Scene, new: Object) -> None:
    verdict: Verdict = "breaking" if new[1].get("required") is True else "non-breaking"
    scene.row("parameter-added", None, new[0], {scene.sent: verdict}, _subject(new))


def _compare(scene: Scene, old: Object, new: Object) -> None:
    subject = _subject(new)
    was, now = (value.get("required") is True for _, value in (old, new))
    if now and not was:
        scene.row("parameter-required", old[0], new[0], {scene.sent: "breaking"}, subject)
    elif was and not now:
        scene.row("parameter-optional", old[0], new[0], {scene.sent: "non-breaking"}, subject)
    before, after = _way(scene, OLD, old), _way(scene, NEW, new)
    if before != after:
        told = (before, after)
        scene.row(
            "parameter-style-changed", old[0], new[0], {scene.sent: "breaking"}, subject, *told
        )
    if old[1].get("allowEmptyValue") is True and new[1].get("allowEmptyValue") is not True:
        scene.row("parameter-empty-refused", old[0], new[0], {scene.sent: "breaking"}, subject)
    scene.texts(old, new, ("description",), subject)
    scene.ends(old, new, (scene.sent,), subject)
    scene.leniency(old, new, subject)
    scene.schemas(scene.sent, _schema(scene, OLD, old), _schema(scene, NEW, new), subject)


def _schema(scene: Scene, which: int, parameter: Object) -> str | None:
    at, value = parameter
    if "schema" in value:
        return f"{at}/schema"
    for media in value.get("content", ()):
        where, found = scene.context.follow(which, member(at, "content", media))
        return f"{where}/schema" if "schema" in found else None
    return None


def _way(scene: Scene, which: int, parameter: Object) -> str:
    """How a value is written, as far as that makes a difference to the values that there are."""
    _, value = parameter
    if "content" in value:
        return next(iter(value["content"]), "")
    document: dict[str, Any] = dict(scene.context.documents[which])
    types = readings.types(value.get("schema", True), document)
    if not types & {"array", "object"}:
        return "plain"
    default = DEFAULT_STYLES.get(str(value.get("in", "header")), "simple")
    style = value.get("style", default)
    return f"{style}, {'' if value.get('explode', style == 'form') else 'not '}exploded"
