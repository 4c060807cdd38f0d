"""Compound cases: every pair of value classes of any two inputs, and every three of the parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from leadline_contracts.case import Case, Due
from leadline_contracts.cases.covering import Row, pairs, triples
from leadline_contracts.cases.model import Factor, Model, model
from leadline_contracts.draft import Draft, json_media
from leadline_openapi import Operation

AREA = "combinations"
_MOST_TRIPLES = 600
"""Rows for the parameters alone; where three by three takes more, they are tried two by two."""


def cases(operation: Operation, base: Draft) -> Iterator[Case]:
    """The rows of *operation*, those that hold the most new pairs first."""
    inputs, media = model(operation), json_media(operation)
    beginning = base.with_body(base.body, media.name) if media else base
    taken = [[0] * len(factor.levels) for factor in inputs.factors]
    for number, row in enumerate(rows(inputs), 1):
        values = [
            _next(factor, level, counts)
            for factor, level, counts in zip(inputs.factors, row, taken, strict=True)
        ]
        draft = inputs.draft(beginning, values)
        yield draft.case(f"row {number}", AREA, Due.ACCEPT, operation.pointer, compound=True)


def rows(inputs: Model) -> list[Row]:
    """
    A number of a level for each factor of *inputs*, row by row.

    A single factor has no pairs: then there is a row for every value.
    """
    if len(inputs.factors) == 1:
        told = inputs.factors[0].levels
        return [(number,) for number, level in enumerate(told) for _ in level.values]
    parameters = [len(factor.levels) for factor in inputs.parameters]
    begun = triples(parameters) if len(parameters) > 2 else []
    if len(begun) > _MOST_TRIPLES:
        begun = []
    return pairs([len(factor.levels) for factor in inputs.factors], begun)


def _next(factor: Factor, level: int, counts: list[int]) -> Any:
    """The values of a level take turns."""
    values = factor.levels[level].values
    counts[level] += 1
    return values[(counts[level] - 1) % len(values)]
