"""The releases of a contract, which the tags of a git repository mark."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from leadline_openapi.contract import Contract
from leadline_openapi.diff import git
from leadline_openapi.diff.history import Release
from leadline_openapi.diff.sources import contract_from
from leadline_openapi.errors import Place, SpecError

DEFAULT_TAGS = "v*"
_PRERELEASE = re.compile(r"v\d+(?:\.\d+)*-.*", re.ASCII)
"""A step to a release, and not one itself: its changes are told with the release."""


def releases(
    file: Path, current: Contract, pattern: str | None, today: date, overlays: Sequence[Path] = ()
) -> Iterator[Release]:
    """
    The contract in *file* as each tag has it, the oldest first, and last the *current* one as of *today*.

    Tags are those of the history of `HEAD` whose names fit the glob *pattern* and that have the file,
    under the name that it had then; without a pattern, those of releases. Raises `SpecError` if there is no
    repository, if its history is cut off, or if no tag fits a pattern that is given.
    """
    names = git.names(git.tracked(file))
    for tag in _tags(pattern):
        revision = git.Revision(tag.name, tag.commit, names[0])
        then = next((name for name in names if revision.content(name) is not None), None)
        if then is not None:
            yield _released(tag, then, overlays)
    yield Release(name="", day=today, contract=current)


def _tags(pattern: str | None) -> Sequence[git.Tag]:
    if pattern is None:
        return [tag for tag in git.tags(DEFAULT_TAGS) if not _PRERELEASE.fullmatch(tag.name)]
    if found := git.tags(pattern):
        return found
    raise SpecError(
        Place("git"),
        f"no tag in the history of HEAD fits `{pattern}`",
        "look at those that there are: git tag --merged HEAD",
    )


def _released(tag: git.Tag, path: str, overlays: Sequence[Path]) -> Release:
    try:
        contract = contract_from(f"{tag.name}:{path}", overlays)
    except SpecError as error:
        # What is tagged is tagged: one that cannot be read must not keep the others from being told.
        return Release(
            name=tag.name, day=tag.day, contract=None, problem=f"{error.place}: {error.problem}"
        )
    return Release(name=tag.name, day=tag.day, contract=contract)
