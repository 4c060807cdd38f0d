"""What the packaged tests share: the contract, its cases, and the server they are sent to."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pytest

from leadline_contracts.case import DESTRUCTIVE, Case
from leadline_contracts.cases import certificate, reason_not_checked
from leadline_contracts.fuzz import fuzz as generate
from leadline_contracts.options import Options
from leadline_contracts.oracles.invariants import compile_all
from leadline_contracts.sender import Sender
from leadline_contracts.target import Access, HttpTarget, Polite, Target, is_loopback, keyless
from leadline_contracts.target.allowance import Spent
from leadline_contracts.vigil import Busy
from leadline_openapi import Contract, LeadlineError, Operation, load, profiles

_CONTRACT = pytest.StashKey[Contract]()


def contract(config: pytest.Config) -> Contract:
    """The contract that the options name. Ends the collection when it cannot be used."""
    if _CONTRACT not in config.stash:
        try:
            loaded = _load(config)
            compile_all(loaded)
        except LeadlineError as error:
            raise pytest.Collector.CollectError(str(error)) from None
        config.stash[_CONTRACT] = loaded
    return config.stash[_CONTRACT]


def cases(config: pytest.Config) -> list[Case]:
    """Every case of the contract; on a foreign host none that may delete, without `--leadline-yes`."""
    found = [case for case in certificate(contract(config)) if _allowed(config, case.destructive)]
    if not found:
        raise pytest.Collector.CollectError(
            "nothing to check: no case can be made for this contract"
        )
    return found


def operations(config: pytest.Config) -> list[Operation]:
    """The operations that can be checked."""
    return [
        one
        for one in contract(config).operations
        if not reason_not_checked(one) and _allowed(config, one.method in DESTRUCTIVE)
    ]


def _allowed(config: pytest.Config, destructive: bool) -> bool:  # noqa: FBT001
    url = config.getoption("--leadline-url")
    yes = bool(config.getoption("--leadline-yes"))
    return not destructive or not url or is_loopback(url) or yes


def sender(loaded: Contract, reached: Polite) -> Sender:
    """A way to the server that knows of no answer so far."""
    return Sender(loaded, reached, Options(), math.inf)


@contextmanager
def asking() -> Iterator[None]:
    """Where the server takes no more requests, nothing is said of it: the test is skipped."""
    try:
        yield
    except (Busy, Spent) as reason:
        pytest.skip(str(reason))


def say_if_spent(target: Polite, operation: Operation) -> None:
    """Skip the test where not all of it was asked, because *operation* takes no more requests."""
    if not target.left(operation):
        pytest.skip(str(Spent(operation)))


def fuzz(loaded: Contract, operation: Operation, way: Sender) -> None:
    """Send generated requests of *operation*."""
    alone = replace(loaded, operations=(operation,))
    options = way.options
    deadline = time.monotonic() + options.fuzz_time
    generate(alone, way.send, seed=options.seed, examples=options.examples, deadline=deadline)


def ids(found: Sequence[Case]) -> list[str]:
    """Readable, distinct names for *found*; brackets would end pytest's own."""
    return [case.id.replace("[", "(").replace("]", ")") for case in found]


def target(config: pytest.Config) -> Target:
    """The server under test, or the mock in this process; ends the run where neither can be had."""
    url = config.getoption("--leadline-url")
    if not url:
        from leadline_contracts import mocked

        return mocked.target(contract(config))
    access = Access(key=config.getoption("--leadline-key") or os.environ.get("LEADLINE_KEY"))
    try:
        reached = HttpTarget(url, access)
        reached.probe()
    except LeadlineError as error:
        pytest.exit(str(error), returncode=3)
    if (operation := keyless(contract(config), access)) is not None:
        needed = f"{operation.label} needs an API key: give --leadline-key, or set LEADLINE_KEY"
        pytest.exit(needed, returncode=pytest.ExitCode.USAGE_ERROR)
    return reached


def _load(config: pytest.Config) -> Contract:
    stack = profiles.stack(
        config.getoption("--leadline-profile"), config.getoption("--leadline-overlay") or ()
    )
    return load(config.getoption("--leadline-spec"), stack)
