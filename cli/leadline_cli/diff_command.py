"""`leadline diff`: what changed between two contracts, and whom it breaks."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from leadline_cli.exits import BROKEN, HOLDS
from leadline_cli.terminal import paint
from leadline_openapi import diff, profiles
from leadline_openapi.diff import Diff, reports
from leadline_openapi.diff.sources import contract_from


@click.command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--profile",
    metavar="NAME",
    help=f"Named stack of overlays, applied to both: {', '.join(profiles.names())}.",
)
@click.option(
    "--overlay",
    "overlays",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="OpenAPI Overlay document to apply to both; repeat it to apply several, in order.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="How the changes are told.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["breaking", "any"]),
    default="breaking",
    show_default=True,
    help="Exit with 1 for these changes; descriptions are none.",
)
def command(
    old: str, new: str, profile: str | None, overlays: tuple[Path, ...], form: str, fail_on: str
) -> int:
    """
    Say what changed from the contract OLD to NEW: what breaks, for whom, and what to do.

    Each is a file, REVISION:PATH of the git repository around here, or a URL. Verdicts come from what the
    schemas accept: a document that one takes and the other refuses is shown wherever one is found.

    \b
    leadline diff old.yaml new.yaml
    leadline diff main:openapi/leads.yaml openapi/leads.yaml
    leadline diff HEAD~1:openapi/leads.yaml openapi/leads.yaml --format markdown

    Exit codes: 0 nothing breaks, 1 something breaks (with --fail-on any: something changed), 2 usage or
    spec error.
    """
    stack = profiles.stack(profile, overlays) or ()
    with _uncollected():
        found = diff(contract_from(old, stack), contract_from(new, stack))
    click.echo(_told(found, form), nl=form == "text")
    failing = {"breaking"} if fail_on == "breaking" else {"breaking", "non-breaking"}
    return BROKEN if found.verdict in failing else HOLDS


@contextmanager
def _uncollected() -> Iterator[None]:
    """Two documents are millions of objects of which none is garbage: looking for it doubles the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _told(found: Diff, form: str) -> str:
    if form == "json":
        return reports.as_json(found)
    return reports.markdown(found) if form == "markdown" else reports.text(found, paint)
