"""The options that say whom a run asks, and how it goes about it."""

from __future__ import annotations

import math

import click

from leadline_cli.options import SECONDS, Finite, adding
from leadline_contracts.case import DESTRUCTIVE
from leadline_contracts.run import Options
from leadline_openapi import Contract

server_options = adding(
    click.option("--key", metavar="KEY", help="API key to send.  [env: LEADLINE_KEY]"),
    click.option(
        "--header",
        "headers",
        multiple=True,
        metavar="'NAME: VALUE'",
        help="Header to send with every request; repeat it for several.",
    ),
    click.option(
        "--timeout",
        type=SECONDS,
        default=10.0,
        show_default=True,
        metavar="S",
        help="Wait at most so many seconds for one answer.",
    ),
    click.option(
        "--yes",
        is_flag=True,
        help="Allow methods that overwrite or delete on a host that is not this machine.",
    ),
)
"""Add the options that say how the server is spoken to."""

pace_options = adding(
    click.option(
        "--rate",
        type=Finite(min=0.001),
        metavar="N",
        help="Send at most N requests a second.  [default: as fast as the server answers]",
    ),
    click.option(
        "--workers",
        type=click.IntRange(1, 64),
        metavar="N",
        help="Send the certificate over N connections.  [default: 1; 8 where answers are slow]",
    ),
)
"""Add the options that say how fast requests are sent."""

run_options = adding(
    click.option("--seed", type=int, default=0, show_default=True, help="Seed of the fuzz phase."),
    click.option(
        "--max-time",
        type=SECONDS,
        metavar="S",
        help="End the run after so many seconds: what covers most is sent first, what was left out is told,"
        " and what was checked until then decides, so --require-coverage guards against too little of it."
        " Until then it waits where the contract limits the requests (x-rate-limit)."
        "  [default: no limit]",
    ),
    click.option(
        "--max-findings",
        type=click.IntRange(1),
        metavar="N",
        help="End the run when there are N findings.  [default: no limit]",
    ),
    pace_options,
    click.option(
        "--safe",
        is_flag=True,
        help="For production: one valid request per operation, marked as a smoke test; none for those that"
        " overwrite or delete.",
    ),
    click.option(
        "--strict",
        is_flag=True,
        help="Undocumented members that the server adds to an answer are breaches too.",
    ),
)
"""Add the options that say what a run does; what they give is for `asked`."""


def asked(
    *,
    seed: int,
    max_time: float | None,
    max_findings: int | None,
    rate: float | None,
    workers: int | None,
    safe: bool,
    strict: bool,
    destructive: bool,
) -> Options:
    """How the run is to go about it."""
    return Options(
        seed=seed,
        max_time=max_time or math.inf,
        max_findings=max_findings or math.inf,
        rate=rate or math.inf,
        workers=workers,
        safe=safe,
        strict=strict,
        destructive=destructive,
    )


def refuse_to_destroy(contract: Contract, url: str, otherwise: str = "") -> None:
    """
    Raise `click.UsageError` where the contract has operations that overwrite or delete.

    *otherwise* says what else can be done about it.
    """
    found = [
        one.label
        for one in contract.operations
        if one.method in DESTRUCTIVE and not one.unsupported
    ]
    if found:
        raise click.UsageError(
            f"{', '.join(found)}: what overwrites or deletes is not tried on {url} without --yes"
            + otherwise
        )


def headers_from(given: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The values of `--header`. Raises `click.UsageError`."""
    pairs = []
    for text in given:
        name, separator, value = text.partition(":")
        if not separator or not name.strip():
            raise click.UsageError("--header takes 'NAME: VALUE'")
        pairs.append((name.strip(), value.strip()))
    return tuple(pairs)
