"""Comparisons of the mock with the mock behind a wrapper, in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from leadline_contracts import mocked
from leadline_contracts.compare import plan as plans
from leadline_contracts.compare import run
from leadline_contracts.compare.plan import Plan
from leadline_contracts.compare.report import Comparison
from leadline_openapi import Contract


@pytest.fixture(scope="session")
def whole(contract: Contract) -> Plan:
    """The plan for the leads contract; made once."""
    return plans.plan(contract)


@pytest.fixture(scope="session")
def part(whole: Plan) -> Plan:
    """What tells the order of checks, and every eighth of the other cases."""
    first = 3 * len(whole.twos)
    return replace(whole, cases=(*whole.cases[:first], *whole.cases[first::8]))


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> Callable[[Plan], None]:
    """Has comparisons send a plan that was made before."""

    def use(plan: Plan) -> None:
        monkeypatch.setattr(run, "plan", lambda *_args, **_options: plan)

    return use


@pytest.fixture
def compared(
    contract: Contract, served: Any, part: Plan, planned: Callable[[Plan], None]
) -> Callable[..., Comparison]:
    """Compares what two wrappers make of the mock; without the second, with the mock itself."""
    planned(part)

    def compare(left: Any, right: Any = lambda _, ask: ask(), **options: Any) -> Comparison:
        targets = [mocked.target(contract, served(one)) for one in (left, right)]
        return run.compare(contract, targets[0], targets[1], run.Options(**options))

    return compare
