"""A repository with a contract and its models on `main`, and a pull request that changes them."""

from __future__ import annotations

import functools
import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.conftest import LEADLINE
from tests.gate.runner import git

SPEC = """\
openapi: 3.1.1
info: {title: Notes, version: 1.0.0}
paths:
  /notes:
    post:
      operationId: keepNote
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}
      responses: {'204': {description: ok}}
components:
  schemas:
    Note: {type: object, properties: {text: {type: string, maxLength: 9}}}
"""
FILE = "openapi/leads.yaml"
OVERLAY = "openapi/overlays/contract.yaml"
SAME_OVERLAY = """\
overlay: 1.0.0
info: {title: More, version: 1.0.0}
actions:
  - {target: $.components.schemas.Note.properties.text, update: {minLength: 0}}
"""
NARROWER_OVERLAY = SAME_OVERLAY.replace("minLength: 0", "maxLength: 3")
OPTIONS = f"""\
[tool.leadline]
spec = "{FILE}"
[tool.leadline.generate]
output = "src/my_models"
"""
NARROWER = SPEC.replace("maxLength: 9", "maxLength: 5")
WIDER = SPEC.replace("maxLength: 9", "maxLength: 11")


def generate(folder: Path) -> None:
    """Bring the models in *folder* up to date with its contract."""
    for name, text in _models((folder / FILE).read_text("utf-8")).items():
        write(folder, f"src/my_models/{name}", text)


@functools.cache
def _models(contract: str) -> Mapping[str, str]:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write(folder, FILE, contract)
        write(folder, "pyproject.toml", OPTIONS)
        command = [*LEADLINE, "generate"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        return {file.name: file.read_text("utf-8") for file in folder.glob("src/my_models/*.*")}


def write(folder: Path, name: str, text: str) -> None:
    """Write *text* as the file *name* of *folder*."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


@pytest.fixture(autouse=True)
def _own_git(monkeypatch: pytest.MonkeyPatch) -> None:
    """The developer's own git may have hooks of its own."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)


@pytest.fixture
def developer(tmp_path: Path) -> Path:
    """The clone of somebody who works on the branch `change`, which has what `main` has."""
    origin, folder = tmp_path / "origin.git", tmp_path / "developer"
    origin.mkdir()
    git(origin, "init", "--quiet", "--bare", "--initial-branch=main")
    write(folder, FILE, SPEC)
    write(folder, OVERLAY, SAME_OVERLAY)
    write(folder, "pyproject.toml", OPTIONS)
    generate(folder)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "remote", "add", "origin", str(origin))
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "the contract")
    git(folder, "push", "--quiet", "origin", "main")
    git(folder, "checkout", "--quiet", "-b", "change")
    return folder
