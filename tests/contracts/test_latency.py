"""Answers that come late, never, or with more than they say."""

from __future__ import annotations

import time
from typing import Any

import pytest
from tests.contracts.conftest import write

from leadline_contracts import vigil
from leadline_contracts.case import SOMETIMES
from leadline_contracts.report import Report
from leadline_openapi import jsontext

pytestmark = pytest.mark.usefixtures("some_cases")


def _found(report: Report) -> list[tuple[str, str]]:
    return [(one.breach.rule, one.breach.when) for one in report.findings]


def test_a_slow_input(served: Any, check: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes far longer than everything else, each time, is one finding."""
    monkeypatch.setattr("leadline_contracts.latency.SLOW", 0.1)

    def wrapper(request: Any, ask: Any) -> Any:
        if request.fields.keys() == {"email"}:
            time.sleep(0.15)
        return ask()

    report = check(served(wrapper))

    assert _found(report) == [("latency", "")]
    assert "email" in report.findings[0].exchange.case.id


def test_slow_now_and_then(served: Any, check: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pause that does not come back with the same request is no finding."""
    monkeypatch.setattr("leadline_contracts.latency.SLOW", 0.1)
    count = iter(range(10**6))

    def wrapper(_: Any, ask: Any) -> Any:
        if next(count) % 60 == 50:
            time.sleep(0.15)
        return ask()

    report = check(served(wrapper))

    assert (report.verdict, report.findings) == ("holds", ())


def test_slower_and_slower(served: Any, check: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server whose answers all become slow is one finding, and its run ends."""
    monkeypatch.setattr("leadline_contracts.latency.SLOW", 0.1)
    count = iter(range(10**6))

    def wrapper(_: Any, ask: Any) -> Any:
        if next(count) > 60:
            time.sleep(0.15)
        return ask()

    report = check(served(wrapper))

    assert _found(report) == [("latency", "")]
    assert report.stopped == "the target has become too slow to go on"
    assert report.cases < 100


def test_long_pauses(served: Any, check: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several long pauses are a finding, whatever was asked for."""
    monkeypatch.setattr("leadline_contracts.latency.SLOW", 0.1)
    monkeypatch.setattr("leadline_contracts.slowness.LONG", 0.2)
    count = iter(range(10**6))

    def wrapper(_: Any, ask: Any) -> Any:
        if next(count) % 60 == 50:
            time.sleep(0.25)
        return ask()

    report = check(served(wrapper))

    assert _found(report) == [("latency", SOMETIMES)]
    assert (report.stopped, "3 answers took" in report.findings[0].breach.message) == ("", True)


def test_three_hangs_are_waited_for(listening: Any, ask: Any, check_url: Any) -> None:
    """A server that hangs on much of what it is sent does not hold up the run for long."""
    waited = []

    def speak(handler: Any, body: bytes) -> None:
        if b"notes" in body or b"phone" in body or b"email" in body:
            waited.append(body)
            time.sleep(3)
            handler.close_connection = True
            return
        status, kind, answer = ask(handler, body)
        write(handler, status, kind, answer)

    report = check_url(listening(speak), timeout=0.6)

    assert _found(report) == [("no-answer", "")]
    assert report.stopped == f"the target let {vigil.PROOFS + 10} requests wait in vain"
    assert len(waited) <= vigil.PROOFS + 12


def test_more_bytes_than_announced(listening: Any, ask: Any, check_url: Any) -> None:
    """An answer that goes on beyond its Content-Length is a finding."""

    def speak(handler: Any, body: bytes) -> None:
        status, kind, answer = ask(handler, body)
        text = jsontext.dump(jsontext.parse(answer)) + (b"\r\n\r\n" if status == 200 else b"")
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(answer)))
        handler.end_headers()
        handler.wfile.write(text)

    report = check_url(listening(speak))

    assert [one.breach.rule for one in report.findings] == ["no-answer"]
    assert "Content-Length" in report.findings[0].breach.message
