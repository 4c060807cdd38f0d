"""What the tests of migrations share: a contract that is changed, and models that are imported."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pydantic
import pytest

from leadline_openapi import diff, load, models, writing
from leadline_openapi.contract import Contract
from leadline_openapi.migration import Migration, migration
from leadline_openapi.migration.samples import variable

SPEC = """\
openapi: 3.1.1
info: {title: Notes, version: 1.0.0}
paths:
  /notes:
    post:
      operationId: addNote
      parameters:
        - {name: dry, in: query, schema: {type: boolean}}
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}
      responses:
        '200':
          description: kept
          content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}
components:
  schemas:
    Note:
      type: object
      required: [text, author]
      properties:
        text: {type: string, maxLength: 500}
        urgency: {enum: [low, high]}
        count: {type: integer}
        fallback-locale: {type: string}
        author: {$ref: '#/components/schemas/Author'}
        tags: {type: array, items: {type: string}}
    Author:
      type: object
      required: [name]
      properties: {name: {type: string}, level: {$ref: '#/components/schemas/Level'}}
    Level: {enum: [a, b, c]}
"""


Migrate = Callable[[str, str], tuple[Contract, Contract, Migration]]
Package = Callable[[str, Contract], ModuleType]


@pytest.fixture
def migrate(tmp_path: Path) -> Migrate:
    """Both contracts, where a text of the contract is replaced, and what that does to the models."""

    def migrated(before: str, after: str) -> tuple[Contract, Contract, Migration]:
        assert before in SPEC
        (tmp_path / "old.yaml").write_text(SPEC, "utf-8")
        (tmp_path / "new.yaml").write_text(SPEC.replace(before, after), "utf-8")
        old, new = load(tmp_path / "old.yaml"), load(tmp_path / "new.yaml")
        return old, new, migration(old, new, diff(old, new))

    return migrated


@pytest.fixture
def package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, Contract], ModuleType]:
    """Generates the models of a contract as a package of the name given, and imports it."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def imported(name: str, contract: Contract) -> ModuleType:
        writing.write(models.generate(contract), tmp_path / name)
        for known in [one for one in sys.modules if one.partition(".")[0] == name]:
            monkeypatch.delitem(sys.modules, known)
        importlib.invalidate_caches()
        return importlib.import_module(name)

    return imported


def execute(code: str, own: ModuleType, name: str) -> None:
    """Run *code* of a caller of the models *own*, with an instance of the class *name* at hand."""
    module = importlib.import_module(f"{own.__name__}.models")
    scope = {**vars(pydantic), "MISSING": vars(pydantic)["MISSING"], **vars(module), **vars(own)}
    kept = scope.get(name)
    if isinstance(kept, type):
        author = vars(own)["Author"](name="n", title="t")
        assert issubclass(kept, pydantic.BaseModel)
        scope[variable(name)] = kept.model_construct(
            urgency="low", count=1, text="t", author=author
        )
    elif kept is not None:
        scope[variable(name)] = "a"
    exec(code.replace("from models import", f"from {own.__name__} import"), scope)  # noqa: S102
