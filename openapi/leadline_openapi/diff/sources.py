"""Where contracts to compare come from: files, revisions of a git repository, URLs that are given on purpose.

A revision is read with everything that it refers to from that revision, and never from the work tree. So are
the overlays that the repository has: what is known beyond the document changes with it.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from leadline_openapi.contract import Contract
from leadline_openapi.diff import git, web
from leadline_openapi.errors import Place, SpecError
from leadline_openapi.loading import load
from leadline_openapi.reading import watched

_REFERENCE = re.compile(r"""['"]?\$ref['"]?\s*:\s*['"]?([^'"#\s,}][^'"#\n,}]*)""")
_MOST_FILES = 2000


def contract_from(source: str, overlays: Sequence[Path] = ()) -> Contract:
    """
    The contract in *source*: a file, `REVISION:PATH` of the git repository around here, or a URL.

    *overlays* are files, applied in order; to a revision, those that git knows as they were then, and none
    that it did not have yet. Raises `SpecError`, which names *source* and the place in it.
    """
    if urlsplit(source).scheme.lower() in {"http", "https"}:
        return _from_url(source, overlays)
    if "://" in source and not Path(source).exists():
        raise SpecError(
            Place(source), "only http:// and https:// are fetched", "name a file by its path"
        )
    if not Path(source).exists() and (found := git.named(source)) is not None:
        return _from_revision(found, overlays)
    return load(source, overlays)


def _from_url(url: str, overlays: Sequence[Path]) -> Contract:
    label = web.shown(url)
    text, is_json = web.fetched(url)
    with tempfile.TemporaryDirectory() as made:
        file = Path(made).resolve() / ("document.json" if is_json else "document.yaml")
        file.write_bytes(text)
        return _loaded(file, overlays, lambda _: label)


def _from_revision(revision: git.Revision, overlays: Sequence[Path]) -> Contract:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made).resolve()
        _extract(revision, revision.path, folder)
        stack = tuple(_as_it_was(overlays, revision, folder))
        while True:
            # A file is missed only when its reference is followed.
            missed: list[Path] = []
            with watched(lambda path, missed=missed: missed.append(path)):  # type: ignore[misc]
                try:
                    return _loaded(
                        folder / revision.path, stack, lambda path: revision.label(path, folder)
                    )
                except SpecError:
                    wanted = [
                        path for path in missed if path.is_relative_to(folder) and not path.exists()
                    ]
                    if not wanted or not _extract_if_any(revision, wanted[-1], folder):
                        raise


def _as_it_was(overlays: Sequence[Path], revision: git.Revision, folder: Path) -> Iterator[Path]:
    """*overlays* as *revision* has them, put into *folder*; those that git does not know stay as they are."""
    for overlay in overlays:
        path = git.inside(overlay)
        if path is not None and revision.content(path) is not None:
            _extract(revision, path, folder)
            yield folder / path
        elif path is None or git.STAGED.content(path) is None:
            yield overlay


def _extract_if_any(revision: git.Revision, file: Path, folder: Path) -> bool:
    path = file.relative_to(folder).as_posix()
    if revision.content(path) is None:
        return False
    _extract(revision, path, folder)
    return True


def _extract(revision: git.Revision, path: str, folder: Path) -> None:
    """Put *path* of *revision* into *folder*, and the files that it seems to refer to."""
    waiting, known = [path], set[str]()
    while waiting and len(known) < _MOST_FILES:
        at = waiting.pop()
        if at in known:
            continue
        known.add(at)
        content = revision.content(at)
        file = (folder / at).resolve()
        if content is None or not file.is_relative_to(folder) or file.exists():
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        for reference in _REFERENCE.findall(content.decode("utf-8", "replace")):
            beside = (folder / at).parent / reference.strip()
            try:
                waiting.append(beside.resolve().relative_to(folder).as_posix())
            except (ValueError, OSError):
                continue  # a URL, or out of the folder: whoever follows it says so


def _loaded(file: Path, overlays: Sequence[Path], named: Callable[[str], str]) -> Contract:
    """The contract in *file*, which *named* calls by the name that it was given by."""
    beside = str(file.parent)

    def told(place: Place) -> Place:
        return replace(place, file=named(place.file)) if Path(place.file).is_absolute() else place

    try:
        contract = load(file, overlays)
    except SpecError as error:
        problem = error.problem.replace(str(file), named(str(file))).replace(f"{beside}/", "")
        raise SpecError(told(error.place), problem, error.hint) from None
    places = {pointer: told(place) for pointer, place in contract.places.items()}
    return replace(contract, source=named(contract.source), places=places)
