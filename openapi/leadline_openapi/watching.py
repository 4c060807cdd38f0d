"""Which files decided what was read, and whether they have changed since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from leadline_openapi import reading

PERIOD = 0.3
"""Seconds between two looks at the files."""

_Status = tuple[int, int]


class Watch:
    """
    Files that are looked at: those *named*, and all that the last attempt to read them led to.

    That holds for an attempt that failed, too: a file that was missing is waited for.
    """

    def __init__(self, named: Iterable[Path]) -> None:
        self._named = frozenset(named)
        self._seen: dict[Path, _Status] = {}

    def changed(self) -> bool:
        """Whether a file is another one than at the last attempt."""
        return any(_status(path) != status for path, status in self._seen.items())

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """
        Within, files are read; what they were like is remembered, whatever comes of it.

        Each is looked at before it is read, so that what changes meanwhile is seen next time.
        """
        seen = {path: _status(path) for path in self._named}
        try:
            with reading.watched(lambda path: seen.setdefault(path, _status(path))):
                yield
        finally:
            self._seen = seen


def _status(path: Path) -> _Status:
    """The time of change and the size of a file; one that is missing for the moment has neither."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return 0, 0
    return status.st_mtime_ns, status.st_size
