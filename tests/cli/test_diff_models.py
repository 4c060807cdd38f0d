"""`leadline diff --models`: the change of the models in each format."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.recordings import SPEC

from leadline_cli.main import run


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the contract of notes, with one where a member is renamed, and one in other words."""
    (tmp_path / "old.yaml").write_text(SPEC, "utf-8")
    (tmp_path / "new.yaml").write_text(SPEC.replace("tags:", "labels:"), "utf-8")
    (tmp_path / "worded.yaml").write_text(
        SPEC.replace("description: no", "description: never"), "utf-8"
    )
    monkeypatch.chdir(tmp_path)


def test_the_text_has_the_diff_and_the_notes(capsys: pytest.CaptureFixture[str]) -> None:
    """A unified diff first, then what a caller has to do, with its code."""
    assert run(["diff", "old.yaml", "new.yaml", "--models"]) == 1
    told = capsys.readouterr().out.partition("The generated models\n")[2]
    assert "-    tags: list[StrictStr] | MISSING = MISSING\n+    labels: " in told
    assert (
        "  `Note.tags` is called `labels` now\n"
        '  - note = Note(text="text", tags=["text"])\n'
        "  - print(note.tags)\n"
        '  + note = Note(text="text", labels=["text"])\n'
        "  + print(note.labels)\n"
    ) in told


def test_json_has_a_member(capsys: pytest.CaptureFixture[str]) -> None:
    """The diff as text, and each note with its parts."""
    run(["diff", "old.yaml", "new.yaml", "--models", "--format", "json"])
    told = json.loads(capsys.readouterr().out)["models"]
    assert told["diff"].startswith("--- old/models.py\n")
    assert {note["kind"] for note in told["notes"]} == {"field-renamed"}
    assert "Note" in {note["name"] for note in told["notes"]}


def test_markdown_has_the_notes_as_diffs(capsys: pytest.CaptureFixture[str]) -> None:
    """In fences; the whole diff can be opened."""
    run(["diff", "old.yaml", "new.yaml", "--models", "--format", "markdown"])
    told = capsys.readouterr().out
    assert "`Note.tags` is called `labels` now\n\n~~~~diff\n-note = Note(" in told
    assert "<details><summary>The change of the generated models</summary>\n\n~~~~diff\n---" in told


def test_models_that_do_not_change_are_said_to(capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing breaks."""
    assert run(["diff", "old.yaml", "worded.yaml", "--models"]) == 0
    assert "The generated models do not change." in capsys.readouterr().out


def test_the_models_are_those_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    """Where `pyproject.toml` asks for one class for both sides, there is one."""
    text = SPEC.replace("tags: {", "id: {type: integer, readOnly: true}\n        tags: {")
    Path("split.yaml").write_text(text, "utf-8")
    assert run(["diff", "old.yaml", "split.yaml", "--models"]) == 0
    assert "`NoteRequest` is what is sent now, `Note` is only read" in capsys.readouterr().out

    Path("pyproject.toml").write_text("[tool.leadline.generate]\nvariants = false\n", "utf-8")
    assert run(["diff", "old.yaml", "split.yaml", "--models"]) == 0
    told = capsys.readouterr().out
    assert "+    id: StrictInt | MISSING = MISSING\n" in told
    assert "NoteRequest" not in told
