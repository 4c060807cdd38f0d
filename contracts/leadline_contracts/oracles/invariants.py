"""`x-invariants`: rules in CEL that hold for every accepted request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from leadline_contracts.case import Breach, Exchange
from leadline_contracts.judge import sent
from leadline_contracts.oracles.reading import accepted
from leadline_openapi import Contract, SpecError
from leadline_openapi.contract import Invariant

_CHAIN = {
    side: re.compile(rf"\b{side}\b((?:\s*\.\s*\w+(?!\w|\s*\())*)")
    for side in ("request", "response")
}
"""Members reached from a side; what has a bracket behind it is a function (`request.body.all(…)`)."""


def compile_all(contract: Contract) -> None:
    """Compile every rule of *contract*. Raises `SpecError` for one that is not CEL."""
    for operation in contract.operations:
        for invariant in operation.invariants:
            try:
                _program(invariant.rule)
            except ValueError as error:
                place = contract.place(f"{invariant.pointer}/rule")
                problem = f"the rule of `{invariant.name}` is not CEL: {str(error).splitlines()[0]}"
                raise SpecError(place, problem) from None


def check(exchange: Exchange) -> Iterator[Breach]:
    """The invariants of an accepted request."""
    if not exchange.case.operation.invariants or accepted(exchange) is None:
        return
    facts = _facts(exchange)
    for invariant in exchange.case.operation.invariants:
        try:
            seen = {side: _pruned(facts[side], _spoken_of(invariant.rule, side)) for side in facts}
            holds, why = _program(invariant.rule).execute(seen), "false"
        except OverflowError:
            continue  # a number that CEL has no type for: the rule says nothing of it
        except (KeyError, RuntimeError, TypeError, ValueError) as error:
            holds, why = False, f"{type(error).__name__}: {error}"
        if holds is not True:
            yield _breach(invariant, why)


@cache
def _program(rule: str) -> Any:
    import cel

    return cel.compile(rule)


@cache
def _spoken_of(rule: str, side: str) -> frozenset[tuple[str, ...]]:
    """The chains of members that *rule* reaches from *side*, as `("body", "doc", "id")`."""
    chains = _CHAIN[side].findall(rule)
    return frozenset(tuple(re.findall(r"\w+", chain)) for chain in chains)


def _pruned(value: Any, chains: frozenset[tuple[str, ...]]) -> Any:
    """*value* without the members that no chain leads to: a large body costs CEL as much as its reading."""
    if not isinstance(value, dict) or () in chains:
        return value
    inside: dict[str, set[tuple[str, ...]]] = {}
    for first, *rest in chains:
        inside.setdefault(first, set()).add(tuple(rest))
    return {name: _pruned(value[name], frozenset(inside[name])) for name in inside if name in value}


def _facts(exchange: Exchange) -> dict[str, Any]:
    case = exchange.case
    query = {name: values[-1] for name, values in sent(case, "query").items()}
    return {
        "request": {
            "method": case.method,
            "path": case.target.partition("?")[0],
            "query": query,
            "headers": {name.lower(): value for name, value in case.headers},
            "body": {} if case.value is None else case.value,
            "time": exchange.sent_at,
        },
        "response": {
            "status": exchange.status,
            "headers": {name.lower(): value for name, value in exchange.headers},
            "body": exchange.value,
            "time": exchange.received_at,
        },
    }


def _breach(invariant: Invariant, why: str) -> Breach:
    return Breach(
        rule="invariant",
        pointer=invariant.pointer,
        message=f"{invariant.message} ({invariant.name})",
        expected=invariant.rule,
        actual=why,
    )
