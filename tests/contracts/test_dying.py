"""Servers that die, hang or are replaced in the middle of a run, as processes of their own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from tests.conftest import LEADLINE
from tests.contracts.conftest import KEY, write

from leadline_cli.main import run as command
from leadline_contracts import run
from leadline_contracts.cases import cases_of
from leadline_contracts.report import Report
from leadline_contracts.reports import console
from leadline_contracts.run import Progress
from leadline_contracts.target import Access, HttpTarget
from leadline_openapi import Contract

PHASES = [
    "POST /leads, certificate",
    "POST /leads, sequence",
    "POST /leads, at once",
    "other methods",
    "fuzz",
]
MORTAL = """
import os, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from leadline_mock import create_app
from leadline_openapi import load
app, last, overlapping = create_app(load()), int(sys.argv[1]), sys.argv[2] == "overlapping"
seen, inside = [], []

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        seen.append(body)
        inside.append(body)
        if len(inside) > 1 if overlapping else len(seen) == last:
            os._exit(1)
        headers = [one for one in self.headers.items() if one[0] not in ("Host", "Content-Length")]
        answer = app.test_client().open(self.path, method=self.command, headers=headers, data=body)
        self.send_response(answer.status_code)
        self.send_header("Content-Type", answer.headers.get("Content-Type", "text/plain"))
        self.send_header("Content-Length", str(len(answer.data)))
        time.sleep(0.005 * overlapping)  # as slow as it takes for requests to overlap
        inside.pop()
        self.end_headers()
        self.wfile.write(answer.data)

    do_GET = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_POST

    def log_message(self, *args):
        pass

server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"http://127.0.0.1:{server.server_port}/api", flush=True)
server.serve_forever(0.01)
"""
"""A mock that dies while it works on its Nth request, or on two at the same time."""

Started = tuple[str, "subprocess.Popen[str]"]
Start = Callable[..., Started]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a server that tells its URL in its first line; gives that line and the process."""
    started: list[subprocess.Popen[str]] = []

    def start(*words: str) -> Started:
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None
        return process.stdout.readline(), process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def mock(start: Start) -> Started:
    """The URL and the process of a mock."""
    line, process = start(*LEADLINE, "mock", "--port", "0", "--quiet")
    return str(json.loads(line)["url"]), process


@pytest.fixture
def mortal(start: Start) -> Callable[..., str]:
    """Starts a server that dies by itself; gives its URL."""

    def begin(last: int, when: str = "") -> str:
        return start(sys.executable, "-c", MORTAL, str(last), when)[0].strip()

    return begin


def _check(
    contract: Contract, url: str, on_progress: Any = None, *, timeout: float = 20, **options: Any
) -> Report:
    target = HttpTarget(url, Access(KEY), timeout)
    given = run.Options(**{"examples": 4, **options})
    return run.check(contract, target, given, on_progress or (lambda _: None))


def _in(phase: str, act: Callable[[], None]) -> Callable[[Progress], None]:
    """Does *act* once, when a run tells that it is in *phase*, and not at its very beginning."""
    told: list[Progress] = []

    def on_progress(progress: Progress) -> None:
        if progress.phase == phase:
            told.append(progress)
            if len(told) == (1 if phase.endswith("at once") else 2):
                act()

    return on_progress


def _answers(report: Report) -> int:
    return sum(report.statuses["POST /leads"].values()) - report.statuses["POST /leads"].get(0, 0)


@pytest.mark.usefixtures("some_cases")
@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("workers", [1, 4])
def test_killed(contract: Contract, mock: Started, phase: str, workers: int) -> None:
    """Whenever a server is killed, the run ends with a report of what was checked until then."""
    url, process = mock

    def kill() -> None:
        process.kill()
        process.wait()

    report = _check(contract, url, _in(phase, kill), workers=workers)
    where = f"; that was after {_answers(report):,} answers, in {phase}"

    assert report.gone
    assert report.stopped.startswith("the target stopped answering: the connection was re")
    assert report.stopped.endswith(where)
    assert [one.breach.rule for one in report.findings] == ["no-answer"]
    assert list(report.left_out.phases) == PHASES[PHASES.index(phase) or 1 :]
    assert (report.left_out.total > 0) is (phase == PHASES[0])
    assert f"The run ended early: {report.stopped}" in console.render(report)


