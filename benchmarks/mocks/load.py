"""Put a server under load with wrk, and read what that cost."""

from __future__ import annotations

import json
import math
import resource
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.mocks.processes import Running, cpu_seconds, machine_seconds
from benchmarks.mocks.work import Work

SCRIPT = Path(__file__).with_name("load.lua")
CONNECTIONS = 16


class NoFigures(Exception):
    """wrk ended without telling what it measured."""


@dataclass(frozen=True)
class Load:
    """
    One round: *requests* answered in *seconds*, latencies in milliseconds, processor seconds of the server.

    *refused* counts the answers that say no, *broken* the connections that failed. *others* is what else
    the machine did meanwhile, in processor seconds.
    """

    requests: int
    seconds: float
    p50: float
    p99: float
    refused: int
    broken: int
    cpu: float = 0.0
    others: float = 0.0

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds

    @property
    def cost(self) -> float:
        """Processor time of the server for one request, in microseconds."""
        return self.cpu / self.requests * 1e6 if self.requests else math.nan

    @property
    def disturbance(self) -> float:
        """What else the machine did, as a share of one core."""
        return max(0.0, self.others / self.seconds)

    @property
    def failed(self) -> int:
        """How many requests did not get the answer yes."""
        return self.refused + self.broken


def press(server: Running, work: Work, seconds: int) -> Load:
    """
    Send the request of *work* to *server* for *seconds*, over 16 kept connections of one thread.

    Raises `NoFigures`.
    """
    server_before, all_before, wrk_before = cpu_seconds(server.pid), machine_seconds(), _children()
    done = subprocess.run(
        command(server.url, work, seconds), capture_output=True, text=True, check=False
    )
    cpu = cpu_seconds(server.pid) - server_before
    others = machine_seconds() - all_before - cpu - (_children() - wrk_before)
    return replace(parse(done.stdout, done.stderr), cpu=cpu, others=others)


def _children() -> float:
    """Processor time of the children that have ended: of wrk, and of servers long ago."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def command(url: str, work: Work, seconds: int) -> list[str]:
    """How wrk is called."""
    return [
        "wrk",
        "--threads=1",
        f"--connections={CONNECTIONS}",
        f"--duration={seconds}s",
        "--timeout=10s",
        f"--script={SCRIPT}",
        url,
        "--",
        str(work.file),
        work.media,
        work.header,
        work.credential,
    ]


def parse(output: str, trouble: str) -> Load:
    """
    What wrk says in *output*; its script ends with one line of JSON, in microseconds.

    Raises `NoFigures` with *trouble*, where there is no such line or nothing was answered.
    """
    lines = [line for line in output.splitlines() if line.startswith("{")]
    if not lines:
        raise NoFigures(f"wrk gave no figures: {(trouble or output).strip() or 'it said nothing'}")
    told = json.loads(lines[-1])
    if not told["requests"]:
        raise NoFigures(f"no request was answered, {told['broken']} connections failed")
    return Load(
        requests=told["requests"],
        seconds=told["duration"] / 1e6,
        p50=told["p50"] / 1e3,
        p99=told["p99"] / 1e3,
        refused=told["refused"],
        broken=told["broken"],
    )
