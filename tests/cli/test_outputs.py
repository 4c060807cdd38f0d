"""Files that a run writes: none over what it reads, none twice, and none that it would never write."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadline_cli.main import run

NOBODY = "http://127.0.0.1:9/api"
SPEC = """\
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a:
    post:
      requestBody: {content: {application/json: {schema: {$ref: 'parts.yaml#/A'}}}}
      responses: {'200': {description: ok}}
"""
OVERLAY = """\
overlay: 1.0.0
info: {title: O, version: '1'}
actions: [{target: $.info, update: {description: d}}]
"""
FILES = {"api.yaml": SPEC, "parts.yaml": "A: {type: object}\n", "more.yaml": OVERLAY, "r.har": "{}"}
CONTRACT = ["--spec", "api.yaml", "--overlay", "more.yaml"]
TERMS = [
    *("--baseline-reason", "r", "--baseline-owner", "o"),
    *("--baseline-expires", "9999-12-31"),
]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        Path(name).write_text(text, "utf-8")


@pytest.mark.parametrize("name", ["api.yaml", "parts.yaml", "more.yaml"])
@pytest.mark.parametrize(
    "words",
    [
        ["check", NOBODY, "--report", "json={}"],
        ["check", NOBODY, "--learn-leniency", "{}"],
        ["check", NOBODY, "--write-baseline", "{}", *TERMS],
        ["compare", NOBODY, NOBODY, "--report", "json={}"],
        ["compare", NOBODY, "--propose", "{}"],
    ],
    ids=" ".join,
)
def test_the_contract_is_not_written_over(
    words: list[str], name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """However the file is called, and before anything is sent."""
    for called in (name, str(tmp_path / name)):
        given = [word.format(called) for word in words]
        assert run([*given, *CONTRACT]) == 2
        assert f"{called}: this command reads that file" in capsys.readouterr().err
    assert Path(name).read_text("utf-8") == FILES[name]


def test_a_recording_is_not_written_over(capsys: pytest.CaptureFixture[str]) -> None:
    """Nor what else is read."""
    assert run(["check", "--traffic", "r.har", "--report", "json=r.har", *CONTRACT]) == 2
    assert "--report json=r.har: this command reads that file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["check", NOBODY, "--report", "json=x", "--report", "junit=./x"],
            "--report json=x writes that file",
        ),
        (
            ["compare", NOBODY, "--propose", "x", "--report", "json=x"],
            "--propose x writes that file",
        ),
    ],
)
def test_no_file_is_written_twice(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One of the two would be lost."""
    assert run([*words, *CONTRACT]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["check", NOBODY, "--report", "json=x"],
        ["check", NOBODY, "--require-coverage", "90"],
        ["check", NOBODY, "--write-baseline", "x", *TERMS],
        ["compare", NOBODY, NOBODY, "--report", "json=x"],
        ["compare", NOBODY, NOBODY, "--propose", "x"],
        ["compare", NOBODY, NOBODY, "--fail-under", "90"],
    ],
    ids=" ".join,
)
def test_a_plan_writes_nothing(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """What asks for more than a plan is refused, and not forgotten."""
    assert run([*words, "--plan", *CONTRACT]) == 2
    assert "says nothing with --plan: nothing is sent" in capsys.readouterr().err
    assert not Path("x").exists()


def test_a_plan_says_that_its_time_is_limited(capsys: pytest.CaptureFixture[str]) -> None:
    """With `--max-time`, not all of it may be sent."""
    assert run(["check", NOBODY, "--plan", "--max-time", "3", *CONTRACT]) == 0
    assert "After 3 s no more is sent" in capsys.readouterr().out


def test_a_device_takes_several_reports() -> None:
    """What is no file is not written over."""
    reports = ["--report=json=/dev/null", "--report=junit=/dev/null"]

    assert run(["check", NOBODY, *reports, *CONTRACT]) == 3
