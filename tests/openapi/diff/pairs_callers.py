"""Pairs of where callers go, and of what they show there: servers and security.

They are written as those of `pairs_operations`.
"""

from __future__ import annotations

from typing import Any

from tests.openapi.diff.pairs_operations import (
    BASE,
    SCHEMES,
    SENT,
    B,
    N,
    Told,
    document,
    secured,
)
from tests.openapi.diff.pairs_wire import newer

# fmt: off

def at(*urls: str) -> list[dict[str, Any]]:
    """Servers."""
    return [{"url": url} for url in urls]


def served(root: Any = None, /, path: Any = None, own: Any = None) -> dict[str, Any]:
    """`POST /notes` with servers of the document, of its path, and of its own."""
    said = {"post": {**BASE, **({"servers": own} if own else {})}, **({"servers": path} if path else {})}
    return document(paths={"/notes": said}, **({"servers": root} if root is not None else {}))


def regions(*names: str, url: str = "https://{r}.example", **more: Any) -> list[dict[str, Any]]:
    """A server in the regions *names*, the first of which is the default."""
    return [{"url": url, "variables": {"r": {"default": names[0], "enum": list(names), **more}}}]


A, OTHER = at("https://a.example"), at("https://b.example")
MOVED: list[Told] = [("server-added", N, SENT), ("server-removed", B, SENT)]

SERVER_PAIRS: list[tuple[str, dict[str, Any], dict[str, Any], list[Told]]] = [
    # Servers (sections 4.8.1, 4.8.5, 4.8.9.1, 4.8.10.1)
    ("an operation is at a server of its own", served(A), served(A, own=OTHER), MOVED),
    ("an operation has no server of its own any more", served(A, own=OTHER), served(A), MOVED),
    ("a path is at a server of its own", served(A), served(A, path=OTHER), MOVED),
    ("a path is at another server", served(A, path=OTHER), served(A, path=at("https://c.example")), MOVED),
    ("an operation overrides its path", served(A, path=OTHER, own=A), served(A), []),
    ("an operation says the same as the document", served(A), served(A, own=at("https://A.example/")), []),
    ("no server is the root", served(), served(at("/")), []),
    ("an empty list of servers is none", served([]), served(at("/")), []),
    ("the API is below its root now", served(), served(at("/v2")), MOVED),
    ("the place of the document may be what is told now", served(), served(A), []),
    ("the place of the document is elsewhere", served(), served(at("https://a.example/v2")), MOVED),
    (
        "a region less", served(regions("eu", "us")), served(regions("eu")), [("server-removed", B, SENT)],
    ),
    ("a region more", served(regions("eu")), served(regions("eu", "us")), [("server-added", N, SENT)]),
    (
        "another region is the usual one",
        served(regions("eu", "us")), served(regions("us", "eu")), [("server-default-changed", N, SENT)],
    ),
    ("a variable has another name", served(regions("eu")), served(
        [{"url": "https://{x}.example", "variables": {"x": {"default": "eu", "enum": ["eu"]}}}]), []),
    (
        "regions are written out",
        served(regions("eu", "us")), served(at("https://eu.example", "https://us.example")), [],
    ),
    (
        "any region becomes one",
        served([{"url": "https://{r}.example", "variables": {"r": {"default": "eu"}}}]),
        served(regions("eu")), [("server-removed", B, SENT)],
    ),
]

FLOW = SCHEMES["login"]["flows"]["clientCredentials"]


def login(**flows: Any) -> dict[str, Any]:
    """An OAuth scheme."""
    return {"type": "oauth2", "flows": flows}


def device(url: str) -> dict[str, Any]:
    """An OAuth scheme for devices."""
    return login(deviceAuthorization={**FLOW, "deviceAuthorizationUrl": url})


SECURITY_PAIRS: list[tuple[str, dict[str, Any], dict[str, Any], list[Told]]] = [
    # Security (sections 4.8.27 to 4.8.30)
    (
        "a flow more",
        secured({"login": ["r"]}),
        secured({"login": ["r"]}, login=login(clientCredentials=FLOW, password=FLOW)),
        [("security-widened", N, SENT)],
    ),
    (
        "a flow less",
        secured({"login": ["r"]}, login=login(clientCredentials=FLOW, password=FLOW)),
        secured({"login": ["r"]}), [("security-narrowed", B, SENT)],
    ),
    (
        "flows become alternatives",
        secured({"login": ["r"]}, login=login(clientCredentials=FLOW, password=FLOW)),
        secured({"login": ["r"]}, {"other": ["r"]}, other=login(password=FLOW)), [],
    ),
    (
        "a device asks elsewhere",
        newer(secured({"login": ["r"]}, login=device("https://a.example/d"))),
        newer(secured({"login": ["r"]}, login=device("https://b.example/d"))),
        [("security-changed", B, SENT)],
    ),
    (
        "a scope more by a scheme that is the same",
        secured({"login": ["r"]}), secured({"again": ["w"], "login": ["r"]}, again=SCHEMES["login"]),
        [("security-narrowed", B, SENT)],
    ),
    (
        "scopes of two schemes that are the same",
        secured({"login": ["r"], "again": ["w"]}, again=SCHEMES["login"]), secured({"login": ["w", "r"]}),
        [],
    ),
]
