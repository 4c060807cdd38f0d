"""Compare `format`. It annotates, but whoever knows a format may hold values to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from leadline_openapi.diff.difference import Difference, relation
from leadline_openapi.diff.facing import NEW, OLD, Facing, covers, referring
from leadline_openapi.diff.grounds import PROVEN, UNDECIDED, Held, Judge
from leadline_openapi.diff.view import View
from leadline_openapi.diff.walk import Pair

_RANGES: dict[str, dict[str, Any]] = {
    **{
        f"{sign}int{bits}": {
            "type": ["integer", "null", "string", "boolean", "array", "object"],
            "minimum": 0 if sign else -(2 ** (bits - 1)),
            "maximum": 2 ** (bits - (not sign)) - 1,
        }
        for sign in ("", "u")
        for bits in (8, 16, 32, 64)
    }
}
"""Whole numbers of so many bits (OpenAPI Format Registry)."""

_ASSERTED = frozenset(
    (
        *(
            "date-time",
            "date",
            "time",
            "duration",
            "email",
            "idn-email",
            "hostname",
            "idn-hostname",
        ),
        *("ipv4", "ipv6", "uri", "uri-reference", "iri", "iri-reference", "uuid", "uri-template"),
        *("json-pointer", "relative-json-pointer", "regex"),
    )
)
"""Formats that JSON Schema defines (Validation 2020-12 section 7.3)."""


def differences(
    judge: Judge, facing: Facing, pair: Pair, old: View, new: View
) -> Iterator[Difference]:
    """What `format` says otherwise; a format that nobody defines is told, and breaks nobody."""
    before, after = _formats(old), _formats(new)
    if before == after:
        return
    forward = _held(judge, facing, OLD, pair, (before, after))
    backward = _held(judge, facing, NEW, pair, (after, before))
    change = relation(forward, backward)
    known = _ASSERTED | _RANGES.keys()
    is_limit = bool(known & ({*before} ^ {*after}))
    yield Difference(
        code=f"format-{change}" if is_limit else "format-annotation-changed",
        pair=pair,
        old_at=_at(old, pair[OLD]),
        new_at=_at(new, pair[NEW]),
        forward=forward,
        backward=backward,
        before=", ".join(before) or None,
        after=", ".join(after) or None,
    )


def _formats(seen: View) -> tuple[str, ...]:
    return tuple(
        sorted({str(part.schema["format"]) for part in seen.parts if "format" in part.schema})
    )


def _held(
    judge: Judge,
    facing: Facing,
    which: int,
    pair: Pair,
    told: tuple[tuple[str, ...], tuple[str, ...]],
) -> Held:
    """Whether what has the first formats has the second ones."""
    own, other = told
    wanted = _schemas([name for name in other if name not in own])
    if not wanted:
        return PROVEN
    made = _schemas(own)
    asserted = facing.validator(1 - which, wanted, formats=True)
    kept = facing.validator(which, [*made, {}], formats=True)
    found = judge.search(
        which,
        pair[which],
        [*wanted, *made],
        lambda value: kept.is_valid(value) and not asserted.is_valid(value),
    )
    if found is not None:
        return found
    admitted = facing.canonical(which, [*made, *referring(pair[which])])
    are_ranges = not any("format" in schema for schema in (*wanted, *made))
    if are_ranges and covers(facing.canonical(1 - which, wanted), admitted):
        return PROVEN
    return UNDECIDED


def _schemas(names: list[str] | tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        _RANGES.get(name, {"format": name})
        for name in names
        if name in _RANGES or name in _ASSERTED
    ]


def _at(seen: View, places: tuple[str, ...]) -> str | None:
    if (found := seen.first("format")) is not None:
        return found[0]
    return seen.parts[0].at if seen.parts else next(iter(places), None)
