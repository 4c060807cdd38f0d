"""Runs that have not the time for all: what covers most is sent first, and what was left out is told."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from tests.contracts.conftest import write

from leadline_contracts import mocked, run
from leadline_contracts.case import Case
from leadline_contracts.cases import cases_of
from leadline_contracts.cases.priority import covering, made
from leadline_contracts.coverage import Coverage
from leadline_contracts.phases import sending
from leadline_contracts.reports import WRITERS, console
from leadline_contracts.target import Access, HttpTarget, WsgiTarget
from leadline_openapi import Contract, load

ANSWER = 0.033
"""Seconds of an answer on the clock of these tests: about 30 requests a second."""
NOTES = """
openapi: 3.1.0
info: {title: Notes, version: '1'}
paths:
  /a: &path
    post:
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}
      responses: {'200': {description: ok}, '400': {description: no}}
  /b: *path
  /c: *path
components:
  schemas:
    Note: {type: object, properties: {text: {type: string}, size: {type: integer}}}
"""


class _Clock:
    """The time of a world in which nothing but answers takes time."""

    def __init__(self) -> None:
        self.answers = 0

    def __call__(self) -> float:
        return 1000 + self.answers * ANSWER


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    """A clock that goes on by the time of an answer with each one, for runs over one connection."""
    clock = _Clock()
    monkeypatch.setattr(time, "monotonic", clock)
    return clock


@pytest.fixture
def slow_server(listening: Any, ask: Any, clock: _Clock) -> str:
    """The URL of a correct server that answers as slowly as the clock says."""

    def speak(handler: Any, body: bytes) -> None:
        clock.answers += 1
        write(handler, *ask(handler, body))

    return str(listening(speak))


def _exercised(contract: Contract, cases: Sequence[Case]) -> set[Any]:
    coverage = Coverage(contract)
    return {item for case in cases for item in coverage.due(case)}


def test_what_covers_most_comes_first(contract: Contract) -> None:
    """The same cases; a tenth of them exercise all that all do, each no more than the one before it."""
    usual = cases_of(contract.operations[0])
    ordered = list(covering(contract, usual))
    coverage, seen, gains = Coverage(contract), set[Any](), []
    for case in ordered:
        items = coverage.due(case)
        gains.append(len(items - seen))
        seen |= items
    first = len(usual) // 10

    assert sorted(map(id, ordered)) == sorted(map(id, usual))
    assert gains == sorted(gains, reverse=True)
    assert _exercised(contract, ordered[:first]) == seen
    assert len(_exercised(contract, usual[:first])) < 0.7 * len(seen)


def test_every_source_has_its_turn() -> None:
    """Cases are made in turns until the time is up, so that no operation is left without any."""
    ticks: list[int] = []

    def source(number: int) -> Any:
        for _ in range(1000):
            ticks.append(number)
            yield number

    every: Any
    every, is_all = made([source(1), source(2)], time.monotonic() + 60)

    assert (sorted(every), is_all) == ([1] * 1000 + [2] * 1000, True)
    assert set(every[:100]) == {1, 2}
    assert made([source(3)], time.monotonic() - 1) == ([], False)


def test_a_part_covers_everything(contract: Contract, slow_server: str, clock: _Clock) -> None:
    """In a sixth of the time, all is exercised that requests can exercise, and each phase has its part."""
    target = HttpTarget(slow_server, Access("test-api-key"))
    report = run.check(contract, target, run.Options(max_time=20, workers=1, examples=4))
    left = report.left_out
    sent = left.of - left.total

    assert (report.verdict, report.findings) == ("holds", ())
    assert clock.answers * ANSWER <= 20
    assert report.stopped == (
        f"the time was up after {sent:,} of {left.of:,} cases of the certificate"
    )
    assert report.coverage.missing() == ()
    assert left.phases == ()
    assert {"sequence", "at once", "fuzz"} < {one.area for one in report.tested}
    assert len(_exercised(contract, cases_of(contract.operations[0])[:sent])) < 0.7 * len(
        _exercised(contract, cases_of(contract.operations[0]))
    )


def test_little_time_is_enough_for_every_field(contract: Contract, slow_server: str) -> None:
    """Three seconds, and every field and enum value was sent; what is missing is told by name."""
    target = HttpTarget(slow_server, Access("test-api-key"))
    report = run.check(contract, target, run.Options(max_time=3, workers=1, examples=4))
    told = json.loads(WRITERS["json"](report))
    left, lines = told["left_out"], console.render(report)
    suite = next(iter(ET.fromstring(WRITERS["junit"](report))))  # noqa: S314 - our own
    skipped = [case.get("name", "") for case in suite.findall("testcase[skipped]")]
    missing = [one for kind in told["coverage"]["kinds"].values() for one in kind["missing"]]

    for kind in ("parameters", "fields", "enum-values"):
        assert report.coverage.missing(kind) == ()
    assert left["cases"] == sum(one["cases"] for one in left["classes"]) > 2000
    assert {one["class"] for one in left["classes"]} >= {"body", "combinations", "credentials"}
    assert left["phases"][-1] == "fuzz"
    assert f"  Not sent: {left['cases']:,} of {left['of']:,} cases: " in lines
    assert "  Not gone through: " in lines
    assert "  not exercised: keywords broken: POST /leads: " in lines
    assert any(one["label"] in (suite.findtext("system-out") or "") for one in missing)
    assert len(skipped) == len(left["classes"]) + len(left["phases"])
    assert suite.get("skipped") == str(len(skipped))


def test_how_many_there_are_is_not_claimed(
    contract: Contract, slow_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no time to make all cases, it is said how many were left out at least."""

    def some(sources: Any, until: float) -> Any:
        return made(sources, until)[0][:500], False

    monkeypatch.setattr(sending, "made", some)
    target = HttpTarget(slow_server, Access("test-api-key"))
    report = run.check(contract, target, run.Options(max_time=16, workers=1, examples=0))

    assert (report.left_out.of, 0 < report.left_out.total < 300) == (0, True)
    assert report.stopped.endswith(f" {500 - report.left_out.total} cases of the certificate")
    assert f"  Not sent: at least {report.left_out.total} cases: " in console.render(report)


