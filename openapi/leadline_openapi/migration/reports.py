"""What a change does to the models, as text, as JSON values, and as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from leadline_openapi import markdown as md
from leadline_openapi.migration import Migration, Note

Paint = Callable[[str, str], str]

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}
_NOTHING = "# nothing takes its place"


def as_object(found: Migration) -> dict[str, Any]:
    """The change of the models as JSON values."""
    return {"diff": found.diff, "notes": [asdict(note) for note in found.notes]}


def text(found: Migration, paint: Paint) -> str:
    """The change of the models for a terminal; *paint* colours a text."""
    if not found.diff:
        return "The generated models do not change."
    lines = [paint("The generated models", "bold"), *_coloured(found.diff, paint)]
    lines += ["", paint("What code that uses them has to do", "bold")]
    for note in found.notes:
        lines += ["", f"  {note.message}", *_code(note, paint)]
    if not found.notes:
        lines.append("  nothing")
    return "\n".join(lines)


def _coloured(diff: str, paint: Paint) -> Iterator[str]:
    for line in diff.splitlines():
        colour = _COLOURS.get(line[:1])
        yield paint(line, colour) if colour else line


def _code(note: Note, paint: Paint) -> Iterator[str]:
    yield from (paint(f"  - {line}", "red") for line in note.before.splitlines())
    yield from (paint(f"  + {line}", "green") for line in (note.after or _NOTHING).splitlines())


def markdown(found: Migration) -> str:
    """The change of the models as a part of a comment of a pull request, with a newline at the end."""
    if not found.diff:
        return "### The generated models do not change\n"
    lines = ["### What code that uses the models has to do", ""]
    for note in found.notes:
        lines += [md.prose(note.message), "", *md.fenced(_as_diff(note), "diff"), ""]
    if not found.notes:
        lines += ["Nothing.", ""]
    summary = "<details><summary>The change of the generated models</summary>"
    return "\n".join(
        [*lines, summary, "", *md.fenced(found.diff.rstrip("\n"), "diff"), "", "</details>", ""]
    )


def _as_diff(note: Note) -> str:
    before = [f"-{line}" for line in note.before.splitlines()]
    return "\n".join([*before, *(f"+{line}" for line in (note.after or _NOTHING).splitlines())])
