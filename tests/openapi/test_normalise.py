"""OpenAPI 3.0 as JSON Schema 2020-12, and what each direction asks for."""

from __future__ import annotations

from typing import Any

import pytest
from tests.openapi.conftest import Load

from leadline_openapi.schema import Schema

SPEC = """\
openapi: {version}
info: {{title: T, version: '1'}}
paths:
  /a:
    post:
      requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}
      responses:
        '200':
          description: ok
          content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}
components:
  schemas:
    A: {schema}
    Id: {{type: integer, readOnly: true}}
    Secret: {{type: string, writeOnly: true}}
    Base: {{type: object, required: [id], properties: {{id: {{$ref: '#/components/schemas/Id'}}}}}}
    Free: {{}}
"""


def sides(load: Load, schema: str, version: str = "3.0.3") -> tuple[Schema, Schema]:
    """*schema* as requests and as answers see it."""
    operation = load(SPEC.format(version=version, schema=schema)).operations[0]
    assert operation.body
    request, answer = operation.body.content[0].schema, operation.answers[0].body.content[0].schema
    assert request
    assert answer
    return request, answer


NULLABLE: list[tuple[str, Any, bool]] = [
    ("{type: string, nullable: true}", None, True),
    ("{type: string, nullable: false}", None, False),
    ("{type: string}", None, False),
    ("{nullable: false}", None, True),
    ("{type: string, nullable: true, enum: [a]}", None, False),
    ("{type: string, nullable: true, enum: [a, null]}", None, True),
    ("{nullable: true, allOf: [{type: string}]}", None, False),
    ("{type: object, nullable: true, allOf: [{$ref: '#/components/schemas/Free'}]}", None, True),
    ("{type: array, items: {type: integer, nullable: true}}", [None, 1], True),
    ("{type: number, minimum: 1, exclusiveMinimum: true}", 1, False),
    ("{type: number, minimum: 1, exclusiveMinimum: false}", 1, True),
    ("{type: number, maximum: 1, exclusiveMaximum: true}", 1, False),
    ("{type: number, exclusiveMaximum: true}", 10**9, True),
]


@pytest.mark.parametrize(("schema", "value", "verdict"), NULLABLE)
def test_3_0_keywords(load_text: Load, schema: str, value: Any, verdict: bool) -> None:
    """`nullable` widens the `type` beside it and nothing else; the bounds are strict if they say so."""
    request, _ = sides(load_text, schema)

    assert request.is_valid(value) is verdict
    assert request.second_opinion(value) is verdict


def test_keywords_of_3_1_stay(load_text: Load) -> None:
    """In 3.1 `nullable` is no keyword."""
    request, _ = sides(load_text, "{type: string, nullable: true}", "3.1.0")

    assert not request.is_valid(None)


DIRECTIONS = {
    "direct": (
        "{type: object, required: [id, key],"
        " properties: {id: {readOnly: true}, key: {writeOnly: true}}}"
    ),
    "by reference": (
        "{type: object, required: [id, key], properties: {id: {$ref: '#/components/schemas/Id'},"
        " key: {$ref: '#/components/schemas/Secret'}}}"
    ),
    "by allOf": (
        "{type: object, required: [id, key], properties: {id: {allOf: [{$ref: '#/components/schemas/Id'}]},"
        " key: {allOf: [{type: string}, {writeOnly: true}]}}}"
    ),
    "required apart": (
        "{allOf: [{$ref: '#/components/schemas/Base'}, {required: [id, key]},"
        " {properties: {key: {writeOnly: true}}}]}"
    ),
    "required above": (
        "{required: [id, key], allOf: [{$ref: '#/components/schemas/Base'},"
        " {properties: {key: {writeOnly: true}}}]}"
    ),
}


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize("schema", DIRECTIONS.values(), ids=list(DIRECTIONS))
def test_directions(load_text: Load, schema: str, version: str) -> None:
    """`required` asks for read-only members in answers only, for write-only ones in requests only."""
    request, answer = sides(load_text, schema, version)

    assert request.is_valid({"key": "k"})
    assert not request.is_valid({"id": 1})
    assert answer.is_valid({"id": 1})
    assert not answer.is_valid({"key": "k"})


def test_pointers_stay(load_text: Load) -> None:
    """A violation's rule points to a keyword that stands there in the contract."""
    contract = load_text(
        SPEC.format(version="3.0.3", schema="{properties: {n: {type: string, nullable: true}}}")
    )
    operation = contract.operations[0]
    assert operation.body
    assert operation.body.content[0].schema
    (violation,) = operation.body.content[0].schema.violations({"n": 1})

    assert violation.rule == "/components/schemas/A/properties/n/type"
    assert contract.place(violation.rule).line == 13
