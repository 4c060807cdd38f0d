"""Covering arrays, and the rows made of them: every pair is there, which brute force confirms."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadline_contracts.case import Due
from leadline_contracts.cases import cases_of, rows
from leadline_contracts.cases.covering import pairs, triples
from leadline_contracts.cases.model import model
from leadline_contracts.cases.plan import coverage_statement
from leadline_contracts.draft import base
from leadline_contracts.judge import agrees
from leadline_openapi import Contract, load

SIZES = st.lists(st.integers(1, 5), min_size=2, max_size=6)


def _tuples(strength: int, sizes: Sequence[int]) -> set[tuple[tuple[int, int], ...]]:
    return {
        tuple(zip(factors, levels, strict=True))
        for factors in combinations(range(len(sizes)), strength)
        for levels in product(*(range(sizes[factor]) for factor in factors))
    }


def _held(strength: int, found: Sequence[Sequence[Any]]) -> set[tuple[tuple[int, Any], ...]]:
    return {held for row in found for held in combinations(list(enumerate(row)), strength)}


@settings(max_examples=150, deadline=None)
@given(sizes=SIZES)
def test_every_pair_of_levels(sizes: list[int]) -> None:
    """Each row takes a level of each factor, every pair is in some row, and no row is for nothing."""
    found = pairs(sizes)

    assert _held(2, found) == _tuples(2, sizes)
    assert len(found) <= 2 * max(one * other for one, other in combinations(sizes, 2))
    assert found == pairs(sizes)


@settings(max_examples=50, deadline=None)
@given(sizes=st.lists(st.integers(1, 4), min_size=1, max_size=5))
def test_every_three_levels(sizes: list[int]) -> None:
    """Every three levels are in some row; of three factors or fewer, all that is possible."""
    found = triples(sizes)

    assert _held(min(3, len(sizes)), found) == _tuples(min(3, len(sizes)), sizes)


def test_begun_rows_are_kept() -> None:
    """Rows that have to be among them come first, filled with new pairs."""
    begun = triples([2, 2, 2])
    found = pairs([2, 2, 2, 3, 3], begun)

    assert [row[:3] for row in found[: len(begun)]] == begun
    assert _held(2, found) == _tuples(2, [2, 2, 2, 3, 3])


MEMBERS: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    (
        {"type": "string"},
        {"type": "string", "maxLength": 3},
        {"type": "string", "enum": ["a", "b", "c"]},
        {"type": "boolean"},
        {"type": ["integer", "null"], "minimum": 2},
        {"type": "number", "exclusiveMinimum": 0},
        {"type": "array", "items": {"type": "string", "enum": ["x", "y"]}},
        {"type": "array", "items": {"type": "integer"}, "minItems": 1},
        {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}},
        {"oneOf": [{"type": "integer"}, {"type": "object", "properties": {"id": {"const": 1}}}]},
    )
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Contract]:
    """Makes a contract of one operation from the schemas of its body's members and its parameters."""
    folder: Path = tmp_path_factory.mktemp("made")

    def make(members: list[Any], required: int, parameters: list[Any]) -> Contract:
        named = {f"m{number}": member for number, member in enumerate(members)}
        schema = {
            "type": "object",
            "additionalProperties": False,
            "required": list(named)[:required],
            "properties": named,
        }
        operation = {
            "parameters": [
                {"name": f"p{number}", "in": "query", "schema": one}
                for number, one in enumerate(parameters)
            ],
            "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
            "responses": {"200": {"description": "ok"}, "400": {"description": "bad"}},
        }
        spec = folder / "spec.json"
        spec.write_text(
            json.dumps(
                {
                    "openapi": "3.1.0",
                    "info": {"title": "Made", "version": "1"},
                    "paths": {"/things": {"post": operation}},
                }
            )
        )
        return load(spec)

    return make


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    members=st.lists(MEMBERS, min_size=2, max_size=5),
    required=st.integers(0, 2),
    parameters=st.lists(
        MEMBERS.filter(lambda one: one.get("type") != "object"),
        max_size=4,
        # Two objects in the query would both be sent as `id=…`, and no request could tell them apart.
    ).filter(lambda chosen: sum("oneOf" in one for one in chosen) < 2),
)
def test_every_pair_of_value_classes(
    made: Callable[..., Contract], members: list[Any], required: int, parameters: list[Any]
) -> None:
    """In any contract, every pair of classes stands in a valid request; brute force counts the same."""
    contract = made(members, required, parameters)
    inputs = model(contract.operations[0])
    found = cases_of(contract.operations[0])
    valid = [inputs.levels_of(case) for case in found if case.due is Due.ACCEPT]
    sizes = [len(factor.levels) for factor in inputs.factors]
    plan = coverage_statement(contract)

    held = {pair for pair in _held(2, valid) if all(level is not None for _, level in pair)}
    assert held == _tuples(2, sizes)
    assert plan.pairs.exercised == plan.pairs.total == len(_tuples(2, sizes))
    assert all(agrees(case) for case in found)
    assert [case.id for case in found] == [case.id for case in cases_of(contract.operations[0])]
    assert [case.body for case in found] == [case.body for case in cases_of(contract.operations[0])]


def test_every_value_stands_in_a_row(contract: Contract) -> None:
    """Each value of each class of each input of the leads contract comes up in some row."""
    operation = contract.operations[0]
    found = [case for case in cases_of(operation) if case.area == rows.AREA]
    bodies = [case.value for case in found]
    missing = []
    for factor in model(operation).factors:
        if factor.parameter is None:
            sent = {json.dumps(body[factor.name]) for body in bodies if factor.name in body}
            wanted = sum(len(level.values) for level in factor.levels) - 1
            missing += [factor.name] if len(sent) < wanted else []

    assert missing == []
    assert all(case.due is Due.ACCEPT and case.compound for case in found)


WIDE = """
openapi: 3.1.0
info: {title: Wide, version: "1"}
paths:
  /pets/{petId}:
    put:
      parameters:
        - {name: petId, in: path, required: true, schema: {type: integer, minimum: 1.0}}
        - {name: session, in: cookie, schema: {type: string}}
      requestBody:
        content:
          application/json: {schema: {$ref: "#/components/schemas/Body"}}
      responses: {"200": {description: ok}, "400": {description: bad}}
  /files/{a}/{b}.{ext}:
    get:
      parameters:
        - {name: a, in: path, required: true, schema: {type: string, enum: [x, y]}}
        - {name: b, in: path, required: true, schema: {type: string, pattern: "^[a-z]+$"}}
        - {name: ext, in: path, required: true, schema: {type: string}}
      responses: {"200": {description: ok}}
components:
  schemas:
    Body: BODY
"""


@pytest.mark.parametrize(
    "body",
    [
        "{type: array, minItems: 1, maxItems: 3, items: {type: string, minLength: 2, maxLength: 5}}",
        "{oneOf: [{type: integer, minimum: 3}, {type: object, properties: {a: {type: boolean}}}]}",
        "{type: object, properties: {a: {type: integer}, b: {type: boolean}}}",
    ],
)
def test_no_row_is_lost(body: str, tmp_path: Path) -> None:
    """Bodies that need not be there or are no objects, cookies, two parameters in a segment: all pairs."""
    spec = tmp_path / "spec.yaml"
    spec.write_text(WIDE.replace("BODY", body))
    contract = load(spec)
    plan = coverage_statement(contract)

    assert plan.pairs.exercised == plan.pairs.total > 0
    for operation in contract.operations:
        made = list(rows.cases(operation, base(operation)))
        assert [case.id for case in made if not agrees(case)] == []
