"""Compare where the API is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leadline_openapi.diff.context import Object, Scene


def servers(scene: Scene, old: Object, new: Object) -> None:
    """Compare the servers that two documents, paths or operations name; nothing where neither names any."""
    before, after = _urls(old), _urls(new)
    if not before or not after:
        return  # the place of the document itself, which it does not tell
    for url, at in after.items():
        if url not in before:
            scene.row("server-added", None, at, {scene.sent: "non-breaking"}, f"`{url}`")
    for url, at in before.items():
        if url not in after:
            scene.row("server-removed", at, None, {scene.sent: "breaking"}, f"`{url}`")


def _urls(holder: Object) -> dict[str, str]:
    at, value = holder
    return {
        _url(server): f"{at}/servers/{index}"
        for index, server in enumerate(value.get("servers", ()))
    }


def _url(server: Mapping[str, Any]) -> str:
    """The URL with the defaults of its variables (OAS 3.1.1 section 4.8.6)."""
    url = str(server["url"])
    for name, variable in server.get("variables", {}).items():
        url = url.replace(f"{{{name}}}", str(variable["default"]))
    return url.rstrip("/")
