"""What a contract leaves open: a server that has to choose is not accused, but told about."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadline_contracts import mocked, run
from leadline_contracts.report import Report
from leadline_openapi import load

TERSE = """
openapi: 3.1.0
info: {title: Terse, version: '1'}
security: [{key: []}]
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
paths:
  /notes:
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, required: [text], properties: {text: {type: string}}}
      responses:
        '201': {description: made}
        '404': {description: no such notebook}
"""


def _check(tmp_path: Path, *, strict: bool) -> Report:
    spec = tmp_path / "terse.yaml"
    spec.write_text(TERSE, "utf-8")
    contract = load(spec)
    return run.check(contract, mocked.target(contract), run.Options(strict=strict, examples=0))


def test_refusals_that_are_not_documented_are_told_not_held_against_the_server(
    tmp_path: Path,
) -> None:
    """Where no refusal is documented, any 4xx will do; the report names those that came."""
    report = _check(tmp_path, strict=False)

    assert report.findings == ()
    assert set(report.undocumented) == {
        "status 400 of POST /notes",
        "status 401 of POST /notes",
        "status 415 of POST /notes",
    }


def test_strict_holds_them_against_the_server(tmp_path: Path) -> None:
    """With `strict` each undocumented status is a finding."""
    report = _check(tmp_path, strict=True)

    assert sorted((one.breach.rule, one.breach.actual) for one in report.findings) == [
        ("status", "400"),
        ("status", "401"),
        ("status", "415"),
    ]


@pytest.mark.parametrize("seconds", [0.0, 1e-9])
def test_what_was_not_fuzzed_is_said(seconds: float, tmp_path: Path) -> None:
    """When no time is left for the fuzz phase, the report names every operation it left out."""
    spec = tmp_path / "terse.yaml"
    spec.write_text(TERSE, "utf-8")
    contract = load(spec)
    report = run.check(contract, mocked.target(contract), run.Options(fuzz_time=seconds))

    assert report.not_fuzzed == {"POST /notes": "the time was up"}
    assert report.verdict == "holds"
