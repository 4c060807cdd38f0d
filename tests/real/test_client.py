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
from tests.real.servers import HERE, KEY
from tests.real.wire import recorded

OWN = ("id", "createdAt", "updatedAt")
"""What each server gives by itself."""


@pytest.fixture(scope="module")
def mock_url() -> Iterator[str]:
    """A mock that answers with the statuses of the real server."""
    overlay = str(HERE / "statuses.yaml")
    with running_mock("--profile", "documented", "--overlay", overlay) as ready:
        yield str(ready["url"])


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


def test_a_lead_is_created_on_both(
    payload3: Path, payload3_url: str, mock_url: str, page_body: bytes
) -> None:
    """The page's body goes out as the same bytes, and comes back the same but for what the servers give."""
    lead = {name: value for name, value in json.loads(page_body).items() if name not in OWN}
    authorization = f"users API-Key {KEY}"
    real, sent_to_real = _created(payload3, payload3_url, lead, authorization)
    mocked, sent_to_mock = _created(payload3, mock_url, lead, authorization)

    assert sent_to_mock == sent_to_real
    assert sent_to_real.startswith(b"POST /api/leads?depth=0&locale=es HTTP/1.1\r\n")
    assert json.loads(sent_to_real.partition(b"\r\n\r\n")[2]) == lead
    for told in (real, mocked):
        assert all(told["doc"].pop(name) for name in OWN)
    assert mocked["doc"] == real["doc"] == lead


def test_a_key_without_its_collection_fails_on_both(
    payload3: Path, payload3_url: str, mock_url: str
) -> None:
    """With the bare key of the page, the client throws the same error of its own."""
    real, sent_to_real = _created(payload3, payload3_url, {}, KEY)
    mocked, sent_to_mock = _created(payload3, mock_url, {}, KEY)

    assert sent_to_mock == sent_to_real
    assert mocked == real == {"error": "ForbiddenError"}
