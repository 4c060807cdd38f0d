"""`leadline generate --watch`: the models follow the files of the contract, in a process of its own."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.conftest import LEADLINE

SPEC = """\
openapi: 3.1.0
info: { title: Notes, version: '1' }
paths: {}
components:
  schemas:
    Note: { $ref: 'shared.yaml#/Note' }
"""
SHARED = "Note: { type: object, properties: { text: { type: string } } }\n"
OVERLAY = (
    "overlay: 1.0.0\ninfo: { title: O, version: '1' }\n"
    "actions: [{ target: $.components.schemas, update: { Extra: { type: string } } }]\n"
)
WATCHING, WROTE, BROKEN = "watching the files", "wrote ", "the models stay as they were"


class Watcher:
    """A process that watches, and the lines that it says."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self._lines.put(line)

    def says(self, text: str) -> str:
        """Wait until it says *text*; gives all that it said until then."""
        said = ""
        while text not in said:
            said += self._lines.get(timeout=60)
        return said


@contextmanager
def watching(folder: Path, *more: str) -> Iterator[Watcher]:
    """`leadline generate --watch` in *folder*."""
    command = [*LEADLINE, "generate", "--watch", "--spec", "api.yaml", "--output", "models", *more]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Watcher(process)
        finally:
            process.kill()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A contract in two files, and an overlay."""
    (tmp_path / "api.yaml").write_text(SPEC, "utf-8")
    (tmp_path / "shared.yaml").write_text(SHARED, "utf-8")
    (tmp_path / "overlay.yaml").write_text(OVERLAY, "utf-8")
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    """Change a file as an editor does, as a whole."""
    text = path.read_text("utf-8")
    assert old in text
    part = path.with_suffix(".part")
    part.write_text(text.replace(old, new), "utf-8")
    part.replace(path)


def test_the_models_follow_every_file(folder: Path) -> None:
    """The spec, what it refers to, and an overlay: a change of each is written at once."""
    models = folder / "models" / "models.py"
    with watching(folder, "--overlay", "overlay.yaml") as watcher:
        watcher.says(WATCHING)
        assert "text: StrictStr" in models.read_text("utf-8")

        change(folder / "shared.yaml", "text", "title")
        watcher.says(WROTE)
        assert "title: StrictStr" in models.read_text("utf-8")

        change(folder / "overlay.yaml", "Extra", "Other")
        watcher.says(WROTE)
        assert '"Other"' in models.read_text("utf-8")

        change(folder / "api.yaml", "Note: {", "Memo: {")
        watcher.says(WROTE)
        assert "class Memo" in models.read_text("utf-8")


def test_a_broken_contract_keeps_the_models(folder: Path) -> None:
    """It is told with its line, the files stay, and once it is repaired they follow again."""
    with watching(folder) as watcher:
        watcher.says(WATCHING)
        before = {file.name: file.read_bytes() for file in (folder / "models").iterdir()}

        change(folder / "shared.yaml", "type: object", "type: objekt")
        said = watcher.says(BROKEN)
        assert "error: shared.yaml:1:" in said
        assert {file.name: file.read_bytes() for file in (folder / "models").iterdir()} == before

        change(
            folder / "shared.yaml",
            "type: objekt, properties: { text",
            "type: object, properties: { repaired",
        )
        watcher.says(WROTE)
        assert "repaired" in (folder / "models" / "models.py").read_text("utf-8")


def test_a_referenced_file_that_goes_and_comes_back(folder: Path) -> None:
    """A missing file is waited for."""
    with watching(folder) as watcher:
        watcher.says(WATCHING)

        (folder / "shared.yaml").rename(folder / "gone.yaml")
        assert "shared.yaml" in watcher.says(BROKEN)

        (folder / "shared.yaml").write_text(SHARED.replace("text", "back"), "utf-8")
        watcher.says(WROTE)
        assert "back" in (folder / "models" / "models.py").read_text("utf-8")


def test_a_contract_that_is_broken_from_the_start_is_waited_for(folder: Path) -> None:
    """Whoever watches is about to edit."""
    (folder / "api.yaml").write_text(SPEC.replace("openapi", "openapy"), "utf-8")
    with watching(folder) as watcher:
        watcher.says(WATCHING)
        assert not (folder / "models").exists()

        (folder / "api.yaml").write_text(SPEC, "utf-8")
        watcher.says(WROTE)


def test_ctrl_c_ends_it(folder: Path) -> None:
    """With 130, one word, and the models in place."""
    with watching(folder) as watcher:
        watcher.says(WATCHING)
        watcher.process.send_signal(signal.SIGINT)

        assert watcher.process.wait(30) == 130
        assert "Traceback" not in watcher.says("interrupted")
    assert sorted(file.name for file in (folder / "models").iterdir()) == [
        *("__init__.py", "base_model.py", "models.py", "py.typed")
    ]


def test_a_spec_that_is_not_there_is_not_waited_for(folder: Path) -> None:
    """A name that leads nowhere is a mistake, so it ends with 2."""
    with watching(folder, "--overlay", "none.yaml") as watcher:
        assert watcher.process.wait(60) == 2
        assert "none.yaml: there is no such file" in watcher.says("check the path")


def test_a_folder_of_others_is_not_watched_for(folder: Path) -> None:
    """Where the models cannot be written, it says so and ends."""
    (folder / "models").mkdir()
    (folder / "models" / "mine.py").write_text("mine = 1\n", "utf-8")
    with watching(folder) as watcher:
        assert watcher.process.wait(60) == 2
        assert "was not generated by Leadline" in watcher.says("hint:")
