"""`x-invariants`: rules in CEL that hold for every accepted request."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from leadline_contracts.case import Breach, Exchange
from leadline_contracts.judge import sent
from leadline_contracts.oracles.reading import accepted
from leadline_openapi import Contract, SpecError
from leadline_openapi.contract import Invariant


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
            holds, why = _program(invariant.rule).execute(facts), "false"
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
