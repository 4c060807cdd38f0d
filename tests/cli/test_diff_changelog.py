"""`leadline diff --changelog` in a repository with tags, as the owner of a contract uses it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from leadline_cli.main import run

SPEC = """\
openapi: 3.1.1
info: {title: Notes, version: 1.0.0}
paths:
  /notes:
    post:
      summary: Keep a note
      requestBody:
        content: {application/json: {schema: {$ref: 'parts.yaml#/Note'}}}
      responses: {'204': {description: ok}}
"""
LOG = ["diff", "--changelog", "api/notes.yaml"]
FILE = Path("api", "CHANGELOG.md")


def _git(*arguments: str, day: str = "2026-01-01") -> None:
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    times = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
    command = ["git", *identity, *arguments]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, **times})


def _write(version: str, length: int) -> None:
    Path("api").mkdir(exist_ok=True)
    Path("api", "notes.yaml").write_text(SPEC.replace("1.0.0", version), "utf-8")
    Path("api", "parts.yaml").write_text(f"Note: {{type: string, maxLength: {length}}}\n", "utf-8")


def _release(version: str, length: int, day: str, *, annotated: bool = True) -> None:
    _write(version, length)
    _git("add", ".", day=day)
    _git("commit", "--quiet", "--allow-empty", "-m", "m", day=day)
    _git("tag", *(["-a", "-m", "m"] * annotated), f"v{version}", day=day)


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with three releases, the first without a contract, and a change that is not released."""
    monkeypatch.chdir(tmp_path)
    _git("init", "--quiet")
    _git("commit", "--quiet", "--allow-empty", "-m", "m")
    _git("tag", "v0.1.0")
    _release("1.0.0", 5, "2026-02-01")
    _release("1.1.0", 7, "2026-03-01", annotated=False)
    _write("1.1.0", 9)
    return tmp_path


def _headings(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("## ")]


def test_it_goes_from_tag_to_tag(capsys: pytest.CaptureFixture[str]) -> None:
    """With the days of the tags, and the files that each revision refers to."""
    assert run(LOG) == 0
    out, err = capsys.readouterr()

    assert _headings(out) == [
        "## [Unreleased]",
        "## [1.1.0] - 2026-03-01",
        "## [1.0.0] - 2026-02-01",
    ]
    assert "admits more: `7`, where it was `5`" in out
    assert "admits more: `9`, where it was `7`" in out
    assert "- `POST /notes`: Keep a note" in out
    assert err == ""


def test_a_file_is_brought_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    """A second time changes nothing; a new release is added to what people have written."""
    write = [*LOG, "--output", str(FILE)]
    assert run(write) == 0
    FILE.write_text(FILE.read_text("utf-8").replace("## [1.0.0]", "Ours.\n\n## [1.0.0]"), "utf-8")
    before = FILE.read_text("utf-8")
    assert run(write) == 0
    assert FILE.read_text("utf-8") == before
    _release("1.2.0", 9, "2026-04-01")
    assert run(write) == 0

    assert _headings(FILE.read_text("utf-8"))[0] == "## [1.2.0] - 2026-04-01"
    assert "Ours.\n\n## [1.0.0]" in FILE.read_text("utf-8")
    wrote, current, again = capsys.readouterr().err.splitlines()
    assert (wrote, current, again) == (
        f"wrote {FILE}",
        f"{FILE} is up to date",
        f"wrote {FILE}",
    )


def test_a_release_with_too_small_a_step_fails(capsys: pytest.CaptureFixture[str]) -> None:
    """The log is shown all the same, and fails no more once the next release is right."""
    _release("1.1.1", 3, "2026-04-01")
    assert run(LOG) == 1
    out, err = capsys.readouterr()
    _release("2.0.0", 2, "2026-05-01")

    assert "**Breaking for what callers send:**" in out
    assert err == (
        "too small a step: v1.1.1: `info.version` 1.1.0 → 1.1.1: the changes ask for a major step,"
        " to at least 2.0.0, which it is not\n"
    )
    assert run(LOG) == 0


def test_tags_are_chosen_by_a_pattern(capsys: pytest.CaptureFixture[str]) -> None:
    """Of the history of HEAD only: a release of another branch is none of this one."""
    _git("stash", "--quiet")
    _git("checkout", "--quiet", "-b", "other", "v1.0.0")
    _release("1.0.1", 4, "2026-06-01")
    _git("checkout", "--quiet", "-")
    _git("checkout", "--quiet", "v1.1.0")
    assert run(LOG) == 0
    every = _headings(capsys.readouterr().out)
    assert run([*LOG, "--tags", "v1.1*"]) == 0

    assert every == ["## [1.1.0] - 2026-03-01", "## [1.0.0] - 2026-02-01"]
    assert _headings(capsys.readouterr().out) == ["## [1.1.0] - 2026-03-01"]


def test_a_tag_of_a_tag_is_a_release(capsys: pytest.CaptureFixture[str]) -> None:
    """Both stand for the commit."""
    _git("tag", "-a", "-m", "m", "v1.1.1", "v1.0.0", day="2026-04-01")
    _git("tag", "-a", "-m", "m", "v1.1.2", "v1.1.1", day="2026-04-02")

    assert run([*LOG, "--tags", "v1.1.2"]) == 0
    assert _headings(capsys.readouterr().out)[-1] == "## [v1.1.2] - 2026-04-02"


