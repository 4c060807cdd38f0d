"""The real servers: one of each for a session, and what asks them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.real.asking import Ask
from tests.real.servers import KEY, prepared, running


@pytest.fixture(scope="session")
def payload2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a Payload 2 is ready to be started."""
    return prepared("payload2", tmp_path_factory.mktemp("real"))


@pytest.fixture(scope="session")
def payload3(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a Payload 3 is ready to be started."""
    return prepared("payload3", tmp_path_factory.mktemp("real"))


@pytest.fixture(scope="session")
def payload2_url(payload2: Path) -> Iterator[str]:
    """The base URL of the API of a running Payload 2."""
    with running(payload2) as (url, _):
        yield url


@pytest.fixture(scope="session")
def payload3_url(payload3: Path) -> Iterator[str]:
    """The base URL of the API of a running Payload 3."""
    with running(payload3) as (url, _):
        yield url


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[httpx.Client]:
    """Asks the server at the *url* of the module, with the key of its user."""
    headers = {"Authorization": f"users API-Key {KEY}"}
    with httpx.Client(base_url=url, headers=headers, timeout=10) as client:
        yield client


@pytest.fixture(scope="module")
def create(client: httpx.Client) -> Ask:
    """Creates leads on the server of the module."""

    def create(
        lead: Any, authorization: str | None = None, **parameters: str | int
    ) -> httpx.Response:
        headers = {} if authorization is None else {"Authorization": authorization}
        return client.post("/leads", json=lead, params=parameters, headers=headers)

    return create
