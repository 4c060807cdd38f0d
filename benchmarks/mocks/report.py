"""What was measured, as tables for people, and as JSON."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.mocks.measure import Row

Table = list[Sequence[str]]
QUIET = 0.1
"""The share of a core that a machine may spend otherwise and still be called quiet."""


@dataclass(frozen=True)
class Target:
    """A figure and its bound: *value* has to be at least *bound*, or with *most* at most that."""

    name: str
    value: float
    bound: float
    most: bool = False

    @property
    def met(self) -> bool:
        """Whether the value keeps the bound."""
        return self.value <= self.bound if self.most else self.value >= self.bound


def text(rows: Sequence[Row]) -> str:
    """Everything, as Markdown."""
    parts = [speed(rows), fidelity(rows), verdicts(targets(rows))]
    tables = [markdown(part) for part in parts if len(part) > 1]
    return "\n\n".join([*tables, *warnings(rows)])


def warnings(rows: Sequence[Row]) -> list[str]:
    """What makes the figures worth less."""
    failed = [
        f"{row.server.name}: {row.failed} requests were not answered yes, so its figures are no good"
        for row in rows
        if row.failed
    ]
    most = max((row.disturbance for row in rows), default=0)
    if most <= QUIET:
        return failed
    other = f"the machine did other work meanwhile, up to {most:.0%} of a core"
    return [*failed, f"{other}: take figures where it is quiet"]


def speed(rows: Sequence[Row]) -> Table:
    """How fast each server is, and what that costs."""
    head = (
        "server",
        "req/s",
        "spread",
        "p50 ms",
        "p99 ms",
        "CPU µs/req",
        "RSS MB",
        "ready ms",
        "failed",
        "others",
    )
    return [head, *map(_speed, rows)]


def _speed(row: Row) -> Sequence[str]:
    rates = [load.rate for load in row.loads]
    return (
        f"{row.server.name} {row.version}".strip(),
        f"{row.rate:,.0f}",
        f"{(max(rates) - min(rates)) / row.rate:.0%}",
        f"{row.median(lambda load: load.p50):.2f}",
        f"{row.p99:.2f}",
        f"{row.median(lambda load: load.cost):.0f}",
        f"{row.resident / 1e6:.0f}",
        f"{row.ready:.0f}",
        str(row.failed),
        f"{row.disturbance:.0%}",
    )


def fidelity(rows: Sequence[Row]) -> Table:
    """How true each server is."""
    head = (
        "server",
        "fields echoed",
        "valid whole",
        "ids",
        "wrong refused",
        "reason told",
        "own shape",
        "reason in own shape",
    )
    return [head, *map(_fidelity, rows)]


def _fidelity(row: Row) -> Sequence[str]:
    found = row.fidelity
    refusals = found.refusals
    return (
        row.server.name,
        f"{found.echoed} of {found.fields}",
        f"{found.whole} of {found.valid}",
        "yes" if found.ids else "no",
        f"{found.refused} of {len(refusals)}",
        str(sum(one.told for one in refusals)),
        str(sum(one.shaped for one in refusals)),
        str(sum(one.told_in_shape for one in refusals)),
    )


def targets(rows: Sequence[Row]) -> list[Target]:
    """What is asked of our mock, as far as the servers that it is compared with were measured."""
    ours = _first(rows, lambda row: row.server.role == "ours")
    if ours is None:
        return []
    found = [Target("ready ms", ours.ready, 300, most=True)]
    if floor := _first(rows, lambda row: row.server.name == "floor"):
        found = [
            Target("req/s, ours / floor", ours.rate / floor.rate, 0.45),
            Target("p99, ours / floor", ours.p99 / floor.p99, 2, most=True),
            *found,
        ]
    if rival := fastest_rival(rows):
        name = f"req/s, ours / {rival.server.name}, the fastest rival that validates and echoes"
        found.insert(0, Target(name, ours.rate / rival.rate, 3))
    return found


def fastest_rival(rows: Sequence[Row]) -> Row | None:
    """The fastest of those that refuse what is wrong and give back what is sent."""
    rivals = [
        row
        for row in rows
        if row.server.role == "rival" and row.fidelity.validates and row.fidelity.echoes
    ]
    return max(rivals, key=lambda row: row.rate, default=None)


def verdicts(found: Sequence[Target]) -> Table:
    """The targets, met or missed."""
    lines = [
        (
            one.name,
            f"{one.value:.2f}",
            f"{'<=' if one.most else '>='} {one.bound:g}",
            "met" if one.met else "missed",
        )
        for one in found
    ]
    return [("measure", "value", "target", "verdict"), *lines]


def markdown(table: Table) -> str:
    """*table*, its first line being the head, with columns of one width."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    rule = ["-" * width for width in widths]
    return "\n".join(
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in [table[0], rule, *table[1:]]
    )


def as_json(rows: Sequence[Row], seconds: int) -> dict[str, Any]:
    """Everything, with every round."""
    return {
        "machine": {
            "system": platform.platform(),
            "python": platform.python_version(),
            "cores": os.cpu_count(),
        },
        "seconds": seconds,
        "servers": [_as_json(row) for row in rows],
        "targets": [{**asdict(one), "met": one.met} for one in targets(rows)],
    }


def _as_json(row: Row) -> dict[str, Any]:
    return {
        "name": row.server.name,
        "version": row.version,
        "starts": row.starts,
        "loads": [{**asdict(load), "rate": load.rate, "cpu_us": load.cost} for load in row.loads],
        "resident": row.resident,
        "fidelity": asdict(row.fidelity),
    }


def _first(rows: Sequence[Row], fits: Callable[[Row], bool]) -> Row | None:
    return next(filter(fits, rows), None)
