"""Try many mutants, in this process or in several."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from leadline_contracts.mutants import derive, unlimited
from leadline_contracts.mutants.mutant import Mutant
from leadline_contracts.mutants.trial import Suite, Verdict, attempt, certificate
from leadline_openapi import Contract, load

_WORTH_A_PROCESS = 25
"""So many mutants take longer than a process needs to start."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a process reads the contract from, and how it runs the suite."""

    spec: Path | None
    overlays: tuple[Path, ...] | None
    examples: int = 0
    seed: int = 0


def tried(
    contract: Contract, mutants: Sequence[Mutant], source: Source, workers: int
) -> Generator[Verdict]:
    """The verdict on each of *mutants*, as they come; closing the iterator ends the work."""
    workers = min(workers, -(-len(mutants) // _WORTH_A_PROCESS))
    if workers <= 1:
        suite = certificate(source.examples, source.seed)
        for mutant in mutants:
            yield attempt(contract, mutant, suite)
        return
    executor = ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_prepare,
        initargs=(source,),
    )
    try:
        waiting: set[Future[Verdict]] = {executor.submit(_try, one.id) for one in mutants}
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


_prepared: tuple[Contract, dict[str, Mutant], Suite] | None = None
"""What this process, a worker, has loaded."""


def _prepare(source: Source) -> None:
    global _prepared  # noqa: PLW0603 - a worker is prepared once, and only data travels to it
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends the workers
    contract = unlimited(load(source.spec, source.overlays))
    suite = certificate(source.examples, source.seed)
    _prepared = contract, {one.id: one for one in derive(contract)}, suite


def _try(id_: str) -> Verdict:
    assert _prepared is not None  # noqa: S101 - the executor prepares before it calls
    contract, known, suite = _prepared
    return attempt(contract, known[id_], suite)
