"""What a caller of generated models meets when they change, with its code before and after."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from leadline_openapi import pointer as pointers
from leadline_openapi.diff.change import Change
from leadline_openapi.migration.classes import Field, Module
from leadline_openapi.migration.differences import differences
from leadline_openapi.migration.samples import call, sample, value, variable
from leadline_openapi.migration.successors import successor, translated
from leadline_openapi.models.directions import Side

Kind = Literal[
    "class-removed",
    "class-replaced",
    "field-removed",
    "field-renamed",
    "field-required",
    "field-optional",
    "type-changed",
    "values-removed",
    "values-added",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """
    One thing to do: *name* is the class, or the alias, and *field* its field, if it is about one; they are
    those of after where there are any.

    *message* is one sentence; *before* and *after* are lines of a caller's code, made up and whole. *after*
    is empty where nothing takes the place of what is gone.
    """

    kind: Kind
    name: str
    field: str
    message: str
    before: str
    after: str


def notes(old: Module, new: Module, changes: Iterable[Change]) -> Iterator[Note]:
    """What is to be done, in the order of the old module; *changes* tell what was renamed."""
    renames = {
        (_last(one.old.pointer), _last(one.pointer))
        for one in changes
        if one.code == "member-renamed" and one.old is not None
    }
    for name in (*old.aliases, *old.classes):
        after: dict[str, set[Side]] = defaultdict(set)
        for side in sorted(old.sides(name)):
            if (now := successor(old, new, name, side)) is not None:
                after[now].add(side)
        for now, sides in after.items():
            if now != name:
                yield _replaced(old, new, name, now)
            if name in old.aliases and now in new.aliases:
                yield from _of_alias(old, new, (name, now), sides)
            elif name in old.classes and now in new.classes:
                yield from _Class(old, new, (name, now), sides).notes(renames)
        if not after and name not in new:
            yield Note(
                kind="class-removed",
                name=name,
                field="",
                message=f"`{name}` is gone",
                before=f"from models import {name}",
                after="",
            )


def _last(at: str) -> str:
    return pointers.tokens(at)[-1] if at else ""


def _replaced(old: Module, new: Module, name: str, now: str) -> Note:
    """What was a *name* on one side is a *now* there."""
    told = (
        f"`{now}` is what is sent now, `{name}` is only read"
        if name in new
        else f"`{name}` is gone, `{now}` takes its place"
    )
    subject = variable(name)
    return Note(
        kind="class-replaced",
        name=now,
        field="",
        message=told,
        before=f"{subject}: {name} = {sample(old, name)}",
        after=f"{subject}: {now} = {sample(new, now)}",
    )


def _of_alias(
    old: Module, new: Module, names: tuple[str, str], sides: Container[Side]
) -> Iterator[Note]:
    before, after = old.aliases[names[0]], new.aliases[names[1]]
    if _is_same(old, before, new, after, sides):
        return
    subject = variable(names[0])
    for one in differences(old, before, new, after, sides):
        lines = [
            made.format(read=subject) if one.is_read else f"{subject}: {name} = {made}"
            for name, made in zip(names, (one.was, one.now), strict=True)
        ]
        yield Note(
            kind=one.kind,
            name=names[1],
            field="",
            message=f"`{names[1]}` {one.told}",
            before=lines[0],
            after=lines[1],
        )


def _is_same(
    old: Module, before: ast.expr, new: Module, after: ast.expr, sides: Container[Side]
) -> bool:
    """Whether a type is the same: what another type in it has become is told once, at that one."""
    side: Side = "sent" if "sent" in sides else "read"
    return ast.unparse(translated(old, new, before, side)) == ast.unparse(after)


class _Class:
    """A class of the old module and what it is in the new one, for code on some *sides*."""

    def __init__(
        self, old: Module, new: Module, names: tuple[str, str], sides: Container[Side]
    ) -> None:
        self._old, self._new, self._sides = old, new, sides
        self._name, self._now = names
        self._before, self._after = old.fields(self._name), new.fields(self._now)
        self._subject = variable(self._name)

    def notes(self, renames: Container[tuple[str, str]]) -> Iterator[Note]:
        """What is to be done about the class."""
        kept: set[str] = set()
        for alias, field in self._old.classes[self._name].items():
            now = self._after.get(alias) or self._elsewhere(field, renames)
            if now is None:
                yield self._removed(field)
                continue
            kept.add(now.alias)
            if now.name != field.name:
                yield self._renamed(field, now)
            yield from self._changed(field, now)
        for alias, field in self._new.classes[self._now].items():
            is_new = alias not in self._before and alias not in kept
            if field.is_required and is_new and "sent" in self._sides:
                yield self._required(field)

    def _elsewhere(self, field: Field, renames: Container[tuple[str, str]]) -> Field | None:
        """
        What *field* is now that no longer travels under its name.

        Python code does not know how a field travels; else the contract tells what it is called.
        """
        come = [one for alias, one in self._after.items() if alias not in self._before]
        same = (one for one in come if one.name == field.name)
        told = (one for one in come if (field.alias, one.alias) in renames)
        return next(same, None) or next(told, None)

    def _changed(self, field: Field, now: Field) -> Iterator[Note]:
        if now.is_required and not field.is_required and "sent" in self._sides:
            yield self._required(now)
        if field.is_required and not now.is_required and "read" in self._sides:
            yield self._optional(now)
        if _is_same(self._old, field.type, self._new, now.type, self._sides):
            return
        for one in differences(self._old, field.type, self._new, now.type, self._sides):
            if one.is_read:
                was = one.was.format(read=f"{self._subject}.{field.name}")
                then = one.now.format(read=f"{self._subject}.{now.name}")
            else:
                was = call(self._old, self._name, {field.name: one.was})
                then = call(self._new, self._now, {now.name: one.now})
            yield self._note(one.kind, now.name, one.told, was, then)

    def _removed(self, field: Field) -> Note:
        given = {field.name: value(self._old, field.type)}
        told = f"`{self._name}.{field.name}` is gone"
        if self._now != self._name:
            told = f"`{self._name}.{field.name}` is not in `{self._now}`"
        return Note(
            kind="field-removed",
            name=self._name,
            field=field.name,
            message=told,
            before=self._used(self._old, self._name, given),
            after=f"{self._subject} = {call(self._new, self._now)}",
        )

    def _renamed(self, field: Field, now: Field) -> Note:
        was, then = value(self._old, field.type), value(self._new, now.type)
        return Note(
            kind="field-renamed",
            name=self._name,
            field=field.name,
            message=f"`{self._name}.{field.name}` is called `{now.name}` now",
            before=self._used(self._old, self._name, {field.name: was}),
            after=self._used(self._new, self._now, {now.name: then}),
        )

    def _required(self, now: Field) -> Note:
        return self._note(
            "field-required",
            now.name,
            "has to be given now",
            call(self._old, self._name),
            call(self._new, self._now),
        )

    def _optional(self, now: Field) -> Note:
        read = f"{self._subject}.{now.name}"
        return self._note(
            "field-optional",
            now.name,
            "may be missing now",
            f"{now.name} = {read}",
            f"{now.name} = None if {read} is MISSING else {read}",
        )

    def _used(self, module: Module, name: str, given: Mapping[str, str]) -> str:
        """How code makes a *name* of *given*, and reads that, as far as its sides do."""
        lines = [f"{self._subject} = {call(module, name, given)}"]
        if "read" in self._sides:
            lines += [f"print({self._subject}.{one})" for one in given]
        return "\n".join(lines)

    def _note(self, kind: Kind, field: str, told: str, before: str, after: str) -> Note:
        return Note(
            kind=kind,
            name=self._now,
            field=field,
            message=f"`{self._now}.{field}` {told}",
            before=before,
            after=after,
        )
