"""`leadline diff` from the outside: exit codes, formats, errors."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from tests.conftest import LEADLINE

from leadline_cli.main import run

SPEC = """\
openapi: 3.1.1
info: {title: Notes, version: 1.0.0}
paths:
  /notes:
    post:
      requestBody:
        required: true
        content: {application/json: {schema: {type: string, maxLength: 9, description: a note}}}
      responses: {'204': {description: ok}}
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a contract, and with others that differ from it."""
    others = {
        "old.yaml": SPEC,
        "narrower.yaml": SPEC.replace("maxLength: 9", "maxLength: 5"),
        "wider.yaml": SPEC.replace("maxLength: 9", "maxLength: 11"),
        "worded.yaml": SPEC.replace("a note", "one note"),
        "empty.yaml": "",
        "invalid.yaml": SPEC.replace("maxLength: 9", "maxLength: -9"),
        "older.yaml": SPEC.replace("openapi: 3.1.1", "openapi: 3.0.4"),
        "swagger.yaml": SPEC.replace("openapi: 3.1.1", "swagger: '2.0'"),
    }
    for name, text in others.items():
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("new", "on_breaking", "on_any"),
    [
        ("narrower.yaml", 1, 1),
        ("wider.yaml", 0, 1),
        ("worded.yaml", 0, 0),
        ("old.yaml", 0, 0),
        ("older.yaml", 0, 0),
    ],
)
def test_the_exit_code_is_a_gate(new: str, on_breaking: int, on_any: int) -> None:
    """By default what breaks fails it; with `any`, every change but of words does."""
    assert run(["diff", "old.yaml", new]) == on_breaking
    assert run(["diff", "old.yaml", new, "--fail-on", "any"]) == on_any


def test_json_is_nothing_but_json(capsys: pytest.CaptureFixture[str]) -> None:
    """A script reads standard output as it is."""
    assert run(["diff", "old.yaml", "narrower.yaml", "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)

    assert (told["verdict"], told["semver"]) == ("breaking", "major")
    (change,) = told["changes"]
    assert (change["old"]["line"], change["new"]["file"]) == (8, "narrower.yaml")
    assert len(change["witness"]["value"]) in range(6, 10)


def test_markdown_is_for_a_pull_request(capsys: pytest.CaptureFixture[str]) -> None:
    """It starts with a heading."""
    run(["diff", "old.yaml", "narrower.yaml", "--format", "markdown"])

    assert capsys.readouterr().out.startswith("### The contract breaks callers\n")


def test_there_are_no_colours_where_there_is_no_terminal() -> None:
    """Neither in a pipe nor in a file."""
    command = [*LEADLINE, "diff", "old.yaml", "narrower.yaml"]
    told = subprocess.run(command, capture_output=True, check=False).stdout

    assert b"breaking" in told
    assert b"\x1b" not in told


def test_an_overlay_is_applied_to_both(capsys: pytest.CaptureFixture[str]) -> None:
    """What it takes away is compared no more."""
    Path("overlay.yaml").write_text(
        "overlay: 1.0.0\ninfo: {title: O, version: '1'}\nactions:\n"
        "  - {target: $.paths..schema.maxLength, remove: true}\n",
        "utf-8",
    )

    assert run(["diff", "old.yaml", "narrower.yaml", "--overlay", "overlay.yaml"]) == 0
    assert "nothing has changed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["old.yaml", "missing.yaml"], "missing.yaml: there is no such file"),
        (["empty.yaml", "old.yaml"], "empty.yaml:1: the file is empty"),
        (["old.yaml", "invalid.yaml"], "invalid.yaml:8"),
        (["swagger.yaml", "old.yaml"], "Swagger 2.0 is not supported"),
        (["old.yaml", "http://127.0.0.1:9/x"], "cannot be fetched: no connection"),
        (["old.yaml", "old.yaml", "--profile", "nope"], "no profile `nope`"),
        (["old.yaml", "old.yaml", "--format", "xml"], "'xml' is not one of"),
        (["old.yaml"], "Missing argument 'NEW'"),
    ],
)
def test_broken_input_is_one_message_and_exit_code_2(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is printed where a report is expected."""
    assert run(["diff", *arguments]) == 2

    out, err = capsys.readouterr()
    assert out == ""
    assert told in err
    assert "Traceback" not in err
