"""Sends the cases of a run, examines every answer once, and looks into what is new."""

from __future__ import annotations

import time
from dataclasses import replace

from leadline_contracts import fuzz
from leadline_contracts.case import AT_ONCE, SOMETIMES, Breach, Case, Due, Exchange
from leadline_contracts.coverage import Coverage
from leadline_contracts.latency import Latency
from leadline_contracts.minimise import minimise, parts
from leadline_contracts.options import Options
from leadline_contracts.oracles import examine
from leadline_contracts.oracles.memory import Memory
from leadline_contracts.redaction import worded
from leadline_contracts.slowness import Slowness, TooSlow
from leadline_contracts.tally import Tally
from leadline_contracts.target import Polite
from leadline_contracts.vigil import LITTLE_PATIENCE, PROOFS, Gone, Vigil, heed
from leadline_openapi import Contract, Operation

_LOOKS = 150
"""
So many breaches of a run are seen twice. Of what is new after that it is believed that it lasts, but in
operations that are known to answer differently from one time to the next.
"""
_MINIMISED = 12
"""So many defects of a run are made small."""
_RESERVE = 0.9
"""The share of the requests left that making one defect small must not cost."""
_VERDICTS = frozenset(("rejects-valid", "server-error", "no-answer", "status"))
"""Rules that do not tell which part of a request is to blame."""
_OF_MANY = "server-value"
"""The rule that compares an answer with earlier ones: one request alone need not show it again."""

Identity = tuple[str, str, str]


class Enough(BaseException):
    """As many findings as were asked for. No `Exception`: Hypothesis would repeat what raised it."""


