"""Several processes are one mock: ids, journal, armed faults, signals."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.conftest import LEADLINE

KEY = "test-api-key"
HEADERS = {"Authorization": KEY, "Content-Type": "application/json"}
REQUESTS = 60


class Several:
    """A mock of three processes."""

    def __init__(self) -> None:
        command = [*LEADLINE, "mock", "--port", "0", "--workers", "3", "--quiet"]
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


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_ends_all() -> None:
    """Ctrl-C reaches all processes; the command ends with 130, and nothing is left."""
    command = [*LEADLINE, "mock", "--port", "0", "--workers", "2", "--quiet"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
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


def test_a_process_that_dies_is_told() -> None:
    """A mock that lost one of its processes does not go on as if nothing had happened."""
    running = Several()
    try:
        found = subprocess.run(
            ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(running.process.pid)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        workers = [line.split()[0] for line in found.splitlines() if "spawn_main" in line]
        assert len(workers) == 3
        os.kill(int(workers[0]), signal.SIGKILL)
        running.process.communicate(timeout=30)
    finally:
        running.process.kill()

    assert running.process.returncode == 1
