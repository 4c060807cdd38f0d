"""The generator on any contract: stable, importable, with names and docs that hold."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from pydantic import MISSING
from tests.models.contracts import loaded, takes, with_schemas

from leadline_openapi import Contract, SpecError, models, writing
from leadline_openapi.models.bounds import bounded

Importing = Callable[[Contract], ModuleType]

DIGEST = """
import hashlib, json, sys
from leadline_openapi import load, models
files = models.generate(load())
print(hashlib.sha256(json.dumps(files).encode()).hexdigest())
"""


def test_the_same_bytes_everywhere(contract: Contract, tmp_path: Path) -> None:
    """Hash seed, folder, locale and the configuration of tools in that folder change nothing."""
    expected = hashlib.sha256(json.dumps(dict(models.generate(contract))).encode()).hexdigest()
    (tmp_path / "pyproject.toml").write_text(
        "[tool.ruff]\nline-length = 60\n[tool.ruff.format]\nquote-style = 'single'\n"
        "[tool.black]\nline-length = 60\nskip-string-normalization = true\n"
        "[tool.datamodel-codegen]\nsnake-case-field = true\n"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", DIGEST],
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": "C", "TZ": "Asia/Tokyo"},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("0", "1", "4711")
    ]

    assert [process.communicate()[0].strip() for process in running] == [expected] * 3


THREE_ZERO = """
    openapi: 3.0.3
    info: { title: Shelter, version: '1' }
    paths:
      /pets/{pet-id}:
        put:
          operationId: replace-pet
          parameters:
            - { name: pet-id, in: path, required: true, schema: { type: integer, minimum: 1 } }
            - { name: X-Request-Id, in: header, required: true, schema: { type: string } }
            - { name: session, in: cookie, schema: { type: string, nullable: true } }
            - { name: size, in: query, schema: { type: integer, enum: [10, 20], default: 10 } }
            - { name: tags, in: query, schema: { type: array, items: { type: string } } }
          requestBody:
            content:
              application/json:
                schema:
                  type: object
                  required: [pet]
                  properties:
                    pet: { $ref: '#/components/schemas/Pet' }
                    note: { type: string, nullable: true, maxLength: 5 }
          responses:
            default:
              description: ok
              content:
                application/json: { schema: { $ref: '#/components/schemas/Pet' } }
    components:
      schemas:
        Pet:
          oneOf:
            - { $ref: '#/components/schemas/Cat' }
            - { $ref: '#/components/schemas/Dog' }
          discriminator: { propertyName: kind }
        Animal:
          type: object
          required: [id, kind, secret]
          properties:
            id: { type: integer, readOnly: true }
            secret: { type: string, writeOnly: true }
            owner:
              description: Who takes care.
              nullable: true
              allOf: [{ $ref: '#/components/schemas/Owner' }]
        Cat:
          allOf: [{ $ref: '#/components/schemas/Animal' }]
          type: object
          required: [kind]
          properties: { kind: { type: string, enum: [cat] } }
        Dog:
          allOf: [{ $ref: '#/components/schemas/Animal' }]
          type: object
          required: [kind]
          properties: { kind: { type: string, enum: [dog] }, barks: { type: boolean } }
        Owner:
          type: object
          nullable: true
          properties: { since: { type: string, format: date-time } }
"""

THREE_ONE = """
    openapi: 3.1.0
    info: { title: Tree, version: '1' }
    paths:
      /nodes:
        get:
          responses:
            '200':
              description: ok
              content:
                application/json:
                  schema: { type: array, items: { $ref: '#/components/schemas/node.v1' } }
            4XX:
              description: wrong
              content:
                application/problem+json:
                  schema: { type: object, properties: { title: { type: string } } }
    components:
      schemas:
        node.v1:
          type: object
          properties:
            next: { $ref: '#/components/schemas/node.v1' }
            value: { type: [integer, string, 'null'], minimum: 2, minLength: 2 }
            meta: { type: [object, 'null'], properties: { json: true } }
            any-thing: true
        json-value:
          anyOf:
            - { type: [string, number, boolean, 'null'] }
            - { type: array, items: { $ref: '#/components/schemas/json-value' } }
            - { type: object, additionalProperties: { $ref: '#/components/schemas/json-value' } }
