"""What the tests of the server share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.mock.server.talking import Place, serving


@pytest.fixture
def place() -> Iterator[Place]:
    """A server with the usual limits."""
    with serving() as place:
        yield place
