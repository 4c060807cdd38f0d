"""Runs the steps of a workflow as GitHub's runner does, on a pull request in a local repository."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

BIN = Path(sys.executable).parent
BOT = "github-actions[bot]"
FAKE_GH = Path(__file__).with_name("fake_gh.py")
_IDENTITY = ["-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
_OPERATORS = {"&&": " and ", "||": " or ", "!": " not "}
_TOKEN = re.compile(r"'[^']*'|&&|\|\||==|!=|!|[(),]|\d+|[a-z_][\w.*-]*|\s+")


def git(folder: Path, *arguments: str) -> None:
    """Run git in *folder*."""
    command = ["git", *_IDENTITY, *arguments]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


@dataclass(frozen=True)
class PullRequest:
    """A pull request against `main` of the repository `team/api`: *labels* on it, *head* it comes from."""

    labels: tuple[str, ...] = ()
    head: str = "team/api"
    actor: str = "somebody"


@dataclass
class Run:
    """What a job did: steps by name with their exit codes (`None`: left out), what was told where."""

    steps: dict[str, int | None] = field(default_factory=dict)
    log: str = ""
    summary: str = ""

    @property
    def succeeded(self) -> bool:
        """Whether no step has failed."""
        return not any(self.steps.values())


class Runner:
    """Runs the one job of *workflow* in *folder*, on what the bare repository *origin* holds."""

    def __init__(self, workflow: str, folder: Path, origin: Path) -> None:
        self.workflow: dict[Any, Any] = yaml.safe_load(workflow)
        (self.job,) = self.workflow["jobs"].values()
        self._origin = origin
        self._temp = folder / "temp"
        self._work = folder / "work"
        self.comments = folder / "comments.json"
        self.comments.write_text("[]", "utf-8")

    def run(self, pull_request: PullRequest) -> Run:
        """Run every step; those that need the network (`uses`, the installation) are acted out."""
        self._prepare()
        done = Run()
        contexts = self._contexts(pull_request)
        for step in self.job["steps"]:
            name = step.get("name", step.get("uses", ""))
            contexts["failed"] = not done.succeeded
            if not self._is_due(step, contexts):
                done.steps[name] = None
            elif "uses" in step:
                self._act(step)
            elif name != "Install Leadline":
                done.steps[name] = self._script(step, contexts, done)
        done.summary = (self._temp / "summary.md").read_text("utf-8")
        return done

    def _prepare(self) -> None:
        for folder in (self._temp, self._work):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        for name in ("summary.md", "output"):
            (self._temp / name).touch()
        gh = self._temp / "bin" / "gh"
        gh.parent.mkdir()
        gh.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{FAKE_GH}" "$@"\n', "utf-8")
        gh.chmod(0o755)

    def _contexts(self, pull_request: PullRequest) -> dict[str, Any]:
        event = {
            "number": 7,
            "head": {"repo": {"full_name": pull_request.head}},
            "labels": [{"name": label} for label in pull_request.labels],
        }
        github = {
            "event": {"pull_request": event},
            "repository": "team/api",
            "actor": pull_request.actor,
            "token": "the-token",
        }
        return {"github": github, "steps": {}}

    def _act(self, step: Mapping[str, Any]) -> None:
        if not step["uses"].startswith("actions/checkout@"):
            return
        depth = step.get("with", {}).get("fetch-depth", 1)
        merge = "+refs/pull/7/merge:refs/remotes/pull/7/merge"
        heads = "+refs/heads/*:refs/remotes/origin/*"
        wanted = [heads, merge] if depth == 0 else [f"--depth={depth}", merge]
        git(self._work, "init", "--quiet")
        git(self._work, "remote", "add", "origin", f"file://{self._origin}")
        git(self._work, "fetch", "--quiet", "origin", *wanted)
        git(self._work, "checkout", "--quiet", "--detach", "refs/remotes/pull/7/merge")

    def _is_due(self, step: Mapping[str, Any], contexts: dict[str, Any]) -> bool:
        told = str(step.get("if", "success()")).strip()
        told = told.removeprefix("${{").removesuffix("}}").strip()
        if not re.search(r"\b(success|failure|cancelled|always)\(", told):
            told = f"success() && ({told})"
        return bool(evaluated(told, contexts))

    def _script(self, step: Mapping[str, Any], contexts: dict[str, Any], done: Run) -> int:
        script = self._temp / "script.sh"
        script.write_text(step["run"], "utf-8")
        (self._temp / "output").write_text("", "utf-8")
        told = {**self.workflow.get("env", {}), **self.job.get("env", {}), **step.get("env", {})}
        given = {name: _filled(str(value), contexts) for name, value in told.items()}
        process = subprocess.run(
            ["bash", "-e", script],  # what `run` means where no `shell` is named
            cwd=self._work,
            env={**self._environment(), **given},
            capture_output=True,
            text=True,
            check=False,
        )
        done.log += process.stdout + process.stderr
        lines = (self._temp / "output").read_text("utf-8").splitlines()
        outputs = dict(line.split("=", 1) for line in lines)
        contexts["steps"][step.get("id", "")] = {"outputs": outputs}
        return process.returncode

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": f"{self._temp / 'bin'}:{BIN}:{os.environ['PATH']}",
            "HOME": str(self._temp),
            "LANG": "C.UTF-8",
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_BASE_REF": "main",
            "GITHUB_HEAD_REF": "change",
            "GITHUB_REF": "refs/pull/7/merge",
            "GITHUB_REPOSITORY": "team/api",
            "GITHUB_STEP_SUMMARY": str(self._temp / "summary.md"),
            "GITHUB_OUTPUT": str(self._temp / "output"),
            "GITHUB_WORKSPACE": str(self._work),
            "RUNNER_TEMP": str(self._temp),
            "FAKE_COMMENTS": str(self.comments),
        }

    @property
    def told(self) -> list[str]:
        """The comments of the bot."""
        comments = json.loads(self.comments.read_text("utf-8"))
        return [one["body"] for one in comments if one["user"]["login"] == BOT]


def evaluated(expression: str, contexts: Mapping[str, Any]) -> Any:
    """The value of an expression of GitHub Actions, as far as the workflows here use them."""
    tokens = _TOKEN.findall(expression)
    assert "".join(tokens) == expression, f"not understood: {expression}"
    functions = {
        "contains": lambda values, value: value in values,
        "success": lambda: not contexts["failed"],
        "cancelled": lambda: False,
    }
    written = [_written(token) for token in tokens]
    names = {"_at": lambda path: _at(contexts, path.split(".")), **functions}
    return eval("".join(written).strip(), {"__builtins__": {}}, names)  # noqa: S307 - tokens above


def _written(token: str) -> str:
    if token in _OPERATORS:
        return _OPERATORS[token]
    if token.isspace():
        return " "
    is_path = "." in token and not token.startswith("'")
    return f"_at({token!r})" if is_path else token


def _at(value: Any, path: list[str]) -> Any:
    if not path:
        return value
    if path[0] == "*":
        return [_at(one, path[1:]) for one in value]
    return _at(value.get(path[0], {}), path[1:]) if isinstance(value, Mapping) else None


def _filled(text: str, contexts: Mapping[str, Any]) -> str:
    return re.sub(
        r"\$\{\{(.+?)\}\}", lambda match: str(evaluated(match[1].strip(), contexts)), text
    )
