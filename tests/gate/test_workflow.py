"""The workflow of this repository, which is that of the guide, run as the runner would."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
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
from tests.gate.runner import BOT, PullRequest, Runner, git

OURS = (ROOT / ".github" / "workflows" / "contract.yml").read_text("utf-8")
GUIDE = (ROOT / "docs" / "gate.md").read_text("utf-8")
(SHOWN,) = re.findall(r"```yaml\n(name: Contract\n.*?)```", GUIDE, re.DOTALL)
DIFF = "Compare the contract with that of the base branch"
COMMENT = "Comment on the pull request"
MODELS = "Check that the models are up to date"
REFUSE = "Refuse what breaks callers"


@pytest.fixture
def runner(tmp_path: Path, developer: Path) -> Runner:
    """The runner with the workflow of this repository."""
    return Runner(OURS, tmp_path, tmp_path / "origin.git")


def _propose(developer: Path, text: str, *, models: bool = True) -> None:
    """Push the contract *text* as the pull request 7, which GitHub has merged with `main` to try it."""
    write(developer, FILE, text)
    if models:
        generate(developer)
    git(developer, "add", ".")
    git(developer, "commit", "--quiet", "--allow-empty", "-m", "a change")
    git(developer, "push", "--quiet", "--force", "origin", "HEAD:refs/pull/7/merge")


def test_a_change_that_breaks_somebody_is_told_and_refused(runner: Runner, developer: Path) -> None:
    """In the summary and in a comment, which say whom it breaks; the models are checked all the same."""
    _propose(developer, NARROWER)

    done = runner.run(PullRequest())

    assert done.steps == {DIFF: 0, COMMENT: 0, MODELS: 0, REFUSE: 1}
    assert "### The contract breaks callers" in done.summary
    assert "| 🔴 breaking | sent | `maxLength` of `text` admits less" in done.summary
    assert runner.told == [done.summary]


def test_an_overlay_that_breaks_somebody_is_refused(runner: Runner, developer: Path) -> None:
    """What it says is as much of the contract as the document, and compared with what the branch has."""
    write(developer, OVERLAY, NARROWER_OVERLAY)
    _propose(developer, SPEC)

    done = runner.run(PullRequest())

    assert done.steps == {DIFF: 0, COMMENT: 0, MODELS: 0, REFUSE: 1}
    assert "`maxLength` of `text` admits less" in done.summary


def test_a_change_that_breaks_nobody_passes(runner: Runner, developer: Path) -> None:
    """And is told as well."""
    _propose(developer, WIDER)

    done = runner.run(PullRequest())

    assert done.steps == {DIFF: 0, COMMENT: 0, MODELS: 0, REFUSE: None}
    assert "breaks nobody" in done.summary


def test_the_comment_is_brought_up_to_date_in_its_place(runner: Runner, developer: Path) -> None:
    """There is one, however often somebody pushes; what others and other tools say stays."""
    others = [
        {"id": 1, "user": {"login": "somebody"}, "body": "<!-- leadline diff -->\nquoted"},
        {"id": 2, "user": {"login": BOT}, "body": "another tool's"},
    ]
    runner.comments.write_text(json.dumps(others), "utf-8")
    _propose(developer, NARROWER)
    runner.run(PullRequest())
    first = runner.told
    _propose(developer, SPEC)
    done = runner.run(PullRequest())

    assert len(first) == 2
    assert "The contract breaks callers" in first[1]
    assert runner.told == ["another tool's", done.summary]
    assert "The contract has not changed" in done.summary
    assert json.loads(runner.comments.read_text("utf-8"))[0] == others[0]


def test_a_label_lets_through_what_is_meant(runner: Runner, developer: Path) -> None:
    """It is told as breaking, and passes."""
    _propose(developer, NARROWER)

    done = runner.run(PullRequest(labels=("other", "breaking change")))

    assert done.steps == {DIFF: 0, COMMENT: 0, MODELS: 0, REFUSE: None}
    assert "The contract breaks callers" in runner.told[0]


@pytest.mark.parametrize(
    "pull_request",
    [PullRequest(head="stranger/api"), PullRequest(actor="dependabot[bot]")],
    ids=["fork", "dependabot"],
)
def test_without_the_right_to_write_the_summary_tells(
    pull_request: PullRequest, runner: Runner, developer: Path
) -> None:
    """A fork's change is compared and refused like any other; only the comment is left out."""
    _propose(developer, NARROWER)

    done = runner.run(pull_request)

    assert done.steps == {DIFF: 0, COMMENT: None, MODELS: 0, REFUSE: 1}
    assert "The contract breaks callers" in done.summary
    assert runner.told == []


def test_models_that_were_forgotten_are_refused(runner: Runner, developer: Path) -> None:
    """The log has the difference; what breaks is refused beside it."""
    _propose(developer, NARROWER, models=False)

    done = runner.run(PullRequest())

    assert done.steps == {DIFF: 0, COMMENT: 0, MODELS: 1, REFUSE: 1}
    assert "src/my_models is out of date" in done.log


