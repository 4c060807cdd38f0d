"""Contracts of other shapes: the mock holds them, and what breaks them is found."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

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


NOTES = """
openapi: 3.1.0
info: {title: Notes, version: '1'}
security: [{key: []}]
components:
  securitySchemes: {key: {type: apiKey, in: query, name: key}}
  schemas:
    Note:
      type: object
      additionalProperties: true
      properties:
        title: {type: string, minLength: 6, maxLength: 8}
        sizes: {type: array, items: {type: integer}, maxItems: 2}
        code: {type: string, pattern: '^[A-Z]{2}-[0-9]{3}$'}
    Initial:
      type: object
      required: [one]
      properties: {one: {type: string, maxLength: 1}}
  responses:
    Bad: {description: bad}
    Denied: {description: who}
paths:
  /notes:
    post:
      parameters:
        - {name: theme, in: cookie, schema: {type: string, enum: [dark]}}
        - {name: X-Trace, in: header, schema: {type: string}}
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                type: object
                required: [note]
                properties:
                  note: {$ref: '#/components/schemas/Note', x-echo: $request.body}
        '400': {$ref: '#/components/responses/Bad'}
        '401': {$ref: '#/components/responses/Denied'}
  /initials:
    post:
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Initial'}}}
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                type: object
                required: [initial]
                properties:
                  initial: {$ref: '#/components/schemas/Initial', x-echo: $request.body}
        '400': {$ref: '#/components/responses/Bad'}
        '401': {$ref: '#/components/responses/Denied'}
"""

WEAKER = {
    "refuses_unknown": ("additionalProperties: true", "additionalProperties: false"),
    "empty_enum_in_a_cookie": ("enum: [dark]", "enum: [dark, '']"),
    "one_digit_less": ("[0-9]{3}", "[0-9]{2,3}"),
    "one_digit_more": ("[0-9]{3}$", "[0-9]{3,4}$"),
    "another_first_letter": ("^[A-Z]{2}", "^[A-Za-z][A-Z]"),
}


def _reading(name: str, change: Any) -> Any:
    """A server that reads another body than was sent to the operation *name*."""

    def wrap(app: Any) -> Any:
        def changed(environ: Any, start_response: Any) -> Any:
            text = environ["wsgi.input"].read().decode("utf-8", "surrogateescape")
            text = change(text) if environ["PATH_INFO"] == name else text
            body = text.encode("utf-8", "surrogateescape")
            environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
            return app(environ, start_response)

        return changed

    return wrap


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _trimming(app: Any) -> Any:
    """A server that looks up the key of the query without the blanks around it."""

    def changed(environ: Any, start_response: Any) -> Any:
        pairs = [(name, text.strip()) for name, text in parse_qsl(environ["QUERY_STRING"])]
        return app({**environ, "QUERY_STRING": urlencode(pairs)}, start_response)

    return changed


def _failing_on_long_headers(app: Any) -> Any:
    def changed(environ: Any, start_response: Any) -> Any:
        if len(environ.get("HTTP_X_TRACE", "")) > 2000:
            start_response("500 Failed", [])
            return [b""]
        return app(environ, start_response)

    return changed


BEHIND = {
    "composes_texts_of_a_least_length": (_reading("/notes", _composed), "echo"),
    "composes_the_only_text": (_reading("/initials", _composed), "echo"),
    "sorts_two_items": (
        _reading("/notes", lambda text: re.sub(r"\[(\d+),(-?\d+)\]", _sorted, text)),
        "echo",
    ),
    "trims_the_key": (_trimming, "credentials"),
    "fails_on_a_long_header": (_failing_on_long_headers, "server-error"),
}


def _sorted(found: re.Match[str]) -> str:
    return json.dumps(sorted(map(int, found.groups())))


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """The contract of notes, once: values for a pattern are slow to find."""
    return _load(NOTES, tmp_path_factory.mktemp("notes"))


def test_the_mock_of_constrained_texts_holds(notes: Contract) -> None:
    """What is written for patterns, lengths, cookies and keys in the query is silent on the mock."""
    report = _check(notes, examples=5)

    assert [one.breach for one in report.findings] == []


@pytest.mark.parametrize("name", WEAKER)
def test_a_near_miss_is_found(name: str, notes: Contract, tmp_path: Path) -> None:
    """A server that takes a little more than a pattern or an enum says, or less than an open schema."""
    old, new = WEAKER[name]
    assert old in NOTES
    report = _check(notes, create_app(_load(NOTES.replace(old, new), tmp_path), World()))

    rule = "rejects-valid" if name == "refuses_unknown" else "accepts-invalid"
    assert [one.breach.rule for one in report.findings] == [rule], report.findings


@pytest.mark.parametrize("name", BEHIND)
def test_a_subtle_change_is_found(name: str, notes: Contract) -> None:
    """A server that changes what few requests of a constrained schema show is told as what it is."""
    wrap, rule = BEHIND[name]
    report = _check(notes, wrap(create_app(notes, World())))

    assert {one.breach.rule for one in report.findings} == {rule}, report.findings
