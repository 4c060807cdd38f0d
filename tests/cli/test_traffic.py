"""`leadline check --traffic`: archives as tools write them, verdicts, exit codes, reports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from tests.conftest import ROOT
from tests.recordings import SPEC, archive, entry

from leadline_cli.main import run

RECORDED = ROOT / "tests" / "data" / "traffic"
"""Two were recorded of the mock, by Playwright and through mitmproxy; the others are written by form."""
ENUM = "/components/schemas/TimeToPurchase/enum"
TYPE = "/paths/~1leads/post/requestBody/content"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """The contract of notes."""
    path = tmp_path / "notes.yaml"
    path.write_text(SPEC, "utf-8")
    return path


def recording(folder: Path, *entries: dict[str, Any], name: str = "r.har") -> Path:
    """A file with *entries*."""
    path = folder / name
    path.write_text(archive(*entries), "utf-8")
    return path


def report_of(folder: Path, *arguments: str | Path) -> tuple[int, dict[str, Any]]:
    """The exit code of a check, and its JSON report."""
    file = folder / "report.json"
    code = run(["check", *map(str, arguments), "--quiet", f"--report=json={file}"])
    return code, json.loads(file.read_text("utf-8"))


@pytest.mark.parametrize(
    ("name", "cases", "findings", "skipped", "unchecked"),
    [
        (
            "playwright",
            5,
            [
                ("/components/parameters/Depth/schema/type", 1),
                (ENUM, 1),
                ("/components/securitySchemes/apiKey", 1),
                (TYPE, 1),
            ],
            [],
            [
                "a request got no answer (net::ERR_CONNECTION_RESET)",
                "an answer's body is not in the recording",
            ],
        ),
        ("mitmproxy", 4, [(ENUM, 1), (TYPE, 2)], ["CORS preflight"], []),
        (
            "chrome",
            4,
            [(ENUM, 1)],
            ["CORS preflight", "WebSocket"],
            [
                "a request got no answer (net::ERR_ABORTED)",
                "an answer's body is not in the recording",
            ],
        ),
        ("firefox", 3, [(ENUM, 1)], [], ["an answer's body is not in the recording"]),
        ("safari", 3, [(ENUM, 1)], [], ["an answer came from the browser's cache"]),
        ("charles", 2, [(ENUM, 1)], [], []),
    ],
)
def test_what_tools_record(
    name: str,
    cases: int,
    findings: list[tuple[str, int]],
    skipped: list[str],
    unchecked: list[str],
    tmp_path: Path,
) -> None:
    """Archives of browsers and proxies are read as they are; the caller's faults are found, nothing else."""
    code, told = report_of(tmp_path, "--traffic", RECORDED / f"{name}.har")

    assert (code, told["verdict"], told["cases"]) == (1, "broken", cases)
    assert [(one["pointer"], one["count"]) for one in told["findings"]] == findings
    assert {one["rule"] for one in told["findings"]} == {"request"}
    assert list(told["traffic"]["skipped"]) == skipped
    assert sorted(told["traffic"]["unchecked"]) == unchecked


def test_our_own_archive_is_read_back(tmp_path: Path) -> None:
    """The exchanges of findings, written with `--report har`, show the same findings again."""
    own = tmp_path / "own.har"
    first = report_of(tmp_path, "--traffic", RECORDED / "playwright.har", "--report", f"har={own}")
    again = report_of(tmp_path, "--traffic", own)

    assert [one["pointer"] for one in again[1]["findings"]] == [
        one["pointer"] for one in first[1]["findings"]
    ]


