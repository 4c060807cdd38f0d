"""Renderings of a report: for a person, for a machine, for a CI server."""

from __future__ import annotations

from collections.abc import Callable

from leadline_contracts.report import Report
from leadline_contracts.reports import as_json, har, junit, pytest_file, sarif

WRITERS: dict[str, Callable[[Report], str]] = {
    "json": as_json.render,
    "junit": junit.render,
    "sarif": sarif.render,
    "har": har.render,
    "pytest": pytest_file.render,
}
"""The formats that `--report FORMAT=FILE` knows."""
