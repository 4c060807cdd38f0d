"""What docs/traffic.md shows is what the check of a recording does."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from tests.conftest import ROOT

from leadline_cli.main import run

GUIDE = (ROOT / "docs" / "traffic.md").read_text("utf-8")
COMMANDS = re.findall(r"^leadline (check --traffic .+)$", GUIDE, re.MULTILINE)
(SHOWN,) = re.findall(r"```\n(The contract is broken.*?)```", GUIDE, re.DOTALL)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the recording that the guide speaks of."""
    shutil.copy(ROOT / "tests" / "data" / "traffic" / "playwright.har", tmp_path / "recorded.har")
    monkeypatch.chdir(tmp_path)


def test_the_guide_was_read() -> None:
    """The pattern above finds what the guide holds."""
    assert len(COMMANDS) == 4


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_checks_the_recording(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command of the guide finds the same in it."""
    assert run(shlex.split(command)) == 1
    assert "Leads 1.0.0, 4 findings, 5 recorded requests" in capsys.readouterr().out


def test_the_report_is_the_one_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Every line that the guide shows is printed, in that order."""
    run(shlex.split(COMMANDS[0]))
    printed = re.sub(r" in \d+\.\d s\.", "", capsys.readouterr().out).splitlines()

    lines = iter(printed)
    for shown in SHOWN.splitlines():
        assert shown == "…" or shown in lines, shown


def test_the_rule_of_callers_and_the_member_of_the_report_are_named() -> None:
    """What the guide calls by name is called so in the report."""
    assert "rule `request`" in GUIDE
    assert run([*shlex.split(COMMANDS[0]), "--quiet", "--report=json=r.json"]) == 1
    told = Path("r.json").read_text("utf-8")
    assert '"rule": "request"' in told
    assert '"traffic": {' in told
