"""A comparison: every case to both servers at the same time, every pair of answers looked at once."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from leadline_contracts.case import Case, Due, Exchange
from leadline_contracts.cases import reason_not_checked
from leadline_contracts.compare.both import Both, Pair
from leadline_contracts.compare.collection import collections, shares_state
from leadline_contracts.compare.difference import BODY, Difference, differences
from leadline_contracts.compare.divergence import Divergence, Register
from leadline_contracts.compare.documents import Documents
from leadline_contracts.compare.fidelity import Fidelity
from leadline_contracts.compare.normalise import Normaliser
from leadline_contracts.compare.options import Options
from leadline_contracts.compare.order import Order
from leadline_contracts.compare.outcome import Outcome, outcome
from leadline_contracts.compare.plan import plan
from leadline_contracts.compare.report import Comparison
from leadline_contracts.compare.supply import Supply
from leadline_contracts.compare.suspicion import Suspicion
from leadline_contracts.compare.vigil import Gone, Vigil
from leadline_contracts.latency import Latency
from leadline_contracts.limited import limited
from leadline_contracts.options import Progress
from leadline_contracts.phases import certificate
from leadline_contracts.phases.queue import Queue
from leadline_contracts.redaction import cleaned
from leadline_contracts.run import INTERRUPTED
from leadline_contracts.target import Polite, Target
from leadline_contracts.target.allowance import Spent
from leadline_openapi import Contract

Witness = Callable[[Outcome, Outcome, tuple[Difference, ...]], None]
"""Is told what both servers make of each case, and in what that differs."""

More = Callable[[], Case | None]
"""Gives the next request that a witness wants to see answered beyond those of the plan."""

__all__ = ["INTERRUPTED", "More", "Options", "Progress", "Witness", "compare"]


class _TimeUpError(Exception):
    """The run has to end; the message says where it was."""


class _Run:
    def __init__(
        self,
        contract: Contract,
        targets: tuple[Target, Target],
        options: Options,
        on_progress: Callable[[Progress], None],
        witness: Witness,
        more: More,
    ) -> None:
        self._contract, self._options, self._on_progress = contract, options, on_progress
        self._witness, self._more = witness, more
        self._plan = plan(
            contract,
            seed=options.seed,
            destructive=options.destructive,
            hurry=options.max_time < math.inf or any(one.rate_limit for one in contract.operations),
        )
        self._started = time.monotonic()
        self._deadline = self._started + options.max_time
        left, right = (Polite(one, options.rate, self._deadline) for one in targets)
        self._servers = left, right
        self.both = Both(left, right)
        self._shares_state = shares_state(contract)
        self._documents = Documents(collections(contract) if self._shares_state else ())
        self._supply = Supply(
            self.both,
            self._documents,
            self._plan.cases,
            self._made,
            lambda case: self._may(case, 1),
        )
        self._vigil = Vigil(self.both)
        self._latency = Latency()
        self._normalisers = Normaliser(self._documents, 0), Normaliser(self._documents, 1)
        self._order = Order(self._plan.twos)
        self._register, self._fidelity = Register(), Fidelity()
        self._suspicions = Suspicion("A"), Suspicion("B")
        self._compared: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()

    def go(self) -> None:
        """All cases. Raises `_TimeUpError` and `Gone` where the run ends before its plan does."""
        total = len(self._plan.cases)
        queue = Queue(self._plan.cases, may=self._may)
        pairs = certificate.exchanges(self._supply, queue, self._workers)
        for number, pair in enumerate(pairs, 1):
            queue.take(pair.case)
            self._latency.take(_slower(pair))
            for one in self._vigil.watched(pair):
                self._take(one)
            self._on_progress(Progress("compare", number, total, len(self._register)))
            if time.monotonic() > self._deadline and number != total:
                raise _TimeUpError(f"the time was up after {number:,} of {total:,} cases")
        self._vigil.settle()
        self._rest()
        if queue.waiting:
            limits = "; ".join(_limits(self._contract, self._plan.cases))
            told = f"no more requests are allowed after {queue.sent:,} of {total:,} cases: {limits}"
            raise _TimeUpError(told)

    def follow(self) -> None:
        """What the witness wants to know beyond the plan; that is told to nobody else. Raises `Gone`."""
        while (case := self._more()) is not None:
            if time.monotonic() > self._deadline or not self._may(case, 0):
                return
            for pair in self._vigil.watched(self._supply.send(case)):
                self._witness(*self._learned(pair))

    def _may(self, case: Case, under_way: int) -> bool:
        """Whether the contract allows one request more than those that are *under_way*."""
        return min(one.left(case.operation) for one in self._servers) > under_way

    def _rest(self) -> None:
        for one in self._vigil.rest():
            self._take(one)

    def _workers(self, probe: Case) -> int:
        """
        Over how many connections to go on: as many as were asked for, or as slow servers take.

        One, where a request may show what another one left behind: over several, the two servers would get
        them in different orders.
        """
        if self._shares_state:
            return 1
        if self._options.workers is not None:
            return self._options.workers
        usual = self._latency.usual
        if usual < certificate.SLOW:
            return 1
        sides = (self.both.left, self.both.right)
        several = all(certificate.takes_another(one, probe, usual) for one in sides)
        return certificate.CONNECTIONS if several else 1

    def _take(self, pair: Pair) -> None:
        case = pair.case
        if self._documents.is_older(pair):
            return  # counted as not compared
        left, right, found = self._learned(pair)
        self._count(pair)
        same = not any(one.costs_fidelity for one in found)
        found = self._order.explained(case, left, right, found)
        self._register.take(case, left, right, found)
        self._witness(left, right, found)
        self._fidelity.take(case, found, same=same)
        self._compared[case.kind] += 1

    def _made(self, pair: Pair) -> None:
        """Learn of what was made to be asked for; it counts in no figure."""
        self._learned(pair)

    def _learned(self, pair: Pair) -> tuple[Outcome, Outcome, tuple[Difference, ...]]:
        """What both servers make of a case, and in what that differs; its documents are known from now on."""
        left, right = self._normalisers
        outcomes = outcome(pair.left, left), outcome(pair.right, right)
        found = differences(pair.case, *outcomes)
        self._documents.learn(pair, [one.pointer for one in found if one.aspect in BODY])
        return (*outcomes, found)

    def _count(self, pair: Pair) -> None:
        """Count what says whether these are the servers that they are said to be."""
        sides = pair.left, pair.right
        for suspicion, exchange in zip(self._suspicions, sides, strict=True):
            suspicion.take(exchange)
        refused = all(400 <= one.status < 500 for one in sides)
        if pair.case.due is Due.ACCEPT and refused:
            status = " / ".join(dict.fromkeys(str(one.status) for one in sides))
            self._refused[f"{status} to valid requests of {pair.case.operation.label}"] += 1

    def report(self, stopped: str, *, gone: bool) -> Comparison:
        """What is known so far."""
        reasons = {one.label: reason_not_checked(one) for one in self._contract.operations}
        planned = Counter(case.kind for case in self._plan.cases)
        return Comparison(
            contract=self._contract,
            urls=(self.both.left.url, self.both.right.url),
            seconds=time.monotonic() - self._started,
            fidelity=self._fidelity.share,
            divergences=tuple(map(self._redacted, self._register.divergences())),
            areas=self._fidelity.areas(),
            left_out=dict(planned - self._compared),
            unchecked={label: reason for label, reason in reasons.items() if reason},
            disclosed=(self.both.left.disclosed, self.both.right.disclosed),
            stopped=stopped,
            gone=gone,
            refused=dict(self._refused),
            suspect="; ".join(filter(None, (one.told for one in self._suspicions))),
        )

    def _redacted(self, one: Divergence) -> Divergence:
        return replace(
            one,
            difference=_clean(one.difference, self._redact),
            pointers=tuple(map(self._redact, one.pointers)),
            left=cleaned(one.left, self._redact),
            right=cleaned(one.right, self._redact),
        )

    def _redact(self, text: str) -> str:
        """*text* without either key: one server may be told the key of the other."""
        return self.both.left.redact(self.both.right.redact(text))


def compare(
    contract: Contract,
    left: Target,
    right: Target,
    options: Options | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
    witness: Witness = lambda *_: None,
    more: More = lambda: None,
) -> Comparison:
    """
    Compare *left* (A) with *right* (B), by what *contract* says that may differ.

    *witness* is told of every case, and then of those that *more* gives, which count in no figure; what it
    sees may hold secrets. Never raises for what the servers do;
    Ctrl-C ends the run with the report of what was compared.
    """
    run = _Run(contract, (left, right), options or Options(), on_progress, witness, more)
    stopped, gone = "", False
    try:
        run.go()
        run.follow()
    except (_TimeUpError, Spent) as error:
        stopped = str(error)
    except Gone as error:
        stopped, gone = str(error), True
    except KeyboardInterrupt:
        stopped = INTERRUPTED
    finally:
        run.both.close()
    return run.report(stopped, gone=gone)


def _limits(contract: Contract, cases: Sequence[Case]) -> list[str]:
    """What the contract says of the number of requests, where *cases* are too many."""
    counts = Counter(case.operation.label for case in cases)
    told = (
        limited(one, one.rate_limit, counts[one.label])
        for one in contract.operations
        if one.rate_limit is not None
    )
    return [f"{one.reason}: {one.advice}" for one in told]


def _slower(pair: Pair) -> Exchange:
    return max(pair.left, pair.right, key=lambda exchange: exchange.elapsed)


def _clean(one: Difference, redact: Callable[[str], str]) -> Difference:
    return replace(one, kind=redact(one.kind), left=redact(one.left), right=redact(one.right))
