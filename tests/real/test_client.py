"""The vendor's published client cannot tell the mock from the real server."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import running_mock
from tests.real.servers import KEY
from tests.real.wire import recorded

OWN = ("id", "createdAt", "updatedAt")
"""What each server gives by itself."""


@pytest.fixture(scope="module", params=["payload-2", "payload-3"])
def both(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """The base URLs of a real server, and of the mock with its profile."""
    real = request.getfixturevalue(f"{request.param.replace('-', '')}_url")
    with running_mock("--profile", request.param) as ready:
        yield real, str(ready["url"])


def _created(place: Path, url: str, lead: Any, authorization: str) -> tuple[Any, bytes]:
    """What the client returns for *lead*, and what it sent."""
    with recorded(url) as (through, sent):
        done = subprocess.run(
            ["node", "create.mjs", through, authorization, "0", "es"],
            cwd=place,
            input=json.dumps(lead),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), re.sub(rb"127\.0\.0\.1:\d+", b"HOST", bytes(sent))


def test_a_lead_is_created_on_both(payload3: Path, both: tuple[str, str], page_body: bytes) -> None:
    """The page's body goes out as the same bytes, and the same comes back but for what the servers give."""
    lead = {name: value for name, value in json.loads(page_body).items() if name not in OWN}
    authorization = f"users API-Key {KEY}"
    real, sent_to_real = _created(payload3, both[0], lead, authorization)
    mocked, sent_to_mock = _created(payload3, both[1], lead, authorization)

    assert sent_to_mock == sent_to_real
    assert sent_to_real.startswith(b"POST /api/leads?depth=0&locale=es HTTP/1.1\r\n")
    assert json.loads(sent_to_real.partition(b"\r\n\r\n")[2]) == lead
    for told in (real, mocked):
        assert all(told["doc"].pop(name) for name in OWN)
    assert mocked == real
    assert real["doc"] == lead


def test_a_key_without_its_collection_fails_on_both(payload3: Path, both: tuple[str, str]) -> None:
    """With the bare key of the page, the client throws the same error of its own."""
    real, sent_to_real = _created(payload3, both[0], {}, KEY)
    mocked, sent_to_mock = _created(payload3, both[1], {}, KEY)

    assert sent_to_mock == sent_to_real
    assert mocked == real == {"error": "ForbiddenError"}
