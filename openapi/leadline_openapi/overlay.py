"""OpenAPI Overlay 1.0: apply a stack of overlays to a document.

The JSONPath engine is `jsonpath-rfc9535`; applying the actions is ours, because an action that matches
nothing has to be an error, and every value must keep the place it came from.
"""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

import jsonpath_rfc9535 as jsonpath

from leadline_openapi.errors import Place, SpecError
from leadline_openapi.reading import display, read
from leadline_openapi.tree import Located, LocatedList, copy

_FIELDS = ("target", "description", "update", "remove")


def apply(root: Located, path: Path) -> None:
    """
    Apply the overlay file *path* to *root*, in place (Overlay 1.0.0 section 4.4).

    Raises `SpecError` when the file is no overlay, a target is not RFC 9535 JSONPath or matches
    nothing, or an update does not fit its target.
    """
    overlay = read(path)
    _check_header(overlay, display(path))
    for action in _actions(overlay):
        _apply_action(root, action)


def extended(path: Path) -> Path | None:
    """What the overlay file *path* says it `extends` (Overlay 1.0.0 section 4.3.1), if it says so."""
    overlay = read(path)
    _check_header(overlay, display(path))
    target = overlay.get("extends")
    return (path.parent / target).resolve() if isinstance(target, str) and target else None


def _check_header(overlay: Located, file: str) -> None:
    version = overlay.get("overlay")
    if isinstance(version, str) and version.startswith("1.0."):
        return
    if version is not None:
        raise SpecError(
            overlay.places["overlay"],
            f"overlay version `{version}` is not supported",
            "Leadline applies Overlay 1.0: write `overlay: 1.0.0`",
        )
    is_spec = "openapi" in overlay
    hint = "this is an OpenAPI document: pass it as the spec" if is_spec else ""
    raise SpecError(
        Place(file, 1),
        "not an overlay: `overlay` is missing",
        hint or "start with `overlay: 1.0.0`",
    )


def _actions(overlay: Located) -> list[Located]:
    actions = overlay.get("actions")
    place = overlay.places.get("actions", overlay.places["overlay"])
    if not isinstance(actions, LocatedList) or not actions:
        raise SpecError(place, "an overlay needs at least one entry in `actions`")
    for action, at in zip(actions, actions.places, strict=True):
        _check_action(action, at)
    return actions


def _check_action(action: Any, place: Place) -> None:
    if not isinstance(action, Located) or not isinstance(action.get("target"), str):
        raise SpecError(place, "an action needs a `target`, a JSONPath expression")
    for name in action:
        if name not in _FIELDS and not name.startswith("x-"):
            close = difflib.get_close_matches(name, _FIELDS, n=1)
            hint = f"did you mean `{close[0]}`?" if close else f"it may have {', '.join(_FIELDS)}"
            raise SpecError(action.places[name], f"an action has no `{name}`", hint)
    if not isinstance(action.get("remove", False), bool):
        raise SpecError(action.places["remove"], "`remove` must be `true` or `false`")
    if "update" not in action and not action.get("remove"):
        raise SpecError(place, "an action needs `update` or `remove: true`")


def _apply_action(root: Located, action: Located) -> None:
    target, place = action["target"], action.places["target"]
    try:
        nodes = jsonpath.find(target, root)
    except jsonpath.JSONPathError as error:
        raise SpecError(place, f"the target is not JSONPath (RFC 9535): {error}") from None
    if not nodes:
        raise SpecError(
            place,
            f"the target matches nothing: {target}",
            "correct the path, or remove the action",
        )
    if action.get("remove"):  # beside it, `update` "has no impact" (section 4.4.3)
        # Deepest and last first, so that no removal moves what is still to be removed.
        for location in sorted({node.location for node in nodes}, key=_order, reverse=True):
            _remove(root, location, place)
        return
    for node in nodes:
        _update(node.value, action["update"], action.places["update"], target)


def _order(location: tuple[str | int, ...]) -> tuple[int, tuple[tuple[int, int, str], ...]]:
    keys = ((0, key, "") if isinstance(key, int) else (1, 0, key) for key in location)
    return len(location), tuple(keys)


def _remove(root: Located, location: tuple[str | int, ...], place: Place) -> None:
    if not location:
        raise SpecError(place, "the whole document cannot be removed")
    parent: Any = root
    for key in location[:-1]:
        parent = parent[key]
    last: Any = location[-1]
    del parent[last]
    del parent.places[last]


def _update(target: Any, update: Any, place: Place, expression: str) -> None:
    if isinstance(target, LocatedList):
        target.put(copy(update), place)
    elif isinstance(target, Located) and isinstance(update, Located):
        _merge(target, update)
    else:
        raise SpecError(
            place,
            f"the update does not fit its target: {expression}",
            "an object is updated with an object, an array takes any value, nothing else is updated",
        )


def _merge(target: Located, update: Located) -> None:
    for key, value in update.items():
        old = target.get(key)
        if isinstance(old, Located) and isinstance(value, Located):
            _merge(old, value)
        elif isinstance(old, LocatedList) and isinstance(value, LocatedList):
            for item, place in zip(value, value.places, strict=True):
                old.put(copy(item), place)
        else:
            target.put(key, copy(value), update.places[key])
