"""The suite's own cases as a recording: each is judged as it was meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from leadline_contracts import mocked
from leadline_contracts.case import Breach, Due, Exchange, Finding
from leadline_contracts.cases import cases_of
from leadline_contracts.report import Report
from leadline_contracts.reproduction.har import archive
from leadline_contracts.target.disclosed import Disclosed
from leadline_contracts.traffic import har
from leadline_contracts.traffic.holding import hold
from leadline_openapi import Contract

OPEN = (Due.EITHER, Due.ANY, Due.UNPREDICTABLE)
_NOTHING = Breach(rule="", pointer="", message="", expected="", actual="")


@pytest.fixture(scope="module")
def exchanges(contract: Contract) -> list[Exchange]:
    """Cases of every kind with the mock's answers: each open one, and every fifth of the others."""
    target = mocked.target(contract)
    made = [case for operation in contract.operations for case in cases_of(operation)]
    settled = [case for case in made if case.due not in OPEN]
    chosen = [*settled[::5], *(case for case in made if case.due in OPEN)]
    return [target.send(case) for case in chosen]


@pytest.fixture
def recorded(contract: Contract, tmp_path: Path) -> Callable[[Iterable[Exchange]], Report]:
    """Writes exchanges as an archive, and holds it to the contract."""

    def recorded(chosen: Iterable[Exchange]) -> Report:
        found = [Finding(breach=_NOTHING, exchange=exchange) for exchange in chosen]
        path = tmp_path / "all.har"
        path.write_text(archive(found, "http://localhost/api", Disclosed()), "utf-8")
        return hold(contract, [har.read(path)])

    return recorded


Recorded = Callable[[Iterable[Exchange]], Report]


def test_good_requests_are_nobodys_fault(exchanges: list[Exchange], recorded: Recorded) -> None:
    """What has to be accepted, and is, gives no finding."""
    good = [one for one in exchanges if one.case.due is Due.ACCEPT]
    report = recorded(good)

    assert (report.findings, report.cases) == ((), len(good))
    assert len(good) > 100


def test_every_bad_request_is_the_callers_fault(
    exchanges: list[Exchange], recorded: Recorded
) -> None:
    """What has to be refused, and is, is told of the caller, each time, and never of the server."""
    bad = [one for one in exchanges if one.case.due is Due.REFUSE]
    report = recorded(bad)
    assert report.traffic is not None

    assert {finding.breach.rule for finding in report.findings} == {"request"}
    assert report.traffic.callers["leadline"].wrong == report.cases == len(bad)


@pytest.mark.parametrize("refused", [True, False])
def test_what_correct_servers_differ_on_is_no_fault_of_theirs(
    refused: bool,
    exchanges: list[Exchange],
    recorded: Recorded,
) -> None:
    """Of what the standards leave open, a server may take or refuse each request; neither is a finding."""
    odd = [one for one in exchanges if one.case.due in OPEN]
    if refused:
        no = b'{"errors": [{"message": "no"}]}'
        odd = [replace(one, status=400, body=no) for one in odd]
    report = recorded(odd)

    assert {finding.breach.rule for finding in report.findings} <= {"request"}
    assert report.cases == len(odd)
