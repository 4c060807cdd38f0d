"""The hooks, with real commits: through pre-commit, and as a hook of git's own."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.conftest import ROOT
from tests.gate.conftest import (
    FILE,
    NARROWER,
    NARROWER_OVERLAY,
    OVERLAY,
    SPEC,
    WIDER,
    generate,
    write,
)
from tests.gate.runner import BIN, git

GUIDE = (ROOT / "docs" / "gate.md").read_text("utf-8")
(CONFIG,) = re.findall(r"```yaml\n(repos:\n.*?)```", GUIDE, re.DOTALL)
(PLAIN,) = re.findall(r"```sh\n(#!/bin/sh\n.*?)```", GUIDE, re.DOTALL)
OFFERED = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
OURS = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))


def _commit(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Commit what is staged, as a person would, whose tools are on the path."""
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    command = ["git", *identity, "commit", "--quiet", "-m", "m", *arguments]
    return subprocess.run(
        command,
        cwd=folder,
        env={**_environment(folder), **more},
        capture_output=True,
        text=True,
        check=False,
    )


def _environment(folder: Path) -> dict[str, str]:
    path = f"{BIN}:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PRE_COMMIT_HOME": str(folder.parent / "pre-commit")}


def _offered() -> dict[str, Any]:
    """The guide's configuration, on the installation that is there instead of one of its own."""
    config = yaml.safe_load(
        CONFIG.replace("openapi.yaml", FILE).replace("^openapi\\.yaml", f"^{FILE}")
    )
    (repository,) = config["repos"]
    known = {hook["id"]: hook for hook in OFFERED}
    hooks = [{**known[hook["id"]], **hook, "language": "system"} for hook in repository["hooks"]]
    return {"repos": [{"repo": "local", "hooks": hooks}]}


def _installed(folder: Path, config: Mapping[str, Any]) -> None:
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), "utf-8")
    command = [str(BIN / "pre-commit"), "install"]
    subprocess.run(command, cwd=folder, env=_environment(folder), check=True, capture_output=True)
    git(folder, "add", ".pre-commit-config.yaml")
    git(folder, "commit", "--quiet", "--no-verify", "-m", "hooks")


@pytest.fixture(params=["ours", "offered"])
def project(request: pytest.FixtureRequest, developer: Path) -> Path:
    """A clone in which the hooks of this repository are installed, or those of the guide."""
    (developer / ".venv").symlink_to(BIN.parent)
    (developer / ".gitignore").write_text(".venv\n", "utf-8")
    _installed(developer, OURS if request.param == "ours" else _offered())
    return developer


def test_a_commit_that_breaks_somebody_is_refused(project: Path) -> None:
    """With the report, and without a commit; who means it leaves that hook out."""
    write(project, FILE, NARROWER)
    generate(project)
    git(project, "add", "openapi", "src")

    refused = _commit(project)
    meant = _commit(project, SKIP="leadline-diff")

    assert refused.returncode == 1
    assert "`maxLength` of `text` admits less" in refused.stderr
    assert meant.returncode == 0


def test_an_overlay_that_breaks_somebody_is_refused(developer: Path) -> None:
    """What it says is as much of the contract as the document."""
    (developer / ".venv").symlink_to(BIN.parent)
    (developer / ".gitignore").write_text(".venv\n", "utf-8")
    _installed(developer, OURS)
    write(developer, OVERLAY, NARROWER_OVERLAY)
    git(developer, "add", "openapi")

    refused = _commit(developer)

    assert refused.returncode == 1
    assert "`maxLength` of `text` admits less" in refused.stderr


def test_a_commit_that_breaks_nobody_is_made(project: Path) -> None:
    """With its models."""
    write(project, FILE, WIDER)
    generate(project)
    git(project, "add", "openapi", "src")

    assert _commit(project).returncode == 0


def test_a_commit_without_the_models_is_refused(project: Path) -> None:
    """Also where they lie beside it, generated and not staged."""
    write(project, FILE, WIDER)
    generate(project)
    git(project, "add", "openapi")

    done = _commit(project)

    assert done.returncode == 1
    assert "src/my_models is out of date" in done.stderr


def test_a_commit_of_something_else_asks_nothing(project: Path) -> None:
    """The contract in the work tree may be half done."""
    write(project, FILE, "half done")
    (project / "notes.txt").write_text("x", "utf-8")
    git(project, "add", "notes.txt")

    assert _commit(project).returncode == 0
    assert (project / FILE).read_text("utf-8") == "half done"


def test_what_only_the_branch_had_may_go(project: Path) -> None:
    """The contract of `main` counts, and not that of the last commit."""
    write(project, FILE, WIDER)
    generate(project)
    git(project, "add", "openapi", "src")
    _commit(project)
    write(project, FILE, SPEC)
    generate(project)
    git(project, "add", "openapi", "src")

    assert _commit(project).returncode == 0


def test_the_plain_hook_looks_at_what_is_staged(developer: Path) -> None:
    """And at nothing where the contract is not."""
    hook = developer / ".git" / "hooks" / "pre-commit"
    hook.write_text(PLAIN.replace("openapi.yaml", FILE), "utf-8")
    hook.chmod(0o755)
    write(developer, FILE, WIDER)
    git(developer, "add", "openapi")
    write(developer, FILE, NARROWER)

    wider = _commit(developer)
    narrower = _commit(developer, "-a")
    _commit(developer, "-a", "--no-verify")
    (developer / "notes.txt").write_text("x", "utf-8")
    git(developer, "add", "notes.txt")
    other = _commit(developer)

    assert (wider.returncode, narrower.returncode, other.returncode) == (0, 1, 0)
    assert "main:openapi/leads.yaml → :openapi/leads.yaml" in narrower.stdout + narrower.stderr
