"""`leadline mutate`: how strong is the suite on this contract?"""

from __future__ import annotations

import os
import shlex
import time
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import click

from leadline_cli.exits import BROKEN, HOLDS, INTERRUPTED, NOTHING_CHECKED, USAGE
from leadline_cli.files import delivered
from leadline_cli.options import SECONDS, Finite, adding, contract_options, load_contract
from leadline_cli.progress import ProgressLine
from leadline_cli.terminal import fail, paint
from leadline_contracts.mutants import FAMILIES, derive, pool, reports, team, unlimited
from leadline_contracts.mutants.mutant import Mutant
from leadline_contracts.mutants.score import Score
from leadline_contracts.mutants.trial import SURVIVED, Verdict, certificate, chosen
from leadline_contracts.run import Progress
from leadline_openapi import Contract, profiles


def _can_be_run(text: str | None) -> str | None:
    """The value of `--command`. Raises `click.UsageError`."""
    try:
        parts = team.arguments(text) if text is not None else True
    except ValueError as error:
        raise click.UsageError(f"--command {text}: {error}") from None
    if not parts:
        raise click.UsageError("--command takes a command, and this one is empty")
    return text


_options = adding(
    click.option(
        "--family",
        "families",
        multiple=True,
        type=click.Choice(list(FAMILIES)),
        help="Only mutants of this family; repeat it for several.",
    ),
    click.option(
        "--only",
        multiple=True,
        metavar="PATTERN",
        help="Only mutants whose id holds this, or matches it with * and ?; repeat it for several.",
    ),
    click.option(
        "--sample", type=click.IntRange(min=1), metavar="N", help="Only so many, from every family."
    ),
    click.option(
        "--seed", type=int, default=0, show_default=True, help="Seed of sample and fuzz phase."
    ),
    click.option(
        "--min-score",
        "least",
        type=Finite(0, 100),
        default=100.0,
        show_default=True,
        metavar="PERCENT",
        help="Exit with 1 for a lower score.",
    ),
    click.option(
        "--command",
        "suite",
        metavar="COMMAND",
        callback=lambda _context, _option, text: _can_be_run(text),
        help="Try your own suite: run this for each mutant. {url}, LEADLINE_URL and LEADLINE_KEY say where.",
    ),
    click.option(
        "--timeout",
        type=SECONDS,
        default=120.0,
        show_default=True,
        metavar="S",
        help="End --command after so many seconds; that is a kill.",
    ),
    click.option(
        "--examples",
        type=click.IntRange(min=0),
        default=0,
        show_default=True,
        metavar="N",
        help="Good and bad requests of the fuzz phase that are tried on what the certificate misses.",
    ),
    click.option(
        "--workers",
        type=click.IntRange(min=1),
        metavar="N",
        help="Mutants that are tried at once.  [default: number of CPUs]",
    ),
    click.option(
        "--report",
        "report",
        metavar="json=FILE",
        help="Write the kill matrix as JSON.",
    ),
    click.option("--list", "only_list", is_flag=True, help="Print the mutants, and try none."),
    click.option("--quiet", is_flag=True, help="Print nothing but errors."),
)


