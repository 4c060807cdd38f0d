"""From a valid, normalised document to the frozen `Contract`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from leadline_openapi import leniency, soundness
from leadline_openapi import pointer as pointers
from leadline_openapi.contract import (
    CHECKS,
    Answer,
    Contract,
    Invariant,
    Operation,
    RateLimit,
)
from leadline_openapi.errors import Place, SpecError
from leadline_openapi.parts import Parts
from leadline_openapi.structure import METHODS


def build(document: dict[str, Any], places: Mapping[str, Place], source: str) -> Contract:
    """The contract that *document*, valid and normalised, says."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    builder = _Builder(document, places)
    contract = Contract(
        title=str(document["info"]["title"]),
        version=str(document["info"]["version"]),
        source=source,
        digest=hashlib.sha256(canonical.encode()).hexdigest(),
        base_path=_base_path(document),
        document=document,
        places=places,
        operations=tuple(builder.operations()),
        unrouted=tuple(builder.unrouted()),
    )
    soundness.check(contract)
    return contract


def _base_path(holder: dict[str, Any]) -> str:
    servers: list[dict[str, Any]] = holder.get("servers") or [{"url": "/"}]
    url = str(servers[0]["url"])
    for name, variable in servers[0].get("variables", {}).items():
        url = url.replace(f"{{{name}}}", str(variable["default"]))
    return urlsplit(url).path.rstrip("/")


class _Builder:
    def __init__(self, document: dict[str, Any], places: Mapping[str, Place]) -> None:
        self._document = document
        self._places = places
        self._parts = Parts(document)
        self._leniencies = leniency.declared(document)

    def unrouted(self) -> Iterator[Answer]:
        """What `x-unrouted` says."""
        for status in self._document.get("paths", {}).get("x-unrouted", ()):
            at = f"/paths/x-unrouted/{status}"
            doubts: list[str] = []
            answer = self._parts.answer(at, status, doubts)
            if doubts:
                place = self._places.get(at, Place("", pointer=at))
                raise SpecError(place, f"this response cannot be given: {doubts[0]}")
            yield answer

    def operations(self) -> Iterator[Operation]:
        for path, item in self._document.get("paths", {}).items():
            if not path.startswith("/"):
                continue  # an extension
            at = pointers.pointer(("paths", path))
            for method in METHODS:
                if method in item:
                    yield self._operation(path, method.upper(), at, f"{at}/{method}")
            for method in item.get("additionalOperations", {}):
                further = pointers.pointer(("additionalOperations", method))
                yield self._operation(path, method, at, at + further)

    def _operation(self, path: str, method: str, item_at: str, at: str) -> Operation:
        source, build = pointers.find(self._document, at), self._parts
        doubts = [*self._elsewhere(item_at, at)]
        parameters, unread = build.parameters(item_at, at, doubts)
        body = build.request_body(at, doubts) if "requestBody" in source else None
        answers = tuple(
            build.answer(at + pointers.pointer(("responses", status)), status, doubts)
            for status in source.get("responses", {})
            if not status.startswith("x-")
        )
        security = build.security(source, doubts)
        return Operation(
            id=str(source.get("operationId", f"{method} {path}")),
            method=method,
            path=path,
            summary=str(source.get("summary", "")),
            parameters=parameters,
            body=body,
            answers=answers,
            security=security,
            invariants=tuple(_invariants(source, at)),
            pointer=at,
            unsupported=next(iter(doubts), ""),
            unread=unread,
            leniencies=self._leniencies,
            check_order=tuple(dict.fromkeys((*source.get("x-check-order", ()), *CHECKS))),
            rate_limit=_rate_limit(source.get("x-rate-limit"), at),
        )

    def _elsewhere(self, item_at: str, at: str) -> Iterator[str]:
        """One URL stands for the server of all operations; only the path behind it may differ."""
        for holder in (pointers.find(self._document, where) for where in (at, item_at)):
            if "servers" in holder:
                if _base_path(holder) != _base_path(self._document):
                    yield "it has a server of its own, under another path"
                return


def _invariants(operation: dict[str, Any], at: str) -> Iterator[Invariant]:
    for index, entry in enumerate(operation.get("x-invariants", ())):
        where = f"{at}/x-invariants/{index}"
        yield Invariant(entry["name"], entry["rule"], entry["message"], where)


def _rate_limit(said: dict[str, int] | None, at: str) -> RateLimit | None:
    return RateLimit(**said, pointer=f"{at}/x-rate-limit") if said else None
