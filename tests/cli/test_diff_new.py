"""`leadline diff --allow-new`, with which a gate tells a new contract from one that is missed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from leadline_cli.main import run

SPEC = """\
openapi: 3.1.1
info: {title: Notes, version: 1.0.0}
paths:
  /notes:
    post:
      summary: keep a note, and tell nobody what is in it
      requestBody: {content: {application/json: {schema: {type: string, maxLength: 9}}}}
      responses: {'204': {description: ok}}
"""
NEW = ["diff", "--allow-new", "HEAD:new.yaml", "new.yaml"]


def _git(*arguments: str) -> None:
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


@pytest.fixture(autouse=True)
def _repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A repository with a contract."""
    monkeypatch.chdir(tmp_path)
    Path("old.yaml").write_text(SPEC, "utf-8")
    _git("init", "--quiet")
    _git("add", ".")
    _git("commit", "--quiet", "-m", "m")


def test_a_new_contract_breaks_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    """It is read, and told as new in every form."""
    Path("new.yaml").write_text(SPEC, "utf-8")

    assert run(NEW) == 0
    assert capsys.readouterr().out == "HEAD:new.yaml → new.yaml\nthe contract is new: 1 operation\n"
    assert run([*NEW, "--format", "markdown"]) == 0
    assert capsys.readouterr().out.startswith("### The contract is new\n\n`HEAD:new.yaml` does not")
    assert run([*NEW, "--format", "json", "--fail-on", "any"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["verdict"], told["semver"], told["old"], told["changes"]) == (
        *("none", "none", None, []),
    )


def test_a_new_contract_has_to_be_one(capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is not there, or that is broken, is no reason to open a gate."""
    assert run(NEW) == 2
    assert "new.yaml: there is no such file" in capsys.readouterr().err
    Path("new.yaml").write_text(SPEC.replace("maxLength: 9", "maxLength: -9"), "utf-8")
    assert run(NEW) == 2
    assert "new.yaml:7" in capsys.readouterr().err


def test_another_name_is_followed(capsys: pytest.CaptureFixture[str]) -> None:
    """And without the option, it is an error that names it."""
    _git("mv", "old.yaml", "new.yaml")
    Path("new.yaml").write_text(SPEC.replace("maxLength: 9", "maxLength: 5"), "utf-8")

    assert run(NEW) == 1
    assert capsys.readouterr().out.startswith("HEAD:old.yaml → new.yaml\nbreaking: 1 breaking")
    assert run(["diff", "HEAD:new.yaml", "new.yaml"]) == 2
    assert "it was called `old.yaml` then: write `HEAD:old.yaml`" in capsys.readouterr().err


def test_a_contract_that_is_gone_is_missed(capsys: pytest.CaptureFixture[str]) -> None:
    """It may be the same one, written anew; other files may go."""
    Path("more.yaml").write_text("a: 1\n", "utf-8")
    _git("add", ".")
    _git("commit", "--quiet", "-m", "m")
    Path("new.yaml").write_text("openapi: 3.1.1\ninfo: {title: X, version: 2.0.0}\npaths: {}\n")
    Path("more.yaml").unlink()
    assert run(NEW) == 0
    Path("old.yaml").unlink()

    assert run(NEW) == 2
    assert "`old.yaml`, a contract that it has, is gone" in capsys.readouterr().err


def test_what_is_there_is_compared_as_ever() -> None:
    """A file, a revision that has it, and what is no revision at all."""
    assert run(["diff", "--allow-new", "HEAD:old.yaml", "old.yaml"]) == 0
    assert run(["diff", "--allow-new", "old.yaml", "old.yaml"]) == 0
    assert run(["diff", "--allow-new", "nowhere.yaml", "old.yaml"]) == 2
    assert run(["diff", "--allow-new", "unknown:old.yaml", "old.yaml"]) == 2


@pytest.mark.parametrize("option", [["--models"], ["--check", "http://127.0.0.1:1"]])
def test_a_new_contract_is_not_weighed(
    option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Options that need both are refused at once, and not left out silently."""
    assert run([*NEW, *option]) == 2
    assert f"{option[0]} does not go with --allow-new" in capsys.readouterr().err
