"""The errors of this room: every one says where in which file, what, and what to do.

LeadlineError
├── SpecError          the contract cannot be used: file, place, reason (exit code 2)
├── UnknownProfile     no profile of that name is packaged (exit code 2)
└── OutputError        generated files cannot be written there (exit code 2)
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file: *line* and *column* count from 1; *pointer* is an RFC 6901 JSON pointer."""

    file: str
    line: int | None = None
    column: int | None = None
    pointer: str = ""

    def __str__(self) -> str:
        where = self.file
        if self.line is not None:
            where += f":{self.line}"
            if self.column is not None:
                where += f":{self.column}"
        return f"{where} (at {self.pointer})" if self.pointer else where


class LeadlineError(Exception):
    """Base of the errors that a caller of Leadline may want to catch."""


class SpecError(LeadlineError):
    """The contract cannot be used: *place* says where, *problem* what, *hint* what to do."""

    def __init__(self, place: Place, problem: str, hint: str = "") -> None:
        super().__init__(place, problem, hint)
        self.place = place
        self.problem = problem
        self.hint = hint

    def __str__(self) -> str:
        text = f"{self.place}: {self.problem}"
        return f"{text}\nhint: {self.hint}" if self.hint else text


class UnknownProfile(LeadlineError):
    """No profile of that name is packaged; the message lists those that are."""


class OutputError(LeadlineError):
    """Generated files cannot be written; the message names the file or folder, and says why."""
