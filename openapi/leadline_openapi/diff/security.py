"""Compare who may call: alternatives of schemes, and how the keys of these travel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from leadline_openapi.diff.change import Verdict
from leadline_openapi.diff.context import Scene, member
from leadline_openapi.diff.facing import NEW, OLD

Alternative = Mapping[tuple[Any, ...], frozenset[str]]
"""The scopes that are asked for, by how a scheme is used; its name is not on the wire."""


def security(scene: Scene, old_at: str, new_at: str) -> None:
    """Compare what the operations at *old_at* and *new_at* ask callers to show."""
    old, new = _Needs(scene, OLD, old_at), _Needs(scene, NEW, new_at)
    forward = all(
        any(_suffices(one, other) for other in new.alternatives) for one in old.alternatives
    )
    backward = all(
        any(_suffices(one, other) for other in old.alternatives) for one in new.alternatives
    )
    if forward and backward:
        return
    change = "widened" if forward else "narrowed" if backward else "changed"
    verdict: Verdict = "non-breaking" if forward else "breaking"
    places = (old.at, new.at)
    if old.said == new.said:
        places = _schemes(old, new)
    scene.row(
        f"security-{change}",
        places[OLD],
        places[NEW],
        {scene.sent: verdict},
        "",
        old.text,
        new.text,
    )


class _Needs:
    """What one operation asks for (OAS 3.1.1 section 4.8.30): nothing, or one of *alternatives*."""

    def __init__(self, scene: Scene, which: int, at: str) -> None:
        self._scene = scene
        self._which = which
        document = scene.context.documents[which]
        operation = scene.context.follow(which, at)[1]
        self.at = f"{at}/security" if "security" in operation else at
        self.said: Sequence[Mapping[str, Sequence[str]]] = operation.get(
            "security", document.get("security", [])
        )
        if "security" not in operation and "security" in document:
            self.at = "/security"
        self.alternatives: list[Alternative] = [
            {self.scheme(name): frozenset(scopes) for name, scopes in one.items()}
            for one in self.said
        ] or [{}]

    @property
    def names(self) -> list[str]:
        """The schemes that are named."""
        return list(dict.fromkeys(name for one in self.said for name in one))

    @property
    def text(self) -> str:
        """The alternatives in words."""
        told = [
            " and ".join(_named(name, scopes) for name, scopes in one.items()) for one in self.said
        ]
        return " or ".join(one or "nothing" for one in told) or "nothing"

    def place(self, name: str) -> str:
        """Where the scheme *name* stands."""
        return self._scene.context.follow(self._which, member("/components/securitySchemes", name))[
            0
        ]

    def scheme(self, name: str) -> tuple[Any, ...]:
        """How a key of the scheme *name* is got and written."""
        _, value = self._scene.context.follow(
            self._which, member("/components/securitySchemes", name)
        )
        written = value.get("x-credential", "")
        match value["type"]:
            case "apiKey":
                carrier = value["name"].lower() if value["in"] == "header" else value["name"]
                return "apiKey", value["in"], carrier, written or "{key}"
            case "http":
                scheme = str(value["scheme"]).lower()
                return (
                    "http",
                    scheme,
                    written.casefold() if written == f"{scheme} {{key}}" else written,
                )
            case "oauth2":
                return "oauth2", _flows(value.get("flows", {})), written
            case "openIdConnect":
                return "openIdConnect", value.get("openIdConnectUrl"), written
        return (value["type"],)


def _named(name: str, scopes: Sequence[str]) -> str:
    return f"`{name}` ({', '.join(scopes)})" if scopes else f"`{name}`"


def _flows(flows: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(
        (kind, flow.get("authorizationUrl"), flow.get("tokenUrl"))
        for kind, flow in sorted(flows.items())
        if not kind.startswith("x-")
    )


def _suffices(shown: Alternative, asked: Alternative) -> bool:
    """Whether who shows all of *shown* has what is *asked* for."""
    return all(scheme in shown and scopes <= shown[scheme] for scheme, scopes in asked.items())


def _schemes(old: _Needs, new: _Needs) -> tuple[str, str]:
    """The scheme that has changed, where the operation says the same as before."""
    for name in old.names:
        if old.scheme(name) != new.scheme(name):
            return old.place(name), new.place(name)
    return old.at, new.at
