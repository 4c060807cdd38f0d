"""Requests with two things wrong, made of requests with one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from leadline_contracts.case import Case, Due
from leadline_contracts.draft import base
from leadline_openapi import Operation

AREA = "order of checks"
_FACETS = ("credential", "method", "target", "headers", "body")
"""The parts of a request that may be wrong each by itself."""
_WRONG: dict[str, Callable[[Case], bool]] = {
    "credentials": lambda case: case.due is Due.DENY,
    "method": lambda case: case.due is Due.NOWHERE,
    "malformed body": lambda case: case.due is Due.REFUSE and bool(case.malformed),
    "media type": lambda case: case.due is Due.REFUSE and case.area == "media type",
    "body": lambda case: case.due is Due.REFUSE and case.area.startswith("body "),
    "query": lambda case: case.due is Due.REFUSE and case.area.startswith("query "),
    "path": lambda case: case.due is Due.REFUSE and case.area.startswith("path "),
    "header": lambda case: case.due is Due.REFUSE and case.area.startswith("header "),
    "existence": lambda case: case.due is Due.ACCEPT and case.area.startswith("path "),
}
"""
By the name under which an order is told, what is wrong with such a case.

A path may be right and lead nowhere; of the values of a parameter, the last ones are the largest.
"""


@dataclass(frozen=True, slots=True)
class Two:
    """The case *both* has what is wrong with *first* and with *second*, which go by these names."""

    both: Case
    first: Case
    second: Case
    names: tuple[str, str]


def pairs(operation: Operation, certificate: Sequence[Case]) -> list[Two]:
    """Every two of the *certificate*'s kinds of fault that can stand in one request to *operation*."""
    found = dict(_faults(operation, certificate))
    return [
        Two(_together(found[one], found[other]), found[one][0], found[other][0], (one, other))
        for one, other in combinations(found, 2)
        if found[one][1] != found[other][1]
    ]


def _faults(
    operation: Operation, certificate: Sequence[Case]
) -> Iterator[tuple[str, tuple[Case, str]]]:
    """A case of each kind that differs in one facet from the simplest request."""
    simple = simplest(operation)
    for name, wrong in _WRONG.items():
        for case in reversed(certificate) if name == "existence" else certificate:
            if case.operation is operation and wrong(case):
                differing = [one for one in _FACETS if getattr(case, one) != getattr(simple, one)]
                if len(differing) == 1:
                    yield name, (case, differing[0])
                    break


def _together(one: tuple[Case, str], other: tuple[Case, str]) -> Case:
    case, (added, facet) = one[0], other
    return replace(
        case,
        **{facet: getattr(added, facet)},
        name=f"{case.area}: {case.name}; and {added.area}: {added.name}",
        area=AREA,
        rule=case.operation.pointer,
        compound=True,
    )


def simplest(operation: Operation) -> Case:
    """The simplest request that *operation* accepts."""
    return base(operation).case("", AREA, Due.ACCEPT, operation.pointer)
