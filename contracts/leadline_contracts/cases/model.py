"""The inputs of an operation and their value classes: what a covering array is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from leadline_contracts.case import Case
from leadline_contracts.cases.levels import ABSENCE, MOST, Level, chunked, levels
from leadline_contracts.cases.travel import can_travel
from leadline_contracts.cases.values import variants
from leadline_contracts.draft import Draft, Pairs, json_media, plain, written
from leadline_contracts.judge import sent
from leadline_contracts.schemas import certain
from leadline_openapi import Operation, jsontext
from leadline_openapi.parameters import ABSENT, Parameter
from leadline_openapi.schema import Schema

_PARAMETER_LEVELS = 6
"""So many classes of a parameter, because parameters are tried three by three."""
_WHOLE = "body"


@dataclass(frozen=True, slots=True)
class Factor:
    """One input: a *parameter*, the member *name* of the body, or the body itself where it has none."""

    name: str
    levels: tuple[Level, ...]
    parameter: Parameter | None = None
    whole: bool = False

    @property
    def area(self) -> str:
        """The part of the contract that it is, as in the area of a case."""
        if self.parameter is not None:
            return f"{self.parameter.location} {self.name}"
        return _WHOLE if self.whole else f"{_WHOLE} {self.name}"


@dataclass(frozen=True)
class Model:
    """Every input of an *operation* that has more than one class; parameters come first."""

    operation: Operation
    factors: tuple[Factor, ...]

    @property
    def parameters(self) -> tuple[Factor, ...]:
        """The factors that are parameters."""
        return tuple(factor for factor in self.factors if factor.parameter is not None)

    def draft(self, base: Draft, values: Sequence[Any]) -> Draft:
        """The request *base* with one of *values* for each factor."""
        body: dict[str, Any] = {}
        draft = base
        for factor, value in zip(self.factors, values, strict=True):
            if factor.parameter is not None:
                absent = value is ABSENT
                draft = (
                    draft.without(factor.parameter)
                    if absent
                    else draft.with_raw(factor.parameter, value)
                )
            elif factor.whole:
                return draft.with_value(value)
            elif value is not ABSENT:
                body[factor.name] = value
        return draft.with_value(self._fitting(body)) if any(self._members) else draft

    def _fitting(self, body: dict[str, Any]) -> dict[str, Any]:
        """*body* with its largest members made small, as many as it takes to be no larger than is allowed."""
        most = self.operation.body.max_bytes if self.operation.body else None
        size = 0 if most is None else len(written(body))
        for name in sorted(body, key=lambda name: -len(written(body[name]))) if most else ():
            if most is None or size <= most:
                break
            body[name] = self._smallest[name]
            size = len(written(body))
        return body

    @cached_property
    def _smallest(self) -> Mapping[str, Any]:
        """Of each member, the value that is written with the fewest bytes."""
        return {
            factor.name: min(
                (one for level in factor.levels for one in level.values if one is not ABSENT),
                key=lambda value: len(written(value)),
            )
            for factor in self.factors
            if factor.parameter is None and not factor.whole
        }

    def levels_of(self, case: Case) -> tuple[int | None, ...]:
        """Which class of each factor the bytes of *case* hold; `None` for a value of no class."""
        return tuple(self._level_of(number, case) for number in range(len(self.factors)))

    @property
    def _members(self) -> Iterator[bool]:
        return (factor.parameter is None and not factor.whole for factor in self.factors)

    def _level_of(self, number: int, case: Case) -> int | None:
        factor, known = self.factors[number], self._known[number]
        if factor.parameter is not None:
            given = sent(case, factor.parameter.location)
            names = {name for level in factor.levels for name in _names(level)}
            pairs = tuple((name, text) for name in given if name in names for text in given[name])
            return known.get(repr(pairs).encode())
        value = case.value
        if not factor.whole:
            if not isinstance(value, dict):
                return None
            value = value.get(factor.name, ABSENT)
        return known.get(b"" if value is ABSENT else jsontext.dump(value))

    @cached_property
    def _known(self) -> tuple[Mapping[bytes, int], ...]:
        return tuple(dict(_marks(factor)) for factor in self.factors)


def model(operation: Operation) -> Model:
    """The inputs of *operation*."""
    found = [*_parameters(operation), *_members(operation)]
    return Model(operation, tuple(factor for factor in found if len(factor.levels) > 1))


def _parameters(operation: Operation) -> Iterator[Factor]:
    for number, parameter in enumerate(operation.parameters):
        schema = parameter.schema
        told = levels(schema.library, (schema.pointer,), parameter.name, number)
        texts = [level for level in (_raw(parameter, one) for one in told) if level.values]
        optional = () if parameter.required or parameter.location == "path" else (ABSENCE,)
        grouped = _merged(texts, _PARAMETER_LEVELS - len(optional))
        yield Factor(parameter.name, (*optional, *grouped), parameter)


def _raw(parameter: Parameter, level: Level) -> Level:
    """*level* as what carries its values, without those that cannot travel or would be read otherwise."""
    found: dict[Pairs, None] = {}
    for value in level.values:
        pairs = tuple(parameter.write(plain(value)))
        given: dict[str, list[str]] = {}
        for name, text in pairs:
            given.setdefault(name, []).append(text)
        if pairs and can_travel(parameter, pairs) and not parameter.violations(given):
            found[pairs] = None
    return Level(level.name, tuple(found))


def _merged(found: Sequence[Level], most: int) -> Iterator[Level]:
    """*found* in *most* levels: those beyond share the last one."""
    yield from found[: most - 1]
    if rest := found[most - 1 :]:
        values = tuple(value for level in rest for value in level.values)
        yield Level(" or ".join(level.name for level in rest), values)


def _members(operation: Operation) -> Iterator[Factor]:
    media = json_media(operation)
    if media is None or media.schema is None:
        return
    schema = media.schema
    flat = schema.library.flat((schema.pointer,))
    if flat.branches or not flat.properties or "object" not in flat.types:
        yield Factor(_WHOLE, tuple(_whole(schema)), whole=True)
        return
    required = flat.keywords.get("required", ())
    for number, (name, places) in enumerate(flat.properties.items()):
        told = levels(schema.library, places, name, number)
        if told:
            optional = () if name in required else (ABSENCE,)
            yield Factor(name, (*optional, *told))


def _whole(schema: Schema) -> Iterator[Level]:
    values = {written(one.value): one.value for one in variants(schema) if one.good}
    return chunked([value for value in values.values() if _sure(schema, plain(value))], MOST)


def _sure(schema: Schema, value: Any) -> bool:
    return schema.is_valid(value) and certain(schema, value)


def _names(level: Level) -> Iterator[str]:
    for value in level.values:
        yield from () if value is ABSENT else (name for name, _ in value)


def _marks(factor: Factor) -> Iterator[tuple[bytes, int]]:
    """What every value of *factor* looks like in a request, with the number of its level."""
    for number, level in enumerate(factor.levels):
        for value in level.values:
            if factor.parameter is not None:
                yield repr(() if value is ABSENT else value).encode(), number
            else:
                yield (
                    (b"" if value is ABSENT else jsontext.dump(plain(value))),
                    number,
                )