class Sender:
    """One run's way to its *target*; *deadline* is a time of `time.monotonic`."""

    def __init__(
        self, contract: Contract, target: Polite, options: Options, deadline: float
    ) -> None:
        self.target, self.options, self.deadline = target, options, deadline
        self.coverage = Coverage(contract)
        self.memory = Memory(strict=options.strict)
        self.tally = Tally()
        self.latency = Latency()
        self.first_finding: float | None = None
        self._started = time.monotonic()
        self._previous: tuple[Exchange, ...] = ()
        self._explained: list[tuple[Operation, frozenset[tuple[str, str, str]], Breach]] = []
        self._looks = self._minimised = 0
        self._held: list[tuple[Exchange, list[Breach], str]] = []
        self._vigil = Vigil(contract, target, self.ask, self.latency)
        self._slowness = Slowness(self.latency, self.ask)

    def send(self, case: Case) -> tuple[list[Breach], list[Breach]]:
        """Send *case* and examine the answer; gives its breaches, and those that no finding holds yet."""
        return self.take(self.target.send(case))

    def examined(self, case: Case) -> list[Breach]:
        """Send *case*; what the answer breaks, looked into no further."""
        return self._examined(self.ask(case))

    def ask(self, case: Case) -> Exchange:
        """
        Send *case* and say nothing of the answer.

        Raises `Busy` and `Spent` where it is not answered for the number of requests.
        """
        exchange = self.target.send(case)
        heed(exchange)
        self.tally.count(exchange)
        return exchange

    def take(self, exchange: Exchange, when: str = SOMETIMES) -> tuple[list[Breach], list[Breach]]:
        """
        Count and examine *exchange*, which came from the target; gives breaches as `send` does.

        A breach that the request does not show when it is repeated by itself happens *when*. Of several
        requests in a row that get no answer, the first is judged at once, the others when it is known that
        somebody is still there: what a dead server does not answer is no evidence of anything. Neither is
        what a busy one puts off: that raises `Busy`.
        """
        heed(exchange)
        self.tally.count(exchange)
        breaches = self._examined(exchange)
        if exchange.failure and self._vigil.silent:
            self._held.append((exchange, breaches, when))
            new: list[Breach] = []
        else:
            self._release()
            breaches, new = self._judged(exchange, breaches, when)
        self._vigil.watch(exchange)
        return breaches, new

    def settle(self) -> None:
        """Judge what is not judged yet. Raises `Gone` or `Lost` where the last answers never came."""
        self._vigil.settle()
        self._release()

    def _release(self) -> None:
        held, self._held = self._held, []
        for one in held:
            self._judged(*one)

    def _judged(
        self, exchange: Exchange, breaches: list[Breach], when: str
    ) -> tuple[list[Breach], list[Breach]]:
        """Look into *breaches*, and enter them; gives those that are left, and those that are new."""
        new = self._new(exchange, breaches)
        if new and not self._vigil.is_known_hang(exchange):
            try:
                exchange, breaches = self._looked_into(exchange, breaches, new, when)
            except BaseException:
                self.tally.take(exchange, breaches)
                raise
            new = self._new(exchange, breaches)
        if not breaches and when == SOMETIMES:  # at once, a request may have to wait for the others
            breaches = self._slow(exchange)
            new = self._new(exchange, breaches)
            self.latency.take(exchange)
        self._enter(exchange, breaches)
        accepted = () if exchange.accepted else [one for one in self._previous if one.accepted]
        self._previous = (*accepted[-1:], exchange)
        return breaches, new

    def _enter(self, exchange: Exchange, breaches: list[Breach]) -> None:
        self.coverage.take(exchange)
        self.tally.take(exchange, breaches)
        if breaches and self.first_finding is None:
            self.first_finding = time.monotonic() - self._started
        if self.tally.found >= self.options.max_findings:
            raise Enough

    def _examined(self, exchange: Exchange) -> list[Breach]:
        # A server may have written the key into its answer.
        found = examine(exchange, self.memory)
        breaches = [worded(breach, self.target.redact) for breach in found]
        if exchange.case.area == fuzz.AREA:
            breaches = [self.tally.attributed(exchange, breach) for breach in breaches]
        return [self._explain(exchange, breach) for breach in breaches]

    def _new(self, exchange: Exchange, breaches: list[Breach]) -> list[Breach]:
        return [breach for breach in breaches if not self.tally.known(exchange, breach)]

    def _looked_into(
        self, exchange: Exchange, breaches: list[Breach], new: list[Breach], when: str
    ) -> tuple[Exchange, list[Breach]]:
        """Does it happen again? Is all of the request needed for it?"""
        self._looks += 1
        if self._looks <= _LOOKS and self.target.left(exchange.case.operation) > 1:
            if when == AT_ONCE:
                self._shown(exchange.case)  # what came before this one is no part of the question
            again = self._shown(exchange.case)
        else:
            again = set() if self.tally.knows(exchange, SOMETIMES) else set(map(_identity, new))
        lone = [one for one in new if _identity(one) not in again and one.rule != _OF_MANY]
        if lone:
            when = SOMETIMES if self.tally.knows(exchange, SOMETIMES) else when
            before = self._previous if when == SOMETIMES else ()
            breaches = [
                replace(breach, when=when, before=before) if breach in lone else breach
                for breach in breaches
            ]
        steady = [breach for breach in new if breach not in lone and breach.rule != _OF_MANY]
        if not steady or exchange.case.area == fuzz.AREA:
            return exchange, breaches
        has_room = self.target.left(exchange.case.operation) > 1
        if exchange.case.compound and self._minimised < _MINIMISED and has_room:
            return self._small(exchange, breaches, steady[0])
        if not exchange.case.compound:
            self._remember(exchange.case, steady[0])
        return exchange, breaches

    def _small(
        self, exchange: Exchange, breaches: list[Breach], wanted: Breach
    ) -> tuple[Exchange, list[Breach]]:
        """The smallest exchange that shows *wanted*, which then explains the larger one."""
        self._minimised += 1
        identity, operation = _identity(wanted), exchange.case.operation
        reserve = max(2, _RESERVE * self.target.left(operation))

        def still(case: Case) -> bool:
            has_room = time.monotonic() < self.deadline and self.target.left(operation) >= reserve
            return has_room and identity in self._shown(case)

        small = minimise(exchange.case, still)
        shown = self.ask(small)
        found = [
            one
            for one in self._examined(shown)
            if one.rule == wanted.rule and (one.rule in _VERDICTS or _identity(one) == identity)
        ]
        if small.compound or not found:
            return exchange, breaches
        self._enter(shown, found)
        self._remember(small, found[0])
        return exchange, [self._explain(exchange, breach) for breach in breaches]

    def _remember(self, case: Case, breach: Breach) -> None:
        """What *case* has is what *breach* takes: larger requests with it say nothing new."""
        if breach.rule in _VERDICTS and (held := frozenset(part.same for part in parts(case))):
            self._explained.append((case.operation, held, breach))

    def _explain(self, exchange: Exchange, breach: Breach) -> Breach:
        operation = exchange.case.operation
        candidates = [
            one for one in self._explained if one[0] is operation and one[2].rule == breach.rule
        ]
        if not candidates or exchange.case.due is not Due.ACCEPT:
            return breach
        held = {part.same for part in parts(exchange.case)}
        for _, needed, known in candidates:
            if needed <= held:
                return replace(breach, pointer=known.pointer, about=known.about, kind=known.kind)
        return breach

    def _shown(self, case: Case) -> set[Identity]:
        """What sending *case* shows, by itself; no finding is made of it."""
        exchange = self.ask(case)
        self._vigil.watch(exchange)
        return {_identity(breach) for breach in self._examined(exchange)}

    def _slow(self, exchange: Exchange) -> list[Breach]:
        """The breach that the time is which *exchange* took, if it is one."""
        try:
            breach = self._slowness.breach(exchange)
        except TooSlow as reason:
            self._enter(exchange, [reason.breach])
            raise Gone(str(reason)) from None
        if self._slowness.pauses >= PROOFS:
            self.target.hurry(max(LITTLE_PATIENCE, 10 * self.latency.usual))
        return [] if breach is None else [breach]


def _identity(breach: Breach) -> Identity:
    return (breach.rule, breach.pointer, breach.about)
