"""`leadline compare`: send the same cases to two servers, and say where they differ."""

from __future__ import annotations

import math
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import click

from leadline_cli import running
from leadline_cli.exits import BROKEN, HOLDS, INTERRUPTED, NOTHING_CHECKED, USAGE
from leadline_cli.files import check_distinct, delivered
from leadline_cli.options import (
    SECONDS,
    Finite,
    adding,
    contract_files,
    contract_options,
    keys_from,
    load_contract,
    refuse_beside,
)
from leadline_cli.outputs import report_file
from leadline_cli.progress import ProgressLine
from leadline_cli.proposing import Proposing
from leadline_cli.terminal import fail, paint
from leadline_contracts.cases.plan import coverage_statement
from leadline_contracts.compare import run
from leadline_contracts.compare.plan import plan as planned
from leadline_contracts.compare.report import NOTHING_COMPARED, Comparison
from leadline_contracts.compare.reports import WRITERS, console
from leadline_contracts.compare.reports import plan as plan_report
from leadline_contracts.compare.run import Options
from leadline_contracts.target import Access, HttpTarget, Unreachable, is_loopback, keyless
from leadline_mock.testing import serving
from leadline_mock.world import DEFAULT_KEY
from leadline_openapi import Contract

SIDES = ("a", "b")
"""As the servers are called in options."""

_side_options = adding(
    *(
        option
        for side in SIDES
        for option in (
            click.option(f"--key-{side}", metavar="KEY", help=f"API key for {side.upper()} alone."),
            click.option(
                f"--header-{side}",
                f"headers_{side}",
                multiple=True,
                metavar="'NAME: VALUE'",
                help=f"Header for {side.upper()} alone; repeat it for several.",
            ),
        )
    )
)


_compare_options = adding(
    click.option(
        "--fail-under",
        type=Finite(min=0, max=100),
        metavar="PERCENT",
        help="Fail only when fewer of the cases are the same in status and body."
        "  [default: any divergence fails]",
    ),
    click.option(
        "--propose",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Write an overlay that makes the contract say what B does, for review, and say who is wrong.",
    ),
    click.option(
        "--report",
        "reports",
        multiple=True,
        metavar="FORMAT=FILE",
        help=f"Write a report: {', '.join(WRITERS)}; repeat it for several.",
    ),
    click.option("--quiet", is_flag=True, help="Print nothing but errors."),
)
_plan_options = adding(
    click.option(
        "--seed", type=int, default=0, show_default=True, help="Seed of the cases that are drawn."
    ),
    click.option(
        "--max-time",
        type=SECONDS,
        metavar="S",
        help="Send for so many seconds: what shows most is sent first, and what was left out is told."
        "  [default: no limit]",
    ),
    running.pace_options,
    click.option("--plan", is_flag=True, help="Say what would be sent, and send nothing."),
)


@click.command("compare")
@click.argument("urls", nargs=-1, metavar="[URL_A] URL_B")
@contract_options
@running.server_options
@_side_options
@_plan_options
@_compare_options
def command(
    urls: tuple[str, ...],
    spec: Path | None,
    profile: str | None,
    overlays: tuple[Path, ...],
    fail_under: float | None,
    propose: Path | None,
    reports: tuple[str, ...],
    plan: bool,
    **given: Any,
) -> int:
    """
    Send the same cases to the servers at URL_A and URL_B, and say where they differ.

    Each URL is the API's base; without URL_A, A is a mock of the contract. Ids, times and whatever else the
    contract leaves to the server is not held against it. The fidelity is the share of cases that are the
    same in status and in body.

    \b
    leadline compare http://127.0.0.1:4010/api https://staging.example.com/api
    leadline compare URL_A URL_B --fail-under 98 --report json=compare.json
    leadline compare URL_B --propose overlay.yaml

    Exit codes: 0 nothing differs, or the fidelity is not below --fail-under, 1 something differs, 2 usage or
    spec error, 3 a server cannot be reached or nothing was compared, 130 interrupted.
    """
    files = [report_file(text, WRITERS) for text in reports]
    _check_sides(urls, given)
    if plan:
        refuse_beside("--plan", ("reports", "fail_under", "propose"), "nothing is sent")
    contract = load_contract(spec, profile, overlays)
    named = [(f"--propose {propose}", propose)]
    named += [(f"--report {name}={path}", path) for name, path in files]
    check_distinct(named, (*contract_files(contract), *overlays))
    proposing = Proposing(propose, spec, profile, overlays) if propose else None
    options = _options(urls, given)
    if plan:
        return _plan(contract, options)
    if not contract.operations:
        return fail(f"nothing to compare: {contract.source} has no operations", NOTHING_CHECKED)
    try:
        comparison = _compared(urls, contract, options, proposing, **given)
    except Unreachable as error:
        return fail(str(error), NOTHING_CHECKED)
    return _deliver(comparison, files, fail_under, proposing, quiet=given["quiet"])


