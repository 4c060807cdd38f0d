"""What docs/generate.md shows is what `leadline generate` does."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import LEADLINE, ROOT

from leadline_cli.main import run
from leadline_openapi import models

GUIDE = (ROOT / "docs" / "generate.md").read_text("utf-8")
COMMANDS = re.findall(r"^leadline (generate.*)$", GUIDE, re.MULTILINE)
(SPEC,) = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
(SNIPPET,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
(OPTIONS,) = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
(GENERATOR,) = re.findall(r"^# Generator:  (.*)$", GUIDE, re.MULTILINE)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the contract of the guide."""
    (tmp_path / "notes.yaml").write_text(SPEC, "utf-8")
    monkeypatch.chdir(tmp_path)


def test_the_commands_of_the_guide_work_in_their_order() -> None:
    """Up to the options in `pyproject.toml` they name everything, and from there on nothing."""
    assert len(COMMANDS) == 7

    for command in COMMANDS:
        if "--spec" not in command:
            Path("pyproject.toml").write_text(OPTIONS, "utf-8")
        if "--watch" not in command:
            assert run(shlex.split(command)) == 0
    assert Path("notes_models", "models.py").is_file()


def test_the_command_that_watches_works() -> None:
    """It says that it watches, and ends with Ctrl-C."""
    Path("pyproject.toml").write_text(OPTIONS, "utf-8")
    [command] = [shlex.split(command) for command in COMMANDS if "--watch" in command]
    with subprocess.Popen([*LEADLINE, *command], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert any("watching" in line for line in process.stderr)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130


def test_the_snippet_prints_what_was_sent_and_read() -> None:
    """The classes of the guide have its names and members."""
    assert run(shlex.split(COMMANDS[0])) == 0
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SNIPPET], capture_output=True, text=True, check=True
    )

    assert done.stdout == "{'text': 'Buy milk', 'tags': ['home']} True 7\n"


def test_the_header_is_the_one_shown() -> None:
    """Versions change, so only the names count."""
    versions = r"[\d.]+"

    assert re.sub(versions, "V", models.generator()) == re.sub(versions, "V", GENERATOR)


def test_every_option_of_the_project_is_in_the_guide(capsys: pytest.CaptureFixture[str]) -> None:
    """What an error lists as known stands in the table."""
    for table in ("tool.leadline", "tool.leadline.generate"):
        Path("pyproject.toml").write_text(f"[{table}]\nzzzzzz = 1\n", "utf-8")
        assert run(["generate"]) == 2
        told = capsys.readouterr().err.partition("there are: ")[2].strip().split(", ")

        assert told
        assert [
            name for name in told if name != "generate" and f"`{table}.{name}`" not in GUIDE
        ] == []
