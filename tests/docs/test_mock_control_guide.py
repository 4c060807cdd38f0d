"""docs/mock-control.md is a session with the mock: its commands are run in order, and give what it shows."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from typing import Any

import pytest
from tests.conftest import ROOT, running_mock
from tests.docs.test_readme import run

from leadline_mock.pattern import MEMBERS
from leadline_mock.routes import CONTROL

GUIDE = (ROOT / "docs" / "mock-control.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
SESSION = [(language, text) for language, text in BLOCKS if language in ("sh", "json")]


@pytest.fixture(scope="module")
def port() -> Iterator[str]:
    """The port of a mock."""
    with running_mock() as ready:
        yield str(ready["url"]).split(":")[2].split("/")[0]


def fits(shown: Any, given: Any) -> bool:
    """Whether *given* is what is *shown*, where `…` stands for anything, and so does a time."""
    if shown == "…":
        return True
    if isinstance(shown, dict) and isinstance(given, dict):
        more = "…" in shown
        names = set(shown) - {"…"}
        return (names <= set(given) if more else names == set(given)) and all(
            name == "time" or fits(shown[name], given[name]) for name in names
        )
    if isinstance(shown, list) and isinstance(given, list):
        return len(shown) == len(given) and all(map(fits, shown, given))
    return bool(shown == given)


def test_the_session(port: str, tmp_path: Any) -> None:
    """Every command ends well, and the JSON below it is what the last command before it gave."""
    output, compared = "", 0
    for language, text in SESSION:
        if language == "sh":
            for command in re.split(r"(?<!\\)\n(?=\S)", text.strip()):
                done = run(command.replace("\\\n", " "), port, tmp_path)
                assert done.returncode == 0, done.stderr
                output = done.stdout
        else:
            assert fits(json.loads(text), json.loads(output)), output
            compared += 1

    assert compared == 7


def test_the_python(tmp_path: Any) -> None:
    """The program prints what is shown below it."""
    (at,) = [index for index, (language, _) in enumerate(BLOCKS) if language == "python"]
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(BLOCKS[at][1], {})  # noqa: S102 - the guide is ours

    assert printed.getvalue() == BLOCKS[at + 1][1]


def test_tables_are_whole() -> None:
    """The guide has every route and every member of a pattern."""
    routes = set(re.findall(rf"`(?:GET |POST )?({CONTROL}/\w+(?:/ID)?)` \|", GUIDE))
    members = set(re.findall(r"^\| `(\w+)` \|", GUIDE, re.MULTILINE))

    assert routes == {
        f"{CONTROL}/{name}"
        for name in ("health", "requests", "requests/ID", "verify", "reset", "faults")
    }
    assert members == set(MEMBERS) - {"count"}
