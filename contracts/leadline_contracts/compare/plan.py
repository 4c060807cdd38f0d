"""The cases of a comparison: always the same ones, and those first that show most when time is short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from leadline_contracts.case import DESTRUCTIVE, Case, Due
from leadline_contracts.cases import cases_of, reason_not_checked, undocumented
from leadline_contracts.cases.priority import covering
from leadline_contracts.compare import drawn
from leadline_contracts.compare.collection import SAFE, Collection, collections, template, ways
from leadline_contracts.compare.documents import DELETED
from leadline_contracts.compare.twos import Two, pairs, simplest
from leadline_openapi import Contract

_LISTS, _MAKES, _CHANGES, _READS, _DELETES, _AFTERWARDS = range(6)


@dataclass(frozen=True, slots=True)
class Plan:
    """The *cases* in the order in which they are sent; *twos* are those among them that have two faults."""

    cases: tuple[Case, ...]
    twos: tuple[Two, ...]


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
        for two in pairs(operation, certificate)
    ]
    first = [case for two in twos for case in (two.first, two.second)] + [two.both for two in twos]
    known = collections(contract)
    rest = [*certificate, *more, *_afterwards(contract, known)]
    in_order = (
        covering(contract, rest) if hurry else sorted(rest, key=lambda one: _rank(one, known))
    )
    return Plan(tuple(_once([*first, *in_order])), tuple(twos))


def _rank(case: Case, known: tuple[Collection, ...]) -> int:
    """
    When *case* is sent: what deletes comes last, for nothing is left to be asked for then.

    Lists are compared before the servers have taken different things, and documents after they were changed.
    """
    if case.area == DELETED:
        return _AFTERWARDS
    names_one = bool(ways(case.operation, known))
    if case.method in SAFE:
        return _READS if names_one else _LISTS
    if case.method == "DELETE":
        return _DELETES
    return _CHANGES if names_one and case.method != "POST" else _MAKES


def _afterwards(contract: Contract, known: tuple[Collection, ...]) -> Iterator[Case]:
    """For collections of *known* from which documents can be deleted: what is there when one was."""
    for one in known:
        own = [
            operation
            for operation in contract.operations
            if template(operation.path) in {one.template, one.of_one}
            and not reason_not_checked(operation)
            and operation is not one.operation
        ]
        if any(operation.method == "DELETE" for operation in own):
            for operation in own:
                yield replace(simplest(operation), name="after that", area=DELETED, due=Due.ANY)


def _once(cases: Sequence[Case]) -> Iterator[Case]:
    """*cases* without those that were there before, told by what is sent."""
    seen: set[object] = set()
    for case in cases:
        key = (case.operation.label, case.method, case.target, case.headers, case.body)
        same = (*key, case.credential, case.area == DELETED)
        if same not in seen:
            seen.add(same)
            yield case
