"""What `leadline generate` was asked for, done once: written, or only compared."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from leadline_cli.exits import BROKEN, HOLDS
from leadline_cli.options import load_contract
from leadline_cli.terminal import paint, working
from leadline_openapi import agreement, models, writing
from leadline_openapi.reading import display

_SHOWN = 10
_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """
    The options of the command, settled.

    *command* is how the header of the models puts it, and *again* what is to be typed to do it here.
    """

    spec: Path | None
    profile: str | None
    overlays: tuple[Path, ...]
    output: Path
    variants: bool
    upgrade: bool
    command: str
    again: str

    @property
    def named(self) -> tuple[Path, ...]:
        """The files that the command line or `pyproject.toml` names."""
        return (*([self.spec] if self.spec else []), *self.overlays)

    def files(self) -> Mapping[str, str]:
        """The models, made anew; what they cannot hold is told. Raises `SpecError`, `UnknownProfile`."""
        with working("reading the contract"):
            contract = load_contract(self.spec, self.profile, self.overlays)
        schemas = len(contract.document.get("components", {}).get("schemas", ()))
        with working(f"writing the models of {schemas:,} schemas"):
            files = models.generate(contract, command=self.command, variants=self.variants)
            unheld = agreement.unheld(contract, variants=self.variants)
        _warn(unheld)
        return files


def check_models(job: Job) -> int:
    """Say how the models in the folder differ from those that the contract gives; gives the exit code."""
    files, folder = job.files(), display(job.output)
    written = writing.recorded(job.output)
    another = written is not None and written.generator != models.generator()
    if written is not None and another:
        told = f"{folder} was written by {written.generator}; installed is {models.generator()}"
        click.echo(paint("note: ", "yellow") + told, err=True)
    diff = _difference(files, job.output, written)
    if not diff:
        click.echo(f"{folder} is up to date", err=True)
        return HOLDS
    _show(diff)
    command = f"{job.again} --upgrade" if another else job.again
    click.echo(f"{folder} is out of date: run {command}", err=True)
    return BROKEN


def write_models(job: Job) -> int:
    """Write the models, unless another generator than theirs would change them; gives the exit code."""
    files, folder = job.files(), display(job.output)
    written = writing.recorded(job.output)
    if written is not None and written.generator != models.generator():
        diff = _difference(files, job.output, written)
        if diff and not _is_taken(job, written, files, diff):
            return BROKEN
    if not writing.drift(files, job.output):
        click.echo(f"{folder} is up to date", err=True)
        return HOLDS
    writing.write(files, job.output)
    click.echo(f"wrote {len(files)} files to {folder}", err=True)
    return HOLDS


def _difference(files: Mapping[str, str], output: Path, written: models.Origin | None) -> str:
    """The diff from the models in *output* to *files*, apart from how their headers name the generator."""
    return writing.drift(models.restamped(files, written) if written else files, output)


def _is_taken(job: Job, written: models.Origin, files: Mapping[str, str], diff: str) -> bool:
    """Whether somebody wants what the installed generator makes of the models; else it is shown."""
    here = models.origin(files["__init__.py"])
    if job.upgrade:
        click.echo(f"upgraded from {written.generator}", err=True)
        return True
    _show(diff)
    click.echo(
        f"{display(job.output)} was written by {written.generator};\n"
        f"installed is {models.generator()}, which makes the difference above",
        err=True,
    )
    if here is not None and here.contract != written.contract:
        click.echo("the contract has changed as well: the difference has both", err=True)
    if sys.stdin.isatty() and sys.stderr.isatty():
        return click.confirm("Take it?", err=True)
    click.echo("nothing was written: add --upgrade to take it", err=True)
    return False


def _show(diff: str) -> None:
    for line in diff.splitlines():
        colour = _COLOURS.get(line[:1])
        click.echo(paint(line, colour) if colour else line)


def _warn(unheld: tuple[agreement.Unheld, ...]) -> None:
    for one in unheld[:_SHOWN]:
        told = f"{one.pointer}: {one.reason}"
        click.echo(paint("warning: ", "yellow") + told, err=True)
    if len(unheld) > _SHOWN:
        click.echo(f"and {len(unheld) - _SHOWN} more that the models cannot hold", err=True)
