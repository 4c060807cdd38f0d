"""`leadline generate`: write the models, or say whether they are up to date."""

from __future__ import annotations

from pathlib import Path

import click

from leadline_cli.exits import BROKEN, HOLDS
from leadline_cli.options import contract_options, load_contract
from leadline_cli.terminal import paint
from leadline_openapi import agreement, models, writing

_SHOWN = 10


@click.command("generate")
@contract_options
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("generated/leadline_models"),
    show_default=True,
    metavar="DIR",
    help="Folder of the package to write.",
)
@click.option(
    "--check", is_flag=True, help="Write nothing; exit 1 with a diff if DIR is out of date."
)
def command(
    spec: Path | None,
    profile: str | None,
    overlays: tuple[Path, ...],
    output: Path,
    check: bool,
) -> int:
    """
    Write typed Pydantic models from the contract.

    One class for each schema and for the parameters of each operation. The same contract gives the same
    bytes on every machine. What the models cannot hold of the contract is said.

    \b
    leadline generate --spec openapi.yaml --output src/my_models
    leadline generate --check
    """
    contract = load_contract(spec, profile, overlays)
    files = models.generate(contract, command=_told(spec, profile, overlays))
    _warn(agreement.unheld(contract))
    if check:
        diff = writing.drift(files, output)
        if diff:
            click.echo(diff, nl=False)
            click.echo(f"{output} is out of date: run leadline generate", err=True)
            return BROKEN
        click.echo(f"{output} is up to date", err=True)
        return HOLDS
    writing.write(files, output)
    click.echo(f"wrote {len(files)} files to {output}", err=True)
    return HOLDS


def _told(spec: Path | None, profile: str | None, overlays: tuple[Path, ...]) -> str:
    """The command for the header of the models: file names without folders, which differ by machine."""
    options = [("--spec", spec.name)] if spec else []
    options += [("--profile", profile)] if profile else []
    options += [("--overlay", overlay.name) for overlay in overlays]
    return " ".join(["leadline generate", *(f"{option} {value}" for option, value in options)])


def _warn(unheld: tuple[agreement.Unheld, ...]) -> None:
    for one in unheld[:_SHOWN]:
        told = f"{one.pointer}: {one.reason}"
        click.echo(paint("warning: ", "yellow") + told, err=True)
    if len(unheld) > _SHOWN:
        click.echo(f"and {len(unheld) - _SHOWN} more that the models cannot hold", err=True)
