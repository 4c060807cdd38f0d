"""`leadline check`: hold a server to the contract."""

from __future__ import annotations

import math
import os
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from leadline_cli import known
from leadline_cli.exits import BROKEN, HOLDS, INTERRUPTED, NOTHING_CHECKED
from leadline_cli.files import write
from leadline_cli.options import contract_options, keys_from, load_contract
from leadline_cli.progress import ProgressLine
from leadline_cli.terminal import fail, paint
from leadline_contracts import run
from leadline_contracts.case import DESTRUCTIVE
from leadline_contracts.cases.plan import coverage_statement
from leadline_contracts.coverage import Requirement, requirement, unmet
from leadline_contracts.report import BROKEN as FOUND_BROKEN
from leadline_contracts.report import HOLDS as FOUND_HOLDS
from leadline_contracts.report import Report
from leadline_contracts.reports import WRITERS, console, github
from leadline_contracts.reports import plan as plan_report
from leadline_contracts.run import INTERRUPTED as RUN_INTERRUPTED
from leadline_contracts.run import Options
from leadline_contracts.target import Access, HttpTarget, Unreachable, is_loopback, keyless
from leadline_openapi import Contract


@click.command("check")
@click.argument("url", metavar="URL")
@contract_options
@click.option("--key", metavar="KEY", help="API key to send.  [env: LEADLINE_KEY]")
@click.option(
    "--header",
    "headers",
    multiple=True,
    metavar="'NAME: VALUE'",
    help="Header to send with every request; repeat it for several.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the fuzz phase.")
@click.option(
    "--max-time",
    type=click.FloatRange(min=0.1),
    metavar="S",
    help="End the run after so many seconds, and say what was left out.  [default: no limit]",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.1),
    default=10.0,
    show_default=True,
    metavar="S",
    help="Wait at most so many seconds for one answer.",
)
@click.option(
    "--rate",
    type=click.FloatRange(min=0, min_open=True),
    metavar="N",
    help="Send at most N requests a second.  [default: as fast as the server answers]",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    metavar="N",
    help="Send the certificate over N connections, where a server is slow.",
)
@click.option(
    "--max-findings",
    type=click.IntRange(1),
    metavar="N",
    help="End the run when there are N findings.  [default: no limit]",
)
@click.option(
    "--safe",
    is_flag=True,
    help="For production: one valid request per operation, marked as a smoke test, none that deletes.",
)
@click.option(
    "--yes",
    is_flag=True,
    help="Allow methods that overwrite or delete on a host that is not this machine.",
)
@click.option("--strict", is_flag=True, help="Undocumented members of an answer are breaches too.")
@click.option("--plan", is_flag=True, help="Say what would be sent, and send nothing.")
@click.option(
    "--report",
    "reports",
    multiple=True,
    metavar="FORMAT=FILE",
    help=f"Write a report: {', '.join(WRITERS)}; repeat it for several.",
)
@click.option(
    "--require-coverage",
    "required",
    multiple=True,
    metavar="[KIND=]PERCENT",
    help="Fail when less was exercised, overall or of one kind, as in fields=95; repeat it for several.",
)
@known.options
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def command(
    url: str,
    spec: Path | None,
    profile: str | None,
    overlays: tuple[Path, ...],
    key: str | None,
    headers: tuple[str, ...],
    seed: int,
    max_time: float | None,
    timeout: float,
    rate: float | None,
    workers: int,
    max_findings: int | None,
    safe: bool,
    yes: bool,
    strict: bool,
    plan: bool,
    reports: tuple[str, ...],
    required: tuple[str, ...],
    quiet: bool,
    **living: Any,
) -> int:
    """
    Hold the server at URL to the contract, and say where it breaks it.

    URL is the API's base, what servers[0].url stands for: the path of an operation is appended to it.
    First every rule of the contract is tried from both sides, then generated requests look for what
    nobody thought of.

    \b
    leadline check http://127.0.0.1:4010/api --key test-api-key
    leadline check https://staging.example.com/api --report junit=leadline.xml

    Exit codes: 0 the contract holds, 1 it is broken or less was exercised than required, 2 usage or spec
    error, 3 the target cannot be reached or nothing was checked, 130 interrupted (reports are written).
    """
    files = [_report_file(text) for text in reports]
    defects = known.asked(**living)
    requirements = [_requirement(text) for text in required]
    contract = load_contract(spec, profile, overlays)
    if plan:
        return _plan(contract)
    access = Access(next(iter(keys_from((key,) if key else ())), None), _headers(headers))
    if not contract.operations:
        return fail(f"nothing to check: {contract.source} has no operations", NOTHING_CHECKED)
    try:
        target = HttpTarget(url, access, timeout)
        may_destroy = yes or is_loopback(target.url)
        if not (may_destroy or safe):
            _refuse_to_destroy(contract, url)
        target.probe()
    except Unreachable as error:
        return fail(str(error), NOTHING_CHECKED)
    options = Options(
        seed=seed,
        max_time=max_time or math.inf,
        max_findings=max_findings or math.inf,
        rate=rate or math.inf,
        workers=workers,
        strict=strict,
        safe=safe,
        destructive=may_destroy,
    )
    with closing(target), ProgressLine(quiet=quiet) as progress:
        if (operation := keyless(contract, access)) is not None:
            raise click.UsageError(
                f"{operation.label} needs an API key: give --key, or set LEADLINE_KEY"
            )
        report = run.check(contract, target, options, progress.show)
    report = defects.settle(report, complete=not safe)
    for format_name, path in files:
        write(path, WRITERS[format_name](report))
    if not quiet:
        click.echo(console.render(report, paint))
    if os.environ.get("GITHUB_ACTIONS") == "true" and report.findings:
        click.echo(github.render(report))
    for sentence in (lacking := unmet(report.coverage, requirements)):
        click.echo(f"Coverage: {sentence}", err=True)
    code = _exit_code(report)
    return BROKEN if lacking and code == HOLDS else code


