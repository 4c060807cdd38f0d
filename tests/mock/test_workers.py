"""Several processes are one mock: ids, journal, armed faults, signals."""

from __future__ import annotations

import http.client
import json
import multiprocessing
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from tests.conftest import LEADLINE

from leadline_mock.faults import Armory, Fault
from leadline_mock.workers.channel import Caller, Gone, answer_calls
from leadline_mock.workers.keeper import _Keeper

KEY = "test-api-key"
HEADERS = {"Authorization": KEY, "Content-Type": "application/json"}
REQUESTS = 60


class Several:
    """A mock of three processes, or as many as *options* say."""

    def __init__(self, *options: str) -> None:
        command = [*LEADLINE, "mock", "--port", "0", "--workers", "3", "--quiet", *options]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.url = urlsplit(json.loads(self.process.stdout.readline())["url"])

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Status and JSON; each time over a new connection, which any of the processes may get."""
        connection = http.client.HTTPConnection(str(self.url.hostname), self.url.port, timeout=20)
        try:
            sent = None if body is None else json.dumps(body)
            connection.request(method, path, sent, {**HEADERS, **headers})
            with connection.getresponse() as response:
                text = response.read()
                return response.status, json.loads(text) if text else None
        finally:
            connection.close()


@pytest.fixture(scope="module")
def several() -> Iterator[Several]:
    """The mock, asked by several clients at once; in the end it stops when it is told to."""
    running = Several()
    yield running
    running.process.send_signal(signal.SIGTERM)
    _, told = running.process.communicate(timeout=30)

    assert (running.process.returncode, told) == (0, "")


def test_ids_and_journal_are_one(several: Several) -> None:
    """No id is given twice, and whichever process is asked, it knows every request in order."""

    def post(number: int) -> Any:
        body = {"firstName": str(number)}
        return several.ask("POST", "/api/leads", body, **{"Leadline-Run": "ids"})[1]["doc"]["id"]

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(post, range(REQUESTS)))
    told = [several.ask("GET", "/__leadline/requests?run=ids")[1]["requests"] for _ in range(6)]

    assert len(set(ids)) == REQUESTS
    for entries in told:
        assert sorted(int(one["body"]["firstName"]) for one in entries) == list(range(REQUESTS))
        assert entries == sorted(entries, key=lambda one: one["id"])


def test_what_is_armed_happens_once(several: Several) -> None:
    """A fault that one process was told of happens to the next requests, whoever answers, and no more."""
    for _ in range(3):
        fault = {"fault": {"status": 503}, "times": 2, "run": "armed"}
        assert several.ask("POST", "/__leadline/faults", fault)[0] in {200, 201}
        run = {"Leadline-Run": "armed"}
        statuses = [several.ask("POST", "/api/leads", {}, **run)[0] for _ in range(4)]

        assert statuses == [503, 503, 200, 200]


def test_reset_is_for_all(several: Several) -> None:
    """After a reset of a run no process remembers it, and other runs are still there."""
    for run in ("gone", "kept"):
        for _ in range(8):
            several.ask("POST", "/api/leads", {}, **{"Leadline-Run": run})
    several.ask("POST", "/__leadline/reset", {"run": "gone"})
    left = {
        run: {
            len(several.ask("GET", f"/__leadline/requests?run={run}")[1]["requests"])
            for _ in range(6)
        }
        for run in ("gone", "kept")
    }

    assert left == {"gone": {0}, "kept": {8}}


def test_a_seed_repeats_a_run() -> None:
    """What is left to chance goes by the order of the requests, however many processes answer them."""

    def run(workers: str) -> list[int]:
        running = Several("--workers", workers, "--seed", "3", "--error-rate", "50%")
        try:
            return [running.ask("POST", "/api/leads", {})[0] for _ in range(40)]
        finally:
            running.process.terminate()
            running.process.communicate(timeout=30)

    alone = run("1")

    assert set(alone) == {200, 503}
    assert run("3") == alone


def _in_a_group() -> subprocess.Popen[str]:
    """A mock of two processes that start as those of a terminal do, in a group of their own."""
    return subprocess.Popen(
        [*LEADLINE, "mock", "--port", "0", "--workers", "2", "--quiet"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_ends_all() -> None:
    """Ctrl-C reaches all processes; the command ends with 130, and nothing is left."""
    with _in_a_group() as process:
        assert process.stdout is not None
        process.stdout.readline()
        group = os.getpgid(process.pid)
        os.killpg(group, signal.SIGINT)
        _, told = process.communicate(timeout=30)

    assert (process.returncode, told) == (130, "")
    assert _living(group) == []


def _living(group: int) -> list[str]:
    """The processes of *group* that are not dead, once those that are ending have had their time."""
    deadline = time.monotonic() + 20
    while True:
        listed = subprocess.run(
            ["ps", "-ww", "-eo", "pgid=,stat=,args="], capture_output=True, text=True, check=True
        )
        rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
        found = [row[2] for row in rows if row[0] == str(group) and row[1][0] != "Z"]
        if not found or time.monotonic() > deadline:
            return found
        time.sleep(0.05)


def _workers(parent: int) -> list[int]:
    """The processes that serve, of the mock whose first process is *parent*."""
    found = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(parent)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    return [int(line.split()[0]) for line in found.splitlines() if "spawn_main" in line]


def test_a_process_that_dies_is_told() -> None:
    """A mock that lost one of its processes does not go on as if nothing had happened, and says why."""
    running = Several()
    try:
        workers = _workers(running.process.pid)
        assert len(workers) == 3
        os.kill(workers[0], signal.SIGKILL)
        _, told = running.process.communicate(timeout=30)
    finally:
        running.process.kill()

    assert running.process.returncode == 1
    assert told == "a process of the mock ended by itself (by SIGKILL), so the mock ended\n"


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_process_that_hears_nothing_is_ended() -> None:
    """A process that hangs does not keep the mock from ending; who asks twice need not wait for it."""
    running = Several()
    hanging = _workers(running.process.pid)[0]
    os.kill(hanging, signal.SIGSTOP)
    deadline = time.monotonic() + 60
    while running.process.poll() is None and time.monotonic() < deadline:
        running.process.terminate()
        time.sleep(0.3)
    code = running.process.poll()
    running.process.kill()
    with suppress(ProcessLookupError):
        os.kill(hanging, signal.SIGKILL)
    running.process.communicate(timeout=30)

    assert code == 0


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_while_it_starts() -> None:
    """Ctrl-C before the mock is ready ends it without a word about its insides."""
    with _in_a_group() as process:
        while process.poll() is None and not _workers(process.pid):
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=30)

    assert (process.returncode, told) == (130, "")


def test_what_no_process_tells_of_is_counted() -> None:
    """Together they tell of as many requests as one would, and how many had to make room."""
    running = Several("--journal", "20")
    try:
        for _ in range(50):
            running.ask("POST", "/api/leads", {})
        told = running.ask("GET", "/__leadline/requests")[1]
    finally:
        running.process.terminate()
        running.process.communicate(timeout=30)

    assert [one["id"] for one in told["requests"]] == list(range(31, 51))
    assert told["dropped"] == 30


def test_arming_while_the_last_fault_is_claimed() -> None:
    """A fault that is armed in the moment in which the last one happens is not forgotten."""
    arming: list[threading.Thread] = []

    class Slow(Armory):
        def __bool__(self) -> bool:
            is_armed = super().__bool__()
            if not arming:
                arming.append(threading.Thread(target=answers["arm"], args=(fault, 1, None, None)))
                arming[0].start()
                arming[0].join(0.3)  # time to come in between, for one that is let in
            return is_armed

    fault = Fault(status=503)
    keeper = _Keeper(cast("Any", SimpleNamespace(seed=0)), cast("Any", None), 10)
    keeper._armory = Slow()
    answers = keeper._answers()
    keeper._armory.arm(fault)

    assert answers["claim"](("a", "GET /a"), None) == fault
    arming[0].join()
    assert keeper._counters.armed


def test_a_question_that_is_not_answered() -> None:
    """Who waits no longer is not given the late answer to an earlier question."""
    ours, theirs = multiprocessing.Pipe()
    caller = Caller(ours)
    with pytest.raises(Gone, match="does not answer"):
        caller.ask("stop", patience=0.01)
    with suppress(OSError):
        theirs.send(("late", None))
    with pytest.raises(Gone):
        caller.ask("entries")


def test_a_question_whose_answer_fails() -> None:
    """A mistake in another process is told to the one who asks, who would wait for ever otherwise."""
    ours, theirs = multiprocessing.Pipe()
    answering = threading.Thread(target=answer_calls, args=(theirs, {"fail": lambda: 1 // 0}))
    answering.start()
    with pytest.raises(Gone, match="ZeroDivisionError"):
        Caller(ours).ask("fail")
    ours.close()
    answering.join()
