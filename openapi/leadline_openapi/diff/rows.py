"""Rows: one change on one side, and how rows about the same place become one change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from leadline_openapi.contract import Contract
from leadline_openapi.diff import wording
from leadline_openapi.diff.change import ORDER, Change, Ground, Side, Verdict, Witness

REQUEST, RESPONSE = "request", "response"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """
    One change, *verdicts* by side.

    *old_at* and *new_at* are pointers; *subject* is what changed as people call it (empty for *operations*
    themselves), *before* and *after* what it said, *operations* those that have it, and *is named* whether
    they are called by name where the place does not tell them; *detail* is which of several changes at
    one place it is, *sunset* the day until which it should have stayed.
    """

    code: str
    old_at: str | None
    new_at: str | None
    verdicts: dict[str, Verdict]
    ground: Ground = "rule"
    subject: str = ""
    before: Any = None
    after: Any = None
    operations: tuple[str, ...] = ()
    is_named: bool = False
    witness: Witness | None = None
    detail: str = ""
    sunset: str = ""

    @property
    def worst(self) -> Verdict:
        """The gravest verdict."""
        return max(self.verdicts.values(), key=ORDER.index)


def merged(rows: Iterable[Row]) -> list[Row]:
    """*rows* with those made one that tell the same change, on two sides or met on several ways."""
    found: dict[tuple[str | None, ...], Row] = {}
    for row in rows:
        key = (row.code, row.old_at, row.new_at, row.detail)
        found[key] = _one(found[key], row) if key in found else row
    return list(found.values())


def _one(first: Row, second: Row) -> Row:
    verdicts = dict(first.verdicts)
    for side, verdict in second.verdicts.items():
        known = verdicts.get(side, verdict)
        verdicts[side] = known if ORDER.index(known) > ORDER.index(verdict) else verdict
    graver = max((first, second), key=_gravity)
    return replace(
        graver,
        verdicts=verdicts,
        operations=tuple(dict.fromkeys((*first.operations, *second.operations))),
    )


def _gravity(row: Row) -> tuple[int, bool, bool]:
    return (
        ORDER.index(row.worst),
        row.witness is not None,
        row.witness is not None and row.witness.whole,
    )


def _subject(row: Row, pointer: str | None) -> str:
    """What has changed, with the operations that have it where its place does not tell them."""
    if not row.subject:
        few = len(row.operations) == 1
        return row.operations[0] if few else f"each of {wording.listed(row.operations)}"
    is_shared = len(row.operations) > 1 or (pointer or "").startswith("/components/")
    if not row.is_named or not is_shared:
        return row.subject
    return f"{row.subject} of {wording.listed(row.operations)}"


def change(row: Row, old: Contract, new: Contract) -> Change:
    """*row* as it is told."""
    worst = row.worst
    sides = [side for side in (REQUEST, RESPONSE) if row.verdicts.get(side) == worst]
    side: Side = "both" if len(sides) == 2 else "request" if sides == [REQUEST] else "response"
    pointer = row.new_at if row.new_at is not None else row.old_at
    return Change(
        verdict=worst,
        side=side,
        code=row.code,
        pointer=pointer or "",
        message=wording.message(
            row.code, _subject(row, pointer), row.before, row.after, worst, side, row.ground
        ),
        advice=wording.advice(row.code, row.after, worst, side, row.ground, row.sunset),
        request=row.verdicts.get(REQUEST),
        response=row.verdicts.get(RESPONSE),
        ground=row.ground,
        old=old.place(row.old_at) if row.old_at is not None else None,
        new=new.place(row.new_at) if row.new_at is not None else None,
        operation=row.operations[0],
        operations=row.operations,
        witness=row.witness,
    )