"""


@pytest.mark.parametrize("text", [THREE_ZERO, THREE_ONE], ids=["3.0", "3.1"])
def test_the_code_imports_without_a_warning(tmp_path: Path, text: str) -> None:
    """The package imports under any name, in a Python that turns warnings into errors."""
    writing.write(models.generate(loaded(tmp_path, text)), tmp_path / "anything")

    command = [sys.executable, "-W", "error", "-c", "from anything import *"]
    subprocess.run(command, cwd=tmp_path, check=True)


def test_a_contract_in_3_0(tmp_path: Path, importing: Importing) -> None:
    """`nullable`, `discriminator`, `allOf` and inline bodies give the classes one would write."""
    made = importing(loaded(tmp_path, THREE_ZERO))

    assert made.__all__ == sorted(
        (
            *("Animal", "Cat", "Dog", "Owner", "Pet", "ReplacePetRequest"),
            *("AnimalRequest", "CatRequest", "DogRequest", "PetRequest"),
            *("ReplacePetCookies", "ReplacePetHeaders", "ReplacePetPath", "ReplacePetQuery"),
        )
    )
    request = made.ReplacePetRequest.model_validate(
        {"pet": {"kind": "dog", "secret": "x", "owner": None}}
    )
    assert type(request.pet) is made.DogRequest
    assert request.pet.owner is None
    assert request.note is MISSING
    assert made.Dog.model_fields["owner"].description == "Who takes care."
    pet = {"kind": "cat", "secret": "x"}
    assert takes(made.ReplacePetRequest, {"pet": pet, "note": None})
    assert not takes(made.ReplacePetRequest, {"pet": {**pet, "kind": "cow"}})
    assert not takes(made.ReplacePetRequest, {"pet": pet, "note": "too long"})


def test_parameters_of_every_location(tmp_path: Path, importing: Importing) -> None:
    """Path, query, header and cookie parameters are read from strings, names of headers in any case."""
    made = importing(loaded(tmp_path, THREE_ZERO))

    assert made.ReplacePetPath.model_validate({"pet-id": "7"}).pet_id == 7
    assert not takes(made.ReplacePetPath, {"pet-id": "0"})
    assert made.ReplacePetQuery.model_validate({"size": "10", "tags": ["a"]}).size == 10
    assert made.ReplacePetHeaders.model_validate({"x-request-id": "a"}).X_Request_Id == "a"
    assert not takes(made.ReplacePetHeaders, {})
    assert made.ReplacePetCookies.model_validate({}).session is MISSING
    assert made.ReplacePetQuery.model_fields["size"].description == "Default: `10`"


def test_a_contract_in_3_1(tmp_path: Path, importing: Importing) -> None:
    """Type arrays, recursion, dotted names and inline answers give usable classes."""
    made = importing(loaded(tmp_path, THREE_ONE))

    assert made.__all__ == [
        *("GETNodesResponse200", "GETNodesResponse4XX"),
        *("JsonValue", "NodeV1", "NodeV1Meta", "NodeV1ValueInteger", "NodeV1ValueString"),
    ]
    node = made.NodeV1.model_validate({"next": {"value": None}, "any-thing": [1], "meta": None})
    assert node.next.value is None
    assert node.any_thing == [1]
    assert made.NodeV1(any_thing=1).model_dump() == {"any-thing": 1}
    assert takes(made.NodeV1, {"value": 2})
    assert not takes(made.NodeV1, {"value": 1})
    assert not takes(made.NodeV1, {"value": "x"})
    assert takes(made.JsonValue, {"a": [1, None, {"b": "\ud800"}]})
    assert made.NodeV1.model_validate({"meta": {"json": 1}}).meta.model_dump() == {"json": 1}


def test_texts_of_the_contract_stay_texts(tmp_path: Path, importing: Importing) -> None:
    """Descriptions, values and names with quotes, backslashes and code in them run nothing."""
    nasty = 'a """ b \\" \\N{x} \' \x00 \n"""; raise SystemExit("\\'
    schema = {
        "type": "object",
        "description": nasty,
        "x-python-type": "os.system",
        "customTypePath": "os.system",
        "customBasePath": "os.system",
        "properties": {
            nasty: {"enum": [nasty], "description": nasty, "x-python-import": "os"},
            "p": {"type": "string", "pattern": "\"'''\\\\", "description": nasty},
        },
    }
    contract = with_schemas(tmp_path, {"Nasty": schema})
    made = importing(contract)

    assert takes(made.Nasty, {nasty: nasty})
    assert not takes(made.Nasty, {nasty: "a"})
    imported = {
        alias.name
        for node in ast.walk(ast.parse(models.generate(contract)["models.py"]))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert imported <= {
        *("annotations", "Annotated", "Literal", "MISSING", "Field", "JsonObject", "StrictStr"),
    }


def test_long_descriptions_are_wrapped(tmp_path: Path) -> None:
    """Prose is filled to the line length of the code; lists stay lists."""
    text = f"{'word ' * 40}\n\n- {'item ' * 30}\n- two"
    schema = {"type": "object", "description": text, "properties": {}}
    code = models.generate(with_schemas(tmp_path, {"Long": schema}))["models.py"]

    assert max(map(len, code.splitlines())) <= 100
    assert "\n    - two\n" in code


def test_a_contract_of_nothing(tmp_path: Path, importing: Importing) -> None:
    """A contract without schemas gives a package that imports and is empty."""
    assert importing(with_schemas(tmp_path, {})).__all__ == []


def test_schemas_beyond_what_can_be_followed_are_refused(contract: Contract) -> None:
    """Where Python gives up, the file is named, and no traceback shown."""

    def endless() -> None:
        endless()

    with pytest.raises(SpecError, match=r"leads\.yaml: hundreds of schemas"), bounded(contract):
        endless()
