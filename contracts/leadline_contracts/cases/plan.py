"""What the certificate covers, counted in its cases before any of them is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod

from leadline_contracts.case import Case, Due
from leadline_contracts.cases import certificate
from leadline_contracts.cases.model import Model, model
from leadline_contracts.coverage import Coverage
from leadline_contracts.coverage.facts import Share
from leadline_contracts.judge import violations
from leadline_openapi import Contract


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """
    What the cases of a contract cover. Shares are counted in what the cases send, not in what was meant.

    *by_due*, *by_area* and *by_operation* count cases; *inputs* are the parameters and members of bodies
    that are given a valid value; *enum_values* those that are sent as they are; *keywords* the rules of
    schemas that one case or more breaks, *breaks* the cases that do; *pairs* are those of value classes of
    two inputs, *triples* those of three parameters, both in valid requests.
    """

    cases: int
    by_due: Mapping[Due, int]
    by_area: Mapping[str, int]
    by_operation: Mapping[str, int]
    rows: int
    inputs: Share
    enum_values: Share
    keywords: int
    breaks: int
    pairs: Share
    triples: Share
    malformed: int
    media_types: int
    methods: int
    credentials: int


def coverage_statement(contract: Contract, cases: Sequence[Case] | None = None) -> Plan:
    """What *cases*, by default the certificate of *contract*, cover."""
    found = certificate(contract) if cases is None else cases
    areas = Counter(case.kind for case in found)
    broken = [rule for case in found if case.due is Due.REFUSE for rule in _broken(case)]
    models = [model(operation) for operation in contract.operations if not operation.unsupported]
    counts = [_combined(inputs, found) for inputs in models]
    coverage = Coverage(contract)
    for case in found:
        coverage.expect(case)
    return Plan(
        cases=len(found),
        by_due=Counter(case.due for case in found),
        by_area=areas,
        by_operation=Counter(case.operation.label for case in found),
        rows=areas["combinations"],
        inputs=_sum(inputs for inputs, _, _ in counts),
        enum_values=coverage.covered().of("enum-values"),
        keywords=len(set(broken)),
        breaks=len(broken),
        pairs=_sum(pairs for _, pairs, _ in counts),
        triples=_sum(triples for _, _, triples in counts),
        malformed=areas["malformed JSON"],
        media_types=areas["media type"],
        methods=areas["methods"],
        credentials=areas["credentials"],
    )


def _broken(case: Case) -> list[str]:
    """The rule that *case* is about, if it breaks one and no other."""
    rules = {violation.rule for violation in violations(case)}
    return list(rules) if len(rules) == 1 else []


def _sum(shares: Iterable[Share]) -> Share:
    listed = list(shares)
    return Share(sum(one.exercised for one in listed), sum(one.total for one in listed))


def _combined(inputs: Model, cases: Sequence[Case]) -> tuple[Share, Share, Share]:
    """How many inputs, pairs of classes and triples of classes of parameters stand in valid requests."""
    valid = [
        inputs.levels_of(case)
        for case in cases
        if case.due is Due.ACCEPT and case.operation is inputs.operation
    ]
    sizes = [len(factor.levels) for factor in inputs.factors]
    parameters = range(len(inputs.parameters))
    used = {number for row in valid for number, level in enumerate(row) if level}
    return (
        Share(len(used), len(sizes)),
        _pairs(sizes, valid),
        _tuples(sizes, valid, list(combinations(parameters, 3))),
    )


def _pairs(sizes: Sequence[int], rows: Iterable[Sequence[int | None]]) -> Share:
    """As `_tuples` for every two factors, in bits: a contract may have a million of them."""
    starts = [sum(sizes[:number]) for number in range(len(sizes))]
    met: dict[tuple[int, int], int] = {}
    for row in rows:
        known = [(number, level) for number, level in enumerate(row) if level is not None]
        bits = sum(1 << (starts[number] + level) for number, level in known)
        for one in known:
            met[one] = met.get(one, 0) | bits
    covered = 0
    for (number, _), bits in met.items():
        own = ((1 << sizes[number]) - 1) << starts[number]
        covered += (bits & ~own).bit_count()
    total = (sum(sizes) ** 2 - sum(size**2 for size in sizes)) // 2
    return Share(covered // 2, total)


def _tuples(
    sizes: Sequence[int], rows: Iterable[Sequence[int | None]], chosen: Sequence[Sequence[int]]
) -> Share:
    """How many of all combinations of levels of the *chosen* factors stand in *rows*."""
    seen = {
        (*factors, *(row[factor] for factor in factors))
        for row in rows
        for factors in chosen
        if all(row[factor] is not None for factor in factors)
    }
    total = sum(prod(sizes[factor] for factor in factors) for factors in chosen)
    return Share(len(seen), total)
