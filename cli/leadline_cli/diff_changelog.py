"""`leadline diff --changelog`: the history of a contract, in a file that people write in too."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from leadline_cli.exits import BROKEN, HOLDS, USAGE
from leadline_cli.files import delivered
from leadline_cli.options import adding, given_options
from leadline_cli.terminal import fail, paint, working
from leadline_openapi import load, profiles
from leadline_openapi.diff.changelog import entry
from leadline_openapi.diff.history import Step, steps
from leadline_openapi.diff.logfile import Entry, updated
from leadline_openapi.diff.releases import DEFAULT_TAGS, releases
from leadline_openapi.diff.reports import sentence

_TOGETHER = ("old", "changelog", "tags", "output", "profile", "overlays")

_options = adding(
    click.option(
        "--changelog",
        is_flag=True,
        help="Tell the history of the contract in the file OLD, from tag to tag of the git repository.",
    ),
    click.option(
        "--tags",
        metavar="GLOB",
        help=f"With --changelog: the tags that are releases of the contract.  [default: {DEFAULT_TAGS}]",
    ),
    click.option(
        "--output",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="With --changelog: bring this changelog up to date, and keep what people have written in it.",
    ),
)

_Command = TypeVar("_Command", bound=Callable[..., Any])


def or_changelog(command: _Command) -> _Command:
    """Add `--changelog`, `--tags` and `--output` to a *command* that compares OLD and NEW."""

    @functools.wraps(command)
    def run(
        *,
        old: str,
        new: str | None,
        changelog: bool,
        tags: str | None,
        output: Path | None,
        **more: Any,
    ) -> Any:
        if changelog:
            _check_usage(old, new, output)
            stack = profiles.stack(more["profile"], more["overlays"]) or ()
            return write_log(Path(old), tags, output, stack)
        if tags is not None or output is not None:
            raise click.UsageError("--tags and --output go with --changelog")
        if new is None:
            raise click.MissingParameter(param_hint="'NEW'", param_type="argument")
        return command(old=old, new=new, **more)

    return cast(_Command, _options(run))


def _check_usage(old: str, new: str | None, output: Path | None) -> None:
    if new is not None:
        raise click.UsageError("--changelog takes one file, whose history the tags have")
    if ":" in old and not Path(old).exists():
        raise click.UsageError(f"--changelog takes a file of the work tree, which {old} is not")
    if output is not None and output.resolve() == Path(old).resolve():
        raise click.UsageError("--output is the contract itself; name another file")
    for name, words in given_options().items():
        if name not in _TOGETHER:
            raise click.UsageError(f"{words} does not go with --changelog")


def write_log(spec: Path, tags: str | None, output: Path | None, overlays: Sequence[Path]) -> int:
    """Write the log of the contract in *spec*, or show it; gives the exit code. Raises `SpecError`."""
    text = ""
    if output is not None and output.exists():
        try:
            text = output.read_bytes().decode("utf-8-sig")  # with the ends of lines that it has
        except UnicodeDecodeError:
            return fail(f"{output}: the file is not UTF-8; nothing was written", USAGE)
    contract = load(spec, overlays)
    entries: list[Entry] = []
    last: Step | None = None
    with working("comparing what the tags have"):
        today = datetime.now(UTC).date()
        for last in steps(releases(spec, contract, tags, today, overlays)):
            entries.append(entry(last))
    log = updated(text, entries[::-1], contract.title, str(output or ""))
    if output is None:
        click.echo(log, nl=False)
    elif log == text:
        click.echo(f"{output} is up to date", err=True)
    elif not delivered(output, log):
        return USAGE
    else:
        click.echo(f"wrote {output}", err=True)
    return _judged(last)


def _judged(last: Step | None) -> int:
    """Whether the last step raised `info.version` by what its changes ask for."""
    if last is None or last.diff is None or not last.is_short:
        return HOLDS
    name = last.release.name or "what is unreleased"
    click.echo(f"{paint('too small a step: ', 'red')}{name}: {sentence(last.diff)}", err=True)
    return BROKEN
