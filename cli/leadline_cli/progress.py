"""The line that shows how far a check is."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

from leadline_contracts.run import Progress

_EVERY = 0.1
_WIDTH = 70


class ProgressLine:
    """One line on standard error that is rewritten while a run goes on, on a terminal only."""

    def __init__(self, *, quiet: bool) -> None:
        self._on = not quiet and sys.stderr.isatty()
        self._phase: str | None = None
        self._started = 0.0
        self._first = 0
        self._shown = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._on and self._shown:
            sys.stderr.write("\r" + " " * _WIDTH + "\r")
            sys.stderr.flush()

    def show(self, progress: Progress) -> None:
        """Show *progress*, but not more often than a person can read."""
        now = time.monotonic()
        if progress.phase != self._phase:
            self._phase, self._started, self._first = progress.phase, now, progress.done
        if not self._on or now - self._shown < _EVERY:
            return
        self._shown = now
        sys.stderr.write("\r" + self._text(progress, now).ljust(_WIDTH)[:_WIDTH])
        sys.stderr.flush()

    def _text(self, progress: Progress, now: float) -> str:
        found = f", {progress.findings} findings" if progress.findings else ""
        done = progress.done - self._first
        if not progress.total:
            return f"{progress.phase}{f': {done} sent' if done else ''}{found} …"
        told = f"{progress.phase}: {progress.done} of {progress.total}{found}"
        if not done:
            return told
        left = (now - self._started) / done * (progress.total - progress.done)
        return f"{told}, {left:.0f} s left"
