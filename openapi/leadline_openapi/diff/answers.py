"""Compare the answers of operations, status by status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leadline_openapi import jsontext
from leadline_openapi.diff.bodies import content
from leadline_openapi.diff.context import Object, Scene, member
from leadline_openapi.diff.facing import NEW, OLD
from leadline_openapi.diff.parameters import headers
from leadline_openapi.diff.rows import REQUEST
from leadline_openapi.diff.verdicts import Verdicts, broken, harmless, narrower, wider

Statuses = Mapping[str, Object]


def answers(scene: Scene, old_at: str, new_at: str) -> None:
    """Compare the responses of the operations at *old_at* and *new_at*, status by status."""
    old, new = _statuses(scene, OLD, old_at), _statuses(scene, NEW, new_at)
    for status, answer in new.items():
        known = _match(old, status)
        if known is None:
            told = _added(scene, status, new)
            places = f"{old_at}/responses", answer[0]
            scene.row("status-added", *places, told, f"the status {status}")
        else:
            _compare(scene, old[known], answer, status)
    for status, answer in old.items():
        known = _match(new, status)
        if known is None:
            told = _removed(scene, status, old, new)
            places = answer[0], f"{new_at}/responses"
            scene.row("status-removed", *places, told, f"the status {status}")
        elif status not in new:
            _compare(scene, answer, new[known], status)


def _statuses(scene: Scene, which: int, at: str) -> Statuses:
    listed = scene.context.follow(which, at)[1].get("responses", {})
    return {
        status if status == "default" else status.upper(): scene.context.follow(
            which, member(at, "responses", status)
        )
        for status in listed
        if not status.startswith("x-")
    }


def _match(known: Statuses, status: str) -> str | None:
    """The entry that *status* falls under: itself, its range, or `default` (OAS 3.1.1 section 4.8.16)."""
    order = (status, f"{status[0]}XX", "default")
    return next((name for name in order if name in known), None)


def _successes(known: Statuses) -> set[str]:
    """The entries of successes; `default` is one only where it stands for them for want of another."""
    found = {status for status in known if status[0] in "123"}
    return found or {"default"} & known.keys()


def _added(scene: Scene, status: str, new: Statuses) -> Verdicts:
    """
    A success that was not documented is one that callers do not know; an error may always come.

    "It is not expected that the documentation necessarily cover all possible HTTP response codes",
    but it has to "cover a successful operation response and any known errors" (OAS 3.1.1 section 4.8.16).
    """
    return wider(scene.read) if status in _successes(new) else harmless(scene.read)


def _removed(scene: Scene, status: str, old: Statuses, new: Statuses) -> Verdicts:
    """A success less breaks those who answer with it, and those who read if none that they know is left."""
    if status not in _successes(old):
        return harmless(scene.read)
    if scene.read == REQUEST:
        return narrower(scene.read)
    is_left = any(_match(new, one) is not None for one in _successes(old)) or any(
        _match(old, one) is not None for one in _successes(new)
    )
    return harmless(scene.read) if is_left else broken(scene.read)


def _compare(scene: Scene, old: Object, new: Object, status: str) -> None:
    subject, side = f"the answer {status}", scene.read
    scene.texts(old, new, ("description", "summary"), subject)
    headers(scene, side, old, new)
    _links(scene, old, new, subject)
    before, after = old[1].get("content"), new[1].get("content")
    if before and not after:
        scene.row("body-removed", old[0], new[0], broken(side), subject)
    elif after and not before:
        scene.row("body-added", old[0], new[0], narrower(side), subject)
    else:
        content(scene, side, old, new, subject)


def _links(scene: Scene, old: Object, new: Object, subject: str) -> None:
    """A link is no guarantee that a caller can "successfully invoke it" (OAS 3.1.1 section 4.8.20)."""
    before, after = (
        {
            name: scene.context.follow(which, member(holder[0], "links", name))
            for name in holder[1].get("links", ())
        }
        for which, holder in ((OLD, old), (NEW, new))
    )
    told = harmless(scene.read)
    for name in dict.fromkeys((*before, *after)):
        about = f"the link `{name}` of {subject}"
        if name not in after:
            scene.row("link-removed", before[name][0], new[0], told, about)
        elif name not in before:
            scene.row("link-added", old[0], after[name][0], told, about)
        else:
            _link(scene, before[name], after[name], about)


def _link(scene: Scene, old: Object, new: Object, about: str) -> None:
    scene.texts(old, new, ("description",), about)
    if not jsontext.same(_leading(old[1]), _leading(new[1])):
        scene.row("link-changed", old[0], new[0], harmless(scene.read), about)


def _leading(link: Mapping[str, Any]) -> dict[str, Any]:
    return {word: value for word, value in link.items() if word != "description"}
