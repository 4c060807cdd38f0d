"""Read YAML and JSON files into data that remembers where each value stood."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from leadline_openapi import jsonreading, yamlreading
from leadline_openapi.errors import Place, SpecError
from leadline_openapi.tree import Located

MAX_BYTES = 20_000_000
_watcher: ContextVar[Callable[[Path], object] | None] = ContextVar("watcher", default=None)


def read(path: Path) -> Located:
    """
    Read the YAML or JSON file *path* as an object.

    Raises `SpecError` when the file is missing, too large, not UTF-8, not well-formed, has a
    duplicate key, or holds no object.
    """
    notice(path)
    file = display(path)
    text = _text(path, file)
    if not text.strip():
        raise SpecError(Place(file, 1), "the file is empty")
    reader = jsonreading if path.suffix.lower() == ".json" else yamlreading
    tree = reader.parse(text, file)
    if not isinstance(tree, Located):
        raise SpecError(Place(file, 1), "the document is not an object", "is this the right file?")
    return tree


@contextmanager
def watched(watcher: Callable[[Path], object]) -> Iterator[None]:
    """Within, *watcher* is called with each file before it is read, or found to be missing."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def notice(path: Path) -> None:
    """Tell who watches that *path* is about to be looked for."""
    watcher = _watcher.get()
    if watcher is not None:
        watcher(path)


def display(path: Path) -> str:
    """*path* as a person would write it: relative to the working directory where it lies below."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except (OSError, ValueError):
        return str(path)


def _text(path: Path, file: str) -> str:
    data = _bytes(path, file)
    if len(data) > MAX_BYTES:
        raise SpecError(Place(file), f"the file is larger than {MAX_BYTES:,} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SpecError(
            Place(file, line), f"the file is not UTF-8 (byte {error.start})", "save it as UTF-8"
        ) from None


def _bytes(path: Path, file: str) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise SpecError(Place(file), "there is no such file", "check the path") from None
    except OSError as error:
        raise SpecError(Place(file), f"the file cannot be read: {error.strerror}") from None
    except ValueError as error:  # a NUL in the name
        raise SpecError(Place(file), f"the file cannot be read: {error}") from None
