"""What a comparison found out: one record, which every report only renders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from leadline_contracts.compare.divergence import Divergence
from leadline_contracts.compare.fidelity import Area
from leadline_contracts.coverage import Share
from leadline_contracts.reconcile.proposal import Proposal
from leadline_contracts.target.disclosed import Disclosed
from leadline_openapi import Contract

SAME, DIVERGENT, NOTHING_COMPARED = "same", "divergent", "nothing-compared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """
    The outcome of sending the cases of *contract* to the servers at *urls*, A and B.

    *fidelity* is the share of cases that are the same in status and in body; *areas* tells it for each
    class of cases; *left_out* counts those of each class that were not sent, *unchecked* maps operations
    to the reason why no case could be made. *stopped* says why the run ended before its plan did; *gone*
    is true where that was because a server went away. *disclosed* is what may be told of how requests are
    let in. *proposals* is what to do about the divergences, where that was asked for. Nothing in it is
    secret.
    """

    contract: Contract
    urls: tuple[str, str]
    seconds: float
    fidelity: Share
    divergences: tuple[Divergence, ...]
    areas: tuple[Area, ...]
    left_out: Mapping[str, int]
    unchecked: Mapping[str, str]
    disclosed: tuple[Disclosed, Disclosed]
    stopped: str = ""
    gone: bool = False
    proposals: tuple[Proposal, ...] | None = None

    @property
    def cases(self) -> int:
        """How many cases were compared."""
        return self.fidelity.total

    @property
    def verdict(self) -> str:
        """`same`, `divergent` or `nothing-compared`."""
        if not self.cases:
            return NOTHING_COMPARED
        return DIVERGENT if self.divergences else SAME

    def faithful(self, fail_under: float | None) -> bool:
        """Whether nothing differs; with *fail_under*, whether so many percent of the cases are the same."""
        if fail_under is None:
            return not self.divergences
        return 100 * self.fidelity.exercised >= fail_under * self.cases