def test_a_contract_that_cannot_be_used_ends_it(runner: Runner, developer: Path) -> None:
    """The reason is in the log, and an older comment is not written over with nothing."""
    _propose(developer, NARROWER)
    runner.run(PullRequest())
    told = runner.told
    _propose(developer, SPEC.replace("maxLength: 9", "maxLength: -9"), models=False)

    done = runner.run(PullRequest())

    assert done.steps == {DIFF: 2, COMMENT: None, MODELS: None, REFUSE: None}
    assert f"{FILE}:13" in done.log
    assert runner.told == told


def test_the_first_contract_is_new(runner: Runner, developer: Path) -> None:
    """Where the base branch has none, nothing is broken."""
    git(developer, "push", "--quiet", "--force", "origin", "main:old")
    git(developer, "checkout", "--quiet", "--orphan", "empty")
    git(developer, "rm", "-r", "--quiet", "--cached", "openapi")
    git(developer, "commit", "--quiet", "-m", "no contract")
    git(developer, "push", "--quiet", "--force", "origin", "HEAD:main")
    _propose(developer, SPEC)

    done = runner.run(PullRequest())

    assert done.succeeded
    assert "### The contract is new" in done.summary
    _propose(developer, SPEC.replace("maxLength: 9", "maxLength: -9"), models=False)
    assert runner.run(PullRequest()).steps[DIFF] == 2


def _moved(runner: Runner, developer: Path, name: str, text: str) -> None:
    """Give the contract another *name* and the *text*, in the workflow as well."""
    runner.workflow["env"]["SPEC"] = name
    git(developer, "mv", FILE, name)
    write(developer, name, text)
    git(developer, "commit", "--quiet", "-am", "another name")
    git(developer, "push", "--quiet", "--force", "origin", "HEAD:refs/pull/7/merge")


def test_a_contract_that_is_not_there_is_no_new_one(runner: Runner, developer: Path) -> None:
    """Who mistypes its name learns it, and has no gate that is always open."""
    runner.workflow["env"]["SPEC"] = "openapi/leds.yaml"
    _propose(developer, NARROWER)

    done = runner.run(PullRequest())

    assert done.steps[DIFF] == 2
    assert "openapi/leds.yaml: there is no such file" in done.log


def test_a_contract_with_another_name_is_compared(runner: Runner, developer: Path) -> None:
    """A name that is new makes no contract new."""
    _moved(runner, developer, "openapi/notes.yaml", NARROWER)

    done = runner.run(PullRequest())

    assert done.steps[REFUSE] == 1
    assert "`origin/main:openapi/leads.yaml` → `openapi/notes.yaml`" in done.summary


def test_an_heir_that_nobody_recognises_is_refused(runner: Runner, developer: Path) -> None:
    """Or else whoever writes the contract anew, elsewhere, could break anybody."""
    other = "info: {title: Other, version: 2.0.0}\npaths: {}\nopenapi: 3.1.1\n"
    _moved(runner, developer, "openapi/notes.yaml", other)

    done = runner.run(PullRequest())

    assert done.steps[DIFF] == 2
    assert "`openapi/leads.yaml`, a contract that it has, is gone" in done.log


def test_a_long_report_is_cut_for_the_comment(runner: Runner, developer: Path) -> None:
    """A comment has 65,536 characters at most; the summary has all of it."""
    members = "".join(f", m{n}: {{type: string, maxLength: 9}}" for n in range(300))
    text = SPEC.replace("maxLength: 9}", f"maxLength: 9}}{members}")
    git(developer, "checkout", "--quiet", "main")
    write(developer, FILE, text)
    git(developer, "commit", "--quiet", "-am", "many members")
    git(developer, "push", "--quiet", "origin", "main")
    _propose(developer, text.replace("maxLength: 9", "maxLength: 5"), models=False)

    done = runner.run(PullRequest())

    assert done.steps[COMMENT] == 0
    assert len(runner.told[0].encode()) == 65000
    assert "`m299`" in done.summary


def test_the_guide_shows_what_is_in_use() -> None:
    """But for the files of the contract and the installation."""
    install = re.compile(r"(?m)^(        run: python -m pip install) .*$")
    ours = install.sub(r"\1", OURS[OURS.index("name: Contract") :])
    shown = install.sub(r"\1", SHOWN)

    shown = shown.replace("SPEC: openapi.yaml", f"SPEC: {FILE}")
    assert shown.replace("OPTIONS: ''", f"OPTIONS: --overlay {OVERLAY}") == ours


def test_permissions_are_the_least(runner: Runner) -> None:
    """To read the repository and to comment; actions are pinned, and the checkout keeps no token."""
    assert runner.workflow["permissions"] == {}
    assert runner.job["permissions"] == {"contents": "read", "pull-requests": "write"}
    assert "pull_request_target" not in runner.workflow[True]  # `on`, as YAML 1.1 reads it
    uses = {step["uses"]: step.get("with", {}) for step in runner.job["steps"] if "uses" in step}
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", name) for name in uses)
    assert uses["actions/checkout@v5"]["persist-credentials"] is False
    assert all("github.event" not in step.get("run", "") for step in runner.job["steps"])
