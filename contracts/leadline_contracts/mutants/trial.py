"""Hold one mutant to the contract: does the suite find it, and how soon?"""

from __future__ import annotations

import fnmatch
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from leadline_contracts import mocked, run
from leadline_contracts.case import Case
from leadline_contracts.cases import cases_of
from leadline_contracts.mutants.mutant import Mutant, Standing
from leadline_contracts.report import Report
from leadline_openapi import Contract, Operation

KILLED, SURVIVED, EQUIVALENT, UNDECIDED = "killed", "survived", "equivalent", "undecided"
OUTCOMES = (KILLED, SURVIVED, EQUIVALENT, UNDECIDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """
    What became of one mutant; it is plain data, so that it travels between processes.

    *reason* is why the contract forbids what the mutant does, or allows it; *rule*, *pointer* and
    *case* are of the finding that killed it. An undecided mutant survived, and nobody knows whether
    anything is wrong with it.
    """

    id: str
    family: str
    operation: str
    does: str
    outcome: str
    reason: str
    rule: str = ""
    pointer: str = ""
    case: str = ""
    requests: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Shot:
    """What a suite said of one server: *rule* is empty where it found nothing."""

    rule: str = ""
    pointer: str = ""
    case: str = ""
    requests: int = 0


Suite = Callable[[Contract, Mutant | None], Shot]
"""Tries a mutant, or the mock itself."""


def certificate(examples: int = 0, seed: int = 0) -> Suite:
    """Leadline's own suite, with *examples* of the fuzz phase, in this process; to the first finding."""
    options = run.Options(seed=seed, examples=examples, max_findings=1)
    known: dict[int, list[Case]] = {}

    def cases(operation: Operation) -> list[Case]:
        """The cases of *operation*, made once: the contract lives as long as its mutants are tried."""
        if id(operation) not in known:
            known[id(operation)] = cases_of(operation)
        return known[id(operation)]

    def attempt(contract: Contract, mutant: Mutant | None) -> Shot:
        app = None if mutant is None else mutant.serve(contract)
        report = run.check(contract, mocked.target(contract, app), options, cases=cases)
        if report.stopped == run.INTERRUPTED:
            raise KeyboardInterrupt
        return _shot(report)

    return attempt


def _shot(report: Report) -> Shot:
    if not report.findings:
        return Shot(requests=report.cases)
    finding = report.findings[0]
    breach, case = finding.breach, finding.exchange.case
    return Shot(breach.rule, breach.pointer, case.id, report.cases)


def attempt(contract: Contract, mutant: Mutant, suite: Suite) -> Verdict:
    """What *suite* makes of *mutant*; one that is known to be equivalent is not tried."""
    ruling = mutant.rule()
    outcome, shot, seconds = EQUIVALENT, Shot(), 0.0
    if ruling.standing is not Standing.EQUIVALENT:
        started = time.monotonic()
        shot = suite(contract, mutant)
        seconds = time.monotonic() - started
        missed = UNDECIDED if ruling.standing is Standing.UNDECIDED else SURVIVED
        outcome = KILLED if shot.rule else missed
    return Verdict(
        id=mutant.id,
        family=mutant.family,
        operation=mutant.operation.label,
        does=mutant.does,
        outcome=outcome,
        reason=ruling.reason,
        rule=shot.rule,
        pointer=shot.pointer,
        case=shot.case,
        requests=shot.requests,
        seconds=seconds,
    )


def chosen(
    mutants: Sequence[Mutant],
    *,
    families: Sequence[str] = (),
    only: Sequence[str] = (),
    sample: int | None = None,
    seed: int = 0,
) -> list[Mutant]:
    """
    Those of *mutants* that are asked for, in their order.

    *only* holds ids with `*` and `?`, or parts of ids; *sample* is how many of the rest are drawn, by
    *seed*, from every family in proportion.
    """
    found = [
        one
        for one in mutants
        if (not families or one.family in families)
        and (not only or any(_matches(one.id, pattern) for pattern in only))
    ]
    if sample is None or sample >= len(found):
        return found
    return _sampled(found, sample, random.Random(seed))  # noqa: S311 - repeatable, not secret


def _matches(id_: str, pattern: str) -> bool:
    return pattern in id_ or fnmatch.fnmatchcase(id_, pattern)


def _sampled(found: list[Mutant], sample: int, draw: random.Random) -> list[Mutant]:
    """Shuffled within each family, and then taken evenly: a small family is in a small sample too."""
    places: dict[str, float] = {}
    for family in dict.fromkeys(one.family for one in found):
        own = [one.id for one in found if one.family == family]
        draw.shuffle(own)
        places.update((id_, number / len(own)) for number, id_ in enumerate(own))
    ranked = sorted(found, key=lambda one: places[one.id])
    kept = {one.id for one in ranked[:sample]}
    return [one for one in found if one.id in kept]
