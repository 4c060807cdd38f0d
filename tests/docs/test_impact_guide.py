"""What docs/impact.md shows is what the comparison does with traffic, a server and the models."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from tests.conftest import ROOT, running_mock
from tests.docs.test_diff_guide import NEW, OLD
from tests.recordings import archive, entry, headers

from leadline_cli.main import run

GUIDE = (ROOT / "docs" / "impact.md").read_text("utf-8")
COMMANDS = re.findall(r"^leadline (diff .+)$", GUIDE, re.MULTILINE)
SHOWN = re.findall(r"```\n(Recorded traffic.*?|Touched by.*?)```", GUIDE, re.DOTALL)
NOTES, SPLIT = re.findall(r"```diff\n(.*?)```", GUIDE, re.DOTALL)
URL = "http://127.0.0.1:4010"


def note(number: int, caller: str, sent: dict[str, Any]) -> dict[str, Any]:
    """A request of *caller* to write down a note, and its answer."""
    by = headers(Content_Type="application/json", X_Client=caller)
    return entry(
        number,
        sent=sent,
        answered={"text": "kept"},
        url="https://notes.example/notes",
        status=200,
        request={"headers": by},
    )


RECORDED = archive(
    note(1, "shop", {"text": "Call back before noon, please"}),
    note(2, "crm", {"text": "Call back"}),
    note(3, "shop", {"text": "Wants a quote for a new kitchen"}),
    note(4, "crm", {"text": "Call back", "urgency": "soon"}),
)


@pytest.fixture(scope="module")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a mock that still holds to the old contract."""
    spec = tmp_path_factory.mktemp("spec") / "old.yaml"
    spec.write_text(OLD, "utf-8")
    with running_mock("--spec", str(spec)) as ready:
        yield ready["url"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mock: str) -> None:
    """A folder with the contracts and the recording that the guide speaks of."""
    monkeypatch.chdir(tmp_path)
    Path("old.yaml").write_text(OLD, "utf-8")
    Path("new.yaml").write_text(NEW, "utf-8")
    Path("recorded.har").write_text(RECORDED, "utf-8")
    with urlopen(f"{mock}/__leadline/requests") as journal:
        Path("journal.json").write_bytes(journal.read())


def test_the_guide_was_read() -> None:
    """The patterns above find what the guide holds."""
    assert (len(COMMANDS), len(SHOWN)) == (6, 2)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_says_what_breaks_and_more(
    command: str, mock: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each command of the guide finds the break, and tells its part."""
    assert run(shlex.split(command.replace(URL, mock))) == 1
    told = capsys.readouterr().out
    assert "`maxLength` of `text` admits less" in told
    parts = {"--traffic": "ecorded traffic|impact", "--check": "Touched by", "--models": "models"}
    for option, part in parts.items():
        assert re.search(part, told) or option not in command


def test_the_reports_are_those_shown(mock: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every line that the guide shows is printed, in that order."""
    for command, shown in zip((COMMANDS[0], COMMANDS[3]), SHOWN, strict=True):
        run(shlex.split(command.replace(URL, mock)))
        printed = re.sub(r"in \d+\.\d s", "in 0.2 s", capsys.readouterr().out)
        lines = iter(printed.replace(mock, URL).splitlines())
        for line in shown.splitlines():
            assert line == "…" or line in lines, line


def test_the_notes_are_those_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """What code has to do, as Markdown has it."""
    run(shlex.split(f"{COMMANDS[4]} --format markdown"))
    assert NOTES in capsys.readouterr().out


def test_what_is_sent_goes_on_with_the_class_that_is_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A member that only the server gives makes a class for each side."""
    text = OLD.replace(
        "      properties:\n", "      properties:\n        id: {type: integer, readOnly: true}\n"
    )
    assert text != OLD
    Path("split.yaml").write_text(text, "utf-8")
    run(["diff", "old.yaml", "split.yaml", "--models", "--format", "markdown"])
    assert SPLIT in capsys.readouterr().out
