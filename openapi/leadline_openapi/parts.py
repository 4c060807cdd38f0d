"""
The parts of operations and responses: parameters, bodies, answers, credentials.

What Leadline would have to guess at is a doubt, and added to a list: the rest is built all the same, as
models need nothing but schemas.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from leadline_openapi import mediatype, words
from leadline_openapi import pointer as pointers
from leadline_openapi.contract import Answer, Body, MediaType, SecurityScheme
from leadline_openapi.normalise import for_direction
from leadline_openapi.parameters import DEFAULT_STYLES, STYLES, Parameter
from leadline_openapi.schema import Library, Schema

Doubts = list[str]

_IGNORED_HEADERS = frozenset(("accept", "content-type", "authorization"))
"""OAS 3.1.1 section 4.8.12.1: header parameters of these names shall be ignored."""


class _Unreadable(Exception):
    """Nothing can be built of it."""


class Parts:
    """Builds parts of *document*; each method adds to *doubts* what cannot be spoken for."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._requests = Library(for_direction(document, "readOnly"))
        self._responses = Library(for_direction(document, "writeOnly"))
        self._words = words.Finder(document)

    def _follow(self, at: str) -> tuple[str, dict[str, Any]]:
        return words.follow(self._document, at)

    def parameters(
        self, item_at: str, at: str, doubts: Doubts
    ) -> tuple[tuple[Parameter, ...], dict[str, str]]:
        """
        The parameters of the operation *at*, and why others cannot be read, by pointer.

        Those of the operation override those of its path (OAS 3.1.1 section 4.8.9.1).
        """
        found: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {}
        for holder in (item_at, at):
            listed = pointers.find(self._document, holder).get("parameters", ())
            for index in range(len(listed)):
                where, value = self._follow(f"{holder}/parameters/{index}")
                found[value["in"], value["name"]] = (where, value)
        built: list[Parameter] = []
        unread: dict[str, str] = {}
        for (location, name), (where, value) in found.items():
            if location == "header" and name.lower() in _IGNORED_HEADERS:
                continue
            try:
                built.append(self._parameter(name, location, where, value, self._requests))
            except _Unreadable as doubt:
                unread[where] = str(doubt)
        doubts += unread.values()
        return tuple(built), unread

    def _parameter(
        self, name: str, location: str, at: str, value: dict[str, Any], library: Library
    ) -> Parameter:
        if location not in STYLES:
            raise _Unreadable(f"the parameter `{name}` is the whole query string")
        style = value.get("style", DEFAULT_STYLES[location])
        if style not in STYLES[location]:
            raise _Unreadable(f"the style `{style}` of the parameter `{name}` is not supported")
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
            raise _Unreadable(f"the parameter `{name}` is sent as `{media}`")
        media_at, value = self._follow(at + pointers.pointer(("content", media)))
        if "schema" not in value:
            raise _Unreadable(f"the parameter `{name}` has no schema")
        return f"{media_at}/schema"

    def request_body(self, at: str, doubts: Doubts) -> Body:
        """What the operation *at* takes; it has a body."""
        where, value = self._follow(f"{at}/requestBody")
        content = tuple(
            self._media(where, name, self._requests, doubts) for name in value["content"]
        )
        doubts += (
            f"a request body of `{media.name}` is not supported"
            for media in content
            if not media.is_json and media.schema is not None and not _free(media.schema)
        )
        return Body(
            required=bool(value.get("required", False)),
            content=content,
            pointer=where,
            max_bytes=value.get("x-max-bytes"),
        )

    def answer(self, at: str, status: str, doubts: Doubts) -> Answer:
        """The response *at*, for *status*."""
        where, value = self._follow(at)
        content = tuple(
            self._media(where, name, self._responses, doubts) for name in value.get("content", ())
        )
        return Answer(
            status=status.upper() if status != "default" else status,
            description=str(value.get("description", "")),
            headers=tuple(self._headers(where, value, doubts)),
            body=Body(required=bool(content), content=content, pointer=where),
            pointer=where,
        )

    def _headers(self, at: str, value: dict[str, Any], doubts: Doubts) -> Iterator[Parameter]:
        for name in value.get("headers", ()):
            where, header = self._follow(at + pointers.pointer(("headers", name)))
            if name.lower() == "content-type":
                continue  # OAS 3.1.1 section 4.8.17.1: it shall be ignored
            try:
                yield self._parameter(name, "header", where, header, self._responses)
            except _Unreadable as doubt:
                doubts.append(str(doubt))

    def _media(self, at: str, name: str, library: Library, doubts: Doubts) -> MediaType:
        where, value = self._follow(at + pointers.pointer(("content", name)))
        schema, items = (
            Schema(f"{where}/{word}", library) if word in value else None
            for word in ("schema", "itemSchema")
        )
        if items is not None:
            doubts.append(f"a stream of items (`itemSchema`) of `{name}` is not supported")
        found = words.Annotations()
        if schema is not None:
            try:
                found = self._words.find(schema.pointer)
            except words.Overgrown as error:
                doubts.append(str(error))
        return MediaType(
            name=name,
            schema=schema,
            items=items,
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

    def security(
        self, operation: dict[str, Any], doubts: Doubts
    ) -> tuple[tuple[SecurityScheme, ...], ...]:
        """
        The alternatives of which *operation* asks for one.

        There are none where one of them is in doubt: it may be the one that callers use.
        """
        alternatives = operation.get("security", self._document.get("security", []))
        try:
            return tuple(
                tuple(self._scheme(name) for name in requirement) for requirement in alternatives
            )
        except _Unreadable as doubt:
            doubts.append(str(doubt))
            return ()

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
    raise _Unreadable(f"the security scheme `{name}` is of a kind that carries no key")


def _free(schema: Schema) -> bool:
    """Whether the *schema* of a body that is not JSON asks for nothing but bytes or text."""
    source = schema.source
    if not isinstance(source, dict):
        return source is True
    said = set(source) - {"description", "title", "format", "contentMediaType", "contentEncoding"}
    return said <= {"type"} and source.get("type", "string") == "string"
