"""What docs/answers.md shows is what the mock answers."""

from __future__ import annotations

import json
import re
import shlex
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.conftest import ROOT

from leadline_mock import World, create_app
from leadline_openapi import Contract

GUIDE = (ROOT / "docs" / "answers.md").read_text("utf-8")
ROWS = re.findall(r"^\| `Prefer: ([^`]+)` \| (\d+) \|", GUIDE, re.MULTILINE)
COMMANDS = [
    text.replace("\\\n", " ") for text in re.findall(r"^curl (?:.*\\\n)*.*$", GUIDE, re.MULTILINE)
]
(SHOWN,) = re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture
def client(contract: Contract) -> Any:
    """The mock as it is started without options."""
    return create_app(contract, World()).test_client()


def run(client: Any, command: str, **further: str) -> Any:
    """What the mock answers to a curl *command*."""
    words = shlex.split(command)[1:]
    url = next(word for word in words if word.startswith("http"))
    headers = dict(text.split(": ", 1) for option, text in pairwise(words) if option == "-H")
    body = words[words.index("-d") + 1]
    target = urlsplit(url)._replace(scheme="", netloc="").geturl()
    return client.post(target, data=body, headers={**headers, **further})


def test_the_guide_was_read() -> None:
    """The patterns above find what the guide holds."""
    assert (len(ROWS), len(COMMANDS)) == (9, 2)


@pytest.mark.parametrize(("header", "status"), ROWS)
def test_preferences(client: Any, header: str, status: str) -> None:
    """Each header of the table gets the status beside it."""
    assert run(client, COMMANDS[0], Prefer=header).status_code == int(status)


def test_documents(client: Any) -> None:
    """The answer that is shown is the answer that comes, but for the timestamps."""
    answer = run(client, COMMANDS[1]).json
    for name in ("createdAt", "updatedAt"):
        del answer["doc"][name]

    assert answer == json.loads(SHOWN)
