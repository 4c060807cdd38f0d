"""Hold recordings to a contract, and put what is found into a report."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from leadline_contracts.case import Breach
from leadline_contracts.coverage import Coverage
from leadline_contracts.options import Progress
from leadline_contracts.oracles.invariants import compile_all
from leadline_contracts.oracles.memory import Memory
from leadline_contracts.redaction import worded
from leadline_contracts.report import Report
from leadline_contracts.run import INTERRUPTED
from leadline_contracts.tally import Tally
from leadline_contracts.target.disclosed import Disclosed
from leadline_contracts.traffic.facts import Caller, Traffic
from leadline_contracts.traffic.har import Entry, Recording
from leadline_contracts.traffic.judging import Asked, Judged, judged
from leadline_contracts.traffic.matching import Base, Matcher, Met, address, pattern
from leadline_contracts.traffic.privacy import Redactor
from leadline_contracts.traffic.telling import caller, identity, is_keyed, no_request
from leadline_contracts.traffic.unsettled import unnamed_parameters
from leadline_openapi import Contract, Operation

_NAMELESS = "unknown"
_UNSEEN = "not in the recording"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """
    *base* is where the API stands, `None` to look for it; *caller_header* names who sent a request, and
    tells apart what each does wrong; *keys* are to be hidden wherever they stand; *strict* makes what is
    undocumented in an answer a breach.
    """

    base: Base | None = None
    caller_header: str = ""
    keys: tuple[str, ...] = field(default=(), repr=False)
    strict: bool = False


def hold(
    contract: Contract,
    recordings: Sequence[Recording],
    options: Options | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> Report:
    """
    Hold every request in *recordings*, and what was answered, to *contract*; nothing is sent.

    Ctrl-C ends it with the report of what was checked. Raises `SpecError` for an invariant that is not
    CEL, `AmbiguousBase` where it cannot be told below which base the API stands.
    """
    compile_all(contract)
    holding, stopped = _Holding(contract, recordings, options or Options()), ""
    try:
        for recording in recordings:
            holding.take(recording, on_progress)
    except KeyboardInterrupt:
        stopped = INTERRUPTED
    return holding.report(stopped)


class _Holding:
    """One pass over all recordings."""

    def __init__(
        self, contract: Contract, recordings: Sequence[Recording], options: Options
    ) -> None:
        self._contract, self._recordings, self._options = contract, recordings, options
        self._started = time.monotonic()
        entries = [one for recording in recordings for one in recording.entries]
        self._entries = len(entries)
        self._matcher = Matcher(contract, entries, options.base)
        below = [one for one in entries if self._is_below(one)]
        self._redact = Redactor(contract, below or entries, options.keys)
        self._tally, self._coverage = Tally(), Coverage(contract)
        self._memory = Memory(strict=options.strict)
        self._known: set[tuple[object, ...]] = set()
        self._bases: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()
        self._elsewhere = 0
        self._undocumented: Counter[str] = Counter()
        self._unchecked: Counter[str] = Counter()
        self._denied: Counter[str] = Counter()
        self._requests: Counter[str] = Counter()
        self._wrong: Counter[str] = Counter()

    def take(self, recording: Recording, on_progress: Callable[[Progress], None]) -> None:
        """Hold the entries of *recording* to the contract, in the order in which they were sent."""
        met = [(one, found) for one in recording.entries if (found := self._met(one)) is not None]
        self._known |= {identity(one) for one in recording.entries}
        keyed = any(is_keyed(*one) for one in met)
        memories: dict[Base, Memory] = {}
        for number, (entry, found) in enumerate(met, 1):
            if found.operation is None:
                continue
            if found.operation.unsupported:
                self._skipped[f"{found.operation.label}: {found.operation.unsupported}"] += 1
                continue
            # Ids are given once by one server; what was recorded another day may be of a new one.
            fresh = replace(self._memory, given={}, times={})
            memory = memories.setdefault(found.base, fresh)
            self._hold(entry, found, found.operation, memory, keyed=keyed)
            on_progress(Progress(recording.file, number, len(met), self._tally.found))

    def _is_below(self, entry: Entry) -> bool:
        at = address(entry.url)
        return at is not None and self._matcher.meet(entry.method, at) is not None

    def _met(self, entry: Entry) -> Met | None:
        """What *entry* is, where it is a request to the API; counts what is none."""
        at = address(entry.url)
        reason = "recorded twice" if identity(entry) in self._known else no_request(entry, at)
        if reason or at is None:
            self._skipped[reason] += 1
            return None
        found = self._matcher.meet(entry.method, at)
        if found is None:
            self._elsewhere += 1
        if found is None and not self._matcher.bases:
            self._undocumented[f"{entry.method} {at.origin}{pattern(at.path)}"] += 1
        elif found is not None and found.operation is None:
            path = pattern(found.target.partition("?")[0])
            self._undocumented[f"{entry.method} {path}"] += 1
        return found

    def _hold(
        self, entry: Entry, met: Met, operation: Operation, memory: Memory, *, keyed: bool
    ) -> None:
        asked = Asked(
            entry=entry,
            operation=operation,
            base="" if met.base == self._matcher.bases[0] else str(met.base),
            target=met.target,
            caller=caller(entry, self._options.caller_header, self._redact),
            keyed=keyed,
            by_caller=bool(self._options.caller_header),
        )
        found = judged(asked, memory)
        if operation.needs_key and not keyed:
            self._unchecked[
                "credentials: the recording holds none (browsers may leave them out)"
            ] += 1
        self._unchecked.update(found.unchecked)
        if found.blind:
            self._skipped["neither request nor answer is recorded"] += 1
            return
        self._bases[str(met.base)] += 1
        self._enter(found)
        self._requests[asked.caller or _NAMELESS] += 1
        self._wrong[asked.caller or _NAMELESS] += bool(found.sent)
        self._denied[f"{operation.label}: {entry.status}"] += found.denied
        for name in unnamed_parameters(operation, met.target):
            self._undocumented[f"{operation.label}?{name}="] += 1

    def _enter(self, found: Judged) -> None:
        self._tally.count(found.exchange)
        if found.told:
            self._coverage.take(found.exchange)
        if breaches := [*found.sent, *found.answered]:
            told = self._redact.exchange(found.exchange)
            self._tally.take(told, [self._clean(one) for one in breaches])

    def _clean(self, breach: Breach) -> Breach:
        redact = self._redact
        before = tuple(map(redact.exchange, breach.before))
        return replace(worded(breach, redact), before=before)

    def report(self, stopped: str) -> Report:
        """What was found, and why that is not all."""
        tally, memory, redact = self._tally, self._memory, self._redact
        missing = {
            one.label: one.unsupported or _UNSEEN
            for one in self._contract.operations
            if one.label not in tally.statuses
        }
        return Report(
            contract=self._contract,
            url=next(iter(map(str, self._matcher.bases)), ""),
            cases=tally.cases,
            seconds=time.monotonic() - self._started,
            findings=tally.findings(),
            tested=tally.tested(),
            unchecked=missing,
            undocumented={redact(path): count for path, count in memory.undocumented.items()},
            statuses={label: dict(counts) for label, counts in tally.statuses.items()},
            not_fuzzed={},
            stopped=stopped,
            coverage=self._coverage.covered(),
            disclosed=Disclosed(),
            of_state=dict(memory.of_state),
            lenient=memory.lenient.told(redact),
            traffic=self._traffic(),
        )

    def _traffic(self) -> Traffic:
        return Traffic(
            files=tuple(one.file for one in self._recordings),
            creators=tuple(one.creator for one in self._recordings),
            entries=self._entries,
            bases=dict(self._bases.most_common()),
            skipped=dict(self._skipped.most_common()),
            elsewhere=self._elsewhere,
            undocumented={
                self._redact(used): count for used, count in self._undocumented.most_common()
            },
            unchecked={
                self._redact(reason): count for reason, count in self._unchecked.most_common()
            },
            denied={told: count for told, count in self._denied.items() if count},
            callers={
                name: Caller(count, self._wrong[name])
                for name, count in self._requests.most_common()
            },
        )
