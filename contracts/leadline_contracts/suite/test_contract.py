"""One test for every case of the contract, and for each operation what takes several requests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from leadline_contracts.case import AT_ONCE, Breach, Case
from leadline_contracts.cases import cases_of
from leadline_contracts.phases import sequence, together
from leadline_contracts.reproduction import curl
from leadline_contracts.sender import Sender
from leadline_contracts.suite import session
from leadline_contracts.target import Polite, Target
from leadline_openapi import Contract, Operation


@pytest.fixture(scope="session")
def leadline_target(request: pytest.FixtureRequest) -> Iterator[Polite]:
    """The server under test."""
    target = Polite(session.target(request.config))
    yield target
    target.close()


@pytest.fixture(scope="session")
def leadline_sender(leadline_contract: Contract, leadline_target: Polite) -> Sender:
    """What the answers so far have told: ids are given once in a whole session."""
    return session.sender(leadline_contract, leadline_target)


@pytest.fixture(scope="session")
def leadline_contract(request: pytest.FixtureRequest) -> Contract:
    """The contract that the server is held to."""
    return session.contract(request.config)


def test_contract(leadline_case: Case, leadline_target: Polite, leadline_sender: Sender) -> None:
    """The server answers the case as the contract says."""
    with session.asking():
        breaches = leadline_sender.examined(leadline_case)
    _hold(leadline_target, leadline_case, breaches)


def test_sequence(
    leadline_operation: Operation, leadline_contract: Contract, leadline_target: Polite
) -> None:
    """No request leaves anything behind that shows in the answer to the next one."""
    sender = session.sender(leadline_contract, leadline_target)
    with session.asking():
        for case in sequence.cases(cases_of(leadline_operation)):
            sender.send(case)
    _hold_all(leadline_target, sender)


def test_at_once(
    leadline_operation: Operation, leadline_contract: Contract, leadline_target: Polite
) -> None:
    """Requests over several connections at once are answered as if each came alone."""
    sender = session.sender(leadline_contract, leadline_target)
    room = leadline_target.left(leadline_operation)
    with session.asking():
        shares = together.cases(cases_of(leadline_operation), 0.0, room)
        for exchange in together.exchanges(leadline_target, shares) if shares else ():
            sender.take(exchange, AT_ONCE)
    _hold_all(leadline_target, sender)


def test_generated(
    leadline_operation: Operation, leadline_contract: Contract, leadline_target: Polite
) -> None:
    """Requests that nobody thought of are answered as the contract says."""
    sender = session.sender(leadline_contract, leadline_target)
    with session.asking():
        session.fuzz(leadline_contract, leadline_operation, sender)
    _hold_all(leadline_target, sender)
    session.say_if_spent(leadline_target, leadline_operation)


def _hold_all(target: Target, sender: Sender) -> None:
    findings = sender.tally.findings()
    if findings:
        _hold(target, findings[0].exchange.case, [finding.breach for finding in findings])


def _hold(target: Target, case: Case, breaches: list[Breach]) -> None:
    told = [
        f"{breach.rule}: {breach.message}\n  expected {breach.expected}\n  actual   {breach.actual}"
        f"\n  rule     {breach.pointer}"
        for breach in breaches
    ]
    if told:
        pytest.fail("\n".join([*told, curl(case, target.url)]), pytrace=False)
