"""Values made up for a schema: plausible by name and format, valid, and the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from leadline_mock.scalars import called, numbers, texts
from leadline_mock.source import Source
from leadline_openapi import jsontext, readings
from leadline_openapi.flatten import Flat, Places
from leadline_openapi.sample import NoSample, sampled
from leadline_openapi.schema import Library

_DEEP = 4
"""Levels below which only what is required is made up."""
_ENDLESS = 12
_VALUES = 2000
"""How many values an answer has before the rest is kept to what is required."""
_TRIES = 10
_ID = "id"
"""What a value is called that names a related document, whatever its member is called."""


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a value is made: which schemas apply, what it is called, how deep it is."""

    places: Places
    name: str = ""
    holder: str = ""
    depth: int = 0

    def member(self, name: str, places: Places) -> _Spot:
        return _Spot(places, name, self.name or self.holder, self.depth + 1)

    def item(self, places: Places) -> _Spot:
        return replace(self, places=places, depth=self.depth + 1)


class Maker:
    """
    Makes values up for the schemas of *library*; the same ones in the same order for the same *seed*.

    Texts that are `x-localized` depend on *locale* too.
    """

    def __init__(self, library: Library, seed: str, locale: str = "") -> None:
        self._library = library
        self._seed = seed
        self._locale = locale
        self._source = Source(seed)
        self._left = _VALUES
        self._localized = 0

    def make(self, pointer: str, given: Mapping[str, Any] | None = None) -> Any:
        """
        A value that is valid against the schema at *pointer*; an object keeps the members *given*.

        Optional members are there, but for those that are `writeOnly`, as far as the nesting is not
        too deep. Where nothing plausible fits, the plain sample stands. Raises `NoSample`.
        """
        return self._value(_Spot((pointer,)), given)

    def _value(self, spot: _Spot, given: Mapping[str, Any] | None = None) -> Any:
        if spot.depth > _ENDLESS:
            raise NoSample("the schema needs endless nesting")
        self._left -= 1
        flat = self._library.flat(spot.places)
        candidates = self._localised if "x-localized" in flat.keywords else self._candidates
        for candidate in candidates(flat, spot, given):
            if self._fits(spot, candidate):
                return candidate
        return self._plain(spot, given)

    def _fits(self, spot: _Spot, value: Any) -> bool:
        return all(self._library.at(place).is_valid(value) for place in spot.places)

    def _plain(self, spot: _Spot, given: Mapping[str, Any] | None) -> Any:
        """What `sampled` offers, with the members *given*."""
        for place in spot.places:
            try:
                value = sampled(self._library.at(place))
            except NoSample:
                continue
            if given is not None and isinstance(value, dict):
                value = {**value, **given}
            if self._fits(spot, value):
                return value
        raise NoSample(f"nothing was found for the schema at {', '.join(spot.places)}")

    def _localised(self, flat: Flat, spot: _Spot, given: Mapping[str, Any] | None) -> Iterator[Any]:
        """From a source of its own, so that everything else is the same in every locale."""
        self._localized += 1
        common = self._source
        self._source = Source(f"{self._seed} {self._localized} {self._locale}")
        try:
            made = [*self._candidates(flat, spot, given)]
        finally:
            self._source = common
        return iter(made)

    def _candidates(
        self, flat: Flat, spot: _Spot, given: Mapping[str, Any] | None
    ) -> Iterator[Any]:
        """Values that may fit, the most plausible first."""
        if "x-relation" in flat.keywords:
            spot = replace(spot, name=_ID, holder="")
        if "const" in flat.keywords:
            yield flat.keywords["const"]
        elif "enum" in flat.keywords:
            listed = self._shuffled(flat.keywords["enum"])
            yield from sorted(listed, key=lambda value: value is None)
        elif flat.branches:
            yield from self._branches(flat, spot, given)
        else:
            for kind in self._kinds(flat, given):
                yield from self._typed(kind, flat, spot, given)

    def _kinds(self, flat: Flat, given: Mapping[str, Any] | None) -> list[str]:
        if given is not None:
            return ["object"]
        return sorted(self._shuffled(flat.types), key=lambda kind: kind == "null")

    def _shuffled(self, values: Sequence[Any]) -> list[Any]:
        return self._source.random.sample(list(values), len(values))

    def _branches(self, flat: Flat, spot: _Spot, given: Mapping[str, Any] | None) -> Iterator[Any]:
        """The values of one branch after the other; an object has the members beside it as well."""
        for branch in self._ordered(flat, spot):
            at = replace(spot, places=(branch,), depth=spot.depth + 1)
            try:
                value = self._value(at, given)
                if isinstance(value, dict) and flat.properties:
                    yield {**self._object(flat, spot, value, lean=self._is_lean(spot)), **value}
            except NoSample:
                continue
            yield value

    def _ordered(self, flat: Flat, spot: _Spot) -> list[str]:
        """The branches as they are tried: of a relation ids first; null last."""

        def rank(branch: str) -> tuple[bool, bool]:
            types = readings.types(self._library.at(branch).source, self._library.document)
            related = "x-relation" in flat.keywords and "object" in types
            return (related, (types == {"null"}) is not self._is_lean(spot))

        return sorted(self._shuffled(flat.branches), key=rank)

    def _is_lean(self, spot: _Spot) -> bool:
        return spot.depth >= _DEEP or self._left < 0

    def _typed(
        self, kind: str, flat: Flat, spot: _Spot, given: Mapping[str, Any] | None
    ) -> Iterator[Any]:
        phrases = called(spot.name, spot.holder)
        match kind:
            case "object" | "array":
                for lean in (False, True)[self._is_lean(spot) :]:
                    try:
                        if kind == "array":
                            yield self._array(flat, spot, lean=lean)
                        else:
                            yield self._object(flat, spot, given or {}, lean=lean)
                    except NoSample:
                        continue
            case "string":
                yield from texts(flat.keywords, phrases, self._source)
            case "integer" | "number":
                whole = kind == "integer"
                yield from numbers(flat.keywords, phrases, self._source, whole=whole)
            case "boolean":
                yield from self._shuffled((True, False))
            case _:
                yield None

    def _object(
        self, flat: Flat, spot: _Spot, given: Mapping[str, Any], *, lean: bool
    ) -> dict[str, Any]:
        required = flat.keywords.get("required", ())
        made: dict[str, Any] = {}
        for name, places in self._members(flat, lean=lean).items():
            if name in given:
                made[name] = given[name]
                continue
            try:
                made[name] = self._value(spot.member(name, places))
            except NoSample:
                if name in required:
                    raise
        made |= given
        self._add_unnamed(made, flat, spot, lean=lean)
        return made

    def _members(self, flat: Flat, *, lean: bool) -> dict[str, Places]:
        """The members to make, each with its schemas."""
        required = flat.keywords.get("required", ())
        found = {
            name: places
            for name, places in flat.properties.items()
            if name in required or not (lean or self._is_unasked(places))
        }
        return found | {name: flat.extra for name in required if name not in flat.properties}

    def _is_unasked(self, places: Places) -> bool:
        """Whether no answer has such a member."""
        flat = self._library.flat(places)
        return flat.impossible or flat.keywords.get("writeOnly") is True

    def _add_unnamed(self, made: dict[str, Any], flat: Flat, spot: _Spot, *, lean: bool) -> None:
        """Members under made-up names, where they are what the object is for, or too few are there."""
        is_map = bool(flat.extra) and not flat.properties and not lean
        fewest = max(int(flat.keywords.get("minProperties", 0)), int(is_map))
        for number in range(_TRIES + fewest):
            if len(made) >= fewest:
                return
            name = self._source.fake("word") if number < _TRIES else f"member{number}"
            made[name] = self._value(spot.item(flat.extra))

    def _array(self, flat: Flat, spot: _Spot, *, lean: bool) -> list[Any]:
        fewest = int(flat.keywords.get("minItems", 0))
        usual = self._source.random.randint(1, 3)
        if lean or flat.prefix:
            usual = 0 if lean else len(flat.prefix)
        wanted = max(fewest, min(usual, int(flat.keywords.get("maxItems", usual))))
        made = [self._value(spot.item(places)) for places in flat.prefix[:wanted]]
        for _ in range(wanted + _TRIES):
            if len(made) < wanted:
                item = self._value(spot.item(flat.items))
                if not any(jsontext.same(item, other) for other in made):
                    made.append(item)
        return made
