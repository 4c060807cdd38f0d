"""What a developer is told where a real server cannot be had."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest
from tests.real.servers import modules, running


def test_a_machine_without_node_gets_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests are not skipped in silence: they fail, and say what to install or to leave out."""
    monkeypatch.setenv("PATH", str(tmp_path))
    told = "node and npm not found: the real servers need Node.js 20.9 or newer with npm"

    with pytest.raises(pytest.fail.Exception, match=told):
        modules("payload3")


def test_an_installation_that_fails_tells_why_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What npm wrote is shown, and the next run does not take half an installation for a whole one."""
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho the registry is closed >&2\nexit 1\n", encoding="utf-8")
    npm.chmod(npm.stat().st_mode | stat.S_IEXEC)
    node = str(shutil.which("node"))
    monkeypatch.setenv("PATH", f"{tmp_path}:{Path(node).parent}:/usr/bin:/bin")
    monkeypatch.setenv("LEADLINE_REAL_CACHE", str(tmp_path / "cache"))

    for _ in range(2):
        with pytest.raises(pytest.fail.Exception, match="the registry is closed"):
            modules("payload3")


def test_a_server_that_does_not_start_shows_its_stderr(tmp_path: Path) -> None:
    """The reason stands in the failure, not in a file that is gone."""
    (tmp_path / "start.mjs").write_text("throw new Error('no such database')", encoding="utf-8")

    with (
        pytest.raises(pytest.fail.Exception, match="no such database"),
        running(tmp_path),
    ):
        pass
