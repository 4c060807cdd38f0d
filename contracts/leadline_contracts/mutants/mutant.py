"""What a mutant is: a server with one defect, and the reason why that is one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from leadline_contracts import mocked
from leadline_contracts.mutants.server import Behaviour, Server
from leadline_openapi import Contract, Operation
from leadline_openapi.violation import show


class Standing(Enum):
    """Whether the contract forbids what a mutant does."""

    DEFECT = "defect"
    EQUIVALENT = "equivalent"
    UNDECIDED = "not decided"


@dataclass(frozen=True, slots=True)
class Ruling:
    """A *standing* and its *reason*: a witness, or why there can be none."""

    standing: Standing
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """
    A server that keeps the contract but for one defect, which *does* says in words.

    *id* is stable, and begins with the family; *behaviour* makes the defect anew for each server;
    *rule* tells whether the contract forbids it, without asking the suite; *accepting* is the
    operation as the mutant understands its requests, where that is the defect.
    """

    id: str
    does: str
    operation: Operation
    behaviour: Callable[[], Behaviour]
    rule: Callable[[], Ruling]
    accepting: Operation | None = None

    @property
    def family(self) -> str:
        """The kind of defect: the first part of the id."""
        return self.id.partition("/")[0]

    def serve(self, contract: Contract) -> Server:
        """The mutant as a WSGI application; *contract* is the one that it was derived from."""
        accepting = None
        if self.accepting is not None:
            operations = tuple(
                self.accepting if one is self.operation else one for one in contract.operations
            )
            accepting = replace(contract, operations=operations)
        return Server(contract, mocked.pair(contract, accepting), self.operation, self.behaviour())


def slug(operation: Operation) -> str:
    """`leads.post` for `POST /leads`."""
    words = re.findall(r"[\w-]+", operation.path)
    return ".".join([*words, operation.method.lower()])


def label(value: Any) -> str:
    """*value* as a part of an id."""
    text = value if isinstance(value, str) else show(value, 60)
    return re.sub(r"[^\w.+-]+", "-", text)[:60] or "empty"


def unique(mutants: Iterable[Mutant]) -> Iterator[Mutant]:
    """*mutants* with ids that are given once."""
    seen: dict[str, int] = {}
    for mutant in mutants:
        count = seen[mutant.id] = seen.get(mutant.id, 0) + 1
        yield mutant if count == 1 else replace(mutant, id=f"{mutant.id}:{count}")


def defect(reason: str) -> Callable[[], Ruling]:
    """A ruling that needs no search: the contract forbids it for *reason*."""
    return lambda: Ruling(Standing.DEFECT, reason)


def equivalent(reason: str) -> Callable[[], Ruling]:
    """A ruling that needs no search: the contract allows it for *reason*."""
    return lambda: Ruling(Standing.EQUIVALENT, reason)
