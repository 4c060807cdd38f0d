"""`x-max-bytes`: the largest body that is taken, and one byte more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from leadline_contracts import mocked, run
from leadline_contracts.case import Case, Due
from leadline_contracts.cases import cases_of
from leadline_contracts.cases.size import LARGEST
from leadline_contracts.coverage import Coverage
from leadline_contracts.judge import judge
from leadline_contracts.mutants import derive
from leadline_contracts.mutants.trial import KILLED, attempt, certificate
from leadline_contracts.report import Report
from leadline_mock import create_app
from leadline_openapi import Contract, load

LIMIT = 300
RULE = "/paths/~1notes/post/requestBody/x-max-bytes"
NOTES = """
openapi: 3.1.0
info: {title: Notes, version: '1'}
paths:
  /notes:
    post:
      requestBody:
        required: REQUIRED
        x-max-bytes: LIMIT
        content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}
      responses:
        '200': {description: ok}
        '400': {description: no}
        '413': {description: too large}
components:
  schemas:
    Note:
      type: object
      required: [text]
      additionalProperties: false
      properties: {text: {type: string, maxLength: 5}}
"""


def _load(folder: Path, limit: int = LIMIT, required: str = "true") -> Contract:
    text = NOTES.replace("LIMIT", str(limit)).replace("REQUIRED", required)
    (folder / "notes.yaml").write_text(text)
    return load(folder / "notes.yaml")


@pytest.fixture
def notes(tmp_path: Path) -> Contract:
    """An operation that takes bodies of so many bytes."""
    return _load(tmp_path)


def _about_size(contract: Contract) -> list[Case]:
    return [one for one in cases_of(contract.operations[0]) if one.rule == RULE]


def _check(contract: Contract, most: int | None = LIMIT, status: int = 413) -> Report:
    """A run on the mock that takes *most* bytes, and refuses larger bodies with *status*."""
    (operation,) = contract.operations
    assert operation.body is not None
    changed = replace(operation, body=replace(operation.body, max_bytes=most))
    app: Any = create_app(replace(contract, operations=(changed,)))

    def served(environ: dict[str, Any], start_response: Any) -> Any:
        def start(told: str, headers: Any) -> Any:
            return start_response(told.replace("413", str(status)), headers)

        return app(environ, start)

    return run.check(contract, mocked.target(contract, served), run.Options(examples=0))


@pytest.mark.parametrize("required", ["true", "false"])
def test_both_sides_of_the_limit_are_sent(tmp_path: Path, required: str) -> None:
    """A valid body of exactly so many bytes, whatever the schema allows, and one of a byte more."""
    found = _about_size(_load(tmp_path, required=required))

    assert [(len(one.body or b""), one.due) for one in found] == [
        (LIMIT, Due.ACCEPT),
        (LIMIT + 1, Due.REFUSE),
    ]
    assert [judge(one) for one in found] == [Due.ACCEPT, Due.REFUSE]
    assert all(one.value == found[0].value and not one.compound for one in found)


def test_what_cannot_be_tried_is_not_counted(tmp_path: Path) -> None:
    """No case of a huge body, and no coverage that nothing could reach."""
    contract = _load(tmp_path, LARGEST)
    about = [one for one in Coverage(contract).covered().items if one.pointer == RULE]

    assert _about_size(contract) == []
    assert [one.counted for one in about] == [False, False]


def test_a_server_that_keeps_the_limit(notes: Contract) -> None:
    """No finding; both sides of the word are exercised, and so is the status."""
    report = _check(notes)
    about = [one for one in report.coverage.items if one.pointer == RULE]
    too_large = [one for one in report.coverage.items if one.label == "413"]

    assert report.findings == ()
    assert [(one.kind, one.count > 0) for one in about] == [
        ("keywords-accepted", True),
        ("keywords-broken", True),
    ]
    assert [(one.counted, one.count > 0) for one in too_large] == [(True, True)]
    assert report.coverage.missing() == ()


@pytest.mark.parametrize(
    ("server", "rule", "pointer"),
    [
        ({"most": None}, "accepts-invalid", RULE),
        ({"most": LIMIT + 1}, "accepts-invalid", RULE),
        ({"most": LIMIT - 1}, "rejects-valid", RULE),
        ({"status": 400}, "status", "/paths/~1notes/post/responses"),
    ],
    ids=["no limit", "one byte more", "one byte less", "another status"],
)
def test_a_server_with_another_limit(notes: Contract, server: Any, rule: str, pointer: str) -> None:
    """It is found, and that is all that is found."""
    report = _check(notes, **server)

    assert [(one.breach.rule, one.breach.pointer) for one in report.findings] == [(rule, pointer)]


def test_mutants_of_the_limit_are_killed(notes: Contract) -> None:
    """Without the limit, off by one, and with another status for it."""
    suite = certificate()
    wanted = ("x-max-bytes", "/413/status:400")
    mutants = [one for one in derive(notes) if any(part in one.id for part in wanted)]
    verdicts = {one.id.partition("post/")[2]: attempt(notes, one, suite) for one in mutants}

    assert {id_: one.outcome for id_, one in verdicts.items()} == dict.fromkeys(
        (
            "x-max-bytes/dropped",
            "x-max-bytes/one-more",
            "x-max-bytes/one-less",
            "413/status:400",
        ),
        KILLED,
    )
