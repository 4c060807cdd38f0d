"""Runtime expressions mean the same to whoever evaluates them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from leadline_contracts import mocked, run
from leadline_openapi import Contract, load
from leadline_openapi.expressions import evaluate
from leadline_openapi.parameters import ABSENT

SPEC = """
openapi: 3.1.0
info: {title: Echoes, version: '1'}
paths:
  /echoes/{kind}:
    post:
      parameters:
        - {name: kind, in: path, required: true, schema: {type: string}}
        - {name: size, in: query, schema: {type: number}}
        - {name: on, in: query, schema: {type: array, items: {type: boolean}}}
      requestBody:
        content: {application/json: {schema: {type: object}}}
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                type: object
                properties:
                  size: {type: number, x-echo: $request.query.size}
                  on: {type: array, items: {type: boolean}, x-echo: $request.query.on}
                  kind: {type: string, x-echo: $request.path.kind}
        '400': {description: no}
        '415': {description: no}
"""
SENT = {
    "query": {"size": ["1.50"], "on": ["true", "false"], "other": ["a", "b"]},
    "path": {"kind": ["loud"]},
    "header": {},
}


@pytest.fixture
def echoes(tmp_path: Path) -> Contract:
    """A contract that echoes parameters."""
    spec = tmp_path / "echoes.yaml"
    spec.write_text(SPEC, "utf-8")
    return load(spec)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$request.query.size", 1.5),
        ("$request.query.on", [True, False]),
        ("$request.query.other", "b"),
        ("$request.path.kind", "loud"),
        ("$request.header.nothing", ABSENT),
        ("$request.body", {"a": {"b/c": 1}}),
        ("$request.body#/a/b~1c", 1),
        ("$request.body#/nowhere", ABSENT),
    ],
)
def test_what_an_expression_names(expression: str, value: Any, echoes: Contract) -> None:
    """A described parameter is read by its schema, the body by pointer, all else as it was sent."""
    body = {"a": {"b/c": 1}}

    assert evaluate(expression, echoes.operations[0], SENT.__getitem__, body) == value


def test_mock_and_suite_read_an_echoed_parameter_alike(echoes: Contract) -> None:
    """A number that is echoed from the query is a number to both, and no finding."""
    report = run.check(echoes, mocked.target(echoes), run.Options(examples=0))

    assert report.findings == ()
    assert report.cases > 20
