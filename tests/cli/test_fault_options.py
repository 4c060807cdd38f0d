"""The options of `leadline mock` for what goes wrong: what they plan, and what they do not take."""

from __future__ import annotations

from collections import Counter
from typing import Any

import click
import pytest
from click.testing import CliRunner

from leadline_cli import fault_options
from leadline_mock.faults import Fault, FaultPlan, Percentiles
from leadline_mock.messages import Request
from leadline_openapi import load

CREATE = load().operations[0]
NOTHING = Request("POST", {}, "", [], b"")


def called(*arguments: str) -> tuple[FaultPlan | None, str]:
    """The plan of a command with these *arguments*, and what it printed."""
    plans: list[FaultPlan] = []

    @click.command()
    @fault_options.options
    def command(**values: Any) -> None:
        assert set(values) == set(fault_options.NAMES)
        plans.append(fault_options.fault_plan(**values, seed=7))

    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == (2 if "Error: " in result.output else 0)
    return (plans[0] if plans else None), result.output


def planned(*arguments: str) -> FaultPlan:
    """The plan of a command with these *arguments*."""
    plan, output = called(*arguments)
    assert plan is not None, output
    return plan


@pytest.mark.parametrize(
    ("arguments", "defaults"),
    [
        ([], []),
        (["--delay", "0"], []),
        (["--error-rate", "0"], []),
        (["--error-rate", "0%", "--error-status", "500"], []),
        (["--delay", "200"], [Fault(delay=200)]),
        (["--delay", "200", "--jitter", "50"], [Fault(delay=200, jitter=50)]),
        (["--delay", "p50=40,p99=800"], [Fault(delay=Percentiles((50, 40), (99, 800)))]),
        (["--error-rate", "0.1"], [Fault(status=503, rate=0.1)]),
        (["--error-rate", "10%", "--error-status", "500"], [Fault(status=500, rate=0.1)]),
        (
            ["--error-rate", "1", "--error-status", "500", "--error-status", "502"],
            [Fault(status=500, rate=0.5), Fault(status=502, rate=0.5)],
        ),
        (
            ["--error-rate", "0.1", "--error-status", "500", "--error-status", "500"],
            [Fault(status=500, rate=0.1)],
        ),
        (
            ["--fault", "reset;rate=1%", "--fault", "status=429;retry-after=2;rate=0.05"],
            [Fault(reset=True, rate=0.01), Fault(status=429, retry_after=2, rate=0.05)],
        ),
        (
            ["--delay", "20", "--fault", "delay=2000;rate=0.25"],
            [Fault(delay=2000, rate=0.25), Fault(delay=20, rate=0.75)],
        ),
    ],
)
def test_what_the_options_plan(arguments: list[str], defaults: list[Fault]) -> None:
    """Each option is the fault that its help says; 0 is none, and the usual delay makes room."""
    assert list(planned(*arguments).defaults) == defaults


def test_statuses_are_drawn_evenly_from_the_seed() -> None:
    """Each status is as likely as the others, and another run with the same seed is the same."""
    arguments = ["--error-rate", "30%", "--delay", "5"]
    for status in (500, 502, 503):
        arguments += ["--error-status", str(status)]
    first, again = planned(*arguments), planned(*arguments)
    found = [str(first.choose(CREATE, NOTHING)) for _ in range(6000)]
    counts = Counter(found)

    assert found == [str(again.choose(CREATE, NOTHING)) for _ in range(6000)]
    assert counts.pop("delay=5") / 6000 == pytest.approx(0.7, abs=0.03)
    assert len(counts) == 3
    assert all(count / 6000 == pytest.approx(0.1, abs=0.02) for count in counts.values())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--delay", "soon"], "--delay soon: `delay` must be milliseconds from 0 to 600000"),
        (["--delay", "200;reset"], "--delay 200;reset: `delay` must be"),
        (["--delay", "p50=40"], "--delay p50=40: `delay` must be milliseconds, or two different"),
        (["--jitter", "5"], "--jitter says nothing without --delay"),
        (["--delay", "20", "--jitter", "x"], "--delay 20 --jitter x: `jitter` must be"),
        (["--delay", "0", "--jitter", "5"], "--delay 0 --jitter 5: `jitter` needs a `delay`"),
        (["--delay", "20", "--jitter", "50"], "that is not smaller"),
        (["--error-rate", "2"], "--error-rate 2: `rate` must be a probability above 0"),
        (["--error-rate", "often"], "--error-rate often: `rate` must be"),
        (["--error-status", "503"], "--error-status says nothing without --error-rate"),
        (["--error-rate", "1", "--error-status", "200"], "'--error-status'"),
        (["--fault", "exploded"], '--fault exploded: a fault has no "exploded"'),
        (["--fault", "reset", "--error-rate", "0.1"], "--fault, --error-rate: the rates of"),
        (["--fault", "delay=5", "--delay", "9"], "--delay never happens"),
    ],
)
def test_what_the_options_do_not_take(arguments: list[str], told: str) -> None:
    """A wrong value is a usage error that names its option."""
    plan, output = called(*arguments)

    assert plan is None
    assert told in output


def test_the_help_teaches() -> None:
    """Every option says what it takes, with an example."""
    _, output = called("--help")
    text = " ".join(output.split())

    for example in ("p50=40,p99=800", "--delay 200 --jitter 50", "0.1 or 10%", "default: 503"):
        assert example in text
    assert "'Leadline-Fault: status=503'" in text
