"""`leadline generate` from the outside: writing, drift, warnings."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import ROOT

from leadline_cli.main import run

SPECS = ROOT / "tests" / "openapi" / "specs"


def test_the_committed_models_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    """What is committed is what the contract gives."""
    folder = ROOT / "generated" / "leadline_models"

    assert run(["generate", "--check", "--output", str(folder)]) == 0
    assert capsys.readouterr().out == ""


def test_drift_is_exit_code_1_with_a_diff(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An edited model is shown as a diff on standard output, and nothing is written."""
    out = tmp_path / "models"
    assert run(["generate", "--output", str(out)]) == 0
    edited = out / "models.py"
    text = edited.read_text("utf-8").replace('"ASAP"', '"Soon"')
    edited.write_text(text, "utf-8")
    capsys.readouterr()

    assert run(["generate", "--check", "--output", str(out)]) == 1

    diff, told = capsys.readouterr()
    assert told.endswith(f"out of date: run leadline generate --output {out}\n")
    assert '\n-        "Soon",\n+        "ASAP",\n' in diff
    assert edited.read_text("utf-8") == text


def test_another_spec_is_named_in_the_header(tmp_path: Path) -> None:
    """The header says how to do it again, without a path of this machine."""
    out = tmp_path / "models"
    assert run(["generate", "--spec", str(SPECS / "catalogue.yaml"), "--output", str(out)]) == 0

    header = (out / "models.py").read_text("utf-8").split("\n\n")[0]
    assert "# Regenerate: leadline generate --spec catalogue.yaml" in header.splitlines()
    assert str(tmp_path) not in header


@pytest.mark.parametrize("spec", ["articles.yaml", "catalogue.yaml", "clinic/openapi.yaml"])
def test_other_specs_give_models_too(spec: str, tmp_path: Path) -> None:
    """The models of any spec can be imported, with warnings as errors."""
    assert run(["generate", "--spec", str(SPECS / spec), "--output", str(tmp_path / "made")]) == 0

    code = "import made; assert made.__all__"
    subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=tmp_path, check=True)


def test_what_the_models_cannot_hold_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A keyword that Pydantic has no word for is a warning with its JSON pointer."""
    spec = tmp_path / "spec.yaml"
    spec.write_text(
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n"
        "      responses:\n        '200':\n          description: ok\n          content:\n"
        "            application/json:\n              schema: {$ref: '#/components/schemas/A'}\n"
        "components:\n  schemas:\n    A: {type: array, contains: {const: 1}}\n",
        "utf-8",
    )

    assert run(["generate", "--spec", str(spec), "--output", str(tmp_path / "out")]) == 0
    assert "warning: /components/schemas/A/contains: " in capsys.readouterr().err


def test_files_of_others_are_not_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that holds something else is refused, and stays as it was."""
    (tmp_path / "models.py").write_text("mine = 1\n", "utf-8")

    assert run(["generate", "--output", str(tmp_path)]) == 2
    assert "models.py" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["models.py"]


def test_the_command_that_is_named_writes_these_models_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With every file as it was given, so that nothing else is overwritten; the header has no folders."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my api").mkdir()
    (tmp_path / "my api" / "c.yaml").write_bytes((SPECS / "catalogue.yaml").read_bytes())
    options = ["--spec", "my api/c.yaml", "--output", "models/o", "--no-variants"]
    assert run(["generate", *options]) == 0
    made = tmp_path / "models" / "o" / "models.py"
    made.write_text(made.read_text("utf-8") + "\n", "utf-8")
    assert run(["generate", "--check", *options]) == 1

    told = capsys.readouterr().err.rstrip().rpartition("run leadline ")[2]
    assert told == "generate --spec 'my api/c.yaml' --output models/o --no-variants"
    assert run(shlex.split(told)) == 0
    assert run(["generate", "--check", *options]) == 0
    assert "# Regenerate: leadline generate --spec c.yaml --no-variants\n" in made.read_text(
        "utf-8"
    )
    assert not (tmp_path / "generated").exists()
