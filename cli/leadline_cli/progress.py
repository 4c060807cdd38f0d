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
        self._started = time.monotonic()
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
        if not self._on or now - self._shown < _EVERY:
            return
        self._shown = now
        sys.stderr.write("\r" + self._text(progress, now).ljust(_WIDTH)[:_WIDTH])
        sys.stderr.flush()

    def _text(self, progress: Progress, now: float) -> str:
        found = f", {progress.findings} findings" if progress.findings else ""
        if not progress.total:
            return f"{progress.phase}: {progress.done} sent{found} …"
        left = (now - self._started) / max(1, progress.done) * (progress.total - progress.done)
        return f"{progress.phase}: {progress.done} of {progress.total}{found}, {left:.0f} s left"