@click.command("mutate")
@contract_options
@_options
def command(
    spec: Path | None,
    profile: str | None,
    overlays: tuple[Path, ...],
    families: tuple[str, ...],
    only: tuple[str, ...],
    sample: int | None,
    seed: int,
    least: float,
    suite: str | None,
    timeout: float,
    examples: int,
    workers: int | None,
    report: str | None,
    only_list: bool,
    quiet: bool,
) -> int:
    """
    Say how strong a suite is on this contract: which broken servers does it notice?

    From the contract come mutants, servers with one defect each. Those that the contract cannot tell
    from a correct server are ruled out; the score is the share of the others that the suite kills. The
    suite is Leadline's own, in this process, or yours with --command.

    \b
    leadline mutate --sample 100
    leadline mutate --family credentials --command 'pytest -q tests/api'

    Exit codes: 0 the score is reached, 1 it is not, 2 usage or spec error, or the suite fails on the
    unmutated mock, 3 there is no mutant to try, 130 interrupted.
    """
    file = _report_file(report)
    contract = unlimited(load_contract(spec, profile, overlays))
    mutants = derive(contract)
    picked = chosen(mutants, families=families, only=only, sample=sample, seed=seed)
    if only_list:
        for one in picked:
            click.echo(f"{one.id}\t{one.does}")
        return HOLDS if picked else NOTHING_CHECKED
    if not picked:
        return fail(f"there is no such mutant among {len(mutants):,}", NOTHING_CHECKED)
    source = pool.Source(spec, profiles.stack(profile, overlays), examples, seed)
    count = workers or os.cpu_count() or 1
    started = time.monotonic()
    verdicts, stopped = _verdicts(contract, picked, source, suite, timeout, count, quiet=quiet)
    score = Score(
        contract=f"{contract.title} {contract.version}",
        suite=f"`{suite}`" if suite else "the certificate",
        verdicts=verdicts,
        derived=len(mutants),
        meant=len(picked),
        seed=seed,
        seconds=time.monotonic() - started,
        stopped=stopped,
    )
    if not quiet:
        click.echo(reports.console(score, least, paint, _again(spec, profile, overlays, suite)))
    is_written = file is None or delivered(file, reports.as_json(score, least))
    return _exit_code(score, least) if is_written or stopped else USAGE


def _exit_code(score: Score, least: float) -> int:
    if score.stopped:
        return INTERRUPTED
    return {"holds": HOLDS, "broken": BROKEN}.get(reports.verdict(score, least), NOTHING_CHECKED)


def _verdicts(
    contract: Contract,
    picked: list[Mutant],
    source: pool.Source,
    suite: str | None,
    timeout: float,
    workers: int,
    *,
    quiet: bool,
) -> tuple[tuple[Verdict, ...], bool]:
    """The verdicts on *picked*, in their order, and whether Ctrl-C ended the trial. Raises `BadSuite`."""
    found: dict[str, Verdict] = {}
    stopped = False
    with ProgressLine(quiet=quiet) as progress:
        try:
            progress.show(Progress("the unmutated mock", 0, 0, 0))
            with closing(_tried(contract, picked, source, suite, timeout, workers)) as verdicts:
                for verdict in verdicts:
                    found[verdict.id] = verdict
                    progress.show(_progress(list(found.values()), len(picked)))
        except KeyboardInterrupt:
            stopped = True
    return tuple(found[one.id] for one in picked if one.id in found), stopped


def _tried(
    contract: Contract,
    picked: list[Mutant],
    source: pool.Source,
    suite: str | None,
    timeout: float,
    workers: int,
) -> Generator[Verdict]:
    if suite is None:
        _pass_on_the_mock(contract, source)
        return pool.tried(contract, picked, source, workers)
    command = team.Command(suite, timeout)
    command(contract, None)
    return team.tried(contract, picked, command, workers)


def _pass_on_the_mock(contract: Contract, source: pool.Source) -> None:
    """Raise `BadSuite` where our own suite finds fault with the mock: every mutant would count as killed."""
    shot = certificate(source.examples, source.seed)(contract, None)
    if shot.rule:
        told = f"{shot.rule} at {shot.pointer} ({shot.case})"
        raise team.BadSuite(f"the suite finds fault with the unmutated mock: {told}")


def _progress(verdicts: list[Verdict], meant: int) -> Progress:
    survived = sum(one.outcome == SURVIVED for one in verdicts)
    return Progress("mutants", len(verdicts), meant, survived)


def _again(
    spec: Path | None, profile: str | None, overlays: tuple[Path, ...], suite: str | None
) -> str:
    """The command that tries the same suite on the same contract."""
    options = ["--spec", str(spec)] if spec else []
    options += ["--profile", profile] if profile else []
    options += [part for overlay in overlays for part in ("--overlay", str(overlay))]
    options += ["--command", suite] if suite else []
    return shlex.join(["leadline", "mutate", *options])


def _report_file(text: str | None) -> Path | None:
    if text is None:
        return None
    name, _, file = text.partition("=")
    if name != "json" or not file:
        raise click.UsageError("--report takes json=FILE")
    if not Path(file).parent.is_dir():
        raise click.UsageError(f"--report {text}: there is no folder {Path(file).parent}")
    return Path(file)