def test_a_run_with_time_enough_leaves_nothing_out(contract: Contract, slow_server: str) -> None:
    """A limit that is not reached changes nothing but the order."""
    target = HttpTarget(slow_server, Access("test-api-key"))
    report = run.check(contract, target, run.Options(max_time=500, workers=1, examples=1))
    text = WRITERS["junit"](report)

    assert (report.verdict, report.stopped) == ("holds", "")
    assert (report.left_out.total, report.left_out.phases) == (0, ())
    assert "Not sent" not in console.render(report)
    assert ("<skipped" in text, "<system-out" in text) == (False, False)


@pytest.fixture
def notes(tmp_path: Path) -> Contract:
    """Three operations with the same body."""
    (tmp_path / "notes.yaml").write_text(NOTES)
    return load(tmp_path / "notes.yaml")


def _answering(clock: _Clock, *, hangs: str = "") -> Callable[..., Any]:
    """A WSGI application that takes everything, but nothing at the path that *hangs*."""

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        clock.answers += 1
        if environ["PATH_INFO"] == hangs:
            raise ConnectionResetError
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b""]

    return application


def test_no_operation_waits_for_another_one(notes: Contract, clock: _Clock) -> None:
    """Where the time does not suffice for all operations, each of them has its share of it."""
    target = WsgiTarget(_answering(clock), "", Access())
    report = run.check(notes, target, run.Options(max_time=1, examples=0))

    assert set(report.statuses) == {one.label for one in notes.operations}
    assert {operation for operation, _ in report.left_out.cases} == set(report.statuses)


def test_one_that_dies_alone_costs_the_others_nothing(notes: Contract, clock: _Clock) -> None:
    """An operation that stops answering is left out, and said to be; all of the others is sent."""
    target = WsgiTarget(_answering(clock, hangs="/b"), "", Access())
    report = run.check(notes, target, run.Options(max_time=1000, examples=0))
    left = report.left_out

    assert list(report.unchecked) == ["POST /b"]
    assert {operation for operation, _ in left.cases} == {"POST /b"}
    assert left.phases == ("POST /b, sequence", "POST /b, at once")
    assert not report.gone


def test_what_was_refused_is_tried_otherwise(
    contract: Contract, served: Any, clock: _Clock
) -> None:
    """A server that refuses all large requests costs no field: those are sent alone then, and soon."""

    def wrapper(request: Any, ask: Any) -> Any:
        clock.answers += 1
        answer = ask()
        if answer.accepted and len(request.fields) > 2:
            answer.refuse(400)
        return answer

    target = mocked.target(contract, served(wrapper))
    options = run.Options(max_time=40, workers=1, examples=0)
    report = run.check(contract, target, options)

    assert report.left_out.total > 1000
    for kind in ("parameters", "fields", "enum-values"):
        assert report.coverage.missing(kind) == ()
