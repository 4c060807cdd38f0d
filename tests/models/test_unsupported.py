"""Operations that mock and suite cannot speak for have their models all the same."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.models.contracts import loaded

from leadline_openapi import Contract, models
from leadline_openapi.agreement import unheld

SPEC = """\
openapi: 3.2.0
info: {{title: T, version: '1'}}
paths:
  /cats:
    {item}
    post:
      operationId: addCat
      parameters: [{{name: dry, in: header, schema: {{type: boolean}}}}{parameter}]
      requestBody:
        content:
          application/json: {{schema: {{$ref: '#/components/schemas/Cat'}}}}
          {body}
      responses:
        '200':
          description: ok
          headers: {{X-Total: {{schema: {{type: integer}}}}}}
          content:
            application/json:
              schema: {{type: array, items: {{$ref: '#/components/schemas/Cat'}}}}
            {answer}
components:
  schemas:
    Cat:
      type: object
      required: [id, name]
      properties:
        id: {{type: integer, readOnly: true}}
        name: {{type: string}}
"""
NAMES = ["AddCatHeaders", "AddCatResponse200", "Cat", "CatRequest"]
STREAM = "application/jsonl: {itemSchema: {type: object, properties: {of: %s}}}"
TEXT = ", {name: note, in: query, content: {text/plain: {schema: {type: string}}}}"
STYLE = ", {name: note, in: cookie, style: cookie, schema: {type: string}}"
RAW = ", {name: all, in: querystring, content: {text/plain: {schema: {type: string}}}}"
CASES = {
    "a form beside JSON": ({"body": "multipart/form-data: {schema: {type: object}}"}, []),
    "a server of its own": ({"item": "servers: [{url: /v2}]"}, []),
    "a parameter of text": ({"parameter": TEXT}, []),
    "a style of its own": ({"parameter": STYLE}, []),
    "the whole query string": ({"parameter": RAW}, []),
    "items in a stream": ({"answer": STREAM % "true"}, ["AddCatResponse200Item"]),
    "items that are sent": ({"body": STREAM % "true"}, ["AddCatRequestItem"]),
}


def contract(folder: Path, parts: dict[str, str]) -> Contract:
    """A contract with one operation, which has *parts* that cannot be spoken for."""
    filled = {"item": "", "parameter": "", "body": "", "answer": "", **parts}
    return loaded(folder, SPEC.format(**filled))


def exported(found: Contract) -> Sequence[str]:
    """What the models of *found* are called."""
    init = ast.parse(models.generate(found)["__init__.py"])
    (names,) = (ast.literal_eval(one.value) for one in init.body if isinstance(one, ast.Assign))
    return [str(name) for name in names]


@pytest.mark.parametrize(("parts", "more"), CASES.values(), ids=list(CASES))
def test_what_can_be_read_has_its_classes(
    tmp_path: Path, parts: dict[str, str], more: list[str]
) -> None:
    """Inline bodies, both directions and the other parameters, as if the obstacle were not there."""
    found = contract(tmp_path, parts)

    assert found.operations[0].unsupported
    assert exported(found) == sorted([*NAMES, *more])


def test_what_only_a_stream_reads_is_read(tmp_path: Path) -> None:
    """A schema that is sent as JSON and answered item by item has two classes."""
    item = "application/jsonl: {itemSchema: {$ref: '#/components/schemas/Cat'}}"
    text = SPEC.replace(
        "{{type: array, items: {{$ref: '#/components/schemas/Cat'}}}}", "{{type: string}}"
    )
    filled = {"item": "", "parameter": "", "body": "", "answer": item}

    assert "CatRequest" in exported(loaded(tmp_path, text.format(**filled)))


@pytest.mark.parametrize("parameter", [TEXT, STYLE, RAW])
def test_a_parameter_without_a_field_is_told(tmp_path: Path, parameter: str) -> None:
    """With its pointer and the reason; all the rest is held."""
    found = contract(tmp_path, {"parameter": parameter})
    at = "/paths/~1cats/post/parameters/1"

    (told,) = unheld(found)
    assert str(told) == f"{at}: the models have no field for it: {found.operations[0].unsupported}"
