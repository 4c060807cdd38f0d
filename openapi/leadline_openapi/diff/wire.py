"""Parameters, headers and forms are texts: what differs only in its JSON type is the same on the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from leadline_openapi import readings
from leadline_openapi.diff.carriers import Carrier, Carriers
from leadline_openapi.diff.facing import Facing, covers, referring
from leadline_openapi.diff.view import Places
from leadline_openapi.diff.walk import SAME, Pair, Step
from leadline_openapi.parameters import ABSENT, Parameter, Sent
from leadline_openapi.schema import Library, Schema

_NAME = "leadlineValue"
_NUMBER = {"type": "string", "pattern": r"^-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$"}
_TEXTS: Mapping[str, Mapping[str, Any]] = {
    "string": {"type": "string"},
    "integer": _NUMBER,
    "number": _NUMBER,
    "boolean": {"enum": ["true", "false"]},
    "null": {"enum": ["null"]},
}
"""How values of a type are written."""


class _Carried(Protocol):
    def write(self, value: Any) -> list[tuple[str, str]]: ...

    def is_right(self, sent: Sent) -> bool: ...


class Wire:
    """
    Carries values from the contract *sender* of *facing*, for which they were made, to the other one.

    *root* has the schemas of the whole, *carriers* say how each of both writes it.
    """

    def __init__(self, facing: Facing, sender: int, root: Pair, carriers: Carriers) -> None:
        self._facing = facing
        self._sender = sender
        self._carrier = carriers[sender]
        self._writer, self._reader = (
            _carried(facing.limited[which], root[which], carriers[which])
            for which in (sender, 1 - sender)
        )

    def refuses(self, value: Any) -> bool:
        """Whether *value*, written, is right by the one contract, and is not as the other one reads it."""
        sent: dict[str, list[str]] = {}
        for name, text in self._writer.write(value):
            sent.setdefault(name, []).append(text)
        texts = [text for every in sent.values() for text in every]
        is_sent = bool(texts) or self._carrier.location == "form"
        if not is_sent or not all(self._is_sendable(text) for text in texts):
            return False
        return self._writer.is_right(sent) and not self._reader.is_right(sent)

    def _is_sendable(self, text: str) -> bool:
        if self._carrier.location == "path":
            return bool(text)  # an empty segment is another path
        # White space round a value is none of it (RFC 9110 section 5.5).
        return self._carrier.location != "header" or (text.isprintable() and text == text.strip())

    def takes(self, pair: Pair, steps: Sequence[Step]) -> bool:
        """Whether all values of *pair*, to which *steps* lead from the whole, are proven to be taken."""
        made, asked = pair[self._sender], pair[1 - self._sender]
        kinds = [step.kind for step in steps if step != SAME]
        if not kinds and (values := self._listed(made)) is not None:
            return not any(map(self.refuses, values))
        if self._carrier.location == "form":
            kinds = kinds[1:]  # a member of a form is what a parameter is
        if len(kinds) > 1 or (kinds == ["member"] and self._carrier.location == "form"):
            return False  # what is in there is JSON
        is_item = bool(kinds)
        read = self._read(made, asked, is_item=is_item) if made and asked else None
        return read is not None and covers(
            self._facing.canonical(1 - self._sender, referring(asked)),
            self._facing.canonical(self._sender, [read]),
        )

    def _listed(self, made: Places) -> Sequence[Any] | None:
        said = self._facing.limited[self._sender].flat(made).keywords
        values: list[Any] | None = said.get("enum", [said["const"]] if "const" in said else None)
        return values

    def _read(self, made: Places, asked: Places, *, is_item: bool) -> dict[str, Any] | None:
        """A schema of all that values of *made* may be read as, where *asked* says how; `None` if unknown."""
        own, types = self._types(self._sender, made), self._types(1 - self._sender, asked)
        kept, lost = own & types, own - types
        if is_item and len(types & readings.SCALARS - {"integer"}) > 1:
            # Of an item, only the first reading counts.
            return _any_of(types) if own <= readings.SCALARS else None
        found: list[dict[str, Any]] = []
        if "array" in kept and not is_item:
            items = self._read_items(made, asked)
            if items is None:
                return None
            found.append(items)
            kept -= {"array"}
        if kept:
            found.append({"allOf": [*referring(made), {"type": sorted(kept)}]})
        if self._is_split and not is_item and "array" in lost and "string" in types:
            found.append(dict(_TEXTS["string"]))
            lost -= {"array"}
        if lost and "string" in types and lost <= readings.SCALARS:
            found += [dict(_TEXTS[name]) for name in lost]
        elif lost and "array" in types and not is_item and lost <= readings.SCALARS:
            found.append(self._one_item(asked))
        elif lost:
            return None
        return {"anyOf": found}

    def _read_items(self, made: Places, asked: Places) -> dict[str, Any] | None:
        flat = self._facing.limited[self._sender].flat(made)
        wanted = self._facing.limited[1 - self._sender].flat(asked)
        if flat.prefix or not flat.items or not wanted.items:
            return None
        items = self._read(flat.items, wanted.items, is_item=True)
        lengths = {w: flat.keywords[w] for w in ("minItems", "maxItems") if w in flat.keywords}
        return None if items is None else {"type": "array", "items": items, **lengths}

    def _one_item(self, asked: Places) -> dict[str, Any]:
        """What a text is read as where a list is asked for: one item, unless it is split."""
        items = self._facing.limited[1 - self._sender].flat(asked).items
        types = self._types(1 - self._sender, items) if items else readings.EVERY
        lengths = {} if self._is_split else {"minItems": 1, "maxItems": 1}
        return {"type": "array", "items": _any_of(types), **lengths}

    @property
    def _is_split(self) -> bool:
        """Whether a list is one text."""
        return self._carrier.location not in {"query", "form"} or not self._carrier.explode

    def _types(self, which: int, places: Places) -> frozenset[str]:
        library = self._facing.limited[which]
        every = (readings.types(library.at(at).source, library.document) for at in places)
        return frozenset.intersection(readings.EVERY, *every)


def _any_of(types: frozenset[str]) -> dict[str, Any]:
    """Whatever a text is read as by *types*: itself, if nothing else."""
    return {"type": sorted(types & readings.SCALARS | {"string"})}


def _carried(library: Library, places: Places, how: Carrier) -> _Carried:
    if how.location == "form":
        return _Form(library, places[0])
    return _Value(_parameter(library, places[0], how))


def _parameter(library: Library, place: str, how: Carrier, *, json: bool = False) -> Parameter:
    return Parameter(
        name=_NAME,
        location=how.location,
        required=False,
        schema=Schema(place, library),
        style=how.style,
        explode=how.explode,
        json=json,
        description="",
        pointer=place,
    )


@dataclass(frozen=True, slots=True)
class _Value:
    """A parameter, or a header."""

    parameter: Parameter

    def write(self, value: Any) -> list[tuple[str, str]]:
        return self.parameter.write(value)

    def is_right(self, sent: Sent) -> bool:
        return not self.parameter.violations(sent, 1)


class _Form:
    """A body whose members are written as parameters of a query are, and objects in them as JSON."""

    def __init__(self, library: Library, place: str) -> None:
        self._schema = library.at(place)
        self._members = {
            name: self._member(library, places[0])
            for name, places in library.flat((place,)).properties.items()
        }

    @staticmethod
    def _member(library: Library, place: str) -> Parameter:
        types = readings.types(library.at(place).source, library.document)
        return _parameter(library, place, Carrier("query"), json=types <= {"object", "null"})

    def write(self, value: Any) -> list[tuple[str, str]]:
        if not isinstance(value, dict):
            return []
        pairs = []
        for name, member in value.items():
            if name in self._members:
                pairs += [(name, text) for _, text in self._members[name].write(member)]
            elif isinstance(member, str):
                pairs.append((name, member))
        return pairs

    def is_right(self, sent: Sent) -> bool:
        value = {}
        for name, texts in sent.items():
            known = self._members.get(name)
            if known is None:
                value[name] = texts[-1]
            elif known.violations({_NAME: texts}, 1):
                return False
            elif (read := known.read({_NAME: texts})) is not ABSENT:
                value[name] = read
        return self._schema.is_valid(value)
