"""`x-relation`: is nothing populated where the request asks for ids alone?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from leadline_contracts.case import Breach, Case, Exchange
from leadline_contracts.judge import sent
from leadline_contracts.oracles.memory import Memory
from leadline_contracts.oracles.reading import accepted, places
from leadline_openapi.violation import show

DEPTH = "depth"
"""The parameter that `x-relation` speaks of."""


def check(exchange: Exchange, memory: Memory) -> Iterator[Breach]:  # noqa: ARG001
    """
    Relations at depth 0 hold ids.

    At greater depths both are right: a document that is not there cannot be populated.
    """
    media = accepted(exchange)
    if media is None or not media.relations or asked(exchange.case) != 0:
        return
    for relation in media.relations:
        values = places(exchange.value, relation.path)
        documents = [value for _, value in values if isinstance(value, dict)]
        if documents:
            yield Breach(
                rule="depth",
                pointer=f"{relation.pointer}/x-relation",
                message=f"`{'.'.join(relation.path)}` holds a document though the depth is 0",
                expected="an id",
                actual=show(documents[0]),
                kind="populated at depth 0",
            )


def asked(case: Case) -> float | None:
    """What the request says of the depth; where it says nothing, the default is the server's."""
    values = sent(case, "query").get(DEPTH, [])
    with suppress(ValueError):
        return float(values[0]) if len(values) == 1 else None
    return None
