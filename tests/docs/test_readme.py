"""Every command that the README shows is run, and shows what the README says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import ROOT, running_mock

README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
SHELL = [
    command.replace("\\\n", " ")
    for language, text in BLOCKS
    if language == "sh"
    for command in re.split(r"(?<!\\)\n(?=\S)", text.strip())
]
MAKE = [command.split()[1] for command in SHELL if command.startswith("make ")]
SERVE = [command for command in SHELL if command.startswith("leadline mock")]
OTHERS = [command for command in SHELL if not command.startswith(("make ", "leadline mock"))]


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    """The mock that the README starts, on a free port instead of its own; gives the port."""
    with running_mock(*SERVE[0].split()[4:]) as ready:
        yield str(ready["url"]).split(":")[2].split("/")[0]


def run(command: str, port: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run *command* as a reader would, in *cwd*."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        ["bash", "-c", command.replace("4010", port)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, "PATH": path},
        timeout=120,
        check=False,
    )


def repository(folder: Path) -> None:
    """A git repository with the contract in it, as the reader of the README stands in one."""
    shutil.copytree(ROOT / "openapi", folder / "openapi", ignore=shutil.ignore_patterns("*.py*"))
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "The contract"]):
        subprocess.run(["git", *identity, *command], cwd=folder, check=True)


def test_the_readme_was_read() -> None:
    """The patterns above find what the README holds."""
    assert MAKE == ["demo", "test"]
    assert SERVE == ["leadline mock --port 4010", "leadline mock --profile payload-3 --port 4010"]
    assert len(OTHERS) == 8


def test_the_make_targets_are_run_in_ci() -> None:
    """The two commands of the first screen exist, and CI runs both."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    ci = (ROOT / ".ci" / "run").read_text("utf-8")
    for target in MAKE:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
        assert f"make {target}\n" in ci


@pytest.mark.parametrize("command", SERVE)
def test_a_mock_starts(command: str) -> None:
    """Each mock that is shown serves the leads API, on a free port instead of its own."""
    with running_mock(*command.removesuffix("--port 4010").split()[2:]) as ready:
        assert (ready["title"], ready["ready"]) == ("Leads", True)


@pytest.mark.parametrize("command", OTHERS)
def test_a_command_works(command: str, mock: str, tmp_path: Path) -> None:
    """Each command that is shown ends well, in a folder of its own."""
    if "--check" in command:
        assert run("leadline generate", mock, tmp_path).returncode == 0
    if " diff " in command:
        repository(tmp_path)

    done = run(command, mock, tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_answer_is_the_one_shown(mock: str, tmp_path: Path) -> None:
    """The first curl gives the JSON that stands below it, but for id and time."""
    shown = json.loads(next(text for language, text in BLOCKS if language == "json"))
    given = json.loads(run(OTHERS[0], mock, tmp_path).stdout)

    for answer in (shown, given):
        for name in ("id", "createdAt", "updatedAt"):
            assert answer["doc"].pop(name)
    assert given == shown


def test_the_refusal_names_every_violation(mock: str, tmp_path: Path) -> None:
    """The second curl is told all three of its faults."""
    errors = json.loads(run(OTHERS[1], mock, tmp_path).stdout)["errors"]

    assert {error["field"] for error in errors} == {"depth", "timeToPurchase[0]", "colour"}


@pytest.mark.parametrize("code", [text for language, text in BLOCKS if language == "python"])
def test_the_python_works(code: str, tmp_path: Path) -> None:
    """Each Python example runs as it stands; what is a test passes."""
    file = tmp_path / "test_example.py"
    file.write_text(code, "utf-8")
    is_test = "def test_" in code
    program = (
        ["-m", "pytest", "-q", "-p", "no:cacheprovider", str(file)] if is_test else [str(file)]
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", *program],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert not is_test or "1 passed" in done.stdout
