"""`leadline diff`: what changed between two contracts, and whom it breaks."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from leadline_cli import diff_check, diff_impact, diff_models, diff_new
from leadline_cli.diff_changelog import or_changelog
from leadline_cli.diff_sections import told
from leadline_cli.exits import BROKEN, HOLDS
from leadline_openapi import diff, profiles
from leadline_openapi.diff.sources import contract_from


@click.command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW", required=False)
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
    help="OpenAPI Overlay document to apply to both, to a revision as it has it; repeat it to apply several.",
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
@diff_new.option
@or_changelog
@diff_impact.options
@diff_check.options
@diff_models.option
def command(
    old: str,
    new: str,
    profile: str | None,
    overlays: tuple[Path, ...],
    form: str,
    fail_on: str,
    allow_new: bool,
    with_models: bool,
    **given: Any,
) -> int:
    """
    Say what changed from the contract OLD to NEW: what breaks, for whom, and what to do.

    Each is a file, REVISION:PATH of the git repository around here, or a URL. Verdicts come from what the
    schemas accept: a document that one takes and the other refuses is shown wherever one is found.

    \b
    leadline diff old.yaml new.yaml
    leadline diff main:openapi/leads.yaml openapi/leads.yaml
    leadline diff HEAD~1:openapi/leads.yaml openapi/leads.yaml --format markdown
    leadline diff --changelog openapi/leads.yaml --output openapi/CHANGELOG.md
    leadline diff old.yaml new.yaml --traffic recorded.har
    leadline diff old.yaml new.yaml --models
    leadline diff old.yaml new.yaml --check http://127.0.0.1:4010/api

    Exit codes: 0 nothing breaks, 1 something breaks (with --fail-on any: something changed), or the server
    does not hold, 2 usage or spec error, 3 the server cannot be reached, 130 interrupted.
    """
    stack = profiles.stack(profile, overlays) or ()
    recorded = diff_impact.asked(
        **{name: given[name] for name in diff_impact.NAMES}, key=given["key"]
    )
    server = diff_check.asked(**{name: given[name] for name in diff_check.NAMES})
    if given["key"] is not None and recorded is None and server is None:
        raise click.UsageError("--key says nothing without --check or --traffic")
    standing = diff_new.old_of(old) if allow_new else old
    if standing is None:
        click.echo(diff_new.told(old, new, stack, form), nl=form == "text")
        return HOLDS
    with _uncollected():
        before, after = contract_from(standing, stack), contract_from(new, stack)
        found = diff(before, after)
    sections = [recorded.section(before, after, found)] if recorded else []
    if with_models:
        sections.append(diff_models.section(before, after, found))
    checked = server.checked(before, after, found) if server else None
    if checked is not None and checked.section is not None:
        sections.append(checked.section)
    click.echo(told(found, form, sections), nl=form == "text")
    failing = {"breaking"} if fail_on == "breaking" else {"breaking", "non-breaking"}
    code = checked.told() if checked is not None else HOLDS
    return code or (BROKEN if found.verdict in failing else HOLDS)


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
