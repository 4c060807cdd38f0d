"""Which classes are for what is sent, and which for what is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from leadline_openapi.contract import Contract
from leadline_openapi.models import shaping
from leadline_openapi.models.bounds import bounded
from leadline_openapi.models.directions import Directions, Side
from leadline_openapi.models.members import MADE

BOTH: frozenset[Side] = frozenset(("sent", "read"))


@dataclass(frozen=True, slots=True)
class Facing:
    """
    For which sides a class is, by its name: both where it serves both, and where no operation uses it.

    *twins* leads from either of two classes of one schema to the other.
    """

    sides: Mapping[str, frozenset[Side]] = field(default_factory=dict)
    twins: Mapping[str, str] = field(default_factory=dict)


def facing(contract: Contract, *, variants: bool = True) -> Facing:
    """How the classes of the schemas of *contract* are used. Raises `SpecError` as `models.generate` does."""
    with bounded(contract):
        directions = Directions(contract, variants=variants)
        sources = shaping.bodies(contract, directions).sources
    names: dict[str, list[str]] = defaultdict(list)
    for name, pointer in sources.items():
        names[pointer].append(name)
    sides: dict[str, frozenset[Side]] = {}
    twins: dict[str, str] = {}
    for pointer, own in names.items():
        schema = pointer.partition(MADE)[0]
        if schema in directions.apart and len(own) == 2:
            read, sent = own  # in the order in which `shaping` gives names
            sides |= {read: frozenset(("read",)), sent: frozenset(("sent",))}
            twins |= {read: sent, sent: read}
        else:
            sides |= dict.fromkeys(own, directions.sides(schema) or BOTH)
    return Facing(sides, twins)
