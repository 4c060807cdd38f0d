"""What docs/diff.md shows is what the comparison does."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from tests.conftest import ROOT

from leadline_cli.main import run

GUIDE = (ROOT / "docs" / "diff.md").read_text("utf-8")
COMMANDS = re.findall(r"^leadline (diff (?!--changelog).+)$", GUIDE, re.MULTILINE)
(SHOWN,) = re.findall(r"```\n(old\.yaml → .*?)```", GUIDE, re.DOTALL)
(SNIPPET,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)

OLD = """\
openapi: 3.1.1
info: { title: Notes, version: 1.4.0 }
paths:
  /notes:
    post:
      operationId: addNote
      parameters: []
      requestBody:
        content:
          application/json: { schema: { $ref: '#/components/schemas/Note' } }
      responses:
        '200':
          description: The note as it is kept.
          content:
            application/json: { schema: { $ref: '#/components/schemas/Note' } }
components:
  schemas:
    Note:
      type: object
      required: [text]
      properties:
        text: { type: string, maxLength: 500 }
        urgency: { enum: [low, high] }
"""
NEW = (
    OLD.replace("1.4.0", "1.5.0")
    .replace(
        "      parameters: []\n",
        "      parameters:\n        - { name: dry, in: query, schema: { type: boolean } }\n",
    )
    .replace("maxLength: 500", "maxLength: 20")
    .replace("low, high", "low, normal, high")
)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A repository with the contract of the guide, which has changed twice."""
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "--quiet"], check=True)
    for text in (OLD.replace("maxLength: 500", "maxLength: 600"), OLD):
        Path("notes.yaml").write_text(text, "utf-8")
        subprocess.run(["git", "add", "notes.yaml"], check=True)
        subprocess.run(["git", *identity, "commit", "--quiet", "-m", "m"], check=True)
    Path("notes.yaml").write_text(NEW, "utf-8")
    Path("old.yaml").write_text(OLD, "utf-8")
    Path("new.yaml").write_text(NEW, "utf-8")


def test_the_guide_was_read() -> None:
    """The pattern above finds what the guide holds."""
    assert len(COMMANDS) == 4


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_finds_what_broke(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command of the guide compares, and finds the shorter text."""
    assert run(shlex.split(command)) == 1
    assert "`maxLength` of `text` admits less" in capsys.readouterr().out


def test_the_report_is_the_one_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """To the letter."""
    run(shlex.split(COMMANDS[0]))

    assert capsys.readouterr().out == SHOWN


def test_the_snippet_prints_what_breaks(capsys: pytest.CaptureFixture[str]) -> None:
    """As the guide has it."""
    exec(SNIPPET, {})  # noqa: S102 - the guide's own code

    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [
        "request",
        "response",
    ]
