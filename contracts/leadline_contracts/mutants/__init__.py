"""How strong is a suite? Servers with one defect each, derived from any contract, that it has to find.

Adding a family: a module of this package with `FAMILY` and `mutants(contract, operation)`, and an entry in
`FAMILIES`. A mutant says by itself whether the contract forbids what it does; the suite under test is
not asked.
"""

from __future__ import annotations

from dataclasses import replace

from leadline_contracts.cases import reason_not_checked
from leadline_contracts.mutants import (
    acceptance,
    clock,
    concurrency,
    crash,
    credentials,
    response,
    state,
)
from leadline_contracts.mutants.mutant import Mutant, unique
from leadline_openapi import Contract

FAMILIES = {
    module.FAMILY: module.mutants
    for module in (acceptance, response, state, clock, credentials, concurrency, crash)
}
"""What makes the mutants of an operation, by the name of the family."""


def unlimited(contract: Contract) -> Contract:
    """*contract* without limits of requests: a mutant is asked as often as it takes to find it."""
    operations = tuple(replace(one, rate_limit=None) for one in contract.operations)
    return replace(contract, operations=operations)


def derive(contract: Contract) -> list[Mutant]:
    """Every mutant of *contract*, in a stable order; none of an operation that cannot be checked."""
    found = (
        mutant
        for operation in contract.operations
        if not reason_not_checked(operation)
        for make in FAMILIES.values()
        for mutant in make(contract, operation)
    )
    return list(unique(found))
