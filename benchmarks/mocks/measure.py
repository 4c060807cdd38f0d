"""The measurements in their order: starts, fidelity, then load in rounds, each server in turn."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from benchmarks.mocks.fidelity import Fidelity, examine
from benchmarks.mocks.load import Load, press
from benchmarks.mocks.processes import Running, Server, resident, running
from benchmarks.mocks.work import Work

STARTS = 5
ROUNDS = 3
WARM_UP = 2


@dataclass(frozen=True)
class Row:
    """All that was measured of one server: seconds to ready, bytes of memory after the load."""

    server: Server
    version: str
    starts: tuple[float, ...]
    loads: tuple[Load, ...]
    resident: int
    fidelity: Fidelity

    def median(self, figure: Callable[[Load], float]) -> float:
        """The median of *figure* over the rounds."""
        return statistics.median(map(figure, self.loads))

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.median(lambda load: load.rate)

    @property
    def p99(self) -> float:
        """The latency that one request of a hundred exceeds, in milliseconds."""
        return self.median(lambda load: load.p99)

    @property
    def ready(self) -> float:
        """From start to the first answer, in milliseconds."""
        return statistics.median(self.starts) * 1000

    @property
    def failed(self) -> int:
        """Requests of all rounds that were not answered yes."""
        return sum(load.failed for load in self.loads)

    @property
    def disturbance(self) -> float:
        """What else the machine did in the round that was hit most, as a share of one core."""
        return max(load.disturbance for load in self.loads)


def measure(
    servers: Sequence[Server], versions: Sequence[str], work: Work, seconds: int
) -> list[Row]:
    """
    Measure *servers*, with rounds of *seconds*.

    All of them run during the load, one of them busy at a time, so that what else happens on the machine
    does not hit one server alone.
    """
    starts = _starts(servers, work)
    with ExitStack() as stack:
        up = [stack.enter_context(running(server, work)) for server in servers]
        truths = [_examined(one, work) for one in up]
        loads = _loads(up, work, seconds)
        memory = [resident(one.pid) for one in up]
    columns = zip(servers, versions, starts, loads, memory, truths, strict=True)
    return [Row(*columns_of_one) for columns_of_one in columns]


def progress(text: str) -> None:
    """Say on standard error what is done."""
    print(text, file=sys.stderr, flush=True)


def _starts(servers: Sequence[Server], work: Work) -> list[tuple[float, ...]]:
    rounds = []
    for number in range(STARTS):
        progress(f"start {number + 1} of {STARTS} of each server …")
        rounds.append([_start(server, work) for server in servers])
    return list(zip(*rounds, strict=True))


def _start(server: Server, work: Work) -> float:
    with running(server, work) as up:
        return up.ready


def _examined(one: Running, work: Work) -> Fidelity:
    progress(f"{one.server.name}: valid and wrong requests …")
    return examine(one.url, work)


def _loads(up: Sequence[Running], work: Work, seconds: int) -> list[tuple[Load, ...]]:
    for one in up:
        progress(f"{one.server.name}: warm-up …")
        press(one, work, WARM_UP)
    rounds = [[_round(one, work, seconds, number) for one in up] for number in range(ROUNDS)]
    return list(zip(*rounds, strict=True))


def _round(one: Running, work: Work, seconds: int, number: int) -> Load:
    load = press(one, work, seconds)
    progress(f"{one.server.name}: round {number + 1} of {ROUNDS}, {load.rate:,.0f} requests/s")
    return load
