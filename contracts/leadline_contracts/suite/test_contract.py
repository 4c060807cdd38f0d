"""One test for every case of the contract."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from leadline_contracts.case import Case
from leadline_contracts.oracles import examine
from leadline_contracts.oracles.memory import Memory
from leadline_contracts.reproduction import curl
from leadline_contracts.suite import session
from leadline_contracts.target import Target


@pytest.fixture(scope="session")
def leadline_target(request: pytest.FixtureRequest) -> Iterator[Target]:
    """The server under test."""
    target = session.target(request.config)
    yield target
    target.close()


@pytest.fixture(scope="session")
def leadline_memory() -> Memory:
    """What the answers so far have told: ids are given once in a whole session."""
    return Memory()


def test_contract(leadline_case: Case, leadline_target: Target, leadline_memory: Memory) -> None:
    """The server answers the case as the contract says."""
    breaches = examine(leadline_target.send(leadline_case), leadline_memory)
    told = [
        f"{breach.rule}: {breach.message}\n  expected {breach.expected}\n  actual   {breach.actual}"
        f"\n  rule     {breach.pointer}"
        for breach in breaches
    ]

    if told:
        text = "\n".join(
            [*map(leadline_target.redact, told), curl(leadline_case, leadline_target.url)]
        )
        pytest.fail(text, pytrace=False)
