"""The releases of a contract, which the tags of a git repository mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from leadline_openapi.contract import Contract
from leadline_openapi.diff import git
from leadline_openapi.diff.history import Release
from leadline_openapi.diff.sources import contract_from
from leadline_openapi.errors import SpecError


def releases(
    file: Path, current: Contract, pattern: str, today: date, overlays: Sequence[Path] = ()
) -> Iterator[Release]:
    """
    The contract in *file* as each tag has it, the oldest first, and last the *current* one as of *today*.

    Tags are those of the history of `HEAD` whose names fit the glob *pattern* and that have the file.
    Raises `SpecError` if there is no repository, or if its history is cut off.
    """
    path = git.tracked(file)
    for tag in git.tags(pattern):
        if git.Revision(tag.name, tag.commit, path).content(path) is not None:
            yield _released(tag, path, overlays)
    yield Release(name="", day=today, contract=current)


def _released(tag: git.Tag, path: str, overlays: Sequence[Path]) -> Release:
    try:
        contract = contract_from(f"{tag.name}:{path}", overlays)
    except SpecError as error:
        # What is tagged is tagged: one that cannot be read must not keep the others from being told.
        return Release(
            name=tag.name, day=tag.day, contract=None, problem=f"{error.place}: {error.problem}"
        )
    return Release(name=tag.name, day=tag.day, contract=contract)
