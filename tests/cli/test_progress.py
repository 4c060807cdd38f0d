"""The line that shows how far a run is."""

from __future__ import annotations

import io

import pytest

from leadline_cli import progress
from leadline_cli.progress import ProgressLine
from leadline_contracts.run import Progress


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        """It is one."""
        return True


class _Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        """The time that the test says it is."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    """A clock that stands still until it is told otherwise."""
    found = _Clock()
    monkeypatch.setattr(progress, "time", found)
    return found


def test_each_phase_has_a_clock_of_its_own(clock: _Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left of the second operation does not depend on how long the first one took."""
    monkeypatch.setattr("sys.stderr", terminal := _Terminal())
    line = ProgressLine(quiet=False)
    for phase, seconds in (("GET /a", 100.0), ("GET /b", 1.0)):
        for done in range(1, 12):
            line.show(Progress(phase, done, 21, 0))
            clock.now += seconds

    told = [text.strip() for text in terminal.getvalue().split("\r")]
    assert "GET /a: 11 of 21, 1000 s left" in told
    assert told[-1] == "GET /b: 11 of 21, 10 s left"


def test_a_phase_of_unknown_length_counts_its_own(
    clock: _Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no total is known there are the requests of this phase, not of all before it."""
    monkeypatch.setattr("sys.stderr", terminal := _Terminal())
    line = ProgressLine(quiet=False)
    for done in range(2500, 2543):
        line.show(Progress("fuzz", done, 0, 2))
        clock.now += 1

    assert terminal.getvalue().endswith("\rfuzz: 42 sent, 2 findings …".ljust(71))
