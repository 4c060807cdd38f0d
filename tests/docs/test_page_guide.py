"""What docs/what-the-page-does-not-tell.md shows is what the tests hold a real server to."""

from __future__ import annotations

import re

from tests.conftest import ROOT

GUIDE = (ROOT / "docs" / "what-the-page-does-not-tell.md").read_text("utf-8")
REAL = ROOT / "tests" / "real"


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def test_the_reports_are_the_golden_ones() -> None:
    """Both reports stand in the guide as the real server gets them."""
    names = ("documented-payload3.txt", "statuses-payload3.txt")

    assert _blocks("text") == [(REAL / "golden" / name).read_text("utf-8") for name in names]


def test_every_finding_of_the_page_is_explained() -> None:
    """The table has a row for each finding of the report above it."""
    (report, _) = _blocks("text")
    explained = re.findall(r"^\| (\d+) \|", GUIDE, re.MULTILINE)

    assert explained == re.findall(r"^(\d+)\. ", report, re.MULTILINE)


def test_the_overlay_is_the_one_that_was_used() -> None:
    """A reader can copy it."""
    assert _blocks("yaml") == [(REAL / "statuses.yaml").read_text("utf-8")]
