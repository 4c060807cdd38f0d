"""Where the real server leaves the page, as the docs show it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.real import report
from tests.real.servers import running


@pytest.fixture(scope="module")
def fresh_url(payload3: Path) -> Iterator[str]:
    """A Payload 3 that nothing has asked yet."""
    with running(payload3) as (url, _):
        yield url


@pytest.mark.parametrize("name", report.REPORTS)
def test_the_real_server_leaves_the_page_where_we_say(fresh_url: str, name: str) -> None:
    """A report differs when the server, the suite or the contract does: `python -m tests.real.report`."""
    told = report.made(fresh_url, report.REPORTS[name])

    assert told == (report.GOLDEN / name).read_text("utf-8")