def test_releases_are_in_the_order_in_which_they_were_built() -> None:
    """And not in that of their names or days: clocks are wrong, and 1.10 comes after 1.9."""
    _release("1.10.0", 9, "2026-01-15")
    _release("1.9.0", 11, "2026-01-10")
    run([*LOG, "--output", str(FILE)])

    assert _headings(FILE.read_text("utf-8"))[:2] == [
        "## [1.9.0] - 2026-01-10",
        "## [1.10.0] - 2026-01-15",
    ]


def test_it_works_from_a_folder_below(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is named from where one is."""
    monkeypatch.chdir("api")

    assert run(["diff", "--changelog", "notes.yaml", "--output", "CHANGELOG.md"]) == 0
    assert len(_headings(Path("CHANGELOG.md").read_text("utf-8"))) == 3


def test_a_tagged_contract_that_cannot_be_read_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """It cannot be mended any more, so the others are told without it."""
    _release("1.2.0", -1, "2026-04-01")
    _write("1.3.0", 9)

    assert run(LOG) == 0
    out = capsys.readouterr().out
    assert "The contract of this release cannot be read: v1.2.0:api/parts.yaml:1" in out
    assert "admits more: `9`, where it was `7`" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([*LOG, "api/notes.yaml"], "--changelog takes one file"),
        ([*LOG, "--format", "json"], "--format does not go with --changelog"),
        (["diff", "a.yaml", "b.yaml", "--tags", "v*"], "--tags and --output go with --changelog"),
        (["diff", "--changelog", "api/no.yaml"], "api/no.yaml: there is no such file"),
        ([*LOG, "--output", "bytes.md"], "bytes.md: the file is not UTF-8; nothing was written"),
        ([*LOG, "--output", "broken.md"], "broken.md:3: `<!-- /leadline -->`"),
        ([*LOG, "--output", "api/notes.yaml"], "--output is the contract itself"),
        ([*LOG, "--output", "no/such.md"], "cannot write no/such.md"),
    ],
)
def test_wrong_use_is_one_message_and_exit_code_2(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """And nothing is written."""
    Path("bytes.md").write_bytes(b"\xff")
    Path("broken.md").write_text("## [1.0.0]\n\n<!-- leadline tag v1.0.0 -->\n", "utf-8")

    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert told in err
    assert out == ""
    assert Path("bytes.md").read_bytes() == b"\xff"


def test_without_its_history_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A shallow clone would give a log without releases, and no repository none at all."""
    _git("commit", "--quiet", "-am", "m")
    _git("clone", "--quiet", "--depth=1", f"file://{tmp_path}", "shallow")
    monkeypatch.chdir("shallow")
    assert run(LOG) == 2
    assert "git fetch --unshallow --tags" in capsys.readouterr().err

    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    monkeypatch.chdir(outside)
    _write("1.0.0", 5)
    assert run(LOG) == 2
    assert "there is no git repository here" in capsys.readouterr().err


def test_a_file_keeps_its_history_under_another_name(capsys: pytest.CaptureFixture[str]) -> None:
    """Twice renamed, once not committed yet: nothing of it is new."""
    _git("add", ".")
    _git("mv", "api/notes.yaml", "api/second.yaml")
    _git("commit", "--quiet", "-m", "m")
    _git("mv", "api/second.yaml", "api/third.yaml")

    assert run(["diff", "--changelog", "api/third.yaml"]) == 0
    out = capsys.readouterr().out
    assert _headings(out)[1:] == ["## [1.1.0] - 2026-03-01", "## [1.0.0] - 2026-02-01"]
    assert out.count("### Added") == 1


def test_a_pattern_that_fits_no_tag_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Or else who mistypes it gets a log without releases; before the first release there is none to fit."""
    assert run([*LOG, "--tags", "typo*"]) == 2
    assert "no tag in the history of HEAD fits `typo*`" in capsys.readouterr().err
    _git("tag", "-d", "v0.1.0", "v1.0.0", "v1.1.0")
    assert run(LOG) == 0


def test_a_step_to_a_release_is_told_with_the_release(capsys: pytest.CaptureFixture[str]) -> None:
    """Its version is that of the release, which had to be raised once; who wants them can name them."""
    _release("2.0.0", 3, "2026-04-01")
    _git("tag", "-d", "v2.0.0")
    _git("tag", "v2.0.0-rc.1")
    _release("2.0.0", 2, "2026-05-01")

    assert run(LOG) == 0
    assert "## [2.0.0] - 2026-05-01" in capsys.readouterr().out
    assert run([*LOG, "--tags", "v2*"]) == 1
    assert "v2.0.0-rc.1" in capsys.readouterr().out


@pytest.mark.parametrize("old", ["HEAD:api/notes.yaml", "https://example.com/notes.yaml"])
def test_only_a_file_has_a_history(old: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A revision and an address have none, which is said."""
    assert run(["diff", "--changelog", old]) == 2
    assert (
        f"--changelog takes a file of the work tree, which {old} is not" in capsys.readouterr().err
    )


def test_a_file_keeps_its_ends_of_lines() -> None:
    """Where a checkout has those of Windows, a diff of the log must not be one of every line."""
    write = [*LOG, "--output", str(FILE)]
    run(write)
    FILE.write_bytes(FILE.read_bytes().replace(b"\n", b"\r\n"))
    before = FILE.read_bytes()
    _release("1.2.0", 9, "2026-04-01")

    assert run(write) == 0
    after = FILE.read_bytes()
    assert after != before
    assert after.count(b"\n") == after.count(b"\r\n")
