"""What a run found out: one record, which every report only renders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from leadline_contracts.case import Finding
from leadline_contracts.coverage import Covered
from leadline_contracts.known import Entry, Known
from leadline_contracts.leniency.observation import Observation
from leadline_contracts.limited import Limited
from leadline_contracts.target.disclosed import Disclosed
from leadline_contracts.traffic.facts import Traffic
from leadline_openapi import Contract

HOLDS, BROKEN, NOTHING_CHECKED = "holds", "broken", "nothing-checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """
    One area of one operation: how many *cases* were sent, which findings they gave, and for how many
    *seconds* answers were waited for.
    """

    operation: str
    area: str
    cases: int
    findings: tuple[Finding, ...]
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """
    What a run did not do.

    *cases* counts those of the certificate that were not sent, by operation and class, and *of* all that
    there are, 0 where that is not known; *phases* were not gone through to their end, or not at all.
    *limits* are those of the contract that do not allow all of it.
    """

    cases: Mapping[tuple[str, str], int] = field(default_factory=dict)
    of: int = 0
    phases: tuple[str, ...] = ()
    limits: tuple[Limited, ...] = ()

    @property
    def total(self) -> int:
        """How many cases were not sent."""
        return sum(self.cases.values())

    @property
    def classes(self) -> Mapping[str, int]:
        """How many of each class, of all operations together."""
        counts: Counter[str] = Counter()
        for (_, kind), count in self.cases.items():
            counts[kind] += count
        return counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """
    The outcome of holding the server at *url* to *contract*.

    *cases* counts the requests sent, *seconds* is wall-clock time; *unchecked* maps operations to the
    reason why no case could be made, *not_fuzzed* to why none could be generated; *undocumented* counts
    members of answers that the contract does not name; *statuses* counts the answers of each operation
    by status; *stopped* says why a run ended before its plan did, and is empty otherwise; *gone* is true
    where that was because the server stopped answering; *left_out* is what was not done;
    *first_finding* is after how many seconds the first defect was seen; *coverage* tells what was
    exercised, *disclosed* what may be told of how requests were let in. Nothing in it is secret.

    *of_state* counts documented refusals of valid requests that speak of what the server holds, as 404;
    *lenient* is what was seen of the server's leniency. With a baseline, *known* are the findings that
    it accepts, *expired* those that it accepted until a day that is over (they are in *findings* too),
    *fixed* its entries that are met no more. *traffic* is there where nothing was sent, and recorded
    requests were held to the contract.
    """

    contract: Contract
    url: str
    cases: int
    seconds: float
    findings: tuple[Finding, ...]
    tested: tuple[Tested, ...]
    unchecked: Mapping[str, str]
    undocumented: Mapping[str, int]
    statuses: Mapping[str, Mapping[int, int]]
    not_fuzzed: Mapping[str, str]
    stopped: str = ""
    gone: bool = False
    left_out: LeftOut = field(default_factory=LeftOut)
    first_finding: float | None = None
    coverage: Covered = field(default_factory=Covered)
    disclosed: Disclosed = field(default_factory=Disclosed)
    of_state: Mapping[str, int] = field(default_factory=dict)
    lenient: tuple[Observation, ...] = ()
    known: tuple[Known, ...] = ()
    expired: tuple[Known, ...] = ()
    fixed: tuple[Entry, ...] = ()
    traffic: Traffic | None = None

    @property
    def verdict(self) -> str:
        """`holds`, `broken` or `nothing-checked`."""
        if self.findings:
            return BROKEN
        return HOLDS if self.cases else NOTHING_CHECKED
