"""How a run goes about it, and how far it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

from leadline_contracts.fuzz import EXAMPLES


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """
    *seed* fixes what the fuzz phase draws; *max_time* in seconds bounds the run, *fuzz_time* its fuzz
    phase; *examples* is how many good, and how many bad, requests that draws for each operation;
    *max_findings* ends the run when there are so many; *rate* bounds the requests in a second, *workers*
    is over how many connections the certificate is sent (`None` leaves it to the server's latency);
    *strict* makes what is undocumented in an answer a breach; *safe* sends a few valid requests only,
    marked as what they are; *certificate_only* leaves out all that comes after the certificate;
    *destructive* allows methods that nobody documented and that delete or overwrite where they are known.
    """

    seed: int = 0
    max_time: float = math.inf
    fuzz_time: float = 20.0
    examples: int = EXAMPLES
    max_findings: float = math.inf
    rate: float = math.inf
    workers: int | None = None
    strict: bool = False
    safe: bool = False
    certificate_only: bool = False
    destructive: bool = True

    @property
    def is_short(self) -> bool:
        """Whether the run ends with its certificate."""
        return self.safe or self.certificate_only


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run is: *phase*, and how many requests of *total* (0 where unknown) were answered."""

    phase: str
    done: int
    total: int
    findings: int
