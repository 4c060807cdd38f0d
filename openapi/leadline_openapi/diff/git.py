"""Files of a revision, asked from the `git` that is installed."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from leadline_openapi.errors import Place, SpecError
from leadline_openapi.reading import MAX_BYTES

_PATIENCE = 30
"""Seconds in which git has to answer."""


@dataclass(frozen=True, slots=True)
class Revision:
    """
    The file *path* (from the root of the repository) of the commit *commit*, which was called *name*.

    Both are empty for what is staged, as they are for git.
    """

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


STAGED = Revision("", "", "")
"""What the next commit would have."""


@dataclass(frozen=True, slots=True)
class Tag:
    """The tag *name* of *commit*, made on *day*, as its author's calendar had it."""

    name: str
    commit: str
    day: date


def tags(pattern: str) -> tuple[Tag, ...]:
    """
    The tags of the history of `HEAD` whose names fit the glob *pattern*, each before what was built on it.

    Raises `SpecError` where the history is cut off, so that tags may be missing.
    """
    if _git("rev-parse", "--is-shallow-repository").stdout.strip() == b"true":
        raise SpecError(
            Place("git"),
            "this is a shallow clone, which has only a part of the history",
            "fetch the rest of it: git fetch --unshallow --tags",
        )
    listed = _git(
        "for-each-ref",
        "--merged=HEAD",
        "--sort=version:refname",
        "--format=%(refname:strip=2)%00%(creatordate:short)%00%(*committerdate:short)",
        f"refs/tags/{pattern}",
    )
    order = _git("rev-list", "--topo-order", "--reverse", "HEAD").stdout.decode().split()
    at = {commit: index for index, commit in enumerate(order)}
    found = [_tag(line) for line in listed.stdout.decode("utf-8", "replace").splitlines()]
    return tuple(sorted(found, key=lambda tag: at[tag.commit]))


def _tag(line: str) -> Tag:
    name, made, committed = line.split("\0")
    # A tag may be one of a tag of a tag: not every git peels them all in a list.
    commit = _commit(f"refs/tags/{name}", Place(name))
    return Tag(name, commit, date.fromisoformat(made or committed))


def tracked(file: Path) -> str:
    """The path of *file* from the root of the repository around here. Raises `SpecError`."""
    place = Place(str(file))
    top = _git("rev-parse", "--show-toplevel")
    if top.returncode:
        raise SpecError(place, "there is no git repository here", "run this inside the repository")
    path = _below(top.stdout, file)
    if path is None:
        raise SpecError(
            place, "the file is outside the repository here", "run this in the file's repository"
        )
    return path


def inside(file: Path) -> str | None:
    """The path of *file* from the root of the repository around here; `None` where it is not in one."""
    top = _git("rev-parse", "--show-toplevel")
    return None if top.returncode else _below(top.stdout, file)


def _below(top: bytes, file: Path) -> str | None:
    root = Path(top.decode("utf-8", "replace").rstrip("\n")).resolve()
    path = file.resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else None


def named(source: str) -> Revision | None:
    """
    What *source*, `REVISION:PATH`, names; `None` where it is no such thing.

    Raises `SpecError` where there is no git, no repository, no such revision, or no such file in it.
    """
    name, colon, path = source.partition(":")
    if not colon or not path or name.startswith("-"):
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
    prefix = top.stdout.decode("utf-8", "replace").strip()
    found = Revision(name, _commit(name, place) if name else "", _from_root(path, prefix))
    if found.content(found.path) is None:
        where = f"in the revision `{name}`" if name else "among what is staged"
        raise SpecError(place, f"there is no file `{found.path}` {where}", _hint(found, prefix))
    return found


def _commit(name: str, place: Place) -> str:
    commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if commit.returncode:
        raise SpecError(
            place,
            f"the repository has no revision `{name}`",
            "name a commit, a branch or a tag; in a shallow clone, fetch it first",
        )
    return commit.stdout.decode().strip()


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
