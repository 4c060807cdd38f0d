"""What the commands have in common when they talk to a person: colours and errors."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click


def paint(text: str, colour: str) -> str:
    """*text* in *colour* (or `bold`, `dim`); click takes it out again where there is no terminal."""
    if colour in {"bold", "dim"}:
        return click.style(text, bold=colour == "bold", dim=colour == "dim")
    return click.style(text, fg=colour, bold=True)


def fail(message: str, code: int) -> int:
    """Print *message* as an error; gives *code*."""
    click.echo(click.style("error: ", fg="red", bold=True) + message, err=True)
    return code


@contextmanager
def working(what: str) -> Iterator[None]:
    """Say on a terminal *what* takes its time, for as long as it does."""
    shown = sys.stderr.isatty()
    if shown:
        click.echo(f"{what} …", nl=False, err=True)
    try:
        yield
    finally:
        if shown:
            click.echo("\r" + " " * (len(what) + 2) + "\r", nl=False, err=True)
