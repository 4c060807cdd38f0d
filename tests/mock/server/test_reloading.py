"""A mock that follows its files."""

from __future__ import annotations

import gc
import json
import os
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from leadline_mock import World
from leadline_mock.reloading import Reloading
from leadline_mock.server import RawRequest
from leadline_openapi import Contract, SpecError, load


class Files:
    """A spec in two files, which are written anew as often as wanted, and what is told about that."""

    def __init__(self, folder: Path) -> None:
        self.spec, self.part = folder / "openapi.yaml", folder / "part.yaml"
        self.told: list[str] = []
        self.while_loading: Callable[[], Any] = lambda: None
        self._time = 1_000_000_000
        self.write_part("one")
        self.write("/a")

    def write(self, path: str, version: str = "1") -> None:
        """A spec with one operation at *path*, which answers with what is in the other file."""
        content = {"text/plain": {"schema": {"$ref": "part.yaml#/text"}}}
        answer = {"description": "ok", "content": content}
        document = {
            "openapi": "3.1.0",
            "info": {"title": "Watched", "version": version},
            "paths": {path: {"get": {"responses": {"200": answer}}}},
        }
        self.put(self.spec, yaml.safe_dump(document))

    def write_part(self, text: str) -> None:
        """The other file."""
        self.put(self.part, json.dumps({"text": {"const": text}}))

    def put(self, file: Path, text: str) -> None:
        """Write *text*, a second after what was written before."""
        file.write_text(text, encoding="utf-8")
        self._time += 1
        os.utime(file, (self._time, self._time))

    def contracts(self) -> list[Contract]:
        """What stands in the files."""
        found = [load(self.spec)]
        self.while_loading()
        return found


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Files that have been written."""
    return Files(tmp_path)


@pytest.fixture
def mock(files: Files) -> Reloading:
    """A mock of them that looks when it is told to."""
    return Reloading(files.contracts, World(), [files.spec], files.told.append)


def ask(mock: Reloading, path: str) -> str:
    """What *mock* answers at *path*, or nothing where it has no operation."""
    request = RawRequest()
    request.method, request.target = "GET", path.encode()
    reply = mock.quick(request)
    return reply.response.body.decode() if reply else ""


def test_nothing_changes(files: Files, mock: Reloading) -> None:
    """As long as no file changes, nothing is made anew, and nothing told."""
    files.while_loading = lambda: pytest.fail("it was loaded")

    assert [mock.look(), mock.look()] == [False, False]
    assert files.told == []


def test_changes(files: Files, mock: Reloading) -> None:
    """A change is taken at the next look, and told."""
    files.write("/b", "2")

    assert ask(mock, "/a") == "one"
    assert mock.look()
    assert (ask(mock, "/a"), ask(mock, "/b")) == ("", "one")
    assert mock.contracts[0].version == "2"
    assert files.told == ["reloaded: Watched 2"]


def test_files_that_are_referred_to(files: Files, mock: Reloading) -> None:
    """Every file that belongs to the spec is watched."""
    files.write_part("two")

    assert mock.look()
    assert ask(mock, "/a") == "two"


@pytest.mark.parametrize("text", ["openapi: [", "openapi: 3.1.0", "", "\0", "[" * 100_000])
def test_broken(files: Files, mock: Reloading, text: str) -> None:
    """A broken spec is told once, the mock goes on as it was, and takes the next one that is sound."""
    files.put(files.spec, text)

    assert [mock.look(), mock.look()] == [False, False]
    assert ask(mock, "/a") == "one"
    assert len(files.told) == 1
    assert files.told[0].startswith("the change is not taken, the mock goes on as it was: ")

    files.write("/b")
    assert mock.look()
    assert ask(mock, "/b") == "one"


def test_missing_for_a_while(files: Files, mock: Reloading) -> None:
    """Many editors delete a file before they write it."""
    files.spec.unlink()
    assert not mock.look()
    files.write("/b")
    assert mock.look()
    assert ask(mock, "/b") == "one"


@pytest.mark.parametrize("text", ["", '{"text": {"type": "strin"}}', "{"])
def test_a_new_file_that_has_to_be_put_right(files: Files, mock: Reloading, text: str) -> None:
    """A file that the spec refers to since its last change is watched, though it is missing or broken."""
    new = files.part.with_name("new.json")
    if text:
        files.put(new, text)
    files.put(files.spec, files.spec.read_text("utf-8").replace("part.yaml", "new.json"))
    assert not mock.look()
    files.put(new, json.dumps({"text": {"const": "new"}}))

    assert mock.look()
    assert ask(mock, "/a") == "new"


def test_what_was_served_before_is_let_go(files: Files, mock: Reloading) -> None:
    """A contract is large: after the next change nothing holds it, though it is in the journal."""
    ask(mock, "/a")
    before = weakref.ref(mock.contracts[0].operations[0])
    files.write("/b")
    mock.look()
    gc.collect()

    assert before() is None
    assert mock._world.journal.entries()[0].label == "GET /a"


@pytest.mark.parametrize("second", ["spec", "part"])
def test_changes_while_it_is_read(files: Files, mock: Reloading, second: str) -> None:
    """A file that changes again while it is read is read again."""

    def again() -> None:
        files.while_loading = lambda: None
        if second == "spec":
            files.write("/c")
        else:
            files.write_part("two")

    files.while_loading = again
    files.write("/b")
    assert [mock.look(), mock.look(), mock.look()] == [True, True, False]
    assert (ask(mock, "/c"), ask(mock, "/b")) in {("one", ""), ("", "two")}


def test_the_reader_fails(files: Files, mock: Reloading) -> None:
    """Not even a mistake of ours ends the mock."""
    files.while_loading = lambda: 1 // 0
    files.write("/b")

    assert not mock.look()
    assert files.told[0].endswith("ZeroDivisionError: integer division or modulo by zero")


def test_nobody_listens(files: Files) -> None:
    """A closed terminal does not keep the mock from following its files."""

    def tell(_sentence: str) -> None:
        raise BrokenPipeError

    mock = Reloading(files.contracts, World(), [], tell)
    files.write("/b")

    assert mock.look()


def test_world_stays(files: Files, mock: Reloading) -> None:
    """The journal goes on."""
    ask(mock, "/a")
    files.write("/b")
    mock.look()
    ask(mock, "/b")
    journal = mock._world.journal

    assert [entry.path for entry in journal.entries()] == ["/a", "/b"]


def test_watches(files: Files) -> None:
    """In a thread of its own it looks by itself, until it is closed."""
    told = threading.Event()
    mock = Reloading(files.contracts, World(), [], lambda _: told.set())
    mock.watch()
    files.write("/b")
    try:
        assert told.wait(20)
        assert ask(mock, "/b") == "one"
    finally:
        mock.close()
    assert all(thread.name != "leadline-reload" for thread in threading.enumerate())


def test_broken_from_the_start(files: Files) -> None:
    """There is no mock to go on with."""
    files.put(files.spec, "openapi: [")
    with pytest.raises(SpecError):
        Reloading(files.contracts, World(), [files.spec], files.told.append)
