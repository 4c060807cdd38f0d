"""Every example of docs/testing.md is run, as a reader would have it in a folder."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.notes import notes

GUIDE = (ROOT / "docs" / "testing.md").read_text("utf-8")
FILES = dict(re.findall(r"```(?:python|toml)\n# (\S+)\n(.*?)```", GUIDE, re.DOTALL))
TESTS = [name for name in FILES if name.startswith("test_")]
OVERLAY = """\
overlay: 1.0.0
info: {title: o, version: '1'}
actions:
  - target: $.components.schemas.Note
    update: {properties: {text: {maxLength: 3}}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The client that is tested, and the contract that the guide does not show."""
    (tmp_path / "crm.py").write_text(FILES["crm.py"], encoding="utf-8")
    (tmp_path / "openapi.yaml").write_text(notes("{type: object}"), encoding="utf-8")
    (tmp_path / "contract.yaml").write_text(OVERLAY, encoding="utf-8")
    return tmp_path


def test_the_guide_was_read() -> None:
    """The pattern above finds what the guide holds: every block of code is a file with a name."""
    assert len(FILES) == len(re.findall(r"^```\w+$", GUIDE, re.MULTILINE)) == 8
    assert len(TESTS) == 6


@pytest.mark.parametrize("name", TESTS)
def test_an_example_passes(folder: Path, name: str) -> None:
    """Each file of tests passes, with warnings for errors; so does the one for unittest by itself."""
    (folder / name).write_text(FILES[name], encoding="utf-8")
    if name == "test_notes.py":
        (folder / "pyproject.toml").write_text(FILES["pyproject.toml"], encoding="utf-8")
    commands = [["-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", "--strict-markers"]]
    if "unittest" in name:
        commands.append([name])
    for command in commands:
        done = subprocess.run(
            [sys.executable, *command], cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_failure_is_the_one_shown(folder: Path) -> None:
    """The near miss that the guide shows is what such a test says."""
    shown = re.search(r"```\nAssertionError: (.*?)```", GUIDE, re.DOTALL)
    assert shown is not None
    text = (
        "import requests\n\n\n"
        "def test_it(leadline_mock):\n"
        "    url, headers = leadline_mock.url, leadline_mock.headers\n"
        "    requests.post(f'{url}/leads', json={'reason': 'Test'}, headers=headers, timeout=2)\n"
        "    leadline_mock.assert_called_with(body={'reason': 'Duplicate'})\n"
    )
    (folder / "test_it.py").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    told = re.sub(r"^E  +(AssertionError: )?", "", done.stdout, flags=re.MULTILINE)

    for line in shown[1].splitlines():
        assert line.strip() in told
