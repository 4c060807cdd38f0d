"""`leadline check`: hold a server to the contract."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import click

from leadline_cli import known, recorded, running
from leadline_cli.exits import HOLDS, NOTHING_CHECKED
from leadline_cli.files import check_distinct
from leadline_cli.options import (
    contract_files,
    contract_options,
    keys_from,
    load_contract,
    refuse_beside,
)
from leadline_cli.outputs import outputs, report_options
from leadline_cli.progress import ProgressLine
from leadline_cli.terminal import fail
from leadline_contracts import run
from leadline_contracts.cases.plan import coverage_statement
from leadline_contracts.reports import plan as plan_report
from leadline_contracts.run import Options
from leadline_contracts.safe import cases_of as smoke_tests
from leadline_contracts.target import Access, HttpTarget, Unreachable, is_loopback, keyless
from leadline_openapi import Contract


@click.command("check")
@click.argument("url", metavar="URL", default="")
@contract_options
@running.server_options
@running.run_options
@click.option("--plan", is_flag=True, help="Say what would be sent, and send nothing.")
@recorded.options
@report_options
@known.options
def command(
    url: str,
    spec: Path | None,
    profile: str | None,
    overlays: tuple[Path, ...],
    key: str | None,
    headers: tuple[str, ...],
    timeout: float,
    safe: bool,
    yes: bool,
    plan: bool,
    reports: tuple[str, ...],
    required: tuple[str, ...],
    quiet: bool,
    **given: Any,
) -> int:
    """
    Hold the server at URL to the contract, and say where it breaks it.

    URL is the API's base, what servers[0].url stands for: the path of an operation is appended to it.
    First every rule of the contract is tried from both sides, then generated requests look for what
    nobody thought of.

    \b
    leadline check http://127.0.0.1:4010/api --key test-api-key
    leadline check https://staging.example.com/api --report junit=leadline.xml
    leadline check --traffic recorded.har

    Exit codes: 0 the contract holds, 1 it is broken or less was exercised than required, 2 usage or spec
    error, 3 the target cannot be reached, stops answering, or nothing was checked, 130 interrupted (reports
    are written).
    """
    wanted = outputs(reports, required, quiet=quiet)
    defects = known.asked(**{name: given.pop(name) for name in known.NAMES})
    keys = keys_from((key,) if key else ())
    recorded_in: tuple[Path, ...] = given["traffic"]
    recordings = recorded.asked(
        url, **{name: given.pop(name) for name in recorded.NAMES}, keys=keys, strict=given["strict"]
    )
    if plan:
        refuse_beside("--plan", ("reports", "required", *known.NAMES), "nothing is sent")
    contract = load_contract(spec, profile, overlays)
    check_distinct(
        (*wanted.named, *defects.named), (*contract_files(contract), *overlays, *recorded_in)
    )
    if plan:
        return _plan(contract, running.asked(safe=safe, destructive=yes, **given))
    if not contract.operations:
        return fail(f"nothing to check: {contract.source} has no operations", NOTHING_CHECKED)
    if recordings is not None:
        report = recordings.report(contract, quiet=quiet)
        return wanted.deliver(defects.settle(report, complete=False))
    access = Access(next(iter(keys), None), running.headers_from(headers))
    try:
        target = HttpTarget(url, access, timeout)
        may_destroy = yes or is_loopback(target.url)
        if not (may_destroy or safe):
            running.refuse_to_destroy(contract, url, "; --safe leaves it out")
        target.probe()
    except Unreachable as error:
        return fail(str(error), NOTHING_CHECKED)
    options = running.asked(safe=safe, destructive=may_destroy, **given)
    with closing(target), ProgressLine(quiet=quiet) as progress:
        if (operation := keyless(contract, access)) is not None:
            raise click.UsageError(
                f"{operation.label} needs an API key: give --key, or set LEADLINE_KEY"
            )
        report = run.check(contract, target, options, progress.show)
    return wanted.deliver(defects.settle(report, complete=not safe))


def _plan(contract: Contract, options: Options) -> int:
    smoke = [case for one in contract.operations for case in smoke_tests(one)]
    plan = coverage_statement(contract, smoke if options.safe else None)
    click.echo(plan_report.render(contract, plan, options))
    return HOLDS if plan.cases else NOTHING_CHECKED
