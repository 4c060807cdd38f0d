"""Start servers, wait until they answer, end them; what their processes use, from Linux's /proc."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from benchmarks.mocks.work import ROOT, Work

PATIENCE = 60.0
GRACE = 5.0
PAUSE = 0.001
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class NotReady(Exception):
    """A server ended, or did not answer in time."""


@dataclass(frozen=True)
class Server:
    """
    How to start a server: *command*, in which `{port}` stands for its port; *path* of the operation.

    *role* is `ours`, `rival` or `floor`.
    """

    name: str
    role: str
    command: tuple[str, ...]
    path: str
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Running:
    """A server that answers: *pid* of its first process, *url* of the operation, *ready* in seconds."""

    server: Server
    pid: int
    url: str
    ready: float


@contextmanager
def running(server: Server, work: Work) -> Iterator[Running]:
    """
    *server* in processes of its own, from its first yes to the end of the context.

    Raises `NotReady` with the end of what it printed.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}{server.path}"
    with tempfile.TemporaryFile() as log:
        started = time.perf_counter()
        process = subprocess.Popen(
            [part.format(port=port) for part in server.command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env={**_own_environment(), **server.environment},
            start_new_session=True,
        )
        try:
            _wait(process, server, url, work, log)
            yield Running(server, process.pid, url, time.perf_counter() - started)
        finally:
            _end(process)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def tree(pid: int) -> list[int]:
    """*pid* and all processes below it."""
    below: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (fields := _stat(int(folder.name))):
            below.setdefault(int(fields[1]), []).append(int(folder.name))
    found = [pid]
    for one in found:
        found += below.get(one, [])
    return found


def cpu_seconds(pid: int) -> float:
    """Processor time, in user and system mode, of *pid*, those below it and those that ended there."""
    ticks = (sum(map(int, fields[11:15])) for one in tree(pid) if (fields := _stat(one)))
    return sum(ticks) / _TICKS


def machine_seconds() -> float:
    """Processor time, in user and system mode, of all processes of the machine, and what was stolen."""
    user, nice, system, _, _, _, _, steal, *_ = map(int, _first_line("/proc/stat").split()[1:])
    return (user + nice + system + steal) / _TICKS


def resident(pid: int) -> int:
    """Bytes of memory that *pid* and those below it have in use; what they share counts for each."""
    total = 0
    for one in tree(pid):
        with suppress(OSError):
            total += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * _PAGE
    return total


def alive(pid: int) -> bool:
    """Whether *pid* runs; one that ended and waits to be collected does not."""
    fields = _stat(pid)
    return bool(fields) and fields[0] not in "ZX"


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat (proc(5)) from the state on; nothing for a process that ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return []
    return text.rpartition(")")[2].split()


def _first_line(path: str) -> str:
    with Path(path).open(encoding="ascii") as file:
        return file.readline()


def _own_environment() -> dict[str, str]:
    """Ours, without what would change how a server behaves."""
    return {name: text for name, text in os.environ.items() if not name.startswith("LEADLINE_")}


def _wait(
    process: subprocess.Popen[bytes], server: Server, url: str, work: Work, log: IO[Any]
) -> None:
    deadline = time.perf_counter() + PATIENCE
    answer = "it does not listen"
    while time.perf_counter() < deadline:
        if process.poll() is not None:
            raise NotReady(f"{server.name} ended with {process.returncode}: {_tail(log)}")
        answer = _ask(url, work)
        if answer == "yes":
            return
        time.sleep(PAUSE)
    raise NotReady(f"{server.name} was not ready in {PATIENCE:.0f} s, {answer}: {_tail(log)}")


def _ask(url: str, work: Work) -> str:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=PATIENCE)
    headers = {"Content-Type": work.media, work.header: work.credential}
    try:
        connection.request("POST", parts.path, work.body, headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return str(error)
    finally:
        connection.close()
    return "yes" if 200 <= status < 300 else f"it answers {status}"


def _tail(log: IO[Any]) -> str:
    log.seek(0)
    lines = log.read().decode("utf-8", "replace").strip().splitlines()
    return "\n".join(lines[-12:]) or "it printed nothing"


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the server and what it started: they are a group of their own."""
    if process.poll() is not None:
        return
    group = tree(process.pid)
    os.killpg(process.pid, signal.SIGTERM)
    deadline = time.perf_counter() + GRACE
    while any(map(alive, group)) and time.perf_counter() < deadline:
        process.poll()
        time.sleep(PAUSE)
    for pid in filter(alive, group):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()
