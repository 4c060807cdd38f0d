"""Every class of change has the verdict and the side that the specifications give it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.openapi.diff.pairs_callers import SECURITY_PAIRS, SERVER_PAIRS
from tests.openapi.diff.pairs_closed import CLOSED_PAIRS
from tests.openapi.diff.pairs_formats import FORMAT_PAIRS
from tests.openapi.diff.pairs_hooks import HOOK_PAIRS
from tests.openapi.diff.pairs_operations import OPERATION_PAIRS
from tests.openapi.diff.pairs_schemas import DISCRIMINATOR_PAIRS, SCHEMA_PAIRS
from tests.openapi.diff.pairs_wire import PART_PAIRS, STYLE_PAIRS
from tests.openapi.diff.specs import contract_of, loaded

from leadline_openapi import diff
from leadline_openapi.diff import Diff

TODAY = date(2026, 1, 1)
_VERDICTS = {"B": "breaking", "N": "non-breaking", "-": "none"}
_GRAVITY = "-NB"

_PROVEN = [*SCHEMA_PAIRS, *CLOSED_PAIRS, *FORMAT_PAIRS, *DISCRIMINATOR_PAIRS]
_RULED = [
    *OPERATION_PAIRS,
    *HOOK_PAIRS,
    *STYLE_PAIRS,
    *PART_PAIRS,
    *SERVER_PAIRS,
    *SECURITY_PAIRS,
]

Told = tuple[str, str, str]


def _due(changes: Any, request: str, response: str, side: str) -> list[Told]:
    """The changes of a pair as they are due where its schema is only sent, only read, or both."""
    listed = (
        changes if isinstance(changes, list) else [(changes, request, response)] if changes else []
    )
    found = []
    for code, sent, read in listed:
        if side == "both":
            verdict = max(sent, read, key=_GRAVITY.index)
            told = "both" if sent == read else "request" if sent == verdict else "response"
        else:
            verdict, told = (sent if side == "request" else read), side
        found.append((code, _VERDICTS[verdict], told))
    return sorted(found)


def _found(compared: Diff) -> list[Told]:
    return sorted((one.code, one.verdict, one.side) for one in compared.changes)


@pytest.mark.parametrize("side", ["request", "response", "both"])
@pytest.mark.parametrize(
    "pair",
    _PROVEN,
    ids=[pair[0] for pair in _PROVEN],
)
def test_a_schema_breaks_whom_it_breaks(side: str, pair: Any, tmp_path: Path) -> None:
    """All changes of a schema are told, with who is affected, and no others."""
    _, old, new, changes, request, response = pair
    contracts = [
        loaded(
            tmp_path,
            name,
            contract_of(
                schema if isinstance(schema, dict) and "X" in schema else {"X": schema}, side
            ),
        )
        for name, schema in (("old", old), ("new", new))
    ]

    compared = diff(contracts[0], contracts[1], today=TODAY)

    assert _found(compared) == _due(changes, request, response, side)
    assert all(one.ground != "undecided" for one in compared.changes)


@pytest.mark.parametrize("pair", _RULED, ids=[pair[0] for pair in _RULED])
def test_an_operation_breaks_whom_it_breaks(pair: Any, tmp_path: Path) -> None:
    """All changes of an operation are told, with who is affected, and no others."""
    _, old, new, changes = pair

    compared = diff(loaded(tmp_path, "old", old), loaded(tmp_path, "new", new), today=TODAY)

    assert _found(compared) == sorted(changes)


def test_there_are_pairs_enough() -> None:
    """Each class of change is there in several forms."""
    assert len(SCHEMA_PAIRS) + len(DISCRIMINATOR_PAIRS) + len(OPERATION_PAIRS) >= 150
