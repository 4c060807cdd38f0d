"""What becomes of the report of `leadline check`: files, the terminal, the exit code."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import click

from leadline_cli.exits import BROKEN, HOLDS, INTERRUPTED, NOTHING_CHECKED, USAGE
from leadline_cli.files import delivered
from leadline_cli.options import adding
from leadline_cli.terminal import paint
from leadline_contracts.coverage import Requirement, requirement, unmet
from leadline_contracts.report import BROKEN as FOUND_BROKEN
from leadline_contracts.report import HOLDS as FOUND_HOLDS
from leadline_contracts.report import Report
from leadline_contracts.reports import WRITERS, console, github
from leadline_contracts.run import INTERRUPTED as RUN_INTERRUPTED

report_options = adding(
    click.option(
        "--report",
        "reports",
        multiple=True,
        metavar="FORMAT=FILE",
        help=f"Write a report: {', '.join(WRITERS)}; repeat it for several.",
    ),
    click.option(
        "--require-coverage",
        "required",
        multiple=True,
        metavar="[KIND=]PERCENT",
        help="Fail when less was exercised, overall or of one kind, as in fields=95; repeat it for several.",
    ),
    click.option("--quiet", is_flag=True, help="Print nothing but errors."),
)
"""Add the options whose values `outputs` takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """Which *files* are written, in which format, and how much has to have been exercised."""

    files: tuple[tuple[str, Path], ...]
    requirements: tuple[Requirement, ...]
    quiet: bool

    @property
    def named(self) -> list[tuple[str, Path]]:
        """The files, each with the words that ask for it."""
        return [(f"--report {name}={path}", path) for name, path in self.files]

    def deliver(self, report: Report) -> int:
        """
        Print and write *report*; gives the exit code.

        The terminal comes first: a file that cannot be written costs neither the verdict nor the others.
        """
        try:
            self._print(report)
        finally:
            code = self.written(report)
        return code

    def written(self, report: Report) -> int:
        """Write the files of *report*, and nothing on standard output; gives the exit code."""
        written = [delivered(path, WRITERS[name](report)) for name, path in self.files]
        for sentence in (lacking := unmet(report.coverage, self.requirements)):
            click.echo(f"Coverage: {sentence}", err=True)
        code = _exit_code(report)
        if code != INTERRUPTED and not all(written):
            return USAGE
        return BROKEN if lacking and code == HOLDS else code

    def _print(self, report: Report) -> None:
        if not self.quiet:
            click.echo(console.render(report, paint))
        if os.environ.get("GITHUB_ACTIONS") == "true" and report.findings:
            click.echo(github.render(report))


def outputs(reports: tuple[str, ...], required: tuple[str, ...], *, quiet: bool) -> Outputs:
    """What is asked for. Raises `click.UsageError`."""
    return Outputs(
        files=tuple(report_file(text, WRITERS) for text in reports),
        requirements=tuple(_requirement(text) for text in required),
        quiet=quiet,
    )


def _requirement(text: str) -> Requirement:
    try:
        return requirement(text)
    except ValueError as error:
        raise click.UsageError(f"--require-coverage {text}: {error}") from None


def _exit_code(report: Report) -> int:
    if report.stopped == RUN_INTERRUPTED:
        return INTERRUPTED
    if report.gone:
        return NOTHING_CHECKED
    return {FOUND_HOLDS: HOLDS, FOUND_BROKEN: BROKEN}.get(report.verdict, NOTHING_CHECKED)


def report_file(text: str, formats: Collection[str]) -> tuple[str, Path]:
    """Format and file of the value *text* of `--report`. Raises `click.UsageError`."""
    name, separator, file = text.partition("=")
    if not separator or not file or name not in formats:
        raise click.UsageError(f"--report takes FORMAT=FILE, with one of: {', '.join(formats)}")
    path = Path(file)
    if not path.parent.is_dir():
        raise click.UsageError(f"--report {text}: there is no folder {path.parent}")
    return name, path
