"""Renderings of a comparison: for a person, for a machine, for a CI server."""

from __future__ import annotations

from collections.abc import Callable

from leadline_contracts.compare.report import Comparison
from leadline_contracts.compare.reports import as_json, junit

WRITERS: dict[str, Callable[[Comparison], str]] = {
    "json": as_json.render,
    "junit": junit.render,
}
"""The formats that `--report FORMAT=FILE` knows."""
