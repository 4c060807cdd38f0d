"""The profiles `payload-2` and `payload-3` say what the real servers do, and the mocks do as they say."""

from __future__ import annotations

import re

import pytest
import yaml
from tests.real.servers import HERE, KEY

from leadline_contracts import mocked, run
from leadline_contracts.compare.run import compare
from leadline_contracts.reports import console
from leadline_contracts.target import Access, HttpTarget
from leadline_mock.testing import serving
from leadline_openapi import Contract, load, profiles

PROFILES = ("payload-2", "payload-3")
FIDELITY, CASES = 98.0, 3000
"""Percent of at least so many cases that have to be the same in status and body."""
_SERVERS = (HERE / "seeded.yaml", HERE / "unlimited.yaml")
"""What is true of the servers of the tests alone: which documents they hold, that they count no requests."""
_ACCESS = Access(key=KEY)


def _contract(profile: str) -> Contract:
    more = _SERVERS if profile == "payload-2" else _SERVERS[:1]
    return load(None, profiles.stack(profile, more))


def _url(profile: str, request: pytest.FixtureRequest) -> str:
    url = request.getfixturevalue(f"{profile.replace('-', '')}_url")
    assert isinstance(url, str)
    return url


@pytest.mark.parametrize("profile", PROFILES)
def test_the_mock_is_like_the_real_server(profile: str, request: pytest.FixtureRequest) -> None:
    """Each difference that is left has its reason, and each reason a difference."""
    contract = _contract(profile)
    with serving(contract) as mock:
        ours, real = (HttpTarget(url, _ACCESS, 30) for url in (mock.url, _url(profile, request)))
        made = compare(contract, ours, real)

    known = yaml.safe_load((HERE / "fidelity" / f"{profile}.yaml").read_text("utf-8"))
    found: dict[str, int] = {one["differs"]: 0 for one in known}
    new = []
    for one in made.divergences:
        pattern = next((differs for differs in found if re.match(differs, one.message)), None)
        if pattern is None:
            new.append(one.message)
        else:
            found[pattern] += one.count
    assert new == []
    assert [differs for differs, count in found.items() if not count] == []
    assert [one for one in known if found[one["differs"]] > one["cases"]] == []
    assert all(one["reason"] for one in known)
    assert made.cases >= CASES
    assert made.faithful(FIDELITY)


@pytest.mark.parametrize("profile", PROFILES)
def test_the_real_server_keeps_the_contract_of_its_profile(
    profile: str, request: pytest.FixtureRequest
) -> None:
    """
    What it takes beyond the contract is what `x-leniency` says, and there is no finding, generated requests
    included.
    """
    target = HttpTarget(_url(profile, request), _ACCESS, 30)

    report = run.check(_contract(profile), target, run.Options())

    assert [one.breach.message for one in report.findings] == [], console.render(report)
    assert report.cases >= 2500


@pytest.mark.parametrize("profile", PROFILES)
def test_the_mock_keeps_the_contract_of_its_profile(profile: str) -> None:
    """Generated requests included."""
    contract = _contract(profile)

    report = run.check(contract, mocked.target(contract), run.Options())

    assert [one.breach.message for one in report.findings] == [], console.render(report)
