"""`leadline check --require-coverage`: a run that exercised too little is no success."""

from __future__ import annotations

import pytest

from leadline_cli.main import run


@pytest.mark.parametrize(("required", "code"), [("0", 0), ("100", 1), ("enum-values=100", 1)])
def test_too_little_coverage_is_exit_code_1(
    mock_url: str, required: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """A server that holds as far as it was tried fails the gate, which says what is missing."""
    command = ["check", mock_url, "--key", "test-api-key", "--safe", "--quiet"]

    assert run([*command, "--require-coverage", required]) == code
    told = capsys.readouterr().err
    assert ("not exercised: " in told) == bool(code)


@pytest.mark.parametrize("required", ["all", "things=5", "fields=101"])
def test_a_requirement_that_makes_no_sense_is_exit_code_2(
    required: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is sent."""
    assert run(["check", "http://127.0.0.1:1", "--require-coverage", required]) == 2
    assert "--require-coverage" in capsys.readouterr().err
