"""Compare how the parts of a body are encoded: `encoding`, `prefixEncoding`, `itemEncoding`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from leadline_openapi import mediatype, readings
from leadline_openapi.diff.change import SideName
from leadline_openapi.diff.context import Object, Scene, member
from leadline_openapi.diff.facing import NEW, OLD
from leadline_openapi.diff.parameters import headers
from leadline_openapi.diff.verdicts import broken, narrower, wider

_FORM = "application/x-www-form-urlencoded"
_STYLE = ("style", "explode", "allowReserved")
_MOST_LISTS = 10
"""Lists in lists that are looked into for the type of what is in them."""


@dataclass(frozen=True, slots=True)
class _Holder:
    """What has encodings, at *at* of a document: a representation or a part of one, with its *schemas*."""

    document: dict[str, Any]
    at: str
    value: Mapping[str, Any]
    schemas: tuple[Any, ...]

    @property
    def keys(self) -> Iterator[tuple[str, str]]:
        """The encodings that are there."""
        yield from (("encoding", name) for name in self.value.get("encoding", ()))
        yield from (("prefixEncoding", str(index)) for index in range(len(self._prefix)))
        if "itemEncoding" in self.value:
            yield "itemEncoding", ""

    @property
    def _prefix(self) -> list[Any]:
        found = self.value.get("prefixEncoding", [])
        return found if isinstance(found, list) else []

    def part(self, word: str, name: str) -> _Holder:
        """The encoding *name* of *word*; what is not said of a position is said of all items."""
        index = int(name) if word == "prefixEncoding" else 0
        if word == "encoding":
            found = self.value.get(word, {}).get(name)
            at = member(self.at, word, name)
        elif word == "prefixEncoding" and index < len(self._prefix):
            found = self._prefix[index]
            at = member(self.at, word, name)
        else:
            found = self.value.get("itemEncoding")
            at = f"{self.at}/itemEncoding"
        at = self.at if found is None else at
        return _Holder(self.document, at, found or {}, tuple(self._schemas(word, name, index)))

    def _schemas(self, word: str, name: str, index: int) -> Iterator[Any]:
        if word != "encoding" and "itemSchema" in self.value:
            yield self.value["itemSchema"]
        for schema in self.schemas:
            for part in readings.parts(schema, self.document):
                if word == "encoding":
                    found = part.get("properties", {}).get(name)
                else:
                    prefix = part.get("prefixItems", [])
                    is_listed = word == "prefixEncoding" and index < len(prefix)
                    found = prefix[index] if is_listed else part.get("items")
                if found is not None:
                    yield found

    @property
    def style(self) -> dict[str, Any]:
        """How the part is written like a parameter of the query; empty where its media type decides."""
        if not any(word in self.value for word in _STYLE):
            return {}
        style = self.value.get("style", "form")
        return {
            "style": style,
            "explode": self.value.get("explode", style == "form"),
            "allowReserved": self.value.get("allowReserved", False),
        }

    @property
    def types(self) -> tuple[str, ...]:
        """The media types that the part may have."""
        told = self.value.get("contentType")
        if told is None:
            told = _default(self.schemas[0] if self.schemas else True, self.document)
        return tuple(one.strip().lower() for one in str(told).split(","))


def encodings(
    scene: Scene, side: SideName, old: Object, new: Object, name: str, subject: str
) -> None:
    """Compare what the representations *old* and *new*, of the media type *name*, say of their parts."""
    if not mediatype.covers(_FORM, name) and not mediatype.covers("multipart/*", name):
        return  # it applies to nothing else (OAS 3.1.1 section 4.8.14.1)
    holders = [
        _Holder(dict(scene.context.documents[which]), *holder, (holder[1].get("schema", True),))
        for which, holder in ((OLD, old), (NEW, new))
    ]
    _parts(scene, side, holders[OLD], holders[NEW], subject)


def _parts(scene: Scene, side: SideName, old: _Holder, new: _Holder, subject: str) -> None:
    for word, name in dict.fromkeys((*old.keys, *new.keys)):
        before, after = old.part(word, name), new.part(word, name)
        match word:
            case "encoding":
                about = f"the part `{name}` of {subject}"
            case "prefixEncoding":
                about = f"the part {int(name) + 1} of {subject}"
            case _:
                about = f"each part of {subject}"
        _part(scene, side, before, after, about)
        _parts(scene, side, before, after, about)


def _part(scene: Scene, side: SideName, old: _Holder, new: _Holder, subject: str) -> None:
    headers(scene, side, (old.at, old.value), (new.at, new.value))
    places = old.at, new.at
    if old.style != new.style:
        told = broken(side)
        scene.row("encoding-changed", *places, told, subject, old.style or None, new.style or None)
    if old.style and new.style:
        return  # then `contentType` is ignored (OAS 3.1.1 section 4.8.15.1.2)
    gone, added = _uncovered(old.types, new.types), _uncovered(new.types, old.types)
    if gone or added:
        kind = "changed" if gone and added else "narrowed" if gone else "widened"
        told = {"narrowed": narrower, "widened": wider, "changed": broken}[kind](side)
        types = ", ".join(old.types), ", ".join(new.types)
        scene.row(f"encoding-{kind}", *places, told, subject, *types)


def _uncovered(types: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return any(not any(mediatype.covers(other, one) for other in others) for one in types)


def _default(schema: Any, document: dict[str, Any]) -> str:
    """The `contentType` of a part for which none is told (OAS 3.1.1 section 4.8.15.1.1)."""
    for _ in range(_MOST_LISTS):
        types = readings.types(schema, document) - {"null"}
        parts = list(readings.parts(schema, document))
        if types == {"object"}:
            return "application/json"
        if types != {"array"}:
            is_text = types and types <= readings.SCALARS and not any(map(_is_binary, parts))
            return "text/plain" if is_text else "application/octet-stream"
        schema = next((part["items"] for part in parts if "items" in part), True)
    return "application/octet-stream"


def _is_binary(schema: Mapping[str, Any]) -> bool:
    return "contentEncoding" in schema or schema.get("format") in {"binary", "byte"}
