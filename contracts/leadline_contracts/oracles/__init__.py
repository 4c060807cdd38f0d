"""Oracles: what an exchange has to satisfy, each told from the contract alone.

An oracle takes an exchange and what the run knows so far, and yields breaches. Adding one: a function of
that form in a module of this package, an entry in `ORACLES`, a broken server in the tests that it finds.
One defect should be one breach: an oracle is silent on what another one has to tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from leadline_contracts.case import Breach, Exchange
from leadline_contracts.oracles import answer, depth, echo, invariants, server_values, verdict
from leadline_contracts.oracles.memory import Memory

ORACLES: tuple[Callable[[Exchange, Memory], Iterator[Breach]], ...] = (
    verdict.check,
    answer.check,
    echo.check,
    server_values.check,
    depth.check,
)


def examine(exchange: Exchange, memory: Memory) -> list[Breach]:
    """Everything that *exchange* breaks; *memory* learns from it."""
    found = [breach for oracle in ORACLES for breach in oracle(exchange, memory)]
    if not found:  # a rule over values that are wrong themselves says nothing new
        found += invariants.check(exchange)
    return found
