"""A contract of notes, and recordings that are held to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.recordings import SPEC, archive

from leadline_contracts.report import Report
from leadline_contracts.traffic import har
from leadline_contracts.traffic.holding import Options, hold
from leadline_openapi import Contract, load

Hold = Callable[..., Report]


@pytest.fixture(scope="session")
def notes_contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """The contract that the recordings are about."""
    path = tmp_path_factory.mktemp("spec") / "notes.yaml"
    path.write_text(SPEC, "utf-8")
    return load(path)


@pytest.fixture
def held(notes_contract: Contract, tmp_path: Path) -> Hold:
    """Holds recordings, each a list of entries, to the contract."""

    def hold_to_it(*recordings: list[dict[str, Any]], **options: Any) -> Report:
        read = []
        for number, entries in enumerate(recordings, 1):
            path = tmp_path / f"{number}.har"
            path.write_text(archive(*entries), "utf-8")
            read.append(har.read(path))
        return hold(notes_contract, read, Options(**options))

    return hold_to_it


def told(report: Report) -> list[tuple[str, str]]:
    """Rule and pointer of each finding."""
    return [(finding.breach.rule, finding.breach.pointer) for finding in report.findings]
