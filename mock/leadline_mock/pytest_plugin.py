"""The mock as pytest fixtures; loaded by every pytest, so it imports nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from leadline_mock.testing import RunningMock

_MARKER = (
    "leadline(spec=..., overlays=[...], profile=..., keys=[...], mode=..., seed=..., dynamic=..., "
    "faults=[...], clock=...): how the fixture `leadline_mock` is set up for this test."
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what the configuration file may say about the mock."""
    parser.addini("leadline_spec", "OpenAPI document to mock (default: the packaged one)")
    parser.addini("leadline_profile", "named stack of overlays")
    parser.addini("leadline_overlays", "overlays to apply, in order", type="paths", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture
def leadline_mock(request: pytest.FixtureRequest) -> Iterator[RunningMock]:
    """A mock of this test alone, on a free port; the marker `leadline` says how it is set up."""
    from leadline_mock.testing.fixtures import for_test

    with for_test(request.node) as mock:
        yield mock


@pytest.fixture(scope="session")
def leadline_mock_session(pytestconfig: pytest.Config) -> Iterator[RunningMock]:
    """A mock on a free port for all tests, or for all of one worker of pytest-xdist."""
    from leadline_mock.testing.fixtures import for_session

    with for_session(pytestconfig) as mock:
        yield mock
