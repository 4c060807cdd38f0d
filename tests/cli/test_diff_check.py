"""`leadline diff --check`: what the change touches, against servers of the old and the new contract."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from tests.conftest import running_mock
from tests.recordings import SPEC

from leadline_cli.main import run

DEPTH = "        - {name: depth, in: query, schema: {type: number}}\n"
MORE = "        - {name: lang, in: query, schema: {enum: [de, en]}}\n"
KEY = ["--key", "test-api-key"]
FILES = {
    "old.yaml": SPEC,
    "more.yaml": SPEC.replace(DEPTH, DEPTH + MORE),
    "narrower.yaml": SPEC.replace(DEPTH, DEPTH.replace("number", "integer")),
    "files.yaml": SPEC.replace("/uploads:", "/files:"),
    "both.yaml": SPEC.replace("/uploads:", "/files:").replace(DEPTH, DEPTH + MORE),
    "worded.yaml": SPEC.replace("title: Notes", "title: All notes"),
}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the contract of notes, and with what changes it."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The URLs of mocks that hold to the old and to a new contract."""
    folder = tmp_path_factory.mktemp("specs")
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    with (
        running_mock("--spec", "old.yaml", cwd=folder) as old,
        running_mock("--spec", "more.yaml", cwd=folder) as more,
    ):
        yield {"old.yaml": old["url"], "more.yaml": more["url"]}


def asked(url: str) -> list[dict[str, object]]:
    """The requests that the mock at *url* remembers; it forgets them."""
    with urlopen(url.removesuffix("/api") + "/__leadline/requests") as answer:
        return list(json.load(answer)["requests"])


def test_a_server_that_holds_to_the_new_contract_passes(
    servers: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Only the operation that has changed is asked, and the report says how many cases of how many."""
    url = servers["more.yaml"]
    assert run(["diff", "old.yaml", "more.yaml", "--check", url, *KEY]) == 0
    told = capsys.readouterr().out
    assert "`info.version` 1 → 1" in told.partition("Touched by the change: ")[0]
    line = told.partition("Touched by the change: ")[2].splitlines()[0].split()
    assert " ".join(line[3:]) == "cases of the certificate, of 1 of 5 operations"
    assert 0 < int(line[0]) < int(line[2])
    assert f"The contract holds: Notes 1, {line[0]} requests in " in told
    assert {one["path"] for one in asked(url) if one["operation"]} <= {"/api/notes"}
    assert any(one["method"] == "POST" for one in asked(url))


def test_a_server_that_has_not_changed_yet_is_found_out(
    servers: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code is 1 although nothing breaks callers; the report of the check can be written."""
    arguments = ["--check", servers["old.yaml"], *KEY, "--report", "json=r.json"]
    assert run(["diff", "old.yaml", "more.yaml", *arguments, "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["verdict"] == "non-breaking"
    (finding,) = told["check"]["findings"]
    assert finding["rule"] == "accepts-invalid"
    assert finding["pointer"].startswith("/paths/~1notes/post/parameters/1/schema/enum")
    assert told["check"]["operations"] == ["POST /notes"]
    assert 0 < told["check"]["cases"] < told["check"]["of"]
    written = json.loads(Path("r.json").read_text("utf-8"))
    assert len(written["findings"]) == 1


def test_a_break_is_one_although_the_server_holds(servers: dict[str, str]) -> None:
    """`more.yaml` is held by its mock, and is a break for who comes from the other side."""
    arguments = ["--check", servers["old.yaml"], *KEY]
    assert run(["diff", "more.yaml", "old.yaml", *arguments]) == 1


@pytest.mark.parametrize(("new", "code"), [("worded.yaml", 0), ("old.yaml", 0)])
def test_where_nothing_is_touched_nothing_is_sent(
    new: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """That is said, and the changes decide; nothing has to listen there."""
    assert run(["diff", "old.yaml", new, "--check", "http://127.0.0.1:9"]) == code
    told = capsys.readouterr().out
    assert "The change touches none of the " in told
    assert "nothing is sent" in told


def test_where_nothing_that_is_touched_can_be_checked_nothing_was(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The exit code is 3, and the operation is named, with the reason."""
    assert run(["diff", "old.yaml", "files.yaml", "--check", "http://127.0.0.1:9"]) == 3
    out, err = capsys.readouterr()
    assert "nothing is sent.\nPOST /files was not checked: a request body of `multipart/" in out
    assert "error: nothing of what the change touches can be checked" in err

    arguments = ["--check", "http://127.0.0.1:9", "--format", "json"]
    assert run(["diff", "old.yaml", "files.yaml", *arguments]) == 3
    told = json.loads(capsys.readouterr().out)["check"]
    assert (told["verdict"], told["operations"]) == ("nothing-checked", [])
    assert list(told["unchecked"]) == ["POST /files"]


def test_what_cannot_be_checked_is_named_beside_what_is(
    servers: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """As `leadline check` names it, on the terminal and in reports."""
    arguments = ["--check", servers["more.yaml"], *KEY, "--report", "json=r.json"]
    assert run(["diff", "old.yaml", "both.yaml", *arguments]) == 1  # an operation is gone
    told = capsys.readouterr().out
    assert "cases of the certificate, of 1 of 5 operations\n" in told
    assert "POST /files was not checked: a request body of `multipart/form-data`" in told
    written = json.loads(Path("r.json").read_text("utf-8"))
    assert written["verdict"] == "holds"
    assert "multipart" in json.dumps(written)


def test_a_server_that_cannot_be_reached_is_three(capsys: pytest.CaptureFixture[str]) -> None:
    """The changes are told all the same."""
    assert run(["diff", "old.yaml", "more.yaml", "--check", "http://127.0.0.1:9", *KEY]) == 3
    out, err = capsys.readouterr()
    assert "parameter-added" in out
    assert "nothing answers at http://127.0.0.1:9" in err


def test_markdown_has_the_check_as_a_part(
    servers: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Between fences, as the terminal has it, without colours."""
    arguments = ["--check", servers["more.yaml"], *KEY, "--format", "markdown"]
    assert run(["diff", "old.yaml", "more.yaml", *arguments]) == 0
    told = capsys.readouterr().out
    assert "### What it touches of a server\n\n~~~~\nTouched by the change: " in told
    assert "\x1b" not in told


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["--yes"], "--yes says nothing without --check"),
        (["--report", "json=r.json"], "--report says nothing without --check"),
        (["--check", "http://127.0.0.1:9", "--report", "pdf=r"], "--report takes FORMAT=FILE"),
        (["--check", "http://127.0.0.1:9", "--header", "X"], "--header takes 'NAME: VALUE'"),
        (["--check", "nonsense"], "not an http or https URL: nonsense"),
        (["--check", "ftp://127.0.0.1"], "not an http or https URL: ftp://127.0.0.1"),
        (["--check", ""], "not an http or https URL: "),
        (["--check", "http://127.0.0.1:9", "--key", "a\nb"], "no HTTP header can carry"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    arguments: list[str], shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, before anything is compared."""
    assert run(["diff", "old.yaml", "more.yaml", *arguments]) == 2
    printed = capsys.readouterr()
    assert shown in printed.err
    assert printed.out == ""


def test_a_key_that_is_needed_is_asked_for(
    servers: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """As `leadline check` does it."""
    assert run(["diff", "old.yaml", "more.yaml", "--check", servers["more.yaml"]]) == 2
    assert "POST /notes needs an API key" in capsys.readouterr().err
