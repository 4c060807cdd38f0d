"""`leadline diff --traffic`: whom the change meets in recorded traffic."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from leadline_cli.diff_sections import Section
from leadline_cli.options import adding, header_name, keys_from
from leadline_cli.terminal import paint, working
from leadline_openapi import Contract
from leadline_openapi.diff import Diff

NAMES = ("traffic", "base", "caller_header")
"""What click calls the values of `options`."""

options = adding(
    click.option(
        "--traffic",
        type=click.Path(path_type=Path),
        multiple=True,
        metavar="FILE",
        help="Say whom the change meets in recorded traffic: an HTTP Archive (HAR), or the journal of a mock;"
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
        help="Request header that names who has sent a recorded request.  [default: User-Agent]",
    ),
)
"""Add the options to a command; what they give is for `asked`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The recordings in *files*; *base* and *caller_header* are those of the options."""

    files: tuple[Path, ...]
    base: str | None
    caller_header: str
    keys: tuple[str, ...]

    def section(self, old: Contract, new: Contract, found: Diff) -> Section:
        """
        What the recordings show of the change.

        Raises `BadRecording`, `OSError`, `AmbiguousBase`, `SpecError`, and `click.UsageError` for the base.
        """
        # Only who asks for it waits until the suite is imported.
        from leadline_contracts.impact import reports
        from leadline_contracts.impact.measuring import impact
        from leadline_contracts.impact.reading import read
        from leadline_contracts.traffic.holding import Options
        from leadline_contracts.traffic.matching import base as base_of

        try:
            base = None if self.base is None else base_of(self.base)
        except ValueError as error:
            raise click.UsageError(f"--base {self.base}: {error}") from None
        recordings = [read(file) for file in self.files]
        options = Options(base=base, caller_header=self.caller_header, keys=self.keys)
        with working("judging recorded traffic"):
            shown = impact(old, new, found, recordings, options)
        return Section(
            name="impact",
            value=reports.as_object(shown),
            text=reports.text(shown, paint),
            markdown=reports.markdown(shown),
        )


def asked(
    traffic: tuple[Path, ...], base: str | None, caller_header: str | None, key: str | None
) -> Asked | None:
    """
    What the options ask for, `None` where it is nothing; *key* is hidden wherever it stands.

    Raises `click.UsageError` for options that do not fit together.
    """
    if traffic:
        keys = keys_from((key,) if key else ())
        return Asked(traffic, base, caller_header or "", keys)
    for name, value in (("--base", base), ("--caller-header", caller_header)):
        if value is not None:
            raise click.UsageError(f"{name} says nothing without --traffic")
    return None
