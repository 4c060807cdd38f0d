"""`leadline diff --traffic`: files of both kinds, formats, exit codes, errors."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from tests.conftest import running_mock
from tests.recordings import SPEC, archive, entry

from leadline_cli.main import run


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the contract of notes, with what narrows it and promises more, and with recordings."""
    files = {
        "old.yaml": SPEC,
        "narrower.yaml": SPEC.replace("maxLength: 20", "maxLength: 5"),
        "promising.yaml": SPEC.replace("required: [doc]", "required: [doc, more]"),
        "long.har": archive(entry(1, sent={"text": "longer"}), entry(2, sent={"text": "ok"})),
        "short.har": archive(entry(1, sent={"text": "ok"})),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)


def test_the_text_says_who_is_met_and_where_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    """The row, the caller, the entry in the file, and what is wrong there."""
    assert run(["diff", "old.yaml", "narrower.yaml", "--traffic", "long.har"]) == 1
    told = capsys.readouterr().out
    for shown in (
        "Recorded traffic: long.har\n  2 entries, 2 requests judged by both contracts",
        "1 request that was right is refused now",
        "refused  1 time  by crm/2.0 (1)\n  `maxLength` of `text` admits less: `5`",
        "first: POST /notes, entry 1 of long.har (at /log/entries/0)",
        "body text: must be at most 5 characters long, not 6",
    ):
        assert shown in told


def test_json_has_it_as_a_member(capsys: pytest.CaptureFixture[str]) -> None:
    """`impact` stands beside the changes that it refers to."""
    run(["diff", "old.yaml", "narrower.yaml", "--traffic", "long.har", "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    (first, *_) = told["impact"]["affected"]
    assert first["change"] == {name: told["changes"][0][name] for name in ("code", "pointer")}
    assert (first["effect"], first["count"], first["callers"]) == ("refused", 1, {"crm/2.0": 1})
    assert first["example"]["pointer"] == "/log/entries/0"


def test_markdown_has_it_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    """A part of the comment, after the changes."""
    run(["diff", "old.yaml", "narrower.yaml", "--traffic", "long.har", "--format", "markdown"])
    told = capsys.readouterr().out
    assert told.index("### The contract breaks") < told.index("### Whom it meets")
    assert "| refused | 1 | `maxLength` of `text`" in told


@pytest.mark.parametrize(
    ("new", "recorded", "code"),
    [
        ("narrower.yaml", "long.har", 1),
        ("narrower.yaml", "short.har", 1),
        ("promising.yaml", "long.har", 0),
    ],
)
def test_a_break_that_nobody_meets_is_still_a_break(new: str, recorded: str, code: int) -> None:
    """And one that breaks nobody fails nothing, whatever a recording holds: the changes decide."""
    assert run(["diff", "old.yaml", new, "--traffic", recorded]) == code


def test_the_journal_of_a_mock_is_traffic(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the mock serves it: the list, and one request with its answer; told by content, not by name."""
    with running_mock("--spec", "old.yaml") as ready:
        for text in ("longer", "ok"):
            sent = Request(
                f"{ready['url']}/notes",
                json.dumps({"text": text}).encode(),
                {
                    "Content-Type": "application/json",
                    "Authorization": "users API-Key test-api-key",
                    "X-Client": "shop",
                },
            )
            urlopen(sent).close()
        control = ready["url"].removesuffix("/api") + "/__leadline/requests"
        for name, at in (("all.har", control), ("one.json", f"{control}/1")):
            with urlopen(at) as answer:
                Path(name).write_bytes(answer.read())
    arguments = ["--traffic", "all.har", "--traffic", "one.json", "--caller-header", "X-Client"]
    assert run(["diff", "old.yaml", "narrower.yaml", *arguments, "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)["impact"]
    found = [(one["effect"], one["count"], one["callers"]) for one in told["affected"]]
    assert found == [("refused", 1, {"shop": 1}), ("disallowed", 1, {"shop": 1})]
    assert told["affected"][0]["example"]["file"] == "one.json"
    assert told["skipped"] == {"recorded twice": 1}
    assert told["unchecked"]["an answer is recorded by its status alone"] == 1


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ("{}", "r.json: is neither an HTTP Archive"),
        ("{", "r.json:1:2: is not JSON"),
        ('{"log": {}}', "r.json (at /log): is no HTTP Archive: `entries` is missing"),
        (
            '{"requests": [{"id": 1, "method": "GET", "path": "/", "status": 200}], "dropped": 0}',
            "r.json (at /requests/0/time): is no journal of a mock: must be a string",
        ),
        ('{"requests": [7], "dropped": 0}', "r.json (at /requests/0): is no journal of a mock"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(
    content: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, and nothing on standard output."""
    Path("r.json").write_text(content, "utf-8")
    assert run(["diff", "old.yaml", "narrower.yaml", "--traffic", "r.json"]) == 2
    out, err = capsys.readouterr()
    assert (out, shown in err) == ("", True)


@pytest.mark.parametrize("name", ["", "bad name", "X-Client:"])
def test_a_caller_is_named_by_a_header(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What can be no name of one would never be found, and all callers be one."""
    arguments = ["--traffic", "short.har", "--caller-header", name]

    assert run(["diff", "old.yaml", "narrower.yaml", *arguments]) == 2
    assert f"{name!r} is no name of a header" in capsys.readouterr().err


def test_a_key_is_for_a_server_or_a_recording(capsys: pytest.CaptureFixture[str]) -> None:
    """Two documents need none."""
    assert run(["diff", "old.yaml", "promising.yaml", "--key", "k3y"]) == 2
    assert "--key says nothing without --check or --traffic" in capsys.readouterr().err


@pytest.mark.parametrize("option", [["--base", "/api"], ["--caller-header", "X-Client"]])
def test_options_of_a_recording_need_one(
    option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """They would say nothing."""
    assert run(["diff", "old.yaml", "promising.yaml", *option]) == 2
    assert f"{option[0]} says nothing without --traffic" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_what_was_recorded_does_nothing_to_a_terminal(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Names of callers and of members may hold anything."""
    by = [
        {"name": "X-Client", "value": "sh\x1b[31mop"},
        {"name": "Content-Type", "value": "application/json"},
        {"name": "Authorization", "value": "users API-Key k3y"},
    ]
    recorded = archive(entry(1, sent={"text": "lon\x1b[31mger"}, request={"headers": by}))
    Path("odd.har").write_text(recorded, "utf-8")
    arguments = ["--traffic", "odd.har", "--caller-header", "X-Client", "--format", form]
    assert run(["diff", "old.yaml", "narrower.yaml", *arguments]) == 1
    told = capsys.readouterr().out
    assert "\x1b[31m" not in told
    assert "sh\\x1b[31mop" in re.sub(r"\\(?=[\\\[])", "", told)
