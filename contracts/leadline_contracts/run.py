"""A run: the certificate, sequences, requests at once, then the fuzz phase, within a time budget."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from leadline_contracts import fuzz, safe
from leadline_contracts.case import AT_ONCE, Breach, Case, Finding
from leadline_contracts.cases import reason_not_checked, stream, undocumented
from leadline_contracts.options import Options, Progress
from leadline_contracts.oracles.invariants import compile_all
from leadline_contracts.phases import certificate, sequence, together
from leadline_contracts.redaction import redacted
from leadline_contracts.report import Report
from leadline_contracts.sender import Enough, Sender
from leadline_contracts.target import Polite, Target
from leadline_contracts.vigil import Gone, Lost
from leadline_openapi import Contract, Operation

__all__ = ["INTERRUPTED", "Options", "Progress", "check"]

INTERRUPTED = "interrupted"


class _TimeUpError(Exception):
    """The run has to end; the message says where it was."""


class _Queue:
    """Cases, handed out as they are made; *total* is known, and not 0, when the last one is."""

    def __init__(self, source: Iterable[Case]) -> None:
        self._source = iter(source)
        self.cases: list[Case] = []
        self.total = 0

    def __iter__(self) -> Iterator[Case]:
        coming = next(self._source, None)
        while coming is not None:
            case, coming = coming, next(self._source, None)
            self.cases.append(case)
            if coming is not None and len(self.cases) == _EARLY:
                rest, coming = [coming, *self._source], None
                self.cases += rest
                self._source = iter(rest)
            if coming is None:
                self.total = len(self.cases)
            yield case
        yield from self._source


_EARLY = 600
"""Cases that are sent as they are made, so that most defects are seen at once; then the rest is made."""


class _Run:
    def __init__(
        self,
        contract: Contract,
        target: Target,
        options: Options,
        on_progress: Callable[[Progress], None],
        cases: Callable[[Operation], Iterable[Case]] | None,
    ) -> None:
        self._contract, self._options, self._on_progress = contract, options, on_progress
        self._make = cases or stream
        self._started = time.monotonic()
        self._deadline = self._started + options.max_time
        self._target = Polite(target, options.rate, self._deadline)
        self._sender = Sender(contract, self._target, options, self._deadline)
        self._lost: dict[str, str] = {}
        self._not_fuzzed: dict[str, str] = {}

    def go(self) -> None:
        """All phases. Raises `_TimeUpError`, `Gone` and `Enough` where the run ends before its queue."""
        for operation in self._contract.operations:
            if time.monotonic() > self._deadline:
                raise _TimeUpError(f"the time was up before {operation.label}")
            with self._losing():
                self._operation(operation)
        if not self._options.safe:
            with self._losing():
                self._one_by_one("other methods", self._undocumented())
            with self._losing():
                self._fuzz()

    @contextmanager
    def _losing(self) -> Iterator[None]:
        """Where one operation stops answering, the run goes on with the next one."""
        try:
            yield
        except Lost as reason:
            self._lost[reason.operation.label] = f"not to its end: {reason}"

    def _operation(self, operation: Operation) -> None:
        cases = self._certificate(operation)
        if not self._options.safe:
            self._one_by_one(f"{operation.label}, in sequence", sequence.cases(cases))
            self._at_once(operation, cases)

    def _cases(self, operation: Operation) -> Iterable[Case]:
        if self._options.safe:
            return safe.cases_of(operation)
        return self._make(operation)

    def _undocumented(self) -> list[Case]:
        found = undocumented(self._contract)
        return found if self._options.destructive else [one for one in found if not one.destructive]

    def _certificate(self, operation: Operation) -> list[Case]:
        """Send the cases of *operation*; gives them."""
        queue = _Queue(self._cases(operation))
        exchanges = certificate.exchanges(self._target, queue, self._workers)
        for number, exchange in enumerate(exchanges, 1):
            self._sender.take(exchange)
            self._tell(operation.label, number, queue.total)
            if time.monotonic() > self._deadline and number != queue.total:
                of = f" of {queue.total}" if queue.total else ""
                raise _TimeUpError(f"the time was up after {number}{of} cases of {operation.label}")
        return queue.cases

    def _workers(self, probe: Case) -> int:
        """Over how many connections to go on: as many as were asked for, or as a slow server takes."""
        if self._options.workers is not None:
            return self._options.workers
        usual = self._sender.latency.usual
        if usual < certificate.SLOW or not certificate.takes_another(self._target, probe, usual):
            return 1
        return certificate.CONNECTIONS

    def _one_by_one(self, name: str, cases: Iterable[Case]) -> None:
        for case in cases:
            if time.monotonic() > self._deadline:
                raise _TimeUpError(f"the time was up in {name}")
            self._sender.send(case)
            self._tell(name)

    def _at_once(self, operation: Operation, cases: list[Case]) -> None:
        shares = together.cases(cases, self._sender.latency.usual)
        if not shares:
            return
        self._tell(f"{operation.label}, at once")
        for exchange in together.exchanges(self._target, shares, self._deadline):
            self._sender.take(exchange, AT_ONCE)

    def _fuzz(self) -> None:
        def send(case: Case) -> tuple[list[Breach], list[Breach]]:
            sent = self._sender.send(case)
            self._tell("fuzz")
            return sent

        self._tell("fuzz")
        deadline = min(self._deadline, time.monotonic() + self._options.fuzz_time)
        self._not_fuzzed = fuzz.fuzz(
            self._contract,
            send,
            seed=self._options.seed,
            examples=self._options.examples,
            deadline=deadline,
        )

    def _tell(self, phase: str, done: int = 0, total: int = 0) -> None:
        self._on_progress(
            Progress(phase, done or self._sender.tally.cases, total, self._sender.tally.found)
        )

    def report(self, stopped: str) -> Report:
        """What is known so far."""
        sender, tally = self._sender, self._sender.tally
        reasons = {one.label: reason_not_checked(one) for one in self._contract.operations}
        return Report(
            contract=self._contract,
            url=self._target.url,
            cases=tally.cases,
            seconds=time.monotonic() - self._started,
            first_finding=sender.first_finding,
            findings=self._redacted(tally.findings()),
            tested=tuple(
                replace(tested, findings=self._redacted(tested.findings))
                for tested in tally.tested()
            ),
            unchecked={label: reason for label, reason in reasons.items() if reason} | self._lost,
            undocumented={
                self._target.redact(path): count
                for path, count in sender.memory.undocumented.items()
            },
            of_state=dict(sender.memory.of_state),
            not_fuzzed=self._not_fuzzed,
            statuses={label: dict(counts) for label, counts in tally.statuses.items()},
            stopped=stopped,
            coverage=sender.coverage.covered(),
            disclosed=self._target.disclosed,
            lenient=sender.memory.lenient.told(self._target.redact),
        )

    def _redacted(self, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        return tuple(redacted(finding, self._target.redact) for finding in findings)


def check(
    contract: Contract,
    target: Target,
    options: Options | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
    cases: Callable[[Operation], Iterable[Case]] | None = None,
) -> Report:
    """
    Hold *target* to *contract*.

    *cases* makes the certificate's cases in the place of `stream`, for whoever has them already.
    Never raises for what the target does; Ctrl-C ends the run with the report of what was checked.
    Raises `SpecError` for an invariant that is not CEL.
    """
    compile_all(contract)
    run, stopped = _Run(contract, target, options or Options(), on_progress, cases), ""
    try:
        run.go()
    except (Gone, _TimeUpError) as error:
        stopped = str(error)
    except Enough:
        stopped = "enough was found"
    except KeyboardInterrupt:
        stopped = INTERRUPTED
    finally:
        target.close()
    return run.report(stopped)
