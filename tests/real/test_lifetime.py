"""A real server of the tests begins afresh, and leaves nothing behind, however it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from tests.real.servers import KEY, running

_PATIENCE = 30
"""Seconds in which what is left has to go."""
_ORPHAN = """\
import subprocess, sys
process = subprocess.Popen(["node", "start.mjs"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
sys.stdout.write(process.stdout.readline().decode())
"""
_AUTHORIZED = {"Authorization": f"users API-Key {KEY}"}


@pytest.fixture(scope="module", params=["payload2", "payload3"])
def place(request: pytest.FixtureRequest) -> Path:
    """Where each of the servers is ready to be started."""
    found: Path = request.getfixturevalue(request.param)
    return found


def _becomes_true(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _processes() -> dict[int, tuple[int, str]]:
    """The parent and the command of each process of this machine that has not ended."""
    done = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,stat=,args="],
        capture_output=True,
        text=True,
        check=True,
    )
    rows = (line.split(None, 3) for line in done.stdout.splitlines())
    return {int(row[0]): (int(row[1]), row[3]) for row in rows if not row[2].startswith("Z")}


@dataclass(frozen=True)
class _Database:
    """The database of a server: its *postgres*, all of its *processes*, and the *folder* of its data."""

    postgres: int
    processes: frozenset[int]
    folder: Path

    @classmethod
    def of(cls, server: int) -> _Database:
        """What the process *server* has started, by itself or through another."""
        running = _processes()
        found: set[int] = set()
        fresh = {server}
        while fresh:
            fresh = {pid for pid, (parent, _) in running.items() if parent in fresh}
            found |= fresh
        (postgres,) = (pid for pid in found if "/bin/postgres -D " in running[pid][1])
        folder = Path(running[postgres][1].partition("/bin/postgres -D ")[0])
        assert (folder / "data").is_dir()
        return cls(postgres, frozenset(found), folder)

    def is_gone(self) -> bool:
        """Whether no process and no file of it is left."""
        return not (self.processes & _processes().keys() or self.folder.exists())


def _counts(url: str) -> dict[str, int]:
    return {
        name: httpx.get(f"{url}/{name}/count", headers=_AUTHORIZED).json()["totalDocs"]
        for name in ("leads", "users", "searches")
    }


def test_the_data_is_fresh(place: Path) -> None:
    """Each start holds one lead in two languages, one user, and two documents of each kind referred to."""
    with running(place) as (url, _):
        httpx.post(f"{url}/leads", json={}, headers=_AUTHORIZED)
    with running(place) as (url, _):
        counts = _counts(url)
        vehicles = httpx.get(f"{url}/crmVehicles", headers=_AUTHORIZED).json()["docs"]
        notes = [
            httpx.get(f"{url}/leads/1?locale={one}", headers=_AUTHORIZED).json()["notes"]
            for one in ("en", "es")
        ]

    assert counts == {"leads": 1, "users": 1, "searches": 2}
    assert {one["id"] for one in vehicles} == {1, 123}
    assert notes == ["hello", "hola"]


def test_two_at_once_do_not_see_each_other(place: Path) -> None:
    """Two test runs on one machine have their own leads."""
    with running(place) as (one, _), running(place) as (other, _):
        httpx.post(f"{one}/leads", json={}, headers=_AUTHORIZED)

        assert (_counts(one)["leads"], _counts(other)["leads"]) == (2, 1)


def test_it_ends_when_it_is_told_to(place: Path) -> None:
    """That is no failure."""
    with running(place) as (_, process):
        process.terminate()

        assert process.wait(_PATIENCE) == 0


def test_it_ends_with_its_parent(place: Path) -> None:
    """A test run that is killed leaves no server behind."""
    done = subprocess.run(
        [sys.executable, "-c", _ORPHAN],
        cwd=place,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    url = json.loads(done.stdout)["url"]

    def is_gone() -> bool:
        with suppress(httpx.ReadTimeout):
            try:
                httpx.get(f"{url}/leads/count")
            except httpx.TransportError:
                return True
        return False

    assert _becomes_true(is_gone), f"{url} still answers"


def test_its_database_ends_before_it(payload2: Path) -> None:
    """When the server is gone, so are the processes and the data."""
    with running(payload2) as (_, process):
        database = _Database.of(process.pid)
        process.terminate()
        process.wait(_PATIENCE)

        assert database.is_gone()


def test_its_database_does_not_outlive_a_kill(payload2: Path) -> None:
    """SIGKILL leaves a server no time to clean up."""
    with running(payload2) as (_, process):
        database = _Database.of(process.pid)
        process.kill()

        assert _becomes_true(database.is_gone)


def test_it_does_not_outlive_its_database(payload2: Path) -> None:
    """A server that could only fail ends, and leaves nothing either."""
    with running(payload2) as (_, process):
        database = _Database.of(process.pid)
        os.kill(database.postgres, signal.SIGQUIT)

        assert process.wait(_PATIENCE) == 1
        assert _becomes_true(database.is_gone)


def test_it_ends_when_its_database_does_not_start(payload2: Path, tmp_path: Path) -> None:
    """The reason is told, and nobody waits."""
    done = subprocess.run(
        ["node", "start.mjs"],
        cwd=payload2,
        env=os.environ | {"TMPDIR": str(tmp_path / "missing")},
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert "no such file or directory, mkdtemp" in done.stderr
