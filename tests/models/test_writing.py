"""Generated files on disk: what has drifted is told, and writing is all or nothing."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest

from leadline_openapi import writing
from leadline_openapi.errors import OutputError
from leadline_openapi.models import HEADER

OLD = {"__init__.py": f"{HEADER}\nold = 1\n", "a.py": f"{HEADER}\na = 1\n", "py.typed": ""}
NEW = {"__init__.py": f"{HEADER}\nnew = 1\n", "b.py": f"{HEADER}\nb = 1\n", "py.typed": ""}


def content(folder: Path) -> dict[str, str]:
    """The files of *folder*, hidden ones included, as text."""
    return {path.name: path.read_bytes().decode() for path in folder.iterdir() if path.is_file()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in which the old files were written."""
    folder = tmp_path / "models"
    writing.write(OLD, folder)
    return folder


def test_files_are_written_byte_for_byte(folder: Path) -> None:
    """A new folder holds the files, with line feeds on every system, and nothing else."""
    assert content(folder) == OLD
    assert sorted(path.name for path in folder.iterdir()) == sorted(OLD)


def test_stale_files_go(folder: Path) -> None:
    """What was generated earlier and is no longer is deleted."""
    writing.write(NEW, folder)

    assert content(folder) == NEW


def test_files_that_do_not_change_are_not_touched(folder: Path) -> None:
    """Writing the same again leaves the time of change, so that nothing is built again."""
    os.utime(folder / "a.py", (1, 1))
    writing.write(OLD, folder)

    assert (folder / "a.py").stat().st_mtime == 1


@pytest.mark.parametrize("name", ["notes.txt", "hand.py", "deeper/x.py", "py.typed"])
def test_foreign_files_are_left_alone(folder: Path, name: str) -> None:
    """A folder with anything that was not generated is refused, by name, and stays as it is."""
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("mine\n")
    before = content(folder)

    with pytest.raises(OutputError, match=f"{name.partition('/')[0]}: was not generated"):
        writing.write(NEW, folder)
    assert content(folder) == before


def test_bytecode_is_nobodys(folder: Path) -> None:
    """The folder in which Python keeps bytecode is no obstacle."""
    (folder / "__pycache__").mkdir()
    writing.write(NEW, folder)

    assert content(folder) == NEW


@pytest.mark.parametrize("name", [".DS_Store", "Thumbs.db", "desktop.ini"])
def test_what_a_file_manager_leaves_is_no_obstacle(folder: Path, name: str) -> None:
    """A folder that somebody has looked into is still one of generated models; the file stays."""
    (folder / name).write_text("icons")
    writing.write(NEW, folder)

    assert content(folder) == {**NEW, name: "icons"}
    assert writing.drift(NEW, folder) == ""


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    """A path that is a file is an error that says so."""
    (tmp_path / "models").write_text("mine")

    with pytest.raises(OutputError, match="is not a folder"):
        writing.write(NEW, tmp_path / "models")


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_a_failure_leaves_the_old_files_whole(
    folder: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    """When the disk fails at any file, all of them are what they were."""
    replace, unlink, calls = os.replace, Path.unlink, iter(range(1, 99))

    def fail(*arguments: Any) -> None:
        if next(calls) == failing:
            raise OSError(28, "No space left on device")
        replace(*arguments)

    def fail_too(path: Path, **options: Any) -> None:
        if path.name == "a.py" and next(calls) == failing:
            raise OSError(28, "No space left on device")
        unlink(path, **options)

    monkeypatch.setattr(os, "replace", fail)
    monkeypatch.setattr(Path, "unlink", fail_too)
    with pytest.raises(OutputError, match="No space left on device"):
        writing.write(NEW, folder)
    monkeypatch.undo()

    assert content(folder) == OLD
    assert sorted(path.name for path in folder.iterdir()) == sorted(OLD)


def test_a_failure_in_a_new_folder_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that was made for files which could not be written is removed again."""

    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OutputError):
        writing.write(NEW, tmp_path / "models")

    assert list(tmp_path.iterdir()) == []


def test_a_reader_never_sees_half_a_file(folder: Path) -> None:
    """While files are exchanged, each read gives an old or a new file as a whole."""
    texts = [f"{HEADER}\n{letter * 100_000}\n" for letter in "xy"]
    seen, done = set(), threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add((folder / "a.py").read_bytes())

    writing.write({**OLD, "a.py": texts[0]}, folder)
    reader = threading.Thread(target=read)
    reader.start()
    for number in range(40):
        writing.write({**OLD, "a.py": texts[number % 2]}, folder)
    done.set()
    reader.join()

    assert seen <= {text.encode() for text in texts}


def test_no_drift(folder: Path) -> None:
    """Equal files give an empty diff; so do files that git has given other line endings."""
    assert writing.drift(OLD, folder) == ""

    (folder / "a.py").write_bytes(OLD["a.py"].replace("\n", "\r\n").encode())
    assert writing.drift(OLD, folder) == ""


def test_drift_is_a_diff(folder: Path) -> None:
    """Changed, new and stale files are told, each with its lines; foreign files are not."""
    (folder / "hand.py").write_text("mine = 1\n")

    assert writing.drift(NEW, folder) == (
        "--- models/__init__.py\n+++ models/__init__.py\n@@ -1,2 +1,2 @@\n"
        f" {HEADER}\n-old = 1\n+new = 1\n"
        f"--- models/a.py\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-{HEADER}\n-a = 1\n"
        f"--- /dev/null\n+++ models/b.py\n@@ -0,0 +1,2 @@\n+{HEADER}\n+b = 1\n"
    )


def test_a_missing_empty_file_is_drift(folder: Path) -> None:
    """A file without content can be missing too."""
    (folder / "py.typed").unlink()

    assert writing.drift(OLD, folder) == "--- /dev/null\n+++ models/py.typed\n"


def test_drift_from_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """Before anything was generated, everything is new."""
    diff = writing.drift(NEW, tmp_path / "models")

    assert [line for line in diff.splitlines() if line.startswith("+++")] == [
        f"+++ models/{name}" for name in sorted(NEW)
    ]
