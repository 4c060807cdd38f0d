"""The options of `leadline check` for recorded traffic, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from leadline_cli.options import adding, header_name, refuse_beside
from leadline_cli.progress import ProgressLine
from leadline_contracts.report import Report
from leadline_contracts.traffic import har
from leadline_contracts.traffic.holding import Options, hold
from leadline_contracts.traffic.matching import base as base_of
from leadline_openapi import Contract

_OF_A_SERVER = (
    "headers",
    "timeout",
    "yes",
    "seed",
    "max_time",
    "max_findings",
    "rate",
    "workers",
    "safe",
    "plan",
)
"""Options that say how a server is asked."""

NAMES = ("traffic", "base", "caller_header")
"""What click calls the values of `options`."""

options = adding(
    click.option(
        "--traffic",
        type=click.Path(path_type=Path),
        multiple=True,
        metavar="FILE",
        help="Send nothing: hold the requests and answers recorded in an HTTP Archive (HAR) to the contract;"
        " repeat it for several.",
    ),
    click.option(
        "--base",
        metavar="URL|PATH",
        help="Where the API stands in the recording.  [default: where its operations are met]",
    ),
    click.option(
        "--caller-header",
        callback=header_name,
        metavar="NAME",
        help="Request header that names who has sent a recorded request; what each does wrong is told apart."
        "  [default: User-Agent, all together]",
    ),
)
"""Add the options to a command; what they give is for `asked`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The recordings in *files*, and how they are held to the contract."""

    files: tuple[Path, ...]
    options: Options

    def report(self, contract: Contract, *, quiet: bool) -> Report:
        """
        What the recordings show.

        Raises `BadRecording`, `OSError`, `AmbiguousBase`, and `SpecError` for an invariant.
        """
        recordings = [har.read(file) for file in self.files]
        with ProgressLine(quiet=quiet) as progress:
            return hold(contract, recordings, self.options, progress.show)


def asked(
    url: str,
    traffic: tuple[Path, ...],
    base: str | None,
    caller_header: str | None,
    *,
    keys: tuple[str, ...],
    strict: bool,
) -> Asked | None:
    """
    What the options ask for, `None` where a server at *url* is to be asked.

    *keys* are hidden wherever they stand. Raises `click.UsageError` for options that do not fit together.
    """
    if not traffic:
        for name, value in (("--base", base), ("--caller-header", caller_header)):
            if value is not None:
                raise click.UsageError(f"{name} says nothing without --traffic")
        if not url:
            raise click.UsageError("Missing argument 'URL', or --traffic FILE.")
        return None
    if url:
        raise click.UsageError("URL and --traffic exclude each other: recorded traffic is not sent")
    refuse_beside("--traffic", _OF_A_SERVER, "nothing is sent")
    try:
        found = None if base is None else base_of(base)
    except ValueError as error:
        raise click.UsageError(f"--base {base}: {error}") from None
    options = Options(base=found, caller_header=caller_header or "", keys=keys, strict=strict)
    return Asked(traffic, options)