def _check_sides(urls: tuple[str, ...], given: dict[str, Any]) -> None:
    """Raise `click.UsageError` for no server, for too many, and for options of one that is not there."""
    if not urls:
        raise click.UsageError(
            "name the server to compare, and before it the one to compare it with"
        )
    if len(urls) > len(SIDES):
        raise click.UsageError(f"there are {len(urls)} URLs; two servers are compared")
    for option, name in (("--key-a", "key_a"), ("--header-a", "headers_a")):
        if len(urls) == 1 and given[name]:
            raise click.UsageError(f"{option} is for URL_A, and only URL_B is given")


def _options(urls: tuple[str, ...], given: dict[str, Any]) -> Options:
    """How to go about it, taken out of what is *given*."""
    return Options(
        seed=given.pop("seed"),
        max_time=given.pop("max_time") or math.inf,
        rate=given.pop("rate") or math.inf,
        workers=given.pop("workers"),
        destructive=given["yes"] or all(map(is_loopback, urls)),
    )


def _compared(
    urls: tuple[str, ...],
    contract: Contract,
    options: Options,
    proposing: Proposing | None,
    *,
    quiet: bool,
    **given: Any,
) -> Comparison:
    """The comparison, with what is proposed where that is asked for. Raises `Unreachable`."""
    with ExitStack() as stack:
        left, right = _targets(urls, contract, stack, **given)
        progress = stack.enter_context(ProgressLine(quiet=quiet))
        if proposing is None:
            return run.compare(contract, left, right, options, progress.show)
        ledger = proposing.ledger(contract)
        comparison = run.compare(
            contract, left, right, options, progress.show, ledger.take, ledger.more
        )

        def redact(text: str) -> str:
            return left.redact(right.redact(text))

        return proposing.completed(comparison, ledger, redact)


def _targets(
    urls: tuple[str, ...],
    contract: Contract,
    stack: ExitStack,
    *,
    key: str | None,
    headers: tuple[str, ...],
    timeout: float,
    yes: bool,
    **own: Any,
) -> list[HttpTarget]:
    """
    Both servers, of which it is known that they listen; *own* holds what is for one of them alone.

    Raises `click.UsageError` and `Unreachable`.
    """
    access = [
        _access(own[f"key_{side}"] or key, headers + own[f"headers_{side}"]) for side in SIDES
    ]
    if len(urls) == 1:
        mock = stack.enter_context(serving(contract))
        urls, access[0] = (mock.url, *urls), Access(DEFAULT_KEY)
    targets = []
    for url, one in zip(urls, access, strict=True):
        target = stack.enter_context(closing(HttpTarget(url, one, timeout)))
        if not (yes or is_loopback(target.url)):
            running.refuse_to_destroy(contract, url)
        target.probe()
        targets.append(target)
    for side, one in zip(SIDES, access, strict=True):
        if (operation := keyless(contract, one)) is not None:
            raise click.UsageError(
                f"{operation.label} needs an API key: give --key or --key-{side}, or set LEADLINE_KEY"
            )
    return targets


def _access(key: str | None, headers: tuple[str, ...]) -> Access:
    keys = keys_from((key,) if key else ())
    return Access(next(iter(keys), None), running.headers_from(headers))


def _plan(contract: Contract, options: Options) -> int:
    cases = planned(contract, seed=options.seed, destructive=options.destructive).cases
    click.echo(plan_report.render(contract, coverage_statement(contract, cases), options))
    return HOLDS if cases else NOTHING_CHECKED


def _deliver(
    comparison: Comparison,
    files: list[tuple[str, Path]],
    fail_under: float | None,
    proposing: Proposing | None,
    *,
    quiet: bool,
) -> int:
    """Print and write *comparison*; gives the exit code."""
    if not quiet:
        click.echo(console.render(comparison, paint))
    written = [delivered(path, WRITERS[name](comparison)) for name, path in files]
    if comparison.stopped == run.INTERRUPTED:
        return INTERRUPTED
    if proposing is not None and comparison.cases:
        written.append(proposing.deliver(comparison))
    if not all(written):
        return USAGE
    if comparison.gone or comparison.verdict == NOTHING_COMPARED:
        return NOTHING_CHECKED
    return HOLDS if comparison.faithful(fail_under) else BROKEN
