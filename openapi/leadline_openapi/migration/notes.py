"""What a caller of generated models meets when they change, with its code before and after."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from leadline_openapi import pointer as pointers
from leadline_openapi.diff.change import Change
from leadline_openapi.migration.classes import Field, Module
from leadline_openapi.migration.differences import differences
from leadline_openapi.migration.samples import call, value, variable

Kind = Literal[
    "class-removed",
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
    One thing to do: *name* is the class, or the alias, and *field* its field, if it is about one.

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
        if name in old.aliases and name in new.aliases:
            yield from _of_alias(old, new, name)
        elif name in old.classes and name in new.classes:
            yield from _Class(old, new, name).notes(renames)
        elif name not in new.aliases and name not in new.classes:
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


def _of_alias(old: Module, new: Module, name: str) -> Iterator[Note]:
    before, after = old.aliases[name], new.aliases[name]
    subject = variable(name)
    for one in differences(old, before, new, after):
        lines = [
            made.format(read=subject) if one.is_read else f"{subject}: {name} = {made}"
            for made in (one.was, one.now)
        ]
        yield Note(
            kind=one.kind,
            name=name,
            field="",
            message=f"`{name}` {one.told}",
            before=lines[0],
            after=lines[1],
        )


class _Class:
    """One class of both modules."""

    def __init__(self, old: Module, new: Module, name: str) -> None:
        self._old, self._new, self._name = old, new, name
        self._before, self._after = old.fields(name), new.fields(name)

    def notes(self, renames: Container[tuple[str, str]]) -> Iterator[Note]:
        """What is to be done about the class."""
        renamed: set[str] = set()
        for alias, field in self._old.classes[self._name].items():
            now = self._after.get(alias) or self._renamed(alias, renames)
            if now is None:
                yield self._removed(field)
                continue
            renamed.add(now.alias)
            if now.name != field.name:
                yield self._told_renamed(field, now)
            yield from self._changed(field, now)
        for alias, field in self._new.classes[self._name].items():
            if field.is_required and alias not in self._before and alias not in renamed:
                yield self._required(field)

    def _renamed(self, alias: str, renames: Container[tuple[str, str]]) -> Field | None:
        """What the field that travelled as *alias* is now, where the contract calls it by another name."""
        return next(
            (
                now
                for name, now in self._after.items()
                if name not in self._before and (alias, name) in renames
            ),
            None,
        )

    def _changed(self, field: Field, now: Field) -> Iterator[Note]:
        if now.is_required and not field.is_required:
            yield self._required(now)
        if field.is_required and not now.is_required:
            yield self._optional(now)
        if now.spelled == field.spelled:
            return  # what a type of its own has become is told once, at that type
        subject = variable(self._name)
        for one in differences(self._old, field.type, self._new, now.type):
            if one.is_read:
                before = one.was.format(read=f"{subject}.{field.name}")
                after = one.now.format(read=f"{subject}.{now.name}")
            else:
                before = call(self._old, self._name, {field.name: one.was})
                after = call(self._new, self._name, {now.name: one.now})
            yield self._note(one.kind, now.name, one.told, before, after)

    def _removed(self, field: Field) -> Note:
        given = {field.name: value(self._old, field.type)}
        return self._note(
            "field-removed",
            field.name,
            "is gone",
            self._made_and_read(self._old, given),
            f"{variable(self._name)} = {call(self._new, self._name)}",
        )

    def _told_renamed(self, field: Field, now: Field) -> Note:
        return self._note(
            "field-renamed",
            field.name,
            f"is called `{now.name}` now",
            self._made_and_read(self._old, {field.name: value(self._old, field.type)}),
            self._made_and_read(self._new, {now.name: value(self._new, now.type)}),
        )

    def _required(self, now: Field) -> Note:
        return self._note(
            "field-required",
            now.name,
            "has to be given now",
            call(self._old, self._name),
            call(self._new, self._name),
        )

    def _optional(self, now: Field) -> Note:
        read = f"{variable(self._name)}.{now.name}"
        return self._note(
            "field-optional",
            now.name,
            "may be missing now",
            f"{now.name} = {read}",
            f"{now.name} = None if {read} is MISSING else {read}",
        )

    def _made_and_read(self, module: Module, given: Mapping[str, str]) -> str:
        made = f"{variable(self._name)} = {call(module, self._name, given)}"
        return "\n".join([made, *(f"print({variable(self._name)}.{name})" for name in given)])

    def _note(self, kind: Kind, field: str, told: str, before: str, after: str) -> Note:
        return Note(
            kind=kind,
            name=self._name,
            field=field,
            message=f"`{self._name}.{field}` {told}",
            before=before,
            after=after,
        )
