"""Another version of the generator than the one that wrote the models: shown, and taken when asked."""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.conftest import LEADLINE, ROOT

from leadline_cli.main import run

SPEC = ROOT / "tests" / "openapi" / "specs" / "catalogue.yaml"
OLDER = "leadline 0.0.9, datamodel-code-generator 0.88.0, ruff 0.17.6"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Models that an older generator has written, and written otherwise."""
    folder = tmp_path / "models"
    assert run(["generate", "--spec", str(SPEC), "--output", str(folder)]) == 0
    for file in folder.glob("*.py"):
        lines = file.read_text("utf-8").splitlines()
        assert lines[2].startswith("# Generator:  leadline ")
        lines[2] = f"# Generator:  {OLDER}"
        file.write_text("\n".join(lines) + "\n", "utf-8")
    edit(folder, "MISSING", "UNSET")
    return folder


def edit(folder: Path, old: str, new: str) -> None:
    """Change a word of the models."""
    text = (folder / "models.py").read_text("utf-8")
    assert old in text
    (folder / "models.py").write_text(text.replace(old, new), "utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    """All files."""
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def generate(out: Path, *more: str) -> int:
    """Generate once more."""
    return run(["generate", "--spec", str(SPEC), "--output", str(out), *more])


def test_an_upgrade_is_shown_and_not_taken(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The diff is all that standard output has, without colours; the files stay, the exit code is 1."""
    before = contents(out)
    capsys.readouterr()

    assert generate(out) == 1

    printed = capsys.readouterr()
    assert printed.out.startswith("--- models/models.py\n+++ models/models.py\n@@ ")
    assert "-from pydantic import UNSET" in printed.out
    assert "Generator:" not in printed.out
    assert "\x1b" not in printed.out
    assert "writing the models of " not in printed.err
    assert f"was written by {OLDER};\n" in printed.err
    assert "--upgrade" in printed.err
    assert "contract has changed" not in printed.err
    assert contents(out) == before


def test_an_upgrade_is_taken_when_asked(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """After that the models are those of the installed generator, and nothing is left to take."""
    assert generate(out, "--upgrade") == 0
    assert f"upgraded from {OLDER}" in capsys.readouterr().err
    assert "UNSET" not in (out / "models.py").read_text("utf-8")

    assert generate(out) == 0
    assert "up to date" in capsys.readouterr().err


def test_check_names_both_generators(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Which one wrote the models, which one is installed, and how to take it."""
    capsys.readouterr()

    assert generate(out, "--check") == 1

    printed = capsys.readouterr()
    assert f"was written by {OLDER}; installed is leadline " in printed.err
    assert "--upgrade\n" in printed.err
    assert "Generator:" not in printed.out


def test_an_upgrade_that_changes_nothing_breaks_no_build(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--check` holds and says that the versions differ; the next `generate` notes the new ones."""
    edit(out, "UNSET", "MISSING")
    capsys.readouterr()

    assert generate(out, "--check") == 0
    assert f"note: models was written by {OLDER}" in capsys.readouterr().err.replace(
        f"{out.parent}/", ""
    )
    assert generate(out) == 0
    assert OLDER not in (out / "__init__.py").read_text("utf-8")


def test_a_contract_that_has_changed_too_is_said(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The diff has both then, so nobody takes the one for the other."""
    spec = tmp_path / "catalogue.yaml"
    spec.write_text(SPEC.read_text("utf-8").replace("title: ", "title: New "), "utf-8")

    assert run(["generate", "--spec", str(spec), "--output", str(out)]) == 1
    assert "the contract has changed as well" in capsys.readouterr().err


def test_the_same_generator_writes_without_a_question(out: Path) -> None:
    """A contract that changes is what `generate` is for."""
    assert generate(out, "--upgrade") == 0
    edit(out, "MISSING", "UNSET")

    assert generate(out) == 0
    assert "UNSET" not in (out / "models.py").read_text("utf-8")


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1), ("", 1)])
def test_a_person_is_asked(
    out: Path, answer: str, code: int, on_a_terminal: Callable[..., tuple[int, str]]
) -> None:
    """On a terminal progress is shown, the diff has colours, and nothing but a yes takes it."""
    before = contents(out)

    status, shown = on_a_terminal(
        "generate", "--spec", str(SPEC), "--output", str(out), answer=answer
    )

    assert status == code
    assert "\x1b[31m\x1b[1m-" in shown
    assert "writing the models of " in shown
    assert "Take it?" in shown
    assert (contents(out) == before) is (code == 1)


@pytest.fixture
def on_a_terminal() -> Iterator[Callable[..., tuple[int, str]]]:
    """Runs the command on a terminal, answers its question, and gives exit code and all that it showed."""
    ours, theirs = pty.openpty()

    def running(*arguments: str, answer: str) -> tuple[int, str]:
        shown = b""
        with subprocess.Popen(
            [*LEADLINE, *arguments], stdin=theirs, stdout=theirs, stderr=theirs
        ) as process:
            while b"[y/N]" not in shown:
                shown += os.read(ours, 65536)
            os.write(ours, f"{answer}\n".encode())
            status = process.wait(60)
        return status, shown.decode()

    yield running
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize("more", ["--watch", "--upgrade"])
def test_check_goes_alone(out: Path, more: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What writes nothing cannot follow, nor upgrade."""
    assert generate(out, "--check", more) == 2
    assert "--check writes nothing" in capsys.readouterr().err
