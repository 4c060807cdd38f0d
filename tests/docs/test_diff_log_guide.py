"""The log that docs/diff.md shows is the one that is written."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.docs.test_diff_guide import OLD

from leadline_cli.main import run

GUIDE = (ROOT / "docs" / "diff.md").read_text("utf-8")
COMMANDS = re.findall(r"^leadline (diff --changelog .+)$", GUIDE, re.MULTILINE)
(SHOWN,) = re.findall(r"```markdown\n(## .*?)```", GUIDE, re.DOTALL)

FIRST = OLD.replace("1.4.0", "1.0.0").replace(
    "        urgency: { enum: [low, high] }\n", "        nickname: { type: string }\n"
)
SECOND = FIRST.replace("1.0.0", "1.1.0").replace(
    "nickname: { type: string }",
    "nickname: { type: string, deprecated: true, x-sunset: 2026-03-01 }",
)
THIRD = OLD.replace("1.4.0", "2.0.0").replace("maxLength: 500", "maxLength: 20")


@pytest.fixture(autouse=True)
def _repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A repository with three releases, as the guide has them."""
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "--quiet"], check=True)
    for version, day, text in (
        ("v1.0.0", "2026-01-01", FIRST),
        ("v1.1.0", "2026-02-01", SECOND),
        ("v2.0.0", "2026-04-01", THIRD),
    ):
        Path("notes.yaml").write_text(text, "utf-8")
        environment = {
            **os.environ,
            **{f"GIT_{who}_NAME": "T" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_EMAIL": "t@example.com" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_DATE": f"{day}T12:00:00Z" for who in ("AUTHOR", "COMMITTER")},
        }
        for arguments in (
            ["add", "notes.yaml"],
            ["-c", "commit.gpgsign=false", "commit", "--quiet", "-m", "m"],
            ["tag", version],
        ):
            subprocess.run(["git", *arguments], check=True, env=environment)


def test_the_guide_was_read() -> None:
    """The pattern above finds what the guide holds."""
    assert len(COMMANDS) == 3


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_writes_what_is_shown(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """To the letter, to standard output or to the file."""
    assert run(shlex.split(command)) == 0

    file = Path("CHANGELOG.md")
    told = file.read_text("utf-8") if file.exists() else capsys.readouterr().out
    assert SHOWN in told
    assert file.exists() == ("--output" in command)
