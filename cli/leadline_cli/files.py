"""Files that a command writes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from leadline_cli.exits import USAGE
from leadline_cli.terminal import fail


def check_distinct(written: Iterable[tuple[str, Path | None]], read: Iterable[Path]) -> None:
    """
    Raise `click.UsageError` where one of the files that are *written*, each with the words that ask for it,
    is to be written twice, or is one of those that are *read*.
    """
    known = {path.resolve(): "this command reads that file" for path in read}
    for words, path in written:
        if path is None or _takes_several(path):
            continue
        if (why := known.get(path.resolve())) is not None:
            raise click.UsageError(f"{words}: {why}; name another one")
        known[path.resolve()] = f"{words} writes that file"


def _takes_several(path: Path) -> bool:
    """Whether *path* is a pipe or a device, on which nothing is written over."""
    return path.exists() and not path.is_file()


def write(path: Path, text: str) -> None:
    """Write *text* whole or not at all; to a pipe or a device, as it comes. `OSError`s name *path*."""
    try:
        _write(path.resolve(), text)
    except OSError as error:
        error.filename = str(path)
        raise


def delivered(path: Path, text: str) -> bool:
    """Write *text*; false, and an error on standard error, where that cannot be done."""
    try:
        write(path, text)
    except OSError as error:
        fail(f"cannot write {path}: {error.strerror}", USAGE)
        return False
    return True


def _write(path: Path, text: str) -> None:
    if _takes_several(path):
        path.write_text(text, encoding="utf-8")
        return
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
