"""Servers that take so many requests in a time: declared (`x-rate-limit`), or met as 429."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from tests.contracts.conftest import write

from leadline_cli.main import run as command
from leadline_contracts import run
from leadline_contracts.cases import cases_of
from leadline_contracts.cases.plan import coverage_statement
from leadline_contracts.compare.options import Options as Comparing
from leadline_contracts.compare.run import compare
from leadline_contracts.phases.queue import Queue
from leadline_contracts.report import Report
from leadline_contracts.reports import WRITERS, console
from leadline_contracts.reports import plan as plan_report
from leadline_contracts.target import Access, HttpTarget
from leadline_mock import create_app, serving
from leadline_openapi import Contract, load

LIMIT, WINDOW = 100, 900
NOTES = """
openapi: 3.1.0
info: {title: Notes, version: '1'}
paths:
  /notes:
    post: &post
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}
      responses: &responses
        '200': {description: ok}
        '400': {description: no}
        '429': {description: too many}
        '503': {description: busy}
  /others: {post: {responses: *responses, parameters: [{name: n, in: query, schema: {type: integer}}]}}
components:
  schemas:
    Note:
      type: object
      required: [text]
      properties:
        text: {type: string, maxLength: 40}
        size: {type: integer, minimum: 1}
        kind: {enum: [a, b, c]}
        tags: {type: array, maxItems: 3, items: {type: string}}
