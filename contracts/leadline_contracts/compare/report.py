"""What a comparison found out: one record, which every report only renders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from leadline_contracts.compare.divergence import Divergence
from leadline_contracts.compare.fidelity import Area
from leadline_contracts.coverage import Share
from leadline_contracts.reconcile.proposal import Proposal
from leadline_contracts.target.disclosed import Disclosed
from leadline_openapi import Contract

SAME, SAME_SO_FAR, DIVERGENT, NOTHING_COMPARED = (
    "same",
    "same-so-far",
    "divergent",
    "nothing-compared",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """
    The outcome of sending the cases of *contract* to the servers at *urls*, A and B.

    *fidelity* is the share of cases that are the same in status and in body; *areas* tells it for each
    class of cases; *left_out* counts those of each class that were not sent, *unchecked* maps operations
    to the reason why no case could be made. *stopped* says why the run ended before its plan did; *gone*
    is true where that was because a server went away. *disclosed* is what may be told of how requests are
    let in. *proposals* is what to do about the divergences, where that was asked for. *suspect* says what
    makes it doubtful that these are two servers of the contract at all, as a base that is wrong; it is
    empty where nothing does. *refused* counts valid requests that both servers refuse, so that what they
    make of them was not compared. Nothing in it is secret.
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
    suspect: str = ""
    refused: Mapping[str, int] = field(default_factory=dict)

    @property
    def cases(self) -> int:
        """How many cases were compared."""
        return self.fidelity.total

    @property
    def planned(self) -> int:
        """How many cases there are, compared or not."""
        return self.cases + sum(self.left_out.values())

    @property
    def verdict(self) -> str:
        """
        `same`, `same-so-far` where the run ended before its plan did, `divergent` or `nothing-compared`.

        Two that say one thing to everything, and both the same, are no servers that could be compared.
        """
        if self.divergences:
            return DIVERGENT
        if not self.cases or self.suspect:
            return NOTHING_COMPARED
        return SAME_SO_FAR if self.stopped else SAME

    def faithful(self, fail_under: float | None) -> bool:
        """Whether nothing differs; with *fail_under*, whether so many percent of the cases are the same."""
        if fail_under is None:
            return not self.divergences
        return 100 * self.fidelity.exercised >= fail_under * self.cases
