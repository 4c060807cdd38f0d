"""OpenAPI Overlay 1.0: apply a stack of overlays to a document.

The JSONPath engine is `jsonpath-rfc9535`; applying the actions is ours, because an action that matches
nothing has to be an error, and every value must keep the place it came from.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonpath_rfc9535 as jsonpath

from leadline_openapi.errors import Place, SpecError
from leadline_openapi.reading import read
from leadline_openapi.tree import Located, LocatedList, copy


def apply(root: Located, path: Path) -> None:
    """
    Apply the overlay file *path* to *root*, in place (Overlay 1.0.0 section 4.4).

    Raises `SpecError` when the file is no overlay, a target is not RFC 9535 JSONPath or matches
    nothing, or an update does not fit its target.
    """
    overlay = read(path)
    _check_header(overlay, path)
    for action in _actions(overlay):
        _apply_action(root, action)


def _check_header(overlay: Located, path: Path) -> None:
    version = overlay.get("overlay")
    if isinstance(version, str) and version.startswith("1.0."):
        return
    place = overlay.places.get("overlay", Place(str(path), 1))
    if version is None:
        raise SpecError(
            place, "not an overlay: `overlay` is missing", "start with `overlay: 1.0.0`"
        )
    raise SpecError(place, f"overlay version `{version}` is not supported", "use `overlay: 1.0.0`")


def _actions(overlay: Located) -> list[Located]:
    actions = overlay.get("actions")
    place = overlay.places.get("actions", overlay.places["overlay"])
    if not isinstance(actions, LocatedList) or not actions:
        raise SpecError(place, "an overlay needs at least one entry in `actions`")
    for action, at in zip(actions, actions.places, strict=True):
        if not isinstance(action, Located) or not isinstance(action.get("target"), str):
            raise SpecError(at, "an action needs a `target`, a JSONPath expression")
        if ("update" in action) == (action.get("remove") is True):
            raise SpecError(at, "an action needs either `update` or `remove: true`")
    return actions


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
    if action.get("remove") is True:
        # Deepest and last first, so that no removal moves what is still to be removed.
        for node in sorted(nodes, key=lambda node: _order(node.location), reverse=True):
            _remove(root, node.location, place)
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
