"""The options of `leadline mock` for what goes wrong on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import click

from leadline_cli.options import adding
from leadline_mock.faults import BadFault, Fault, FaultPlan, fault_from_text, value_from_text

NAMES = ("delay", "jitter", "error_rate", "error_statuses", "faults")
"""What click calls the values of `options`."""

options = adding(
    click.option(
        "--delay",
        metavar="MS",
        help="Answer after so many milliseconds, or spread as in --delay p50=40,p99=800.",
    ),
    click.option(
        "--jitter",
        metavar="MS",
        help="Vary the delay by up to so many milliseconds, as in --delay 200 --jitter 50.",
    ),
    click.option(
        "--error-rate",
        metavar="RATE",
        help="Answer so many requests with an error, as in 0.1 or 10%.",
    ),
    click.option(
        "--error-status",
        "error_statuses",
        type=click.IntRange(400, 599),
        multiple=True,
        metavar="STATUS",
        help="Status of these errors; repeat it for several, each as likely as the others.  [default: 503]",
    ),
    click.option(
        "--fault",
        "faults",
        multiple=True,
        metavar="TEXT",
        help="What goes wrong, and how often: 'status=429;retry-after=2;rate=5%', 'reset;rate=0.01', hang,"
        " truncate, malformed, 'drip=5', 'delay=2000;rate=1%'; repeat it for several. A request may ask for"
        " one itself: 'Leadline-Fault: status=503'.",
    ),
)
"""Add the options to a command; what they give is for `fault_plan`."""

_DEFAULT_STATUS = 503


def fault_plan(
    delay: str | None,
    jitter: str | None,
    error_rate: str | None,
    error_statuses: tuple[int, ...],
    faults: tuple[str, ...],
    seed: int,
) -> FaultPlan:
    """
    The plan that the options describe, drawn from *seed*.

    A rate or a delay of 0 is none. Raises `click.UsageError`, which names the option.
    """
    given = [_fault(text) for text in faults]
    given += _errors(error_rate, error_statuses)
    late = _delay(delay, jitter)
    if late is not None:
        left = 1 - sum(one.rate for one in given if one.only_delays)
        if left <= 0:
            raise click.UsageError("--delay never happens: a --fault delays every answer already")
        given.append(replace(late, rate=left))
    with _naming("--fault, --error-rate"):
        return FaultPlan(given, seed)


def _fault(text: str) -> Fault:
    with _naming(f"--fault {text}"):
        return fault_from_text(text)


def _errors(rate: str | None, statuses: tuple[int, ...]) -> list[Fault]:
    """Faults that are as likely as *rate* together, and each as likely as the others."""
    if rate is None:
        if statuses:
            raise click.UsageError("--error-status says nothing without --error-rate")
        return []
    distinct = tuple(dict.fromkeys(statuses)) or (_DEFAULT_STATUS,)
    with _naming(f"--error-rate {rate}"):
        given = value_from_text("rate", rate)
        whole = Fault(status=distinct[0], rate=given).rate if given != 0 else 0
    return [Fault(status=status, rate=whole / len(distinct)) for status in distinct if whole]


def _delay(delay: str | None, jitter: str | None) -> Fault | None:
    if delay is None:
        if jitter is not None:
            raise click.UsageError("--jitter says nothing without --delay")
        return None
    with _naming(f"--delay {delay}"):
        late = value_from_text("delay", delay)
        fixed = Fault(delay=late) if late != 0 else None
    if jitter is None:
        return fixed
    with _naming(f"--delay {delay} --jitter {jitter}"):
        return Fault(delay=late, jitter=value_from_text("jitter", jitter))


@contextmanager
def _naming(option: str) -> Iterator[None]:
    """What is wrong with a fault in here, is wrong with *option*."""
    try:
        yield
    except BadFault as error:
        raise click.UsageError(f"{option}: {error}") from None
