"""Cases about the parameters: each alone, present and absent, good and bad."""

from __future__ import annotations

from collections.abc import Iterator

from leadline_contracts.case import Case, Due
from leadline_contracts.cases.travel import can_travel
from leadline_contracts.cases.values import variants
from leadline_contracts.draft import Draft, Spelled, plain
from leadline_openapi import Operation
from leadline_openapi.parameters import Parameter

_RAW = ("abc", "", " ", "1x", "--1", "NaN", "Infinity", "true", "null", "[]", "1,5")
"""Texts that are no number; what a parameter of another type makes of them is for the judge."""


def cases(operation: Operation, base: Draft) -> Iterator[Case]:
    """The parameter cases of *operation*, around the simplest accepted request *base*."""
    for parameter in operation.parameters:
        yield from _about(parameter, base)


def _about(parameter: Parameter, base: Draft) -> Iterator[Case]:
    area = f"{parameter.location} {parameter.name}"
    absent = Due.REFUSE if parameter.required else Due.ACCEPT
    if parameter.location != "path":
        yield base.without(parameter).case("not sent", area, absent, parameter.pointer)
    for variant in variants(parameter.schema):
        value = variant.value
        pairs = (
            [(parameter.name, value.text)]
            if isinstance(value, Spelled)
            else parameter.write(plain(value))
        )
        if can_travel(parameter, pairs):
            due = Due.ACCEPT if variant.good else Due.REFUSE
            yield base.with_raw(parameter, pairs).case(variant.name, area, due, variant.rule)
    if parameter.types <= {"integer", "number", "boolean"}:
        for text in _RAW:
            if can_travel(parameter, [(parameter.name, text)]):
                draft = base.with_raw(parameter, [(parameter.name, text)])
                rule = f"{parameter.schema.pointer}/type"
                yield draft.case(f"`{text}` as raw text", area, Due.REFUSE, rule)
