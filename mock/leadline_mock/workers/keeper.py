"""The process that starts the others, keeps what is one for all, and ends them."""

from __future__ import annotations

import multiprocessing
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
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
_HEARING = 1.0
"""Seconds in which a process has to hear that it is told to stop."""
_ENDING = (signal.SIGINT, signal.SIGTERM)


def serve(
    setup: Setup,
    listener: socket,
    number: int,
    limit: int,
    ready: Callable[[], None],
    tell: Callable[[str], None],
) -> int:
    """
    Serve what *setup* makes in *number* processes on *listener*; gives the exit code, 130 or 0.

    *limit* is that of the journal. *ready* is called when all of them answer; *listener* is closed here
    then. A second signal ends all at once. Where one of them ends by itself, all end, with the exit code
    1, and *tell* is called with the reason.
    """
    keeper = _Keeper(setup, listener, limit)
    stopped: list[int] = []
    before = [
        (one, signal.signal(one, lambda caught, _: stopped.append(caught))) for one in _ENDING
    ]
    try:
        for index in range(number):
            keeper.start(index)
        keeper.await_ready(stopped)
        listener.close()  # else it takes connections that nobody serves when the others have ended
        if not stopped and not keeper.ended():
            ready()
        while not stopped and not keeper.ended():
            wait(keeper.sentinels(), timeout=_LOOK)
        lost = None if stopped else keeper.ended()
    finally:
        keeper.stop(stopped)
        for one, handler in before:
            signal.signal(one, handler)
    if lost is not None:
        tell(f"a process of the mock ended by itself ({_reason(lost.exitcode)}), so the mock ended")
        return 1
    return 130 * (stopped[0] == signal.SIGINT)


def _reason(code: int | None) -> str:
    if code is not None and code < 0:
        with suppress(ValueError):
            return f"by {signal.Signals(-code).name}"
    return f"with the exit code {code}"


@contextmanager
def _shielded() -> Iterator[None]:
    """Within, processes are started that hear of no signal before they know what to do with it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Keeper:
    def __init__(self, setup: Setup, listener: socket, limit: int) -> None:
        self._setup, self._listener, self._limit = setup, listener, limit
        self._context = multiprocessing.get_context("spawn")
        self._counters = Counters(self._context)
        self._armory = Armory(setup.seed)
        self._processes: list[SpawnProcess] = []
        self._callers: list[Caller] = []
        self._ready = threading.Semaphore(0)
        self._arming = threading.Lock()

    def start(self, index: int) -> None:
        """Start a process, and listen to it."""
        ours, theirs = self._context.Pipe()
        asked, asking = self._context.Pipe()
        process = self._context.Process(
            target=main,
            args=(self._setup, self._listener, self._limit, self._counters, theirs, asking, index),
            name=f"leadline-worker-{index}",
        )
        with _shielded():
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

    def ended(self) -> SpawnProcess | None:
        """A process that has ended, if there is one."""
        return next((one for one in self._processes if one.exitcode is not None), None)

    def sentinels(self) -> list[int]:
        """What becomes ready when a process ends."""
        return [one.sentinel for one in self._processes]

    def stop(self, stopped: list[int]) -> None:
        """End all processes, in good order if they let us, and no second signal is *stopped*."""
        for caller in self._callers:
            with suppress(Gone):
                caller.ask("stop", patience=_HEARING)
        deadline = time.monotonic() + _GRACE
        for process in self._processes:
            while process.exitcode is None:
                if time.monotonic() > deadline or len(stopped) > 1:
                    process.kill()
                process.join(_LOOK)

    def _answers(self) -> dict[str, Callable[..., Any]]:
        return {
            "ready": self._ready.release,
            "entries": self._entries,
            "find": lambda number: next(filter(None, self._all("find", number)), None),
            "reset": lambda run: self._all("reset", run) and None,
            "dropped": self._dropped,
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

    def _dropped(self) -> int:
        """How many are not remembered, or not told of as all processes together remember too many."""
        counts = self._all("counts")
        dropped = sum(one for one, _ in counts)
        kept = sum(one for _, one in counts)
        return int(dropped + max(0, kept - self._limit))

    def _arm(self, fault: Fault, times: int, run: str | None, operation: str | None) -> None:
        with self._arming:  # else another request might say meanwhile that nothing is armed
            self._armory.arm(fault, times, run, operation)
            self._counters.armed = True

    def _disarm(self, run: str | None) -> None:
        with self._arming:
            self._armory.disarm(run)
            self._counters.armed = bool(self._armory)

    def _claim(self, names: tuple[str, str], run: str | None) -> Fault | None:
        with self._arming:
            fault = self._armory.claim(names, run)
            self._counters.armed = bool(self._armory)
        return fault
