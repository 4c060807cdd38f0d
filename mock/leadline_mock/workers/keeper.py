"""The process that starts the others, keeps what is one for all, and ends them."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from socket import socket
from typing import Any

from leadline_mock.faults import Armory, Fault
from leadline_mock.journal import Entry
from leadline_mock.workers.channel import Caller, Gone, answer_calls
from leadline_mock.workers.child import main
from leadline_mock.workers.counters import Counters
from leadline_mock.workers.setup import Setup

_LOOK = 0.2
"""Seconds between two looks at whether a signal came."""
_GRACE = 8.0
"""Seconds until a process that was told to stop is ended: longer than it gives its own clients."""


def serve(
    setup: Setup, listener: socket, number: int, limit: int, ready: Callable[[], None]
) -> int:
    """
    Serve what *setup* makes in *number* processes on *listener*; gives the exit code, 130 or 0.

    *limit* is that of the journal. *ready* is called when all of them answer. Where one of them ends by
    itself, all end, with the exit code 1.
    """
    keeper = _Keeper(setup, listener, limit)
    stopped: list[int] = []
    before = [
        (one, signal.signal(one, lambda caught, _: stopped.append(caught)))
        for one in (signal.SIGINT, signal.SIGTERM)
    ]
    try:
        for index in range(number):
            keeper.start(index)
        keeper.await_ready(stopped)
        if not stopped and not keeper.ended():
            ready()
        while not stopped and not keeper.ended():
            wait(keeper.sentinels(), timeout=_LOOK)
        lost = not stopped
    finally:
        keeper.stop()
        for one, handler in before:
            signal.signal(one, handler)
    return 1 if lost else 130 * (stopped[0] == signal.SIGINT)


class _Keeper:
    def __init__(self, setup: Setup, listener: socket, limit: int) -> None:
        self._setup, self._listener, self._limit = setup, listener, limit
        self._context = multiprocessing.get_context("spawn")
        self._counters = Counters(self._context)
        self._armory = Armory(setup.seed)
        self._processes: list[SpawnProcess] = []
        self._callers: list[Caller] = []
        self._ready = threading.Semaphore(0)

    def start(self, index: int) -> None:
        """Start a process, and listen to it."""
        ours, theirs = self._context.Pipe()
        asked, asking = self._context.Pipe()
        process = self._context.Process(
            target=main,
            args=(self._setup, self._listener, self._limit, self._counters, theirs, asking, index),
            name=f"leadline-worker-{index}",
        )
        process.start()
        theirs.close()
        asking.close()
        self._processes.append(process)
        self._callers.append(Caller(ours))
        threading.Thread(target=answer_calls, args=(asked, self._answers()), daemon=True).start()

    def await_ready(self, stopped: list[int]) -> None:
        """Wait until every process answers, one has ended, or a signal came."""
        for _ in self._processes:
            while not self._ready.acquire(timeout=_LOOK):
                if stopped or self.ended():
                    return

    def ended(self) -> bool:
        """Whether a process has ended."""
        return any(one.exitcode is not None for one in self._processes)

    def sentinels(self) -> list[int]:
        """What becomes ready when a process ends."""
        return [one.sentinel for one in self._processes]

    def stop(self) -> None:
        """End all processes, in good order if they let us."""
        for caller in self._callers:
            with suppress(Gone):
                caller.ask("stop")
        for process in self._processes:
            process.join(_GRACE)
            if process.exitcode is None:
                process.terminate()
                process.join()

    def _answers(self) -> dict[str, Callable[..., Any]]:
        return {
            "ready": self._ready.release,
            "entries": self._entries,
            "find": lambda number: next(filter(None, self._all("find", number)), None),
            "reset": lambda run: self._all("reset", run) and None,
            "dropped": lambda: sum(self._all("dropped")),
            "arm": self._arm,
            "armed": self._armory.armed,
            "disarm": self._disarm,
            "claim": self._claim,
        }

    def _all(self, name: str, *arguments: Any) -> list[Any]:
        found = []
        for caller in self._callers:
            with suppress(Gone):
                found.append(caller.ask(name, *arguments))
        return found

    def _entries(self, run: str | None) -> list[Entry]:
        found = [entry for part in self._all("entries", run) for entry in part]
        return sorted(found, key=lambda entry: entry.id)[-self._limit :]

    def _arm(self, fault: Fault, times: int, run: str | None, operation: str | None) -> None:
        self._armory.arm(fault, times, run, operation)
        self._counters.armed = True

    def _disarm(self, run: str | None) -> None:
        self._armory.disarm(run)
        self._counters.armed = bool(self._armory)

    def _claim(self, names: tuple[str, str], run: str | None) -> Fault | None:
        fault = self._armory.claim(names, run)
        self._counters.armed = bool(self._armory)
        return fault
