"""What a contract is compared with that its old revision does not have under the name that it has now."""

from __future__ import annotations

import re
from pathlib import Path

from leadline_openapi.diff import git
from leadline_openapi.errors import Place, SpecError

_IS_CONTRACT = re.compile(
    rb"""^['"]?(?:openapi|swagger)['"]?\s*:|"(?:openapi|swagger)"\s*:\s*"[23]""", re.MULTILINE
)


def standing(source: str) -> str | None:
    """
    What stands for *source* in its revision: itself, or the file that was renamed to it since.

    `None` where there is neither, so that the contract is new. Raises `SpecError` as `git.named` does, and
    where another contract of the revision is gone: a gate that took its heir for a new one would let
    everything through.
    """
    is_elsewhere = "://" in source or Path(source).exists()
    revision = None if is_elsewhere else git.meant(source)
    if revision is None or not revision.commit or revision.content(revision.path) is not None:
        return source
    was = git.name_in(revision.commit, revision.path)
    if was is not None:
        return f"{revision.name}:{was}"
    for path in git.gone(revision.commit):
        if path.endswith((".yaml", ".yml", ".json")) and _is_contract(revision, path):
            raise SpecError(
                Place(source),
                f"there is no file `{revision.path}` in the revision `{revision.name}`,"
                f" and `{path}`, a contract that it has, is gone",
                f"if it was renamed, compare with it: write `{revision.name}:{path}`;"
                " if not, remove it in a change of its own",
            )
    return None


def _is_contract(revision: git.Revision, path: str) -> bool:
    content = revision.content(path)
    return content is not None and _IS_CONTRACT.search(content) is not None
