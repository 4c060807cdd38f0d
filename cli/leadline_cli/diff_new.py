"""`leadline diff --allow-new`: what a gate does where the old revision has no such contract."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from leadline_cli.options import given_options
from leadline_openapi import Contract
from leadline_openapi.diff.renames import standing
from leadline_openapi.diff.reports import written
from leadline_openapi.diff.sources import contract_from
from leadline_openapi.markdown import code

_COMPARING = ("traffic", "url", "with_models")
"""Options that say nothing of a contract that is new."""

option = click.option(
    "--allow-new",
    is_flag=True,
    help="For a gate: where the revision of OLD has no such file, compare with the one that was renamed to"
    " it since, and else take the contract for a new one, which breaks nobody.",
)
"""Add `--allow-new` to a command."""


def old_of(source: str) -> str | None:
    """
    What to compare with instead of *source*; `None` where the contract is new.

    Raises `SpecError` where it is not certain that it is, and `click.UsageError` for options beside it.
    """
    for name, words in given_options().items():
        if name in _COMPARING:
            raise click.UsageError(f"{words} does not go with --allow-new")
    return standing(source)


def told(old: str, new: str, overlays: Sequence[Path], form: str) -> str:
    """That the contract in *new* is one, and has no predecessor. Raises `SpecError` where it is none."""
    return _FORMS[form](old, contract_from(new, overlays))


def _text(old: str, new: Contract) -> str:
    return f"{old} → {new.source}\nthe contract is new: {_operations(new)}"


def _markdown(old: str, new: Contract) -> str:
    return (
        f"### The contract is new\n\n{code(old)} does not exist; {code(new.source)}"
        f" describes {_operations(new)}.\n"
    )


def _json(_: str, new: Contract) -> str:
    version = {"old": None, "new": new.version, "proposed": None, "enough": None}
    value: dict[str, Any] = {
        "verdict": "none",
        "semver": "none",
        "version": version,
        "old": None,
        "new": new.source,
        "changes": [],
    }
    return written(value)


def _operations(contract: Contract) -> str:
    count = len(contract.operations)
    return f"{count:,} operation{'s' * (count != 1)}"


_FORMS = {"text": _text, "markdown": _markdown, "json": _json}
