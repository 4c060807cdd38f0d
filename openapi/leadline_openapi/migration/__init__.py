"""What a change of the contract does to code that uses the generated models."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from leadline_openapi import models
from leadline_openapi.contract import Contract
from leadline_openapi.diff.change import Diff
from leadline_openapi.migration.classes import read
from leadline_openapi.migration.notes import Note, notes
from leadline_openapi.models.facing import Facing, facing

__all__ = ["Migration", "Note", "migration"]

_MODULES = ("models.py", "parameters.py")
"""What a contract decides; what the package exports follows from them."""
_SENT = Facing()
"""Parameters are for one side."""


@dataclass(frozen=True, slots=True)
class Migration:
    """
    What changes in the generated models: *diff*, a unified one of their code, empty where nothing does.

    *notes* say what a caller of the models meets, with its code before and after.
    """

    diff: str
    notes: tuple[Note, ...]


def migration(old: Contract, new: Contract, found: Diff, *, variants: bool = True) -> Migration:
    """
    What a caller of the models of *old* has to do to use those of *new*.

    *found* is the comparison of the two: it tells what was renamed. *variants* is that of
    `models.generate`. Raises `SpecError` for what the generator cannot read.
    """
    before, after = (_code(one, variants=variants) for one in (old, new))
    faces = [facing(one, variants=variants) for one in (old, new)]
    return Migration(
        diff="".join(_difference(before, after)),
        notes=tuple(
            note
            for name, (was, now) in {"models.py": faces, "parameters.py": (_SENT, _SENT)}.items()
            for note in notes(
                read(before.get(name, ""), was), read(after.get(name, ""), now), found.changes
            )
        ),
    )


def _code(contract: Contract, *, variants: bool) -> Mapping[str, str]:
    """The modules that are made of *contract*, without the headers that name it."""
    files = models.generate(contract, variants=variants)
    found: dict[str, str] = {}
    for name in _MODULES:
        if name in files:
            header = models.origin(files[name])
            found[name] = files[name][len(str(header)) :].lstrip("\n") if header else files[name]
    return found


def _difference(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for name in _MODULES:
        yield from difflib.unified_diff(
            before.get(name, "").splitlines(keepends=True),
            after.get(name, "").splitlines(keepends=True),
            f"old/{name}",
            f"new/{name}",
        )
