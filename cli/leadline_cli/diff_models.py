"""`leadline diff --models`: what the change does to code that uses the generated models."""

from __future__ import annotations

import click

from leadline_cli.diff_sections import Section
from leadline_cli.settings import settings
from leadline_cli.terminal import paint, working
from leadline_openapi import Contract
from leadline_openapi.diff import Diff

option = click.option(
    "--models",
    "with_models",
    is_flag=True,
    help="Show how the generated models change, and what code that uses them has to do.",
)
"""Add `--models` to a command."""


def section(old: Contract, new: Contract, found: Diff) -> Section:
    """
    What *found* does to the models, which have variants unless `pyproject.toml` says otherwise.

    Raises `SpecError` for what the generator cannot read, `BadSettings`.
    """
    from leadline_openapi.migration import migration, reports

    variants = settings().variants is not False
    with working("writing the models of both contracts"):
        changed = migration(old, new, found, variants=variants)
    return Section(
        name="models",
        value=reports.as_object(changed),
        text=reports.text(changed, paint),
        markdown=reports.markdown(changed),
    )
