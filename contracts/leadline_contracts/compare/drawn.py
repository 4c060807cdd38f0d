"""Cases drawn by a seed: inputs in combinations that no covering array has, and mixtures of good and bad."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from leadline_contracts.case import Case, Due
from leadline_contracts.cases.model import model
from leadline_contracts.draft import base, json_media
from leadline_contracts.judge import agrees
from leadline_openapi import Operation

AREA = "drawn"
ROWS = 250
"""Valid requests that are drawn for an operation; so many more have something wrong in them."""


def cases(operation: Operation, certificate: Sequence[Case], seed: int) -> Iterator[Case]:
    """Valid requests, each followed by one with an invalid member of the *certificate* in it."""
    inputs, media = model(operation), json_media(operation)
    if len(inputs.factors) < 2:
        return
    simple = base(operation)
    simple = simple.with_body(simple.body, media.name) if media else simple
    chance = random.Random(seed)  # noqa: S311 (repeatable, and no secret)
    wrong = list(_wrong(operation, certificate))
    for number in range(1, ROWS + 1):
        levels = [chance.choice(factor.levels) for factor in inputs.factors]
        draft = inputs.draft(simple, [chance.choice(level.values) for level in levels])
        case = draft.case(f"row {number}", AREA, Due.ACCEPT, operation.pointer, compound=True)
        if agrees(case):
            yield case
        if wrong and isinstance(case.value, dict):
            name, members = chance.choice(wrong)
            mixed = draft.with_value({**case.value, **members}).case(
                f"row {number} with {name}", AREA, Due.REFUSE, operation.pointer, compound=True
            )
            if agrees(mixed):
                yield mixed


def _wrong(
    operation: Operation, certificate: Sequence[Case]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The members of bodies that have to be refused, each with what is wrong."""
    for case in certificate:
        named = case.operation is operation and case.area.startswith("body ")
        if named and case.due is Due.REFUSE and isinstance(case.value, dict):
            name = case.area.removeprefix("body ").partition(".")[0]
            if name in case.value:
                yield f"{case.area}: {case.name}", {name: case.value[name]}
