"""A run: the certificate, sequences, requests at once, then the fuzz phase, within a time budget."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from leadline_contracts import fuzz, safe
from leadline_contracts.case import AT_ONCE, Breach, Case, Finding
from leadline_contracts.cases import reason_not_checked, stream, undocumented
from leadline_contracts.limited import Limited, limited, sent, wanted
from leadline_contracts.options import Options, Progress
from leadline_contracts.oracles.invariants import compile_all
from leadline_contracts.phases import sequence, together
from leadline_contracts.phases.means import Means, TimeUpError
from leadline_contracts.phases.sending import Make, Sending
from leadline_contracts.redaction import redacted
from leadline_contracts.report import LeftOut, Report
from leadline_contracts.sender import Enough, Sender
from leadline_contracts.target import Polite, Target
from leadline_contracts.target.allowance import Spent
from leadline_contracts.vigil import Busy, Dead, Gone, Lost
from leadline_openapi import Contract, Operation

__all__ = ["INTERRUPTED", "Options", "Progress", "check"]

INTERRUPTED = "interrupted"
_CERTIFICATE, _METHODS = "certificate", "other methods"


class _Run:
    def __init__(
        self,
        contract: Contract,
        target: Target,
        options: Options,
        on_progress: Callable[[Progress], None],
        cases: Make | None,
    ) -> None:
        self._contract, self._options, self._on_progress = contract, options, on_progress
        self._started = time.monotonic()
        self._deadline = self._started + options.max_time
        self._target = Polite(
            target, options.rate, self._deadline, sleep=time.sleep, clock=time.monotonic
        )
        self._sender = Sender(contract, self._target, options, self._deadline)
        self._means = Means(options, self._deadline, self._target, self._sender.latency)
        make = safe.cases_of if options.safe else cases or stream
        self._sending = Sending(contract, self._sender, self._means, make, self._losing, self._tell)
        self._phase = ""
        self._ahead = dict.fromkeys(self._phases())
        self._lost: dict[str, str] = {}
        self._spent: dict[str, Operation] = {}
        self._not_fuzzed: dict[str, str] = {}

    @property
    def _batches(self) -> list[tuple[Operation, ...]]:
        """Operations whose cases are sent together: where time is limited, those of all; else of each."""
        every = tuple(one for one in self._contract.operations if not reason_not_checked(one))
        in_a_hurry = every and self._options.max_time < math.inf
        return [every] if in_a_hurry else [(one,) for one in every]

    def _phases(self) -> Iterator[str]:
        """What the run goes through, in its order."""
        for operations in self._batches:
            yield _of(_CERTIFICATE, operations)
            for one in operations if not self._options.is_short else ():
                yield from (_of(kind, [one]) for kind in (sequence.AREA, together.AREA))
        if not self._options.is_short:
            yield from (_METHODS, fuzz.AREA)

    def go(self) -> str:
        """
        Go through all phases; gives why time or requests did not suffice, or nothing.

        Raises `Gone` and `Enough` where the run ends before its plan does.
        """
        stopped = ""
        try:
            self._go()
        except TimeUpError as reason:
            stopped = str(reason)
        with self._losing():
            self._sender.settle()
        return stopped

    def _go(self) -> None:
        for operations in self._batches:
            self._means.in_time(f"before {operations[0].label}")
            self._phase = _of(_CERTIFICATE, operations)
            self._ahead.pop(self._phase)
            with self._losing():
                self._sending.certify(operations)
            for operation in operations if not self._options.is_short else ():
                self._afterwards(operation)
        if not self._options.is_short:
            with self._going_through(_METHODS):
                self._one_by_one(self._undocumented())
            with self._going_through(fuzz.AREA):
                self._fuzz()
        self._phase = _CERTIFICATE
        with self._losing():
            self._sending.finish()
        if not (self._sending.waiting or self._spent):
            return
        if self._means.are_up():
            raise TimeUpError(f"the time was up after {self._sending.how_far}")
        raise TimeUpError(f"no more requests are allowed after {self._sending.how_far}")

    @contextmanager
    def _going_through(self, phase: str) -> Iterator[None]:
        self._phase = phase
        with self._losing():
            yield
            self._ahead.pop(phase, None)

    @contextmanager
    def _losing(self) -> Iterator[None]:
        """Where one operation stops answering, or takes no more requests, the run goes on with the others."""
        try:
            yield
        except Lost as reason:
            self._lost[reason.operation.label] = f"not to its end: {reason}"
            self._sending.give_up(reason.operation)
        except Spent as reason:
            self._spent[reason.operation.label] = reason.operation

    def _afterwards(self, operation: Operation) -> None:
        """What the cases of *operation* do to each other."""
        cases = self._sending.of(operation)
        for kind, go_through in (
            (sequence.AREA, self._in_sequence),
            (together.AREA, self._at_once),
        ):
            if operation.label not in self._lost:
                with self._going_through(_of(kind, [operation])):
                    go_through(cases)

    def _in_sequence(self, cases: list[Case]) -> None:
        self._one_by_one(sequence.cases(cases))

    def _undocumented(self) -> list[Case]:
        return [
            one
            for one in undocumented(self._contract)
            if (self._options.destructive or not one.destructive)
            and one.operation.label not in self._lost
        ]

    def _one_by_one(self, cases: Iterable[Case]) -> None:
        for case in cases:
            self._means.in_time(f"in {self._phase}")
            self._sender.send(case)
            self._tell()

    def _at_once(self, cases: list[Case]) -> None:
        if not cases:
            return
        room = self._means.left(cases[0].operation)
        shares = together.cases(cases, self._sender.latency.usual, room)
        if not shares:
            return
        self._means.in_time(f"in {self._phase}")
        self._tell()
        for exchange in together.exchanges(self._target, shares, self._deadline):
            self._sender.take(exchange, AT_ONCE)

    def _fuzz(self) -> None:
        def send(case: Case) -> tuple[list[Breach], list[Breach]]:
            sent = self._sender.send(case)
            self._tell()
            return sent

        self._means.in_time(f"in {self._phase}")
        self._tell()
        deadline = min(self._deadline, time.monotonic() + self._options.fuzz_time)
        self._not_fuzzed = fuzz.fuzz(
            self._contract,
            send,
            seed=self._options.seed,
            examples=self._options.examples,
            deadline=deadline,
        )
        for operation in self._contract.operations if self._options.examples else ():
            if not self._means.left(operation):
                raise Spent(operation)

    def _tell(self, done: int = 0, total: int = 0) -> None:
        found = self._sender.tally.found
        self._on_progress(Progress(self._phase, done or self._sender.tally.cases, total, found))

    def ends(self, reason: Gone) -> str:
        """Why and where the run ends because of *reason*; what was left out is made, to be counted."""
        self._sending.make_all()
        return f"{reason}; that was after {self._sender.tally.answers:,} answers, in {self._phase}"

    def report(self, stopped: str, *, gone: bool) -> Report:
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
            gone=gone,
            left_out=self._left_out(),
            coverage=sender.coverage.covered(),
            disclosed=self._target.disclosed,
            lenient=sender.memory.lenient.told(self._target.redact),
        )

    def _left_out(self) -> LeftOut:
        cases = self._sending.left()
        return LeftOut(
            cases=dict(cases),
            of=self._sending.total,
            phases=tuple(self._ahead),
            limits=tuple(self._limits(cases)),
        )

    def _limits(self, cases: Counter[tuple[str, str]]) -> Iterator[Limited]:
        """The limits of the contract for which something of the plan was not sent."""
        waiting = {operation for operation, _ in cases}
        for one in self._contract.operations:
            count = len(self._sending.of(one))
            too_many = one.label in waiting and sent(one, count, self._options) < count
            if one.rate_limit and (too_many or one.label in self._spent):
                yield limited(one, one.rate_limit, wanted(count, self._options))

    def _redacted(self, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        return tuple(redacted(finding, self._target.redact) for finding in findings)


def check(
    contract: Contract,
    target: Target,
    options: Options | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
    cases: Make | None = None,
) -> Report:
    """
    Hold *target* to *contract*.

    *cases* makes the certificate's cases in the place of `stream`, for whoever has them already.
    Never raises for what the target does; Ctrl-C ends the run with the report of what was checked.
    Raises `SpecError` for an invariant that is not CEL.
    """
    compile_all(contract)
    run, stopped, gone = _Run(contract, target, options or Options(), on_progress, cases), "", False
    try:
        stopped = run.go()
    except (Busy, Dead) as reason:
        stopped, gone = run.ends(reason), isinstance(reason, Dead)
    except Gone as reason:
        stopped = str(reason)
    except Enough:
        stopped = "enough was found"
    except KeyboardInterrupt:
        stopped = INTERRUPTED
    finally:
        target.close()
    return run.report(stopped, gone=gone)


def _of(kind: str, operations: Sequence[Operation]) -> str:
    """The name of a phase: `POST /leads, at once`."""
    return f"{operations[0].label}, {kind}" if len(operations) == 1 else kind
