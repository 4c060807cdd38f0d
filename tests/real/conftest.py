"""The real servers: one of each for a session, and what asks them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.real.servers import KEY, prepared, running

Ask = Callable[..., httpx.Response]
"""Posts a lead; takes the body, query parameters, and another value of `Authorization`."""


@pytest.fixture(scope="session")
def payload3(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a Payload 3 is ready to be started."""
    return prepared("payload3", tmp_path_factory.mktemp("real"))


@pytest.fixture(scope="session")
def payload3_url(payload3: Path) -> Iterator[str]:
    """The base URL of the API of a running Payload 3."""
    with running(payload3) as (url, _):
        yield url


@pytest.fixture(scope="session")
def client(payload3_url: str) -> Iterator[httpx.Client]:
    """Asks Payload 3, with the key of its user."""
    headers = {"Authorization": f"users API-Key {KEY}"}
    with httpx.Client(base_url=payload3_url, headers=headers, timeout=10) as client:
        yield client


@pytest.fixture(scope="session")
def create(client: httpx.Client) -> Ask:
    """Creates leads on Payload 3."""

    def create(
        lead: Any, authorization: str | None = None, **parameters: str | int
    ) -> httpx.Response:
        headers = {} if authorization is None else {"Authorization": authorization}
        return client.post("/leads", json=lead, params=parameters, headers=headers)

    return create
