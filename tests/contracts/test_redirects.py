"""Redirects that are documented: a yes where there is no other one, and no mistake where there is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leadline_contracts import mocked, run
from leadline_contracts.report import Report
from leadline_contracts.reports import pytest_file
from leadline_mock import create_app
from leadline_openapi import load

SPEC = """
openapi: 3.1.0
info: {{title: Links, version: '1'}}
paths:
  /links:
    post:
      security: [{{key: []}}]
      requestBody:
        required: true
        content: {{application/json: {{schema: {{$ref: '#/components/schemas/Link'}}}}}}
      responses: {{{success}, '400': {{description: no}}, '415': {{description: no}}{denial}}}
components:
  securitySchemes: {{key: {{type: apiKey, in: header, name: X-Key}}}}
  schemas:
    Link: {{type: object, required: [to], properties: {{to: {{type: string}}}}}}
"""
REDIRECT = "'302': {description: there}"
OK = "'200': {description: done}"
DENIAL = ", '401': {description: who are you}"
Check = Callable[..., Report]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """
    Holds a server of links to a contract that documents *success* and *denial*.

    It answers what the mock says, but for the statuses of *others*.
    """

    def check(success: str, others: dict[int, int], denial: str = DENIAL) -> Report:
        path = tmp_path / "links.yaml"
        path.write_text(SPEC.format(success=success, denial=denial))
        contract = load(path)
        app = create_app(contract)

        def answering(environ: dict[str, Any], start_response: Any) -> Any:
            def start(status: str, headers: Any, error: Any = None) -> Any:
                told = others.get(int(status[:3]), int(status[:3]))
                return start_response(f"{told} Status", headers, error)

            return app(environ, start)

        target = mocked.target(contract, answering)
        return run.check(contract, target, run.Options(examples=0))

    return check


def _found(report: Report) -> list[tuple[str, str, str]]:
    return [(one.breach.rule, one.breach.expected, one.breach.actual) for one in report.findings]


def test_where_a_redirect_is_the_only_yes(check: Check) -> None:
    """A server that redirects keeps such a contract, and all that was sent counts as exercised."""
    report = check(REDIRECT, {})

    assert (report.verdict, _found(report), report.coverage.missing()) == ("holds", [], ())


@pytest.mark.parametrize(
    ("others", "found"),
    [
        ({302: 200}, ("status", "302", "200")),
        ({302: 307}, ("status", "302", "307")),
        ({400: 302, 415: 302}, ("accepts-invalid", "400 or 415", "302")),
        ({401: 302}, ("status", "401", "302")),
        ({302: 400}, ("rejects-valid", "302", "400")),
    ],
)
def test_any_other_yes_is_wrong(
    check: Check, others: dict[int, int], found: tuple[str, str, str]
) -> None:
    """What is expected is what is documented: nothing but the redirect, and that only for what is valid."""
    assert found in _found(check(REDIRECT, others))


def test_no_login_page_is_accused(check: Check) -> None:
    """Where no denial is documented, a redirect without a key may lead to a place to get one."""
    assert _found(check(REDIRECT, {401: 302}, denial="")) == []


@pytest.mark.parametrize("others", [{}, {200: 302}, {400: 302, 415: 302}])
def test_beside_another_success_it_is_no_yes(check: Check, others: dict[int, int]) -> None:
    """Where a success is documented too, a documented redirect is an answer, and says neither yes nor no."""
    assert _found(check(f"{OK}, {REDIRECT}", others)) == []


def test_a_redirect_that_is_not_documented(check: Check) -> None:
    """A redirect that no contract speaks of is still a wrong status."""
    assert ("status", "200", "302") in _found(check(OK, {200: 302}))


def test_the_reproduction_asks_for_the_redirect(check: Check) -> None:
    """The test that is written for a finding asserts the documented status."""
    report = check(REDIRECT, {302: 200})

    assert "answer.has_status('302')" in pytest_file.render(report)
