"""The cases of a comparison: always the same ones, and those first that show most when time is short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from leadline_contracts.case import DESTRUCTIVE, Case
from leadline_contracts.cases import cases_of, reason_not_checked, undocumented
from leadline_contracts.cases.priority import covering
from leadline_contracts.compare import drawn, order
from leadline_openapi import Contract


@dataclass(frozen=True, slots=True)
class Plan:
    """The *cases* in the order in which they are sent; *twos* are those among them that have two faults."""

    cases: tuple[Case, ...]
    twos: tuple[order.Two, ...]


def plan(
    contract: Contract, *, seed: int = 0, destructive: bool = True, hurry: bool = False
) -> Plan:
    """
    What is sent to compare two servers of *contract*.

    First what tells the order of checks, then the certificate, then what the *seed* draws; in a *hurry*,
    those first that hold most that was not sent yet. Without *destructive*, no method that nobody
    documented and that overwrites or deletes.
    """
    certificate: list[Case] = []
    more: list[Case] = []
    for operation in contract.operations:
        found = cases_of(operation)
        certificate += found
        more += drawn.cases(operation, found, seed) if found else ()
    foreign = undocumented(contract)
    certificate += [one for one in foreign if destructive or one.method not in DESTRUCTIVE]
    twos = [
        two
        for operation in contract.operations
        if not reason_not_checked(operation)
        for two in order.pairs(operation, certificate)
    ]
    first = [case for two in twos for case in (two.first, two.second)] + [two.both for two in twos]
    rest = [*certificate, *more]
    cases = _once([*first, *(covering(contract, rest) if hurry else rest)])
    return Plan(tuple(cases), tuple(twos))


def _once(cases: Sequence[Case]) -> Iterator[Case]:
    """*cases* without those that were there before, told by what is sent."""
    seen: set[object] = set()
    for case in cases:
        key = (case.operation.label, case.method, case.target, case.headers, case.body)
        same = (*key, case.credential)
        if same not in seen:
            seen.add(same)
            yield case
