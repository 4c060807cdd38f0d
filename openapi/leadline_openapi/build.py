"""From a valid, normalised document to the frozen `Contract`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from leadline_openapi import leniency, mediatype, soundness, words
from leadline_openapi import pointer as pointers
from leadline_openapi.contract import (
    CHECKS,
    Answer,
    Body,
    Contract,
    Invariant,
    MediaType,
    Operation,
    RateLimit,
    SecurityScheme,
)
from leadline_openapi.errors import Place, SpecError
from leadline_openapi.normalise import for_direction
from leadline_openapi.parameters import DEFAULT_STYLES, STYLES, Parameter
from leadline_openapi.schema import Library, Schema
from leadline_openapi.structure import METHODS


class _Unsupported(Exception):
    """An operation says something that Leadline would have to guess at."""


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
        self._requests = Library(for_direction(document, "readOnly"))
        self._responses = Library(for_direction(document, "writeOnly"))
        self._words = words.Finder(document)
        self._leniencies = leniency.declared(document)

    def unrouted(self) -> Iterator[Answer]:
        """What `x-unrouted` says."""
        for status in self._document.get("paths", {}).get("x-unrouted", ()):
            at = f"/paths/x-unrouted/{status}"
            try:
                yield self._answer(at, status)
            except _Unsupported as reason:
                place = self._places.get(at, Place("", pointer=at))
                raise SpecError(place, f"this response cannot be given: {reason}") from None

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

    def _follow(self, at: str) -> tuple[str, dict[str, Any]]:
        return words.follow(self._document, at)

    def _operation(self, path: str, method: str, item_at: str, at: str) -> Operation:
        source = pointers.find(self._document, at)
        parts: dict[str, Any] = {"parameters": (), "body": None, "answers": (), "security": ()}
        unsupported = ""
        try:
            self._check_servers(item_at, at)
            parts["parameters"] = tuple(self._parameters(item_at, at))
            parts["body"] = self._request_body(at) if "requestBody" in source else None
            parts["answers"] = tuple(
                self._answer(at + pointers.pointer(("responses", status)), status)
                for status in source.get("responses", {})
                if not status.startswith("x-")
            )
            parts["security"] = self._security(source)
        except _Unsupported as reason:
            unsupported = str(reason)
        return Operation(
            id=str(source.get("operationId", f"{method} {path}")),
            method=method,
            path=path,
            summary=str(source.get("summary", "")),
            invariants=tuple(
                Invariant(
                    entry["name"], entry["rule"], entry["message"], f"{at}/x-invariants/{index}"
                )
                for index, entry in enumerate(source.get("x-invariants", ()))
            ),
            pointer=at,
            unsupported=unsupported,
            leniencies=self._leniencies,
            check_order=tuple(dict.fromkeys((*source.get("x-check-order", ()), *CHECKS))),
            rate_limit=_rate_limit(source.get("x-rate-limit"), at),
            **parts,
        )

    def _check_servers(self, item_at: str, at: str) -> None:
        """One URL stands for the server of all operations; only the path behind it may differ."""
        for holder in (pointers.find(self._document, where) for where in (at, item_at)):
            if "servers" in holder:
                if _base_path(holder) != _base_path(self._document):
                    raise _Unsupported("it has a server of its own, under another path")
                return

    def _parameters(self, item_at: str, at: str) -> Iterator[Parameter]:
        """The operation's parameters override those of its path (OAS 3.1.1 section 4.8.9.1)."""
        found: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {}
        for holder in (item_at, at):
            listed = pointers.find(self._document, holder).get("parameters", ())
            for index in range(len(listed)):
                where, value = self._follow(f"{holder}/parameters/{index}")
                found[value["in"], value["name"]] = (where, value)
        for (location, name), (where, value) in found.items():
            ignored = location == "header" and name.lower() in _IGNORED_HEADERS
            if not ignored:
                yield self._parameter(name, location, where, value, self._requests)

    def _parameter(
        self, name: str, location: str, at: str, value: dict[str, Any], library: Library
    ) -> Parameter:
        if location not in STYLES:
            raise _Unsupported(f"the parameter `{name}` is the whole query string")
        style = value.get("style", DEFAULT_STYLES[location])
        if style not in STYLES[location]:
            raise _Unsupported(f"the style `{style}` of the parameter `{name}` is not supported")
        schema_at = f"{at}/schema"
        if "content" in value:
            schema_at = self._content_schema(name, at, value["content"])
        return Parameter(
            name=name,
            location=location,
            required=bool(value.get("required", False)),
            schema=Schema(schema_at, library),
            style=style,
            explode=bool(value.get("explode", style == "form")),
            json="content" in value,
            description=str(value.get("description", "")),
            pointer=at,
            allow_empty=location == "query" and value.get("allowEmptyValue") is True,
        )

    def _content_schema(self, name: str, at: str, content: dict[str, Any]) -> str:
        media = next(iter(content))
        if not mediatype.is_json(media):
            raise _Unsupported(f"the parameter `{name}` is sent as `{media}`")
        media_at, value = self._follow(at + pointers.pointer(("content", media)))
        if "schema" not in value:
            raise _Unsupported(f"the parameter `{name}` has no schema")
        return f"{media_at}/schema"

    def _request_body(self, at: str) -> Body:
        where, value = self._follow(f"{at}/requestBody")
        content = tuple(self._media(where, name, self._requests) for name in value["content"])
        for media in content:
            if not media.is_json and media.schema is not None and not _free(media):
                raise _Unsupported(f"a request body of `{media.name}` is not supported")
        return Body(
            required=bool(value.get("required", False)),
            content=content,
            pointer=where,
            max_bytes=value.get("x-max-bytes"),
        )

    def _answer(self, at: str, status: str) -> Answer:
        where, value = self._follow(at)
        content = tuple(
            self._media(where, name, self._responses) for name in value.get("content", ())
        )
        return Answer(
            status=status.upper() if status != "default" else status,
            description=str(value.get("description", "")),
            headers=tuple(self._headers(where, value)),
            body=Body(required=bool(content), content=content, pointer=where),
            pointer=where,
        )

    def _headers(self, at: str, value: dict[str, Any]) -> Iterator[Parameter]:
        for name in value.get("headers", ()):
            where, header = self._follow(at + pointers.pointer(("headers", name)))
            if name.lower() != "content-type":  # OAS 3.1.1 section 4.8.17.1: it shall be ignored
                yield self._parameter(name, "header", where, header, self._responses)

    def _media(self, at: str, name: str, library: Library) -> MediaType:
        where, value = self._follow(at + pointers.pointer(("content", name)))
        if "itemSchema" in value:
            raise _Unsupported(f"a stream of items (`itemSchema`) of `{name}` is not supported")
        schema = Schema(f"{where}/schema", library) if "schema" in value else None
        found = words.Annotations()
        if schema is not None:
            try:
                found = self._words.find(schema.pointer)
            except words.Overgrown as error:
                raise _Unsupported(str(error)) from None
        return MediaType(
            name=name,
            schema=schema,
            examples=self._examples(where, value),
            pointer=where,
            echoes=found.echoes,
            server_values=found.server_values,
            relations=found.relations,
            localized=found.localized,
        )

    def _examples(self, at: str, value: dict[str, Any]) -> dict[str, Any]:
        if "example" in value:
            return {"example": value["example"]}
        found: dict[str, Any] = {}
        for name in value.get("examples", ()):
            _, example = self._follow(at + pointers.pointer(("examples", name)))
            for word in ("dataValue", "value"):  # OAS 3.2.0 section 4.19 prefers dataValue
                if word in example:
                    found.setdefault(name, example[word])
        return found

    def _security(self, operation: dict[str, Any]) -> tuple[tuple[SecurityScheme, ...], ...]:
        alternatives = operation.get("security", self._document.get("security", []))
        return tuple(
            tuple(self._scheme(name) for name in requirement) for requirement in alternatives
        )

    def _scheme(self, name: str) -> SecurityScheme:
        at, value = self._follow(pointers.pointer(("components", "securitySchemes", name)))
        location, parameter, template = _carrier(name, value)
        return SecurityScheme(
            name=name,
            location=location,
            parameter=parameter,
            template=str(value.get("x-credential", template)),
            pointer=at,
        )


