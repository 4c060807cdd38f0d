"""Compare where the API is: the servers of each operation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from leadline_openapi.diff.context import Context, Scene, member
from leadline_openapi.diff.facing import NEW, OLD
from leadline_openapi.diff.verdicts import broken, harmless

_HOST = re.compile(r"(?:[^/]*:)?//[^/]*")
_VARIABLE = re.compile(r"\{([^{}]*)\}")

Chain = tuple[str, str]
"""An operation and its path item: their servers override those of the document (OAS 3.1.1 section 4.8.10)."""


@dataclass(frozen=True, slots=True)
class _Address:
    """The *host* with the scheme, which is empty where the place of the document decides, and the *path*."""

    host: str
    path: str

    @property
    def text(self) -> str:
        return f"{self.host}{self.path}" or "/"


@dataclass(frozen=True, slots=True)
class _Server:
    """A Server Object at *at*."""

    at: str
    url: str
    variables: Mapping[str, Mapping[str, Any]]

    def addresses(self) -> Iterator[_Address]:
        """Where it may be: each value of a variable once, and those without a list by name."""
        usual = {name: str(one["default"]) for name, one in self.variables.items() if "enum" in one}
        yield self._address(usual)
        for name in usual:
            for value in self.variables[name]["enum"]:
                yield self._address({**usual, name: str(value)})

    def serves(self, address: _Address) -> bool:
        """Whether *address* is one of its own; a host that is not told may be any."""
        host, path = self._split()
        if not re.fullmatch(self._pattern(path), address.path):
            return False
        if not host or not address.host:
            return True
        return re.fullmatch(self._pattern(host), address.host, re.IGNORECASE) is not None

    def _split(self) -> tuple[str, str]:
        found = _HOST.match(self.url)
        host = found[0] if found else ""
        return host, self.url[len(host) :].rstrip("/")

    def _address(self, values: Mapping[str, str]) -> _Address:
        host, path = (
            _VARIABLE.sub(lambda one: values.get(one[1], one[0]), part) for part in self._split()
        )
        return _Address(host, path)

    def _pattern(self, text: str) -> str:
        literals = _VARIABLE.split(text)
        return "".join(
            self._any_of(part) if index % 2 else re.escape(part)
            for index, part in enumerate(literals)
        )

    def _any_of(self, name: str) -> str:
        values = self.variables.get(name, {}).get("enum")
        if values is None:
            return ".*"
        return f"(?:{'|'.join(re.escape(str(value)) for value in values)})"


def servers(context: Context, met: Iterable[tuple[str, Chain, Chain]]) -> None:
    """
    Compare the servers of the operations *met*: their names, and where they stand in both documents.

    What is so for all of them is told of the contract.
    """
    labels: dict[tuple[str, str], list[str]] = {}
    for label, old, new in met:
        holders = _holder(context, OLD, old), _holder(context, NEW, new)
        labels.setdefault(holders, []).append(label)
    for (old_at, new_at), named in labels.items():
        both = _servers(context, OLD, old_at), _servers(context, NEW, new_at)
        for label in named if len(labels) > 1 else ["the contract"]:
            _compare(Scene(context, label), *both)


def _holder(context: Context, which: int, chain: Chain) -> str:
    """Where the servers of an operation are said: at the innermost place that has any."""
    return next((at for at in chain if context.follow(which, at)[1].get("servers")), "")


def _servers(context: Context, which: int, at: str) -> list[_Server]:
    _, holder = context.follow(which, at)
    found = [
        _Server(f"{at}/servers/{index}", str(one["url"]), one.get("variables", {}))
        for index, one in enumerate(holder.get("servers", ()))
    ]
    # OAS 3.1.1 section 4.8.1: without any there is one "with a url value of /"
    return found or [_Server(at, "/", {})]


def _compare(scene: Scene, old: list[_Server], new: list[_Server]) -> None:
    for server in new:
        for address in _unserved(server, old):
            told = harmless(scene.sent)
            scene.row("server-added", None, server.at, told, f"`{address.text}`")
    for server in old:
        for address in _unserved(server, new):
            told = broken(scene.sent)
            scene.row("server-removed", server.at, None, told, f"`{address.text}`")
        for other in new:
            if other.url == server.url:
                _defaults(scene, server, other)


def _unserved(server: _Server, others: list[_Server]) -> Iterator[_Address]:
    for address in dict.fromkeys(server.addresses()):
        if not any(other.serves(address) for other in others):
            yield address


def _defaults(scene: Scene, old: _Server, new: _Server) -> None:
    """Whoever has filled in a value keeps it; the default is for those who have not."""
    for name in (one for one in old.variables if one in new.variables):
        before, after = (str(one.variables[name]["default"]) for one in (old, new))
        if before != after:
            places = [member(one.at, "variables", name, "default") for one in (old, new)]
            told = harmless(scene.sent)
            subject = f"`{name}` of the server `{new.url}`"
            code = "server-default-changed"
            scene.row(code, places[OLD], places[NEW], told, subject, before, after)
