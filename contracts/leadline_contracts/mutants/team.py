"""A team's own suite, held to the mutants: a command that is run against the URL of each."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field

from leadline_contracts import mocked
from leadline_contracts.mutants.mutant import Mutant
from leadline_contracts.mutants.trial import Shot, Verdict, attempt
from leadline_openapi import Contract, LeadlineError

_TOLD = 20
_POLL = 0.05


class BadSuite(LeadlineError):
    """The suite cannot be started, or finds fault with the mock itself."""


def arguments(text: str) -> str | list[str]:
    """The command *text* as the system wants it. Raises `ValueError` for a quotation without an end."""
    return text if os.name == "nt" else shlex.split(text)


@dataclass(frozen=True, slots=True)
class Command:
    """
    *text* is run for every mutant, for *timeout* seconds at most; `{url}` in it is the mutant's URL.

    The URL is in `LEADLINE_URL` too, and the key in `LEADLINE_KEY`. A suite that fails, or does not end
    in time, has found the mutant.
    """

    text: str
    timeout: float
    stop: threading.Event = field(default_factory=threading.Event)

    def __call__(self, contract: Contract, mutant: Mutant | None) -> Shot:
        """Serve *mutant*, or the mock itself, and run the suite on it."""
        pair = mocked.pair(contract)
        app = pair.strict if mutant is None else mutant.serve(contract)
        with mocked.listening(app) as origin:
            code, told = self._run(origin + contract.base_path, pair.key)
        if mutant is None and code != 0:
            how = "does not end in time" if code is None else f"ends with exit code {code}"
            raise BadSuite(f"the suite {how} on the unmutated mock; it has to pass there\n{told}")
        if code == 0:
            return Shot()
        return Shot(rule="timeout" if code is None else f"exit code {code}")

    def _run(self, url: str, key: str) -> tuple[int | None, str]:
        """The exit code, `None` where the time was up, and the last lines that were printed."""
        environment = {**os.environ, "LEADLINE_URL": url, "LEADLINE_KEY": key}
        text = self.text.replace("{url}", url)
        with tempfile.TemporaryFile() as printed:
            try:
                process = subprocess.Popen(  # noqa: S603 - running it is what the user asks for
                    arguments(text),
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=printed,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except OSError as error:
                raise BadSuite(f"cannot run `{self.text}`: {error.strerror}") from None
            with process:
                code = self._wait(process)
            printed.seek(0)
            lines = printed.read().decode("utf-8", "replace").splitlines()
        return code, "\n".join(lines[-_TOLD:])

    def _wait(self, process: subprocess.Popen[bytes]) -> int | None:
        """Until it ends, the time is up or everything is to stop; nothing that it started stays."""
        deadline = time.monotonic() + self.timeout
        try:
            while time.monotonic() < deadline and not self.stop.is_set():
                try:
                    return process.wait(_POLL)
                except subprocess.TimeoutExpired:
                    continue
            return None
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End what is left of *process* and of what it has started."""
    if os.name == "posix":
        with suppress(ProcessLookupError, PermissionError):  # nothing is left
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()


def tried(
    contract: Contract, mutants: Sequence[Mutant], suite: Command, workers: int
) -> Generator[Verdict]:
    """The verdict on each of *mutants*, as they come; closing the iterator ends the work."""
    executor = ThreadPoolExecutor(workers)
    waiting: set[Future[Verdict]] = {
        executor.submit(attempt, contract, one, suite) for one in mutants
    }
    try:
        while waiting:
            done, waiting = wait(waiting, timeout=1, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
    finally:
        suite.stop.set()
        executor.shutdown(wait=True, cancel_futures=True)
