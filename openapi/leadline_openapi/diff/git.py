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
    path = _below(top, file)
    if path is None:
        raise SpecError(
            place, "the file is outside the repository here", "run this in the file's repository"
        )
    return path


def inside(file: Path) -> str | None:
    """The path of *file* from the root of the repository around here; `None` where it is not in one."""
    top = _git("rev-parse", "--show-toplevel")
    return None if top.returncode else _below(top, file)


def _below(top: subprocess.CompletedProcess[bytes], file: Path) -> str | None:
    root = Path(_text(top)).resolve()
    path = file.resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else None


def named(source: str) -> Revision | None:
    """
    What *source*, `REVISION:PATH`, names; `None` where it is no such thing.

    Raises `SpecError` where there is no git, no repository, no such revision, or no such file in it.
    """
    found = meant(source)
    if found is not None and found.content(found.path) is None:
        where = f"in the revision `{found.name}`" if found.name else "among what is staged"
        raise SpecError(Place(source), f"there is no file `{found.path}` {where}", _hint(found))
    return found


def meant(source: str) -> Revision | None:
    """What `named` gives, though the revision may have no such file."""
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
    return Revision(name, _commit(name, place) if name else "", _from_root(path, _text(top)))


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


def _hint(revision: Revision) -> str:
    """What the file was called then, if git can tell; else how paths are meant."""
    if (was := name_in(revision.commit, revision.path)) is not None:
        return f"it was called `{was}` then: write `{revision.name}:{was}`"
    prefix = _text(_git("rev-parse", "--show-prefix"))
    beside = prefix + revision.path
    if prefix and revision.content(beside) is not None:
        return f"the path starts at the root of the repository: write `{revision.name}:{beside}`"
    return "the path starts at the root of the repository"


def name_in(commit: str, path: str) -> str | None:
    """What the file *path* of the work tree was called in *commit*; `None` where it was not renamed since."""
    compare = ("diff", "--name-status", "--find-renames", "--diff-filter=R", "-z", commit)
    parts = _text(_git(*compare)).split("\0")
    pairs = zip(parts[2::3], parts[1::3], strict=False)
    return dict(pairs).get(path)


def names(path: str) -> tuple[str, ...]:
    """What the file *path* is called, and was called in the history of `HEAD`, the latest name first."""
    now = name_in("HEAD", path)
    found = [path] if now is None else [path, now]
    follow = ("log", "--follow", "--diff-filter=R", "--name-status", "--format=", "-z")
    told = _text(_git(*follow, "--", f":(top,literal){found[-1]}")).strip("\0\n")
    return (*found, *told.split("\0")[1::3])


def gone(commit: str) -> list[str]:
    """The files of *commit* that are not in the work tree any more."""
    told = _git("diff", "--name-only", "--no-renames", "--diff-filter=D", "-z", commit)
    return [path for path in _text(told).split("\0") if path]


def _text(done: subprocess.CompletedProcess[bytes]) -> str:
    return done.stdout.decode("utf-8", "replace").rstrip("\n")


def _git(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", *arguments]
    try:
        return subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=False)  # noqa: S603
    except FileNotFoundError:
        problem, hint = "git is not installed", "give files instead of revisions"
    except subprocess.TimeoutExpired:
        problem, hint = f"git gave no answer within {_PATIENCE} s", ""
    raise SpecError(Place("git"), problem, hint)
