"""Where the real server leaves the page, as `leadline check` tells it: `python -m tests.real.report`."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.real.servers import HERE, KEY, prepared, running

from leadline_contracts import run
from leadline_contracts.case import Case
from leadline_contracts.cases import stream
from leadline_contracts.coverage import Covered
from leadline_contracts.reports import console
from leadline_contracts.target import Access, HttpTarget
from leadline_openapi import Operation, load, profiles

GOLDEN = HERE / "golden"
REPORTS: dict[str, tuple[Path, ...]] = {
    "documented-payload3.txt": (),
    "statuses-payload3.txt": (HERE / "statuses.yaml",),
}
"""The reports, and the overlays on top of the profile `documented` under which each is made."""
_ONE_OF_EACH = {
    *("reason", "bodyStyle", "notes", "monthlyPayment", "agree", "salesRep", "searches"),
    "createdAt",
}
"""Members of a lead, one of each kind; what is tried on the other members is the same."""


def made(url: str, overlays: tuple[Path, ...]) -> str:
    """The report on the server at *url*, without what is another number each time."""
    contract = load(None, profiles.stack(profiles.DEFAULT_PROFILE, overlays))
    access = Access(headers=(("Authorization", f"users API-Key {KEY}"),))
    options = run.Options(examples=0, workers=1)
    report = run.check(contract, HttpTarget(url, access, 10), options, cases=_cases)
    told = console.render(replace(report, coverage=Covered()))
    return _settled(told.replace(url, "http://127.0.0.1:3000/api"))


def _cases(operation: Operation) -> Iterator[Case]:
    """Of the certificate, what is about the body as a whole, the wire, and one member of each kind."""
    for case in stream(operation):
        about, _, member = case.area.partition(" ")
        others = about == "body" and member and member.split(".")[0] not in _ONE_OF_EACH
        if not others and about != "combinations":
            yield case


def _settled(told: str) -> str:
    told = re.sub(r", [\d,]+ requests in [\d.]+ s", "", told)
    told = re.sub(r", [\d,]+ times?\]", "]", told)
    told = re.sub(r"  \(in [\d,]+ answers?\)", "", told)
    told = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "now", told)
    told = re.sub(r"^ +\S*\.yaml:\d+\n", "", told, flags=re.MULTILINE)
    return told + "\n"


if __name__ == "__main__":
    with (
        tempfile.TemporaryDirectory() as folder,
        running(prepared("payload3", Path(folder))) as (served, _),
    ):
        for name, overlays in REPORTS.items():
            (GOLDEN / name).write_text(made(served, overlays), encoding="utf-8")
