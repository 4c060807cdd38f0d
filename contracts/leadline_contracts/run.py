"""A run: the certificate, then the fuzz phase, within a time budget; every exchange examined once."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from leadline_contracts import fuzz
from leadline_contracts.case import Breach, Case, Due, Exchange
from leadline_contracts.cases import cases_of, reason_not_checked
from leadline_contracts.draft import base
from leadline_contracts.oracles import examine
from leadline_contracts.oracles.invariants import compile_all
from leadline_contracts.oracles.memory import Memory
from leadline_contracts.report import Report
from leadline_contracts.tally import Tally
from leadline_contracts.target import Target
from leadline_openapi import Contract, Operation

DEAD_AFTER = 3
"""After so many requests in a row without any answer it is asked whether the target is still there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """
    *seed* fixes what the fuzz phase draws; *max_time* in seconds bounds the run, *fuzz_time* its fuzz
    phase; *examples* is how many good, and how many bad, requests that draws for each operation;
    *max_findings* ends the run when there are so many;
    *strict* makes what is undocumented in an answer a breach.
    """

    seed: int = 0
    max_time: float = math.inf
    fuzz_time: float = 20.0
    examples: int = fuzz.EXAMPLES
    max_findings: float = math.inf
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run is: *phase*, and how many requests of *total* (0 where unknown) were answered."""

    phase: str
    done: int
    total: int
    findings: int


class _EnoughError(BaseException):
    """As many findings as were asked for. No `Exception`, as `_Gone`."""


class _Gone(BaseException):
    """The target stopped answering. No `Exception`: Hypothesis would repeat what raised it."""


class _Run:
    def __init__(self, contract: Contract, target: Target, options: Options) -> None:
        self._contract, self._target, self._options = contract, target, options
        self._memory = Memory(strict=options.strict)
        self.tally = Tally()
        self.not_fuzzed: dict[str, str] = {}
        self._silent = 0
        self._started = time.monotonic()

    @property
    def deadline(self) -> float:
        return self._started + self._options.max_time

    def send(self, case: Case) -> tuple[list[Breach], list[Breach]]:
        """Send *case* and examine the answer; gives its breaches, and those that no finding holds yet."""
        exchange = self._target.send(case)
        breaches = [self._clean(breach) for breach in examine(exchange, self._memory)]
        if case.area == fuzz.AREA:
            breaches = [self.tally.attributed(exchange, breach) for breach in breaches]
        new = [breach for breach in breaches if not self.tally.known(exchange, breach)]
        self.tally.take(exchange, breaches)
        if self.tally.found >= self._options.max_findings:
            raise _EnoughError
        self._silent = self._silent + 1 if exchange.failure else 0
        if self._silent >= DEAD_AFTER:
            self._prove_alive(exchange)
        return breaches, new

    def _prove_alive(self, exchange: Exchange) -> None:
        """Not every request that gets no answer means a dead server: ask for the simplest one."""
        simple = base(exchange.case.operation)
        pulse = simple.case("still there?", "", Due.ACCEPT, exchange.case.operation.pointer)
        if failure := self._target.send(pulse).failure:
            raise _Gone(f"the target stopped answering: {self._target.redact(failure)}")
        self._silent = 0

    def _clean(self, breach: Breach) -> Breach:
        """*breach* without the key, which a server may have written into its answer."""
        redact = self._target.redact
        return replace(
            breach,
            message=redact(breach.message),
            expected=redact(breach.expected),
            actual=redact(breach.actual),
            about=redact(breach.about),
        )

    def report(self, stopped: str) -> Report:
        """What is known so far."""
        operations = self._contract.operations
        reasons = {one.label: reason_not_checked(one) for one in operations}
        return Report(
            contract=self._contract,
            url=self._target.url,
            cases=self.tally.cases,
            seconds=time.monotonic() - self._started,
            findings=self.tally.findings(),
            tested=self.tally.tested(),
            unchecked={label: reason for label, reason in reasons.items() if reason},
            undocumented={
                self._target.redact(path): count
                for path, count in self._memory.undocumented.items()
            },
            not_fuzzed=self.not_fuzzed,
            statuses={label: dict(counts) for label, counts in self.tally.statuses.items()},
            stopped=stopped,
        )


def check(
    contract: Contract,
    target: Target,
    options: Options | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> Report:
    """
    Hold *target* to *contract*.

    Never raises for what the target does; Ctrl-C ends the run with the report of what was checked.
    Raises `SpecError` for an invariant that is not CEL.
    """
    compile_all(contract)
    run, stopped = _Run(contract, target, options or Options()), ""
    try:
        for operation in contract.operations:
            stopped = stopped or _certificate(run, operation, on_progress)
        if not stopped:
            _fuzz(run, contract, options or Options(), on_progress)
    except _Gone as error:
        stopped = str(error)
    except _EnoughError:
        stopped = "enough was found"
    except KeyboardInterrupt:
        stopped = INTERRUPTED
    finally:
        target.close()
    return run.report(stopped)


INTERRUPTED = "interrupted"


def _certificate(run: _Run, operation: Operation, on_progress: Callable[[Progress], None]) -> str:
    """Send the cases of *operation*; gives why the run has to end, or nothing."""
    if time.monotonic() > run.deadline:
        return f"the time was up before {operation.label}"
    cases = cases_of(operation)
    for number, case in enumerate(cases, 1):
        if time.monotonic() > run.deadline:
            return f"the time was up after {number - 1} of {len(cases)} cases of {operation.label}"
        run.send(case)
        on_progress(Progress(operation.label, number, len(cases), run.tally.found))
    return ""


def _fuzz(
    run: _Run, contract: Contract, options: Options, on_progress: Callable[[Progress], None]
) -> None:
    def send(case: Case) -> tuple[list[Breach], list[Breach]]:
        sent = run.send(case)
        on_progress(Progress("fuzz", run.tally.cases, 0, run.tally.found))
        return sent

    on_progress(Progress("fuzz", run.tally.cases, 0, run.tally.found))
    deadline = min(run.deadline, time.monotonic() + options.fuzz_time)
    run.not_fuzzed = fuzz.fuzz(
        contract, send, seed=options.seed, examples=options.examples, deadline=deadline
    )
