"""The options of `leadline check` for living with known defects: a baseline, and leniency to learn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import click

from leadline_cli.files import write
from leadline_cli.options import adding
from leadline_contracts import baseline
from leadline_contracts.baseline import Baseline, Terms
from leadline_contracts.leniency.learning import learn
from leadline_contracts.report import Report
from leadline_contracts.run import INTERRUPTED

_FILE = click.Path(path_type=Path, dir_okay=False)


NAMES = (
    "known",
    "write_baseline",
    "baseline_reason",
    "baseline_owner",
    "baseline_expires",
    "learn_leniency",
)
"""What click calls the values of `options`."""

options = adding(
    click.option(
        "--baseline",
        "known",
        type=_FILE,
        metavar="FILE",
        help="Known findings, which are no failures until they expire.",
    ),
    click.option(
        "--write-baseline",
        type=_FILE,
        metavar="FILE",
        help="Write the findings as known ones, on the terms of the next three options.",
    ),
    click.option("--baseline-reason", metavar="TEXT", help="Why they are accepted for now."),
    click.option("--baseline-owner", metavar="NAME", help="Who will see to them."),
    click.option(
        "--baseline-expires",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="YYYY-MM-DD",
        help="The last day on which they are accepted.",
    ),
    click.option(
        "--learn-leniency",
        type=_FILE,
        metavar="FILE",
        help="Write an overlay that declares what the server takes beyond the contract, for review.",
    ),
)
"""Add the options to a command; what they give is for `asked`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Defects:
    """What is asked for: a *known* baseline, one to *write* on *terms*, leniency to *learn*."""

    known: Baseline
    write: Path | None
    terms: Terms | None
    learn: Path | None
    today: date

    @property
    def named(self) -> list[tuple[str, Path | None]]:
        """The files to write, each with the words that ask for it."""
        return [
            (f"--write-baseline {self.write}", self.write),
            (f"--learn-leniency {self.learn}", self.learn),
        ]

    def settle(self, report: Report, *, complete: bool) -> Report:
        """
        *report* with what is known set apart; writes what is asked for.

        *complete* says whether the run tried everything that a finding may come from.
        """
        settled = baseline.apply(report, self.known, self.today, complete=complete)
        if report.stopped == INTERRUPTED:
            return settled
        if self.learn is not None:
            _learn(self.learn, report)
        if self.write is not None and self.terms is not None and report.cases:
            updated = baseline.updated(settled, self.known, self.terms, self.today)
            is_json = self.write.suffix.lower() == ".json"
            write(self.write, baseline.written(updated, as_json=is_json))
            number = len(updated.entries)
            click.echo(f"wrote {self.write}: {number} known finding{'s' * (number != 1)}", err=True)
            settled = baseline.apply(report, updated, self.today, complete=complete)
        return settled


def asked(
    known: Path | None,
    write_baseline: Path | None,
    baseline_reason: str | None,
    baseline_owner: str | None,
    baseline_expires: datetime | None,
    learn_leniency: Path | None,
) -> Defects:
    """
    What the options ask for.

    Raises `click.UsageError` for options that do not fit together, `SpecError` for a baseline that
    cannot be used; nothing has been sent by then.
    """
    today = datetime.now(UTC).date()
    for option, path in (
        ("--write-baseline", write_baseline),
        ("--learn-leniency", learn_leniency),
    ):
        if path is not None and not path.parent.is_dir():
            raise click.UsageError(f"{option} {path}: there is no folder {path.parent}")
    return Defects(
        known=Baseline() if known is None else baseline.read(known),
        write=write_baseline,
        terms=_terms(write_baseline, baseline_reason, baseline_owner, baseline_expires, today),
        learn=learn_leniency,
        today=today,
    )


def _terms(
    path: Path | None, reason: str | None, owner: str | None, expires: datetime | None, today: date
) -> Terms | None:
    given = {
        "--baseline-reason": (reason or "").strip(),
        "--baseline-owner": (owner or "").strip(),
        "--baseline-expires": expires,
    }
    if path is None:
        if useless := [name for name, value in given.items() if value]:
            raise click.UsageError(f"{useless[0]} says nothing without --write-baseline")
        return None
    if missing := [name for name, value in given.items() if not value]:
        raise click.UsageError(f"--write-baseline needs {', '.join(missing)} too")
    day = expires.date() if expires else today
    if day < today:
        raise click.UsageError(f"--baseline-expires {day} is over: name a day to come")
    return Terms(
        reason=str(given["--baseline-reason"]), owner=str(given["--baseline-owner"]), expires=day
    )


def _learn(path: Path, report: Report) -> None:
    learnt = learn(report.contract, report.lenient)
    for pointer in learnt.unreached:
        told = "stands in another file than the spec, where no overlay reaches it"
        click.echo(f"warning: {pointer} {told}", err=True)
    if learnt.overlay:
        write(path, learnt.overlay)
        click.echo(f"wrote {path}: review it, then give it as --overlay", err=True)
    else:
        click.echo(f"nothing to learn, so {path} is not written", err=True)
