"""Files of a revision, asked from the `git` that is installed."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from leadline_openapi.errors import Place, SpecError
from leadline_openapi.reading import MAX_BYTES

_PATIENCE = 30
"""Seconds in which git has to answer."""


@dataclass(frozen=True, slots=True)
class Revision:
    """The file *path* (from the root of the repository) of the commit *commit*, which was called *name*."""

    name: str
    commit: str
    path: str

    def content(self, path: str) -> bytes | None:
        """The bytes of the file *path*; `None` where the revision has no such file. Raises `SpecError`."""
        named = f"{self.commit}:{path}"
        size = _git("cat-file", "-s", named)
        if size.returncode or _git("cat-file", "-t", named).stdout.strip() != b"blob":
            return None
        if int(size.stdout) > MAX_BYTES:
            raise SpecError(
                Place(f"{self.name}:{path}"), f"the file is larger than {MAX_BYTES:,} bytes"
            )
        return _git("cat-file", "blob", named).stdout

    def label(self, file: str, folder: Path) -> str:
        """How the file that lies at *file* in *folder* is told to people."""
        path = Path(file)
        inside = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else None
        return f"{self.name}:{inside}" if inside is not None else file


def named(source: str) -> Revision | None:
    """
    What *source*, `REVISION:PATH`, names; `None` where it is no such thing.

    Raises `SpecError` where there is no git, no repository, no such revision, or no such file in it.
    """
    name, colon, path = source.partition(":")
    if not colon or not name or not path or name.startswith("-"):
        return None
    place = Place(source)
    if len(name) == 1 and Path(f"{name}:/").exists():
        return None  # a drive
    top = _git("rev-parse", "--show-prefix")
    if top.returncode:
        raise SpecError(
            place,
            "there is no such file, and no git repository here to look for a revision in",
            "check the path, or run this inside the repository",
        )
    commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if commit.returncode:
        raise SpecError(
            place,
            f"the repository has no revision `{name}`",
            "name a commit, a branch or a tag; in a shallow clone, fetch it first",
        )
    prefix = top.stdout.decode("utf-8", "replace").strip()
    found = Revision(name, commit.stdout.decode().strip(), _from_root(path, prefix))
    if found.content(found.path) is None:
        raise SpecError(
            place, f"there is no file `{found.path}` in the revision `{name}`", _hint(found, prefix)
        )
    return found


def _from_root(path: str, prefix: str) -> str:
    """*path* from the root of the repository; `./` and `../` start from here, as they do for git."""
    if not path.startswith(("./", "../")):
        return path
    parts: list[str] = []
    for part in (prefix + path).split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts)


def _hint(revision: Revision, prefix: str) -> str:
    """What the file was called then, if git can tell; else how paths are meant."""
    told = _git(
        "diff", "--name-status", "--find-renames", "--diff-filter=R", "-z", revision.commit
    ).stdout
    parts = told.decode("utf-8", "replace").split("\0")
    for status, old, new in zip(parts[::3], parts[1::3], parts[2::3], strict=False):
        if status.startswith("R") and new == revision.path:
            return f"it was called `{old}` then: write `{revision.name}:{old}`"
    beside = prefix + revision.path
    if prefix and revision.content(beside) is not None:
        return f"the path starts at the root of the repository: write `{revision.name}:{beside}`"
    return "the path starts at the root of the repository"


def _git(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", *arguments]
    try:
        return subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=False)  # noqa: S603
    except FileNotFoundError:
        problem, hint = "git is not installed", "give files instead of revisions"
    except subprocess.TimeoutExpired:
        problem, hint = f"git gave no answer within {_PATIENCE} s", ""
    raise SpecError(Place("git"), problem, hint)
