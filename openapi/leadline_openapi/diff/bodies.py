"""Compare what requests and answers carry: representations, and the schemas of each."""

from __future__ import annotations

from collections.abc import Mapping

from leadline_openapi import mediatype
from leadline_openapi.diff.carriers import form
from leadline_openapi.diff.change import SideName
from leadline_openapi.diff.context import Object, Scene, member
from leadline_openapi.diff.encodings import encodings
from leadline_openapi.diff.facing import NEW, OLD
from leadline_openapi.diff.rows import RESPONSE
from leadline_openapi.diff.verdicts import broken, harmless, narrower, wider

_BODY = "the request body"


def request_bodies(scene: Scene, old_at: str, new_at: str) -> None:
    """Compare the request bodies of the operations at *old_at* and *new_at*."""
    old, new = (
        scene.context.follow(which, f"{at}/requestBody")
        if "requestBody" in scene.context.follow(which, at)[1]
        else None
        for which, at in ((OLD, old_at), (NEW, new_at))
    )
    side = scene.sent
    if old is None or new is None:
        if old is not None:
            scene.row("body-removed", old[0], new_at, broken(side), _BODY)
        elif new is not None:
            told = narrower(side) if new[1].get("required") is True else harmless(side)
            scene.row("body-added", old_at, new[0], told, _BODY)
        return
    was, now = (value.get("required") is True for _, value in (old, new))
    if now and not was:
        scene.row("body-required", old[0], new[0], narrower(side), _BODY)
    elif was and not now:
        scene.row("body-optional", old[0], new[0], wider(side), _BODY)
    scene.texts(old, new, ("description",), _BODY)
    scene.leniency(old, new, _BODY)
    content(scene, side, old, new, _BODY, is_always=was)


def content(
    scene: Scene,
    side: SideName,
    old: Object,
    new: Object,
    subject: str,
    *,
    is_always: bool = False,
) -> None:
    """
    Compare the representations of *old* and *new*.

    A caller says which one it sends, and asks for the one that it reads (RFC 9110 sections 8.3, 12.5.1):
    one more breaks nobody, and one less those that use it. What is sent to it unasked it has to take.
    """
    before, after = (_media(value) for value in (old, new))
    is_asked_for = scene.read == side == RESPONSE
    for name in dict.fromkeys((*before, *after)):
        one, other = _covering(before, name), _covering(after, name)
        about = f"`{name}` of {subject}"
        if name in before and other is None:
            told = broken(side) if is_asked_for else narrower(side)
            scene.row("media-type-removed", _at(old, before[name]), new[0], told, about)
        elif name in after and one is None:
            told = harmless(side) if is_asked_for else wider(side)
            scene.row("media-type-added", old[0], _at(new, after[name]), told, about)
        elif one is not None and other is not None:
            places = _at(old, before[one]), _at(new, after[other])
            _representation(scene, side, places, subject, name, is_always=is_always)


def _media(holder: Object) -> dict[str, str]:
    """Names as they are written, by name without case."""
    return {name.lower().replace(" ", ""): name for name in holder[1].get("content", ())}


def _covering(known: Mapping[str, str], name: str) -> str | None:
    if name in known:
        return name
    fitting = [one for one in known if mediatype.covers(one, name)]
    return min(fitting, key=lambda one: one.count("*"), default=None)


def _at(holder: Object, name: str) -> str:
    return member(holder[0], "content", name)


def _representation(
    scene: Scene,
    side: SideName,
    places: tuple[str, str],
    subject: str,
    name: str,
    *,
    is_always: bool,
) -> None:
    old, new = (scene.context.follow(which, places[which]) for which in (OLD, NEW))
    for word in ("schema", "itemSchema"):
        found = [f"{at}/{word}" if word in value else None for at, value in (old, new)]
        carriers = form(name, old[1]), form(name, new[1])
        scene.schemas(side, found[OLD], found[NEW], subject, is_always=is_always, carriers=carriers)
    encodings(scene, side, old, new, name, subject)
    scene.texts(old, new, ("example", "examples"), subject)
