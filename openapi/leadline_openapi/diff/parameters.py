"""Compare the parameters of an operation, and the headers of answers and of parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from leadline_openapi.diff.carriers import carrier
from leadline_openapi.diff.change import SideName
from leadline_openapi.diff.context import Object, Scene, member
from leadline_openapi.diff.deprecation import sunset
from leadline_openapi.diff.facing import NEW, OLD
from leadline_openapi.diff.styles import is_nameless, styles
from leadline_openapi.diff.verdicts import broken, harmless, narrower, wider

_IGNORED = frozenset(("accept", "content-type", "authorization"))
"""OAS 3.1.1 section 4.8.12.1: header parameters of these names shall be ignored."""

_FREEDOMS = (
    ("allowEmptyValue", "empty", frozenset(("query",))),
    ("allowReserved", "reserved", frozenset(("query", "path", "cookie"))),
)
"""What a value may be, or may have in it, where that is said (OAS 3.2.0 section 4.12.2)."""

Kind = Literal["parameter", "header"]
Listed = Mapping[tuple[str, str], Object]
"""Parameters by their location and what tells them apart there."""


def parameters(
    scene: Scene, holders: tuple[tuple[str, str], tuple[str, str]], paths: tuple[str, str]
) -> None:
    """
    Compare the parameters in *holders*, the path item and the operation of each document.

    A parameter of a *path* is known by its position in it, for its name is not on the wire.
    """
    old, new = (_listed(scene, which, holders[which], paths[which]) for which in (OLD, NEW))
    new = _by_known_names(scene, old, new)
    side = scene.sent
    for key in dict.fromkeys((*old, *new)):
        if key not in new:
            _removed(scene, "parameter", side, old[key], None, _subject(old[key]))
        elif key not in old:
            _added(scene, "parameter", side, None, new[key], _subject(new[key]))
        else:
            subject = _subject(new[key])
            _compare(scene, "parameter", side, old[key], new[key], subject)
            _freedoms(scene, old[key], new[key], subject)
            scene.leniency(old[key], new[key], subject)


def headers(scene: Scene, side: SideName, old: Object, new: Object) -> None:
    """Compare the headers of two answers, or of two parts of a body, which are on *side*."""
    before, after = (_headers(scene, which, value) for which, value in ((OLD, old), (NEW, new)))
    for name in dict.fromkeys((*before, *after)):
        subject = f"the header `{name}`"
        if name not in after:
            _removed(scene, "header", side, before[name], new[0], subject)
        elif name not in before:
            _added(scene, "header", side, old[0], after[name], subject)
        else:
            _compare(scene, "header", side, before[name], after[name], subject)


def _headers(scene: Scene, which: int, holder: Object) -> dict[str, Object]:
    found = {
        name.lower(): scene.context.follow(which, member(holder[0], "headers", name))
        for name in holder[1].get("headers", ())
    }
    found.pop("content-type", None)  # OAS 3.1.1 section 4.8.17.1: it shall be ignored
    return found


def _by_known_names(scene: Scene, old: Listed, new: Listed) -> Listed:
    """*new* with the old names of what has another one that is not on the wire."""
    gone, fresh = (
        [key for key, one in these.items() if key not in those and is_nameless(scene, which, one)]
        for which, these, those in ((OLD, old, new), (NEW, new, old))
    )
    known = dict(zip(fresh, gone, strict=False))
    return {known.get(key, key): one for key, one in new.items()}


def _listed(scene: Scene, which: int, holders: tuple[str, str], path: str) -> Listed:
    """The operation's parameters override those of its path (OAS 3.1.1 section 4.8.9.1)."""
    order = re.findall(r"\{([^{}]*)\}", path)
    found = {}
    for holder in holders:
        _, source = scene.context.follow(which, holder)
        for index in range(len(source.get("parameters", ()))):
            at, value = scene.context.follow(which, f"{holder}/parameters/{index}")
            location, name = str(value["in"]), str(value["name"])
            match location:
                case "header":
                    name = name.lower()
                    if name in _IGNORED:
                        continue
                case "path" if name in order:
                    name = str(order.index(name))
                case "querystring":
                    name = ""  # it is the whole of the query (OAS 3.2.0 section 4.12.1)
            found[location, name] = (at, value)
    return found


def _subject(parameter: Object) -> str:
    return f"the {parameter[1]['in']} parameter `{parameter[1]['name']}`"


def _removed(
    scene: Scene, kind: Kind, side: SideName, old: Object, new_at: str | None, subject: str
) -> None:
    ends = sunset(old[1])
    scene.row(f"{kind}-removed", old[0], new_at, broken(side), subject, sunset=ends)


def _added(
    scene: Scene, kind: Kind, side: SideName, old_at: str | None, new: Object, subject: str
) -> None:
    told = narrower(side) if new[1].get("required") is True else harmless(side)
    scene.row(f"{kind}-added", old_at, new[0], told, subject)


def _compare(
    scene: Scene, kind: Kind, side: SideName, old: Object, new: Object, subject: str
) -> None:
    was, now = (value.get("required") is True for _, value in (old, new))
    if now and not was:
        scene.row(f"{kind}-required", old[0], new[0], narrower(side), subject)
    elif was and not now:
        scene.row(f"{kind}-optional", old[0], new[0], wider(side), subject)
    if (ways := styles(scene, old, new)) is not None:
        scene.row(f"{kind}-style-changed", old[0], new[0], broken(side), subject, *ways)
    scene.texts(old, new, ("description",), subject)
    scene.ends(old, new, (side,), subject)
    places = _schema(scene, OLD, old), _schema(scene, NEW, new)
    carriers = carrier(old[1]), carrier(new[1])
    scene.schemas(side, *places, subject, is_always=was, carriers=carriers)


def _freedoms(scene: Scene, old: Object, new: Object, subject: str) -> None:
    for word, name, locations in _FREEDOMS:
        was, now = (value.get(word) is True and value["in"] in locations for _, value in (old, new))
        if was and not now:
            told = narrower(scene.sent)
            scene.row(f"parameter-{name}-refused", old[0], new[0], told, subject)
        elif now and not was:
            told = wider(scene.sent)
            scene.row(f"parameter-{name}-allowed", old[0], new[0], told, subject)


def _schema(scene: Scene, which: int, parameter: Object) -> str | None:
    at, value = parameter
    if "schema" in value:
        return f"{at}/schema"
    for media in value.get("content", ()):
        where, found = scene.context.follow(which, member(at, "content", media))
        return f"{where}/schema" if "schema" in found else None
    return None