def _requirement(text: str) -> Requirement:
    try:
        return requirement(text)
    except ValueError as error:
        raise click.UsageError(f"--require-coverage {text}: {error}") from None


def _exit_code(report: Report) -> int:
    if report.stopped == RUN_INTERRUPTED:
        return INTERRUPTED
    return {FOUND_HOLDS: HOLDS, FOUND_BROKEN: BROKEN}.get(report.verdict, NOTHING_CHECKED)


def _refuse_to_destroy(contract: Contract, url: str) -> None:
    """Raise `click.UsageError` where the contract has operations that overwrite or delete."""
    found = [one.label for one in contract.operations if one.method in DESTRUCTIVE]
    if found:
        raise click.UsageError(
            f"{', '.join(found)}: what overwrites or deletes is not tried on {url} without --yes;"
            " --safe leaves it out"
        )


def _plan(contract: Contract) -> int:
    plan = coverage_statement(contract)
    click.echo(plan_report.render(contract, plan, 2 * Options().examples))
    return HOLDS if plan.cases else NOTHING_CHECKED


def _headers(given: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    pairs = []
    for text in given:
        name, separator, value = text.partition(":")
        if not separator or not name.strip():
            raise click.UsageError("--header takes 'NAME: VALUE'")
        pairs.append((name.strip(), value.strip()))
    return tuple(pairs)


def _report_file(text: str) -> tuple[str, Path]:
    name, separator, file = text.partition("=")
    if not separator or not file or name not in WRITERS:
        raise click.UsageError(f"--report takes FORMAT=FILE, with one of: {', '.join(WRITERS)}")
    path = Path(file)
    if not path.parent.is_dir():
        raise click.UsageError(f"--report {text}: there is no folder {path.parent}")
    return name, path
