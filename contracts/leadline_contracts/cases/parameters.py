"""Cases about the parameters: each alone, present and absent, good and bad."""

from __future__ import annotations

from collections.abc import Iterator

from leadline_contracts.case import Case, Due
from leadline_contracts.cases.values import variants
from leadline_contracts.draft import Draft
from leadline_openapi import Operation
from leadline_openapi.parameters import Parameter

_RAW = ("abc", "", " ", "1x", "--1", "NaN", "Infinity", "true", "null", "[]", "1,5", "0x10")
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
        if not variant.good or not _can_travel(parameter, variant.value):
            continue
        draft = base.with_raw(parameter, parameter.write(variant.value))
        yield draft.case(variant.name, area, Due.ACCEPT, variant.rule)
    if parameter.types <= {"integer", "number", "boolean"}:
        for text in _RAW:
            if _can_travel(parameter, text):
                draft = base.with_raw(parameter, [(parameter.name, text)])
                rule = f"{parameter.schema.pointer}/type"
                yield draft.case(f"`{text}` as raw text", area, Due.REFUSE, rule)


def _can_travel(parameter: Parameter, value: object) -> bool:
    """Whether *value* can stand in the parameter's place at all: a path segment is never empty."""
    if parameter.location == "path":
        return value not in {"", ".", ".."} if isinstance(value, str) else True
    if parameter.location in {"header", "cookie"}:
        text = value if isinstance(value, str) else ""
        return (text.isascii() and text.isprintable() and text == text.strip() and text != "") or (
            not isinstance(value, str)
        )
    return True