@pytest.mark.usefixtures("some_cases")
def test_frozen(contract: Contract, mock: Started) -> None:
    """A server that still takes connections, but says nothing any more, is as good as dead."""
    url, process = mock
    freeze = _in(PHASES[0], lambda: process.send_signal(signal.SIGSTOP))
    report = _check(contract, url, freeze, timeout=2)

    assert (report.gone, [one.breach.actual for one in report.findings]) == (
        True,
        ["no answer in time"],
    )
    assert report.stopped.startswith(
        "the target stopped answering: no answer in time; that was after "
    )


@pytest.mark.parametrize("last", [1, 2, 30, 500])
def test_the_evidence_is_the_request_at_which_it_died(
    contract: Contract, mortal: Callable[..., str], last: int
) -> None:
    """What a dead server did not answer is no evidence, however small the requests are."""
    cases = cases_of(contract.operations[0])[:600:-1]
    target = HttpTarget(mortal(last), Access(KEY), 20)
    report = run.check(contract, target, run.Options(workers=1), cases=lambda _: cases)
    found = [(one.breach.rule, one.exchange.case, one.count) for one in report.findings]

    assert found == [("no-answer", cases[last - 1], 1)]
    assert (report.gone, _answers(report)) == (True, last - 1)
    assert report.left_out.of == len(cases)
    assert 0 <= len(cases) - last - report.left_out.total <= 2


def test_dies_at_the_last_moment(contract: Contract, mortal: Callable[..., str]) -> None:
    """Where no further request would show it, the server is asked whether it is still there."""
    report = _check(contract, mortal(1), safe=True)

    assert (report.gone, [one.breach.rule for one in report.findings]) == (True, ["no-answer"])


def test_dies_of_requests_at_once(contract: Contract, mortal: Callable[..., str]) -> None:
    """A server that can not take two requests at a time, and dies of them, is gone."""
    report = run.check(
        contract,
        HttpTarget(mortal(0, "overlapping"), Access(KEY), 20),
        run.Options(workers=1),
        cases=lambda operation: cases_of(operation)[::20],
    )

    assert (report.gone, [one.breach.rule for one in report.findings]) == (True, ["no-answer"])
    assert report.stopped.endswith("in POST /leads, at once")
    assert report.left_out.total == 0


@pytest.mark.usefixtures("some_cases")
def test_another_server_in_its_place(contract: Contract, mock: Started) -> None:
    """Where another server answers in the place of a dead one, the run tells what it does wrong."""
    url, process = mock

    class Other(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            write(self, 404, "text/html", b"<h1>Not here</h1>")

        do_GET = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_POST  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    started: list[ThreadingHTTPServer] = []

    def replace() -> None:
        process.kill()
        process.wait()
        started.append(ThreadingHTTPServer(("127.0.0.1", urlsplit(url).port or 0), Other))
        threading.Thread(target=started[0].serve_forever, args=(0.01,), daemon=True).start()

    report = _check(contract, url, _in(PHASES[0], replace))
    started[0].shutdown()
    started[0].server_close()
    refused = {one.exchange.status for one in report.findings if one.breach.rule == "rejects-valid"}

    assert (report.verdict, report.gone, refused) == ("broken", False, {404})


def test_exit_code_and_reports(
    mortal: Callable[..., str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A server that dies is exit code 3, with reports of what was checked, and of what was not."""
    files = {name: tmp_path / name for name in ("json", "junit", "sarif", "har", "pytest")}
    reports = [f"--report={name}={file}" for name, file in files.items()]
    code = command(["check", mortal(300), "--key", KEY, "--workers", "1", *reports])
    printed, told = capsys.readouterr().out, json.loads(files["json"].read_text("utf-8"))
    suite = ET.parse(files["junit"]).getroot()[0]  # noqa: S314 - our own file

    assert code == 3
    assert all(file.stat().st_size for file in files.values())
    assert told["gone"] is True
    assert told["stopped"].endswith("; that was after 299 answers, in POST /leads, certificate")
    assert told["stopped"] in printed
    assert (
        f"Not sent: {told['left_out']['cases']:,} of {told['left_out']['of']:,} cases: " in printed
    )
    assert 0 < told["coverage"]["kinds"]["fields"]["exercised"] <= 84
    assert {"POST /leads, sequence (not gone through)", "fuzz (not gone through)"} <= {
        case.get("name") for case in suite.findall("testcase[skipped]")
    }
    assert suite.get("failures") == "1"
