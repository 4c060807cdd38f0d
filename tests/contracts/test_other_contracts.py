"""Contracts of other shapes: the mock holds them, and what breaks them is found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from leadline_contracts import mocked, run
from leadline_contracts.case import Due
from leadline_contracts.cases import certificate
from leadline_contracts.report import Report
from leadline_mock import World, create_app
from leadline_openapi import Contract, load

PETS = """
openapi: 3.0.3
info: {title: Pets, version: '1'}
servers: [{url: /v1}]
security: [{bearer: []}]
components:
  securitySchemes: {bearer: {type: http, scheme: bearer}}
  schemas:
    Pet:
      type: object
      required: [id, name, kind]
      properties:
        id: {type: integer, readOnly: true, x-server-value: sequence}
        name: {type: string, minLength: 2, maxLength: 5, pattern: '^[a-z]+$'}
        kind: {type: string, enum: [cat, dog], nullable: true}
        email: {type: string, format: email}
        weight: {type: number, minimum: 0, exclusiveMinimum: true, maximum: 99}
        legs: {type: integer, format: int32, multipleOf: 2}
        owner:
          type: object
          required: [name]
          properties:
            name: {type: string}
            tags: {type: array, items: {type: string}, minItems: 1, maxItems: 2, uniqueItems: true}
    Confirmation:
      type: object
      required: [pet]
      properties:
        pet:
          allOf: [{$ref: '#/components/schemas/Pet'}]
          x-echo: $request.body
paths:
  /pets:
    post:
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
      responses:
        '201':
          description: made
          content: {application/json: {schema: {$ref: '#/components/schemas/Confirmation'}}}
        '400': {description: bad}
        '401': {description: who}
        '415': {description: what}
  /pets/{name}/toys/{toy}:
    parameters:
      - {name: name, in: path, required: true, schema: {type: string}}
      - {name: toy, in: path, required: true, schema: {type: integer, minimum: 1}}
    get:
      parameters:
        - name: colour
          in: query
          required: true
          schema: {type: array, items: {type: string, enum: [red, blue]}}
        - {name: X-Trace, in: header, schema: {type: string, maxLength: 10}}
        - {name: theme, in: cookie, schema: {type: string, enum: [dark]}}
      responses:
        '200':
          description: ok
          headers: {X-Count: {required: true, schema: {type: integer}}}
        '400': {description: bad}
        '401': {description: who}
    head:
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: object}}}}
        '400': {description: bad}
        '401': {description: who}
"""

SHAPES = """
openapi: 3.1.0
info: {title: Shapes, version: '1'}
components:
  schemas:
    Circle: {type: object, required: [kind, r], additionalProperties: false,
             properties: {kind: {const: circle}, r: {type: number, maximum: 10}}}
    Square: {type: object, required: [kind, a], additionalProperties: false,
             properties: {kind: {const: square}, a: {type: [number, 'null']}}}
    Shape:
      oneOf: [{$ref: '#/components/schemas/Circle'}, {$ref: '#/components/schemas/Square'}]
      discriminator: {propertyName: kind}
paths:
  /shapes:
    put:
      requestBody:
        content:
          application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Shape'}, maxItems: 3}}
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema: {type: object, required: [count], properties: {count: {type: integer}}}
        4XX: {description: bad}
  /note:
    post:
      requestBody: {required: true, content: {text/plain: {schema: {type: string}}}}
      responses: {'204': {description: noted}, default: {description: no}}
"""


def _load(text: str, tmp_path: Path) -> Contract:
    spec = tmp_path / "spec.yaml"
    spec.write_text(text)
    return load(spec)


def _check(contract: Contract, app: Any = None, examples: int = 0) -> Report:
    return run.check(contract, mocked.target(contract, app), run.Options(examples=examples))


@pytest.mark.parametrize("text", [PETS, SHAPES], ids=["pets", "shapes"])
def test_the_mock_holds(text: str, tmp_path: Path) -> None:
    """The mock of a contract holds it, in every operation and also under generated requests."""
    contract = _load(text, tmp_path)
    report = _check(contract, examples=10)

    assert [one.breach for one in report.findings if "X-Count" not in one.breach.pointer] == []
    assert (report.stopped, dict(report.unchecked), dict(report.not_fuzzed)) == ("", {}, {})
    assert {one.operation for one in report.tested} == {one.label for one in contract.operations}


def test_what_servers_may_differ_on_is_not_sent(tmp_path: Path) -> None:
    """Formats that may be checked and members that are readOnly are in no valid request."""
    contract = _load(PETS, tmp_path)
    valid = [case.value for case in certificate(contract) if case.due is Due.ACCEPT]
    bodies = [value for value in valid if isinstance(value, dict)]

    assert {value["email"] for value in bodies if "email" in value} == {"someone@example.com"}
    assert all(abs(value["legs"]) < 2**31 for value in bodies if "legs" in value)
    assert not any("id" in value for value in bodies)
    assert not any("bEARER" in str(case.credential) for case in certificate(contract))


def _mutants(tmp_path: Path) -> dict[str, Any]:
    return {
        "minLength": ("name: {type: string, minLength: 2", "name: {type: string, minLength: 1"),
        "maxLength": ("maxLength: 5", "maxLength: 6"),
        "maximum": ("maximum: 99}", "maximum: 100}"),
        "multipleOf": ("multipleOf: 2", "multipleOf: 1"),
        "maxItems": ("maxItems: 2", "maxItems: 3"),
        "minItems": ("minItems: 1", "minItems: 0"),
        "uniqueItems": ("uniqueItems: true", "uniqueItems: false"),
        "required": ("required: [id, name, kind]", "required: [id, kind]"),
        "enum": ("enum: [cat, dog]", "enum: [cat, dog, Cat]"),
        "query": ("enum: [red, blue]", "enum: [red, blue, Red]"),
        "path": ("schema: {type: integer, minimum: 1}", "schema: {type: integer}"),
        "header": ("schema: {type: string, maxLength: 10}", "schema: {type: string}"),
    }


@pytest.mark.parametrize("name", _mutants(Path()))
def test_a_weakened_keyword_is_found(name: str, tmp_path: Path) -> None:
    """A server that leaves out one keyword is found, and nothing else is said of it."""
    contract = _load(PETS, tmp_path)
    old, new = _mutants(tmp_path)[name]
    assert old in PETS
    weaker = _load(PETS.replace(old, new), tmp_path)
    report = _check(contract, create_app(weaker, World()))
    found = [one.breach for one in report.findings if "X-Count" not in one.breach.pointer]

    # The parameter of a path is a rule of each of its operations.
    assert [one.rule for one in found] == ["accepts-invalid"] * (2 if name == "path" else 1), found


def test_a_wrong_branch_is_found(tmp_path: Path) -> None:
    """A branch of a oneOf that takes more is found."""
    contract = _load(SHAPES, tmp_path)
    weaker = _load(SHAPES.replace("maximum: 10", "maximum: 11"), tmp_path)
    report = _check(contract, create_app(weaker, World()))

    assert [one.breach.rule for one in report.findings] == ["accepts-invalid"]
    assert json.loads(report.findings[0].exchange.case.body or b"") == [
        {"kind": "circle", "r": 10.5}
    ]
