"""What all tests share."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import leadline_openapi
from leadline_openapi import Contract

ROOT = Path(__file__).parents[1]
LEADLINE = [sys.executable, "-m", "leadline_cli"]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key in the developer's own environment must not decide a test."""
    monkeypatch.delenv("LEADLINE_KEY", raising=False)


@pytest.fixture(scope="session")
def contract() -> Contract:
    """The packaged contract with its default profile."""
    return leadline_openapi.load()


@pytest.fixture(scope="session")
def page_body() -> bytes:
    """The body of the vendor's curl, byte for byte."""
    page = (ROOT / "tests" / "data" / "vendor" / "page.txt").read_text("utf-8")
    found = re.search(r"--data '(\{.*?\n\})'", page, re.DOTALL)
    assert found is not None
    return found[1].encode()


@contextmanager
def running_mock(
    *arguments: str, cwd: Path | None = None, program: Sequence[str] = LEADLINE
) -> Iterator[dict[str, Any]]:
    """A mock in a process of its own; gives its ready line."""
    command = [*program, "mock", "--port", "0", *arguments]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=cwd,
        env=environment,
    ) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def mock_url() -> Iterator[str]:
    """The URL of a running mock of the packaged contract."""
    with running_mock() as ready:
        yield str(ready["url"])
