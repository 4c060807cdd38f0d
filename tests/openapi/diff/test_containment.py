"""What is said not to break breaks nothing: looked for with documents that nobody has chosen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.openapi.diff.specs import contract_of, loaded
from tests.openapi.diff.strategies import (
    FLAT,
    FLAT_KEYWORDS,
    FLAT_VALUES,
    NAMES,
    SMALL,
    documents,
    pairs,
)

from leadline_openapi import Contract, SpecError, diff
from leadline_openapi.diff import Diff
from leadline_openapi.schema import Schema

_patient = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.function_scoped_fixture,
    ],
)


def _contracts(
    folder: Path, both: tuple[Any, Any], side: str = "both"
) -> tuple[Contract, Contract]:
    try:
        old, new = (
            loaded(folder, name, contract_of(schemas, side))
            for name, schemas in zip(("old", "new"), both, strict=True)
        )
    except SpecError:
        assume(False)  # a schema that nothing satisfies
        raise
    return old, new


def _schema(contract: Contract, side: str) -> Schema:
    (operation,) = contract.operations
    body = operation.body if side == "request" else operation.answers[0].body
    assert body is not None
    schema = body.content[0].schema
    assert schema is not None
    return schema


def _takes(schema: Schema, value: Any) -> bool:
    return schema.is_valid(value) and schema.second_opinion(value)


def _refuses(schema: Schema, value: Any) -> bool:
    return not schema.is_valid(value) and not schema.second_opinion(value)


def _names(value: Any) -> set[str]:
    if isinstance(value, list):
        return {name for item in value for name in _names(item)}
    if isinstance(value, dict):
        return set(value) | {name for member in value.values() for name in _names(member)}
    return set()


def _newly_declared(found: Diff) -> set[str]:
    """Members that callers of the old contract are taken, by a rule, not to send."""
    codes = {"member-added", "member-renamed"}
    return {
        one.pointer.rpartition("/")[2]
        for one in found.changes
        if one.code in codes and one.ground == "rule"
    }


@pytest.mark.parametrize("side", ["request", "response"])
@_patient
@given(both=pairs(), data=st.data())
def test_what_does_not_break_admits_every_document(
    side: str, tmp_path: Path, both: tuple[Any, Any], data: st.DataObject
) -> None:
    """If nothing breaks on a side, no document of who sends is refused by who reads."""
    contracts = _contracts(tmp_path, both, side)
    found = diff(*contracts)
    assume(not any(getattr(one, side) == "breaking" for one in found.changes))
    sent, read = (0, 1) if side == "request" else (1, 0)
    sender, reader = (_schema(contracts[one], side) for one in (sent, read))
    drawn = documents(both[sent], both[sent]["X"]) | documents(both[read], both[read]["X"])
    for document in (*SMALL, *data.draw(st.lists(drawn, min_size=15, max_size=15))):
        if not sender.is_valid(document) or reader.is_valid(document):
            continue
        if side == "request" and _names(document) & _newly_declared(found):
            continue
        assert not (_takes(sender, document) and _refuses(reader, document)), document


@_patient
@given(old=FLAT, added=FLAT, removed=st.sets(st.sampled_from(FLAT_KEYWORDS)), data=st.data())
def test_only_of_what_the_old_contract_is_silent_nobody_is_taken_to_know(
    tmp_path: Path, old: Any, added: Any, removed: set[str], data: st.DataObject
) -> None:
    """Of a name that stands anywhere in the old schema, it is proven that nothing breaks."""
    known = set(NAMES) if old.get("additionalProperties") else set(re.findall(r"\w+", str(old)))
    kept = {word: said for word, said in old.items() if word not in removed}
    new = {"type": "object", **kept, **added}
    contracts = _contracts(tmp_path, ({"X": {"type": "object", **old}}, {"X": new}), "request")
    assume(diff(*contracts).verdict != "breaking")
    sender, reader = (_schema(one, "request") for one in contracts)
    for _ in range(15):
        document = data.draw(st.dictionaries(st.sampled_from(NAMES), FLAT_VALUES, max_size=3))
        if document.keys() <= known:
            assert not (_takes(sender, document) and _refuses(reader, document)), document


@_patient
@given(both=pairs())
def test_a_witness_is_taken_by_one_contract_and_refused_by_the_other(
    tmp_path: Path, both: tuple[Any, Any]
) -> None:
    """Each witness that is a whole document shows the break to two validators."""
    contracts = _contracts(tmp_path, both)
    for one in diff(*contracts).changes:
        if one.witness is None or not one.witness.whole:
            continue
        side = one.witness.side
        sent, read = (0, 1) if side == "request" else (1, 0)
        assert _takes(_schema(contracts[sent], side), one.witness.value)
        assert _refuses(_schema(contracts[read], side), one.witness.value)


@_patient
@given(both=pairs())
def test_nothing_has_changed_between_a_contract_and_itself(
    tmp_path: Path, both: tuple[Any, Any]
) -> None:
    """A contract is no other than itself, however its schemas are entangled."""
    old, _ = _contracts(tmp_path, both)

    assert diff(old, old).changes == ()