def _rate_limit(said: dict[str, int] | None, at: str) -> RateLimit | None:
    return RateLimit(**said, pointer=f"{at}/x-rate-limit") if said else None


_IGNORED_HEADERS = frozenset(("accept", "content-type", "authorization"))
"""OAS 3.1.1 section 4.8.12.1: header parameters of these names shall be ignored."""


def _carrier(name: str, scheme: dict[str, Any]) -> tuple[str, str, str]:
    match scheme["type"]:
        case "apiKey":
            return scheme["in"], scheme["name"], "{key}"
        case "http" if scheme["scheme"].lower() == "basic":
            return "header", "Authorization", "Basic {key}"
        case "http" if scheme["scheme"].lower() == "bearer":
            return "header", "Authorization", "Bearer {key}"
        case "oauth2" | "openIdConnect":
            return "header", "Authorization", "Bearer {key}"
    raise _Unsupported(f"the security scheme `{name}` is of a kind that carries no key")


def _free(media: MediaType) -> bool:
    """Whether the schema of a body that is not JSON asks for nothing but bytes or text."""
    source = media.schema.source if media.schema else True
    if not isinstance(source, dict):
        return source is True
    said = set(source) - {"description", "title", "format", "contentMediaType", "contentEncoding"}
    return said <= {"type"} and source.get("type", "string") == "string"