def test_traffic_that_keeps_the_contract_is_exit_code_0(
    spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The verdict says what was read, and below which base the API was found."""
    code = run(["check", "--spec", str(spec), "--traffic", str(recording(tmp_path, entry(1)))])

    printed = capsys.readouterr().out
    assert code == 0
    assert printed.startswith("The contract holds: Notes 1, 1 recorded request in ")
    assert "r.har by Tool 1\n  1 request below https://notes.example/api\n" in printed
    assert "POST /uploads was not checked: a request body of `multipart/form-data` " in printed


def test_nothing_that_was_checked_is_exit_code_3(
    spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A recording of something else is red, and says what is in it."""
    other = entry(1, url="https://cdn.example/app.js", method="GET")
    code = run(["check", "--spec", str(spec), "--traffic", str(recording(tmp_path, other))])

    printed = capsys.readouterr().out
    assert code == 3
    assert printed.startswith("Nothing was checked: Notes 1.")
    assert "where the API stands, --base tells" in printed
    assert "GET https://cdn.example/app.js  (1 request)" in printed
    assert report_of(tmp_path, "--spec", spec, "--traffic", recording(tmp_path))[0] == 3


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--traffic", "bad.har"], "bad.har:1:2: is not JSON: "),
        (["--traffic", "no.har"], "no.har (at /log): is no HTTP Archive: `entries` is missing"),
        (["--traffic", "absent.har"], "absent.har: No such file or directory"),
        (["--traffic", "two.har"], "operations of the contract are met below several bases"),
        (["--traffic", "two.har", "--base", "api"], "--base api: takes a URL as https://host/api"),
        (
            ["http://127.0.0.1:9/api", "--traffic", "two.har"],
            "URL and --traffic exclude each other",
        ),
        (["--traffic", "two.har", "--max-time", "5"], "--max-time says nothing with --traffic"),
        (["--traffic", "two.har", "--plan"], "--plan says nothing with --traffic"),
        (["http://127.0.0.1:9/api", "--base", "/api"], "--base says nothing without --traffic"),
        (
            ["http://127.0.0.1:9/api", "--caller-header", "X"],
            "--caller-header says nothing without",
        ),
        ([], "Missing argument 'URL', or --traffic FILE."),
    ],
)
def test_what_cannot_be_used_is_exit_code_2(
    arguments: list[str],
    told: str,
    spec: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One error names the file and the place in it, or the option."""
    monkeypatch.chdir(tmp_path)
    Path("bad.har").write_text("{", "utf-8")
    Path("no.har").write_text('{"log": {}}', "utf-8")
    recording(
        tmp_path,
        entry(1, url="https://a.example/v1/notes"),
        entry(2, url="https://a.example/v2/notes"),
        name="two.har",
    )

    assert run(["check", "--spec", str(spec), *arguments]) == 2
    assert told in capsys.readouterr().err


def test_every_report_holds_the_findings(spec: Path, tmp_path: Path) -> None:
    """JUnit, SARIF and pytest hold what JSON holds, each in its form, with the line of the spec."""
    files = {name: tmp_path / f"r.{name}" for name in ("junit", "sarif", "pytest")}
    wrong = recording(tmp_path, entry(1, status=400, answered={}))
    code, told = report_of(
        tmp_path,
        *("--spec", spec, "--traffic", wrong),
        *(f"--report={name}={file}" for name, file in files.items()),
    )
    (finding,) = told["findings"]
    suite = ET.parse(files["junit"]).getroot()[0]  # noqa: S314 - our own file
    (result,) = json.loads(files["sarif"].read_text("utf-8"))["runs"][0]["results"]

    assert (code, finding["rule"], finding["place"]["line"]) == (1, "rejects-valid", 7)
    assert (suite.get("failures"), suite.get("skipped")) == ("1", "4")
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 7
    assert "def test_" in files["pytest"].read_text("utf-8")
    assert finding["exchange"]["sent_at"] == "2026-11-25T10:01:00+00:00"


def test_several_recordings_are_one_report(spec: Path, tmp_path: Path) -> None:
    """The option is repeatable; each file is named with the tool that wrote it."""
    files = [recording(tmp_path, entry(number), name=f"{number}.har") for number in (1, 2)]
    code, told = report_of(tmp_path, "--spec", spec, *(f"--traffic={file}" for file in files))

    assert (code, told["cases"]) == (0, 2)
    assert told["traffic"]["files"] == [{"file": str(file), "creator": "Tool 1"} for file in files]


def test_the_key_is_in_no_output(
    spec: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The key in the environment is hidden where the server says it, though no request carries it."""
    monkeypatch.setenv("LEADLINE_KEY", "s3cret-in-answer")
    leak = entry(
        1, key="", answered={"doc": {"text": "s3cret-in-answer", "id": "s3cret-in-answer"}}
    )
    file = tmp_path / "r.json"
    traffic = ["--traffic", str(recording(tmp_path, leak))]
    code = run(["check", "--spec", str(spec), *traffic, f"--report=json={file}"])

    printed = capsys.readouterr()
    assert code == 1
    assert "s3cret" not in printed.out + printed.err + file.read_text("utf-8")
    assert "[redacted]" in printed.out


def test_known_findings_and_required_coverage(
    spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A baseline keeps known faults of callers out of the verdict; too little that was exercised fails."""
    known = tmp_path / "known.yaml"
    wrong = recording(tmp_path, entry(1, sent={"text": "x" * 21}, status=400, answered={}))
    common = ["check", "--spec", str(spec), "--traffic", str(wrong)]
    terms = ["--baseline-reason=#1", "--baseline-owner=web", "--baseline-expires=2999-01-01"]

    assert run([*common, "--write-baseline", str(known), *terms]) == 0
    assert run([*common, "--baseline", str(known)]) == 0
    assert run([*common, "--baseline", str(known), "--require-coverage", "fields=100"]) == 1
    assert "Coverage: " in capsys.readouterr().err
