"""Compare who may call: alternatives of schemes, and how the keys of these travel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from leadline_openapi.diff.context import Scene, member
from leadline_openapi.diff.facing import NEW, OLD
from leadline_openapi.diff.rows import REQUEST
from leadline_openapi.diff.verdicts import broken, narrower, wider

Kind = tuple[Any, ...]
"""How a key is got and written; the name of its scheme is not on the wire."""

Alternative = Mapping[Kind, frozenset[str]]
"""The scopes that are asked for, by kind."""


def security(scene: Scene, old_at: str, new_at: str) -> None:
    """Compare what the operations at *old_at* and *new_at* ask for, or what callbacks and webhooks show."""
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
    told = {"widened": wider, "narrowed": narrower, "changed": broken}[change](scene.sent)
    altered = [
        name for name in old.names if name in new.names and old.kinds(name) != new.kinds(name)
    ]
    places = old.at, new.at
    if "/security" in places:  # for whom none had been told, it is told once
        places = old.at if old.is_told else "", new.at if new.is_told else ""
    if altered and old.said == new.said:
        places = old.place(altered[0]), new.place(altered[0])
    texts = old.text(altered), new.text(altered)
    scene.row(f"security-{change}", *places, told, "", *texts)


class _Needs:
    """What one operation asks for (OAS 3.1.1 section 4.8.30): nothing, or one of *alternatives*."""

    def __init__(self, scene: Scene, which: int, at: str) -> None:
        self._scene = scene
        self._which = which
        document = scene.context.documents[which]
        operation = scene.context.follow(which, at)[1]
        self.at = at
        self.said: Sequence[Mapping[str, Sequence[str]]] = []
        self.is_told = True
        if "security" in operation:
            self.at, self.said = f"{at}/security", operation["security"]
        elif "security" in document and scene.sent == REQUEST:
            # What the API asks of its callers, it need not show when it calls them.
            self.at, self.said = "/security", document["security"]
        else:
            self.is_told = False
        self.alternatives = [way for one in self.said for way in self._ways(one)] or [{}]

    @property
    def names(self) -> list[str]:
        """The schemes that are named."""
        return list(dict.fromkeys(name for one in self.said for name in one))

    def text(self, described: Sequence[str]) -> str | None:
        """The alternatives in words, more of the schemes in *described*; `None` where nothing is asked."""
        told = [
            " and ".join(
                _named(name, scopes) + (self._described(name) if name in described else "")
                for name, scopes in one.items()
            )
            for one in self.said
        ]
        return " or ".join(one or "nothing" for one in told) if self.names else None

    def place(self, name: str) -> str:
        """Where the scheme *name* stands."""
        return self._scheme(name)[0]

    def kinds(self, name: str) -> tuple[Kind, ...]:
        """How a key of the scheme *name* is got and written, in each way that will do."""
        _, value = self._scheme(name)
        written = value.get("x-credential", "")
        match value["type"]:
            case "apiKey":
                carrier = value["name"].lower() if value["in"] == "header" else value["name"]
                return (("apiKey", value["in"], carrier, written or "{key}"),)
            case "http":
                scheme = str(value["scheme"]).lower()
                if written == f"{scheme} {{key}}":
                    written = written.casefold()
                return (("http", scheme, written),)
            case "oauth2":
                return tuple(("oauth2", *flow, written) for flow in _flows(value.get("flows", {})))
            case "openIdConnect":
                return (("openIdConnect", value.get("openIdConnectUrl"), written),)
        return ((value["type"],),)

    def _ways(self, said: Mapping[str, Sequence[str]]) -> Iterator[Alternative]:
        """An alternative for each choice of flows; what is asked twice of one kind is asked together."""
        for kinds in product(*map(self.kinds, said)):
            found: dict[Kind, frozenset[str]] = {}
            for kind, scopes in zip(kinds, said.values(), strict=True):
                found[kind] = found.get(kind, frozenset()).union(scopes)
            yield found

    def _scheme(self, name: str) -> tuple[str, Mapping[str, Any]]:
        at = member("/components/securitySchemes", name)
        return self._scene.context.follow(self._which, at)

    def _described(self, name: str) -> str:
        _, value = self._scheme(name)
        written = f" as `{value['x-credential']}`" if "x-credential" in value else ""
        match value["type"]:
            case "apiKey":
                return f" in the {value['in']} `{value['name']}`{written}"
            case "http":
                return f" by HTTP `{value['scheme']}`{written}"
            case "oauth2":
                flows = [
                    f"`{kind}` at " + ", ".join(f"`{url}`" for url in urls if url)
                    for kind, *urls in _flows(value.get("flows", {}))
                ]
                return f" by {' or '.join(flows)}{written}"
            case "openIdConnect":
                return f" of `{value.get('openIdConnectUrl')}`{written}"
        return f" by `{value['type']}`"


def _named(name: str, scopes: Sequence[str]) -> str:
    return f"`{name}` ({', '.join(scopes)})" if scopes else f"`{name}`"


def _flows(flows: Mapping[str, Any]) -> list[tuple[str | None, ...]]:
    """Each flow with the places where a token is got: who has one of any flow is let in."""
    urls = ("authorizationUrl", "deviceAuthorizationUrl", "tokenUrl")
    return [
        (kind, *(flow.get(url) for url in urls))
        for kind, flow in sorted(flows.items())
        if not kind.startswith("x-")
    ]


def _suffices(shown: Alternative, asked: Alternative) -> bool:
    """Whether who shows all of *shown* has what is *asked* for."""
    return all(scheme in shown and scopes <= shown[scheme] for scheme, scopes in asked.items())
