"""Compare what requests and answers carry: representations, statuses, and the schemas of both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leadline_openapi import mediatype
from leadline_openapi.diff.change import SideName, Verdict
from leadline_openapi.diff.context import Object, Scene, member
from leadline_openapi.diff.facing import NEW, OLD
from leadline_openapi.diff.parameters import headers

_BODY = "the request body"


def request_bodies(scene: Scene, old_at: str, new_at: str) -> None:
    """Compare the request bodies of the operations at *old_at* and *new_at*."""
    old, new = (
        scene.context.follow(which, f"{at}/requestBody")
        if "requestBody" in scene.context.follow(which, at)[1]
        else None
        for which, at in ((OLD, old_at), (NEW, new_at))
    )
    if old is None or new is None:
        if old is not None:
            scene.row("body-removed", old[0], new_at, {scene.sent: "breaking"}, _BODY)
        elif new is not None:
            told: Verdict = "breaking" if new[1].get("required") is True else "non-breaking"
            scene.row("body-added", old_at, new[0], {scene.sent: told}, _BODY)
        return
    was, now = (value.get("required") is True for _, value in (old, new))
    if now and not was:
        scene.row("body-required", old[0], new[0], {scene.sent: "breaking"}, _BODY)
    elif was and not now:
        scene.row("body-optional", old[0], new[0], {scene.sent: "non-breaking"}, _BODY)
    scene.texts(old, new, ("description",), _BODY)
    scene.leniency(old, new, _BODY)
    _content(scene, scene.sent, old, new, _BODY)


def answers(scene: Scene, old_at: str, new_at: str) -> None:
    """Compare the responses of the operations at *old_at* and *new_at*, status by status."""
    old, new = _statuses(scene, OLD, old_at), _statuses(scene, NEW, new_at)
    for status, answer in new.items():
        known = _match(old, status)
        if known is None:
            _added(scene, status, answer, old_at)
        else:
            _compare(scene, old[known], answer, status)
    for status, answer in old.items():
        known = _match(new, status)
        if known is None:
            _removed(scene, status, answer, (old, new), new_at)
        elif known != status and status not in new:
            _compare(scene, answer, new[known], status)


def _statuses(scene: Scene, which: int, at: str) -> dict[str, Object]:
    listed = scene.context.follow(which, at)[1].get("responses", {})
    return {
        status if status == "default" else status.upper(): scene.context.follow(
            which, member(at, "responses", status)
        )
        for status in listed
        if not status.startswith("x-")
    }


def _match(known: Mapping[str, Object], status: str) -> str | None:
    """The entry that *status* falls under: itself, its range, or `default` (OAS 3.1.1 section 4.8.16)."""
    order = (status, f"{status[0]}XX", "default")
    return next((name for name in order if name in known), None)


def _is_success(status: str) -> bool:
    return status[0] in "123"


def _added(scene: Scene, status: str, answer: Object, old_at: str) -> None:
    """
    A success that was not documented is one that callers do not know; an error may always come.

    "It is not expected that the documentation necessarily cover all possible HTTP response codes",
    but it has to "cover a successful operation response and any known errors" (OAS 3.1.1 section 4.8.16).
    """
    told: Verdict = "breaking" if _is_success(status) else "non-breaking"
    at = f"{old_at}/responses"
    scene.row("status-added", at, answer[0], {scene.read: told}, f"the status {status}")


def _removed(
    scene: Scene,
    status: str,
    answer: Object,
    both: tuple[Mapping[str, Object], Mapping[str, Object]],
    new_at: str,
) -> None:
    """An answer less is one case less for callers, unless no success that they know is left."""
    old, new = both
    left = [one for one in old if _is_success(one) and _match(new, one) is not None]
    told: Verdict = "breaking" if _is_success(status) and not left else "non-breaking"
    at = f"{new_at}/responses"
    scene.row("status-removed", answer[0], at, {scene.read: told}, f"the status {status}")


def _compare(scene: Scene, old: Object, new: Object, status: str) -> None:
    subject = f"the answer {status}"
    scene.texts(old, new, ("description", "summary"), subject)
    headers(scene, old, new)
    before, after = old[1].get("content"), new[1].get("content")
    if before and not after:
        scene.row("body-removed", old[0], new[0], {scene.read: "breaking"}, subject)
    elif after and not before:
        scene.row("body-added", old[0], new[0], {scene.read: "non-breaking"}, subject)
    else:
        _content(scene, scene.read, old, new, subject)


def _content(scene: Scene, side: SideName, old: Object, new: Object, subject: str) -> None:
    """
    Compare representations. A caller says which one it sends, and asks for the one that it reads.

    So one more breaks nobody, and one less those that use it (RFC 9110 sections 8.3, 12.5.1).
    """
    before, after = (_media(value) for value in (old, new))
    for name in dict.fromkeys((*before, *after)):
        one, other = _covering(before, name), _covering(after, name)
        about = f"`{name}` of {subject}"
        if name in before and other is None:
            scene.row(
                "media-type-removed", _at(old, before[name]), new[0], {side: "breaking"}, about
            )
        elif name in after and one is None:
            scene.row(
                "media-type-added", old[0], _at(new, after[name]), {side: "non-breaking"}, about
            )
        elif one is not None and other is not None:
            _representation(scene, side, _at(old, before[one]), _at(new, after[other]), subject)


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


def _representation(scene: Scene, side: SideName, old_at: str, new_at: str, subject: str) -> None:
    old, new = scene.context.follow(OLD, old_at), scene.context.follow(NEW, new_at)
    for word in ("schema", "itemSchema"):
        places = tuple(f"{at}/{word}" if word in value else None for at, value in (old, new))
        scene.schemas(side, places[OLD], places[NEW], subject)
    before, after = (_encoding(value) for _, value in (old, new))
    if before != after:
        scene.row("encoding-changed", old[0], new[0], {side: "breaking"}, subject, before, after)
    scene.texts(old, new, ("example", "examples"), subject)


def _encoding(media: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in media.get("encoding", {}).items() if value}
