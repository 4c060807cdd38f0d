"""What the commands have in common when they talk to a person: colours, progress, errors."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

import click

from leadline_contracts.run import Progress

_EVERY = 0.1
_WIDTH = 70


def paint(text: str, colour: str) -> str:
    """*text* in *colour* (or `bold`, `dim`); click takes it out again where there is no terminal."""
    if colour in {"bold", "dim"}:
        return click.style(text, bold=colour == "bold", dim=colour == "dim")
    return click.style(text, fg=colour, bold=True)


def fail(message: str, code: int) -> int:
    """Print *message* as an error; gives *code*."""
    click.echo(click.style("error: ", fg="red", bold=True) + message, err=True)
    return code


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
            return f"{progress.phase}: generating requests{found} …"
        left = (now - self._started) / max(1, progress.done) * (progress.total - progress.done)
        return f"{progress.phase}: {progress.done} of {progress.total}{found}, {left:.0f} s left"
