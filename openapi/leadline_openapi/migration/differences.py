"""In what a type of a generated model is another, and what of it a caller writes."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from leadline_openapi.migration.classes import Module, alternatives
from leadline_openapi.migration.samples import literal, value
from leadline_openapi.models.directions import Side

_SHOWN = 10
"""Values that are listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """
    What is another: *told* follows the name of the field.

    *was* and *now* are values that a caller gives; where it *is_read*, they are code that reads it, with
    `{read}` for the field.
    """

    kind: Literal["type-changed", "values-removed", "values-added"]
    told: str
    was: str
    now: str
    is_read: bool = False


def differences(
    old: Module, before: ast.expr, new: Module, after: ast.expr, sides: Container[Side]
) -> Iterator[Difference]:
    """What code on *sides* meets where the type *before* of *old* is *after* of *new*."""
    parts = [list(alternatives(before)), list(alternatives(after))]
    listed = [_values(module, own) for module, own in zip((old, new), parts, strict=True)]
    if listed[0] is not None and listed[1] is not None:
        yield from _of_values(listed[0], listed[1], sides)
        parts = [[one for one in own if _is_null(one)] for own in parts]
    yield from _of_types(old, new, parts, (ast.unparse(before), ast.unparse(after)), sides)


def _values(module: Module, parts: Sequence[ast.expr]) -> list[object] | None:
    """The values that the only one of *parts* lists that is not null."""
    held = [one for one in parts if not _is_null(one)]
    return module.values(held[0]) if len(held) == 1 else None


def _is_null(part: ast.expr) -> bool:
    return ast.unparse(part) == "None"


def _of_values(
    before: Sequence[object], after: Sequence[object], sides: Container[Side]
) -> Iterator[Difference]:
    gone = [one for one in before if one not in after]
    added = [one for one in after if one not in before]
    if gone and "sent" in sides:
        kept = next((one for one in before if one in after), after[0])
        yield Difference(
            kind="values-removed",
            told=f"no longer takes {_told(gone)}",
            was=literal(gone[0]),
            now=literal(kept),
        )
    if added and "read" in sides:
        yield Difference(
            kind="values-added",
            told=f"may be {_told(added)} as well now",
            was=f"assert {{read}} in {_listed(before)}",
            now=f"assert {{read}} in {_listed(after)}",
            is_read=True,
        )


def _told(values: Sequence[object]) -> str:
    more = f" and {len(values) - _SHOWN} more" if len(values) > _SHOWN else ""
    return ", ".join(f"`{literal(one)}`" for one in values[:_SHOWN]) + more


def _listed(values: Sequence[object]) -> str:
    """*values* as a tuple, with braces that are left alone when a name is put in."""
    told = f"({', '.join(map(literal, values))},)" if len(values) == 1 else None
    shown = told or f"({', '.join(map(literal, values))})"
    return shown.replace("{", "{{").replace("}", "}}")


def _of_types(
    old: Module,
    new: Module,
    parts: Sequence[Sequence[ast.expr]],
    spelled: tuple[str, str],
    sides: Container[Side],
) -> Iterator[Difference]:
    known = [{ast.unparse(one) for one in own} for own in parts]
    if known[0] == known[1]:
        return
    gone = [one for one in parts[0] if ast.unparse(one) not in known[1]]
    added = [one for one in parts[1] if ast.unparse(one) not in known[0]]
    is_refused, is_news = gone and "sent" in sides, added and "read" in sides
    if not (is_refused or is_news):
        return  # what is sent may be more, and what is read less
    told = f"is `{spelled[1]}` now, and was `{spelled[0]}`"
    given = value(old, gone[0]) if is_refused else ""
    instead = value(new, (added or parts[1])[0]) if is_refused and (added or parts[1]) else ""
    if given != instead and instead:
        yield Difference(kind="type-changed", told=told, was=given, now=instead)
        return
    yield Difference(
        kind="type-changed",
        told=told,
        was=f"value: {spelled[0]} = {{read}}",
        now=f"value: {spelled[1]} = {{read}}",
        is_read=True,
    )
