"""What the certificate covers, counted in its cases before any of them is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod
from typing import Any

from leadline_contracts.case import Case, Due
from leadline_contracts.cases import certificate
from leadline_contracts.cases.model import Model, model
from leadline_contracts.draft import json_media
from leadline_contracts.judge import judged, violations
from leadline_openapi import Contract, Operation, jsontext
from leadline_openapi.flatten import Flat, Places
from leadline_openapi.schema import Library


@dataclass(frozen=True, slots=True)
class Share:
    """*covered* of *total*."""

    covered: int
    total: int

    def __str__(self) -> str:
        return f"{self.covered:,} of {self.total:,}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """
    What the cases of a contract cover. Shares are counted in what the cases send, not in what was meant.

    *by_due* and *by_area* count cases; *inputs* are the parameters and members of bodies that are given
    a valid value; *enum_values* those that are sent as they are; *keywords* the rules of schemas that one
    case or more breaks, *breaks* the cases that do; *pairs* are those of value classes of two inputs,
    *triples* those of three parameters, both in valid requests.
    """

    cases: int
    by_due: Mapping[Due, int]
    by_area: Mapping[str, int]
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
    areas = Counter(_kind(case) for case in found)
    broken = [rule for case in found if case.due is Due.REFUSE for rule in _broken(case)]
    models = [model(operation) for operation in contract.operations if not operation.unsupported]
    counts = [_combined(inputs, found) for inputs in models]
    return Plan(
        cases=len(found),
        by_due=Counter(case.due for case in found),
        by_area=areas,
        rows=areas["combinations"],
        inputs=_sum(inputs for inputs, _, _ in counts),
        enum_values=_enum_values(contract.operations, found),
        keywords=len(set(broken)),
        breaks=len(broken),
        pairs=_sum(pairs for _, pairs, _ in counts),
        triples=_sum(triples for _, _, triples in counts),
        malformed=areas["malformed JSON"],
        media_types=areas["media type"],
        methods=areas["methods"],
        credentials=areas["credentials"],
    )


_NAMED = ("body", "query", "path", "header", "cookie")


def _kind(case: Case) -> str:
    """The area of *case* without the name of the input."""
    first = case.area.partition(" ")[0]
    return first if first in _NAMED else case.area


def _broken(case: Case) -> list[str]:
    """The rule that *case* is about, if it breaks one and no other."""
    rules = {violation.rule for violation in violations(case)}
    return list(rules) if len(rules) == 1 else []


def _sum(shares: Iterable[Share]) -> Share:
    listed = list(shares)
    return Share(sum(one.covered for one in listed), sum(one.total for one in listed))


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


Found = set[tuple[str, bytes]]
"""Pointers of enums, each with one of its values."""


def _enum_values(operations: Iterable[Operation], cases: Sequence[Case]) -> Share:
    """How many values of the enums that requests reach are sent in valid ones."""
    known: Found = set()
    sent_values: Found = set()
    for operation in operations:
        roots = [parameter.schema for parameter in operation.parameters]
        media = json_media(operation)
        if media is not None and media.schema is not None:
            roots.append(media.schema)
        for schema in roots:
            _collect(schema.library, (schema.pointer,), known, set())
    for case in cases:
        if case.due is Due.ACCEPT:
            for schema, value in judged(case):
                _note(schema.library, (schema.pointer,), value, sent_values)
    return Share(len(known & sent_values), len(known))


def _collect(library: Library, places: Places, known: Found, seen: set[Places]) -> None:
    if places in seen:
        return
    seen.add(places)
    flat = library.flat(places)
    if flat.keywords.get("readOnly") is True:
        return
    known |= {(flat.rules["enum"], jsontext.dump(one)) for one in flat.keywords.get("enum", ())}
    for inner in _inside(flat):
        _collect(library, inner, known, seen)


def _inside(flat: Flat) -> tuple[Places, ...]:
    return (*flat.properties.values(), flat.items, *((branch,) for branch in flat.branches))


def _note(library: Library, places: Places, value: Any, found: Found) -> None:
    """Every value of an enum in *value*."""
    flat = library.flat(places)
    if "enum" in flat.keywords:
        found.add((flat.rules["enum"], jsontext.dump(value)))
    for branch in flat.branches:
        _note(library, (branch,), value, found)
    if isinstance(value, dict):
        for name, member in value.items():
            if name in flat.properties:
                _note(library, flat.properties[name], member, found)
    elif isinstance(value, list) and flat.items:
        for item in value:
            _note(library, flat.items, item, found)