"""
WORD = f"    post: &post\n      x-rate-limit: {{requests: {LIMIT}, seconds: {WINDOW}}}\n"


@pytest.fixture
def declared(tmp_path: Path) -> Contract:
    """The notes, of which so many are taken; how many others, nobody says."""
    (tmp_path / "declared.yaml").write_text(NOTES.replace("    post: &post\n", WORD))
    return load(tmp_path / "declared.yaml")


@pytest.fixture
def undeclared(tmp_path: Path) -> Contract:
    """The same, without a word of any limit."""
    (tmp_path / "undeclared.yaml").write_text(NOTES)
    return load(tmp_path / "undeclared.yaml")


class _Counting:
    """A server of the notes that is right in all, and takes so many of each window of its clock."""

    def __init__(self, contract: Contract, clock: Callable[[], float] = lambda: 0.0) -> None:
        free = tuple(replace(one, rate_limit=None) for one in contract.operations)
        self._mock = create_app(replace(contract, operations=free)).test_client()
        self._clock = clock
        self.counts: dict[int, int] = {}
        self.refused = 0
        self.delay = 0.0
        self.loses_size = False
        self._lock = threading.Lock()

    def __call__(self, handler: Any, body: bytes) -> None:
        if "/notes" in handler.path and self._is_one_too_many():
            left = int(WINDOW - self._clock() % WINDOW) + 1
            write(handler, 429, "text/plain", b"", ("Retry-After", str(left)))
            return
        time.sleep(self.delay)
        write(handler, self._status(handler, body), "text/plain", b"")

    def _is_one_too_many(self) -> bool:
        with self._lock:
            window = int(self._clock() // WINDOW)
            self.counts[window] = self.counts.get(window, 0) + 1
            self.refused += self.counts[window] > LIMIT
            return self.counts[window] > LIMIT

    def _status(self, handler: Any, body: bytes) -> int:
        """What the contract says to the request, as the mock tells it."""
        if self.loses_size and b'"size"' in body:
            return 500
        headers = [
            one for one in handler.headers.items() if one[0] not in {"Host", "Content-Length"}
        ]
        path = handler.path.removeprefix("/api")
        answer = self._mock.open(path, method=handler.command, headers=headers, data=body)
        return int(answer.status_code)


class _Busy:
    """A server of the notes that takes everything, until it puts everything off."""

    def __init__(self, contract: Contract, status: int) -> None:
        self._right, self._status = _Counting(contract), status
        self._more = 1_000_000
        self.answered = self.put_off = 0
        self._lock = threading.Lock()

    def getting_busy_in(self, phase: str) -> Callable[[run.Progress], None]:
        """What has to be told of the progress: some requests into *phase*, nothing is taken any more."""

        def told(progress: run.Progress) -> None:
            if progress.phase.endswith(phase) and (progress.done > 40 or phase != "certificate"):
                self._more = min(self._more, 5)

        return told

    def __call__(self, handler: Any, body: bytes) -> None:
        with self._lock:
            self._more -= 1
            is_busy = self._more < 0
            self.answered += not is_busy
            self.put_off += is_busy
        if is_busy:
            write(handler, self._status, "text/plain", b"", ("Retry-After", "120"))
            return
        self._right.counts.clear()
        self._right(handler, body)


def _check(contract: Contract, url: str, **options: Any) -> Report:
    given = run.Options(**{"examples": 4, **options})
    return run.check(contract, HttpTarget(url, Access(), 5), given)


def test_what_covers_most_is_sent_within_the_limit(declared: Contract, listening: Any) -> None:
    """No request too many, nothing that is not exercised, and what was left out is told everywhere."""
    server = _Counting(declared)
    report = _check(declared, listening(server))
    told = json.loads(WRITERS["json"](report))
    suite = next(iter(ET.fromstring(WRITERS["junit"](report))))  # noqa: S314 - our own
    skipped = [one.get("message", "") for one in suite.findall("testcase/skipped")]
    (limit,) = told["left_out"]["limits"]
    lines = console.render(report)

    assert (report.verdict, report.gone, server.refused) == ("holds", False, 0)
    assert 0.9 * LIMIT < server.counts[0] <= LIMIT
    for kind in ("fields", "enum-values", "keywords-accepted", "keywords-broken"):
        assert report.coverage.missing(kind) == ()
    assert report.stopped.startswith("no more requests are allowed after ")
    assert {operation for operation, _ in report.left_out.cases} == {"POST /notes"}
    assert "fuzz" in told["left_out"]["phases"]
    assert limit["pointer"] == "/paths/~1notes/post/x-rate-limit"
    assert (limit["requests"], limit["seconds"], limit["max_time"] % WINDOW) == (LIMIT, WINDOW, 0)
    assert f"POST /notes takes {LIMIT} requests in {WINDOW} seconds (x-rate-limit): " in lines
    assert f"--max-time {limit['max_time']}, " in lines
    assert limit["advice"] in lines
    assert any(limit["advice"] in message for message in skipped)


def test_the_advice_works(declared: Contract, tmp_path: Path) -> None:
    """The overlay that is told takes the word out, and with it the reason to leave anything out."""
    contract_file, overlay = tmp_path / "declared.yaml", tmp_path / "unlimited.yaml"
    (operation, _) = declared.operations
    told = plan_report.render(declared, coverage_statement(declared), run.Options())
    action = told.partition("removes the word: ")[2].partition("}.")[0] + "}"
    overlay.write_text(f"overlay: 1.0.0\ninfo: {{title: t, version: '1'}}\nactions: [{action}]\n")
    free = load(contract_file, (overlay,))

    assert operation.rate_limit is not None
    assert [one.rate_limit for one in free.operations] == [None, None]
    assert "x-rate-limit" not in plan_report.render(free, coverage_statement(free), run.Options())


def test_the_plan_says_how_much_is_sent(declared: Contract) -> None:
    """Before anything is sent; with the time that it takes, all of it is."""
    plan = coverage_statement(declared)
    count = plan.by_operation["POST /notes"]
    short = plan_report.render(declared, plan, run.Options())
    seconds = int(short.partition("--max-time ")[2].partition(",")[0])
    long = plan_report.render(declared, plan, run.Options(max_time=seconds))

    assert f"(x-rate-limit): of {count}, about {(LIMIT - 2) * 3 // 4} are sent, " in short
    assert "x-rate-limit" not in long


def test_the_limit_of_one_costs_the_others_nothing(declared: Contract, listening: Any) -> None:
    """Every phase of an operation without a limit is gone through, generated requests included."""
    report = _check(declared, listening(_Counting(declared)))
    operation = "POST /others"

    areas = {one.area for one in report.tested if one.operation == operation}
    assert {"query n", "at once", "sequence", "fuzz"} <= areas
    assert operation not in {label for label, _ in report.left_out.cases}


def test_several_connections_keep_the_limit(declared: Contract, listening: Any) -> None:
    """All of them together, and all requests that are allowed are made."""
    server = _Counting(declared)
    server.delay = 0.002
    report = _check(declared, listening(server), workers=6, examples=0)

    assert (report.verdict, server.refused) == ("holds", 0)
    assert server.counts[0] > 0.9 * LIMIT


def test_what_findings_cost_is_counted(declared: Contract, listening: Any) -> None:
    """Repetitions and smaller requests are requests too."""
    server = _Counting(declared)
    server.loses_size = True
    report = _check(declared, listening(server))

    assert [one.breach.rule for one in report.findings] == ["server-error"]
    assert (server.refused, server.counts[0] <= LIMIT) == (0, True)


def test_a_defect_of_many_parts_does_not_cost_the_rest(
    declared: Contract, listening: Any, tmp_path: Path
) -> None:
    """Making it small may take a part of what is left, not most of it."""
    members = "".join(f"        m{number}: {{type: integer}}\n" for number in range(40))
    text = (tmp_path / "declared.yaml").read_text().replace(f"requests: {LIMIT}", "requests: 200")
    (tmp_path / "wide.yaml").write_text(text + members)
    wide = load(tmp_path / "wide.yaml")
    right = _Counting(wide)

    def speak(handler: Any, body: bytes) -> None:
        right.counts.clear()
        if body.count(b'"m') > 29:
            write(handler, 500, "text/plain", b"")
        else:
            right(handler, body)

    report = _check(wide, listening(speak), examples=0)
    sent = report.left_out.of - report.left_out.total

    assert [one.breach.rule for one in report.findings] == ["server-error"]
    assert report.left_out.total > 0
    assert sent > 140


class _Clock:
    """Time that passes while somebody sleeps, and a little with every look at it."""

    def __init__(self) -> None:
        self._now, self._lock = 10_000.0, threading.Lock()

    def __call__(self) -> float:
        with self._lock:
            self._now += 0.0001
            return self._now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self._now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    """A clock on which nobody waits."""
    clock = _Clock()
    monkeypatch.setattr(time, "monotonic", clock)
    monkeypatch.setattr(time, "sleep", clock.sleep)
    return clock


@pytest.mark.parametrize("already", [0, LIMIT])
def test_later_windows_are_waited_for(
    declared: Contract, listening: Any, clock: _Clock, already: int
) -> None:
    """Within --max-time all is sent, window by window, also where others have used up the first one."""
    server = _Counting(declared, clock)
    server.counts[int(clock() // WINDOW)] = already
    count = coverage_statement(declared).by_operation["POST /notes"]
    report = _check(declared, listening(server), max_time=20 * WINDOW, workers=1, examples=0)

    assert (report.verdict, report.stopped) == ("holds", "")
    assert (report.left_out.total, report.left_out.phases) == (0, ())
    assert sum(server.counts.values()) - already - server.refused >= count > LIMIT
    assert server.refused == (1 if already else 0)


def test_a_window_that_would_end_too_late_is_not_waited_for(
    declared: Contract, listening: Any, clock: _Clock
) -> None:
    """A limit of time that is shorter than the window ends the run when the requests are used up."""
    server, began = _Counting(declared, clock), clock()
    report = _check(declared, listening(server), max_time=WINDOW // 2, examples=0)

    assert (report.verdict, server.refused) == ("holds", 0)
    assert clock() - began < WINDOW // 2
    assert [one.operation for one in report.left_out.limits] == ["POST /notes"]


PHASES = ("certificate", "sequence", "at once", "fuzz")


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("phase", PHASES)
def test_later_is_no_answer(undeclared: Contract, listening: Any, phase: str, status: int) -> None:
    """A documented 429 that nobody waits for, or a 503, ends the run and is evidence of nothing."""
    server = _Busy(undeclared, status)
    target = HttpTarget(listening(server), Access(), 5)
    options = run.Options(examples=4, workers=1)
    report = run.check(undeclared, target, options, server.getting_busy_in(phase))
    asked = sum(one.cases for one in report.tested if one.area != "methods")
    statuses = {code for counts in report.statuses.values() for code in counts}

    assert (report.verdict, report.findings, report.gone) == ("holds", (), False)
    assert report.stopped.startswith(
        f"the target limits the rate of requests ({status}) and asks to wait 120 s; --rate keeps below"
    )
    assert asked == server.answered > 0
    assert server.put_off <= (5 if phase == "at once" else 1)
    assert status not in statuses
    assert report.left_out.of > 0
    assert report.left_out.phases[-1] == "fuzz"
    assert {item.label for item in report.coverage.items if item.count}.isdisjoint({"429", "503"})


def test_later_on_any_connection_is_no_answer(undeclared: Contract, listening: Any) -> None:
    """What is under way on other connections at that moment is no evidence either."""
    server = _Busy(undeclared, 429)
    target = HttpTarget(listening(server), Access(), 5)
    options = run.Options(examples=0, workers=5)
    report = run.check(undeclared, target, options, server.getting_busy_in("certificate"))

    assert (report.verdict, report.findings) == ("holds", ())
    assert 0 < report.cases <= server.answered
    assert server.put_off <= 7


def test_a_server_that_takes_nothing_was_not_checked(undeclared: Contract, listening: Any) -> None:
    """Nothing is known then, and that is what is said."""

    def speak(handler: Any, _: bytes) -> None:
        write(handler, 429, "text/plain", b"", ("Retry-After", "120"))

    report = _check(undeclared, listening(speak))

    assert (report.verdict, report.cases, report.findings) == ("nothing-checked", 0, ())
    assert report.left_out.total == report.left_out.of > 0


@pytest.mark.parametrize("workers", [1, 5])
def test_two_servers_are_compared_within_the_limit(
    declared: Contract, listening: Any, workers: int
) -> None:
    """The same requests of each, no 429 among what is compared, and the rest is told."""
    servers = [_Counting(declared) for _ in range(2)]
    left, right = (HttpTarget(listening(one), Access(), 5) for one in servers)
    made = compare(declared, left, right, Comparing(workers=workers))

    assert made.verdict == "same-so-far"
    assert [one.refused for one in servers] == [0, 0]
    assert 0.8 * LIMIT < servers[0].counts[0] == servers[1].counts[0]
    assert made.stopped.startswith(f"no more requests are allowed after {made.cases:,} of ")
    assert f"POST /notes takes {LIMIT} requests in {WINDOW} seconds" in made.stopped
    assert sum(made.left_out.values()) > 0


def test_what_is_under_way_counts(undeclared: Contract) -> None:
    """What waits because others are under way is handed out when they are answered."""
    cases = cases_of(undeclared.operations[0])[:4]
    queue = Queue(cases, may=lambda _, under_way: under_way < 2)
    handed_out = list(queue)
    for case in handed_out:
        queue.take(case)

    assert handed_out == cases[:2]
    assert (queue.waiting, list(queue)) == (True, cases[2:])


def test_the_mock_takes_what_the_suite_sends(
    declared: Contract, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both keep the limit of the contract: the run holds, and all of the contract was exercised."""
    spec = str(tmp_path / "declared.yaml")
    with serving(declared) as mock:
        code = command(["check", mock.url, "--spec", spec, "--require-coverage", "100"])
    printed = capsys.readouterr()

    assert (code, printed.err.count("Coverage")) == (0, 0)
    assert printed.out.startswith("The contract holds so far: Notes 1, ")
    assert "  Not sent: " in printed.out


def test_a_mutant_is_asked_as_often_as_it_takes(declared: Contract, tmp_path: Path) -> None:
    """The limit of a contract keeps nobody from finding defects of its mock."""
    spec = tmp_path / "declared.yaml"
    chosen = ["--only", "acceptance/notes.post/body.kind/*", "--quiet"]

    assert declared.operations[0].rate_limit is not None
    assert command(["mutate", "--spec", str(spec), *chosen]) == 0
