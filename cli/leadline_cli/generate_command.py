"""`leadline generate`: write the models, follow the contract, or say whether they are up to date."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from leadline_cli.generate_job import Job, check_models, write_models
from leadline_cli.generate_watch import follow
from leadline_cli.options import contract_options
from leadline_cli.settings import Settings, settings

_OUTPUT = Path("generated/leadline_models")


@click.command("generate")
@contract_options
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=f"Folder of the package to write.  [default: that of pyproject.toml, else {_OUTPUT}]",
)
@click.option(
    "--variants/--no-variants",
    default=None,
    help="Where a schema with readOnly or writeOnly members is sent and read: two classes, Pet for what is"
    " read and PetRequest for what is sent, or one that asks for no more than either.  [default: variants]",
)
@click.option(
    "--check", is_flag=True, help="Write nothing; exit 1 with a diff if DIR is out of date."
)
@click.option(
    "--watch", is_flag=True, help="Write them again whenever a file of the contract changes."
)
@click.option(
    "--upgrade",
    is_flag=True,
    help="Take what another version of the generator writes otherwise, which is shown without this.",
)
def command(
    spec: Path | None,
    profile: str | None,
    overlays: tuple[Path, ...],
    output: Path | None,
    variants: bool | None,
    check: bool,
    watch: bool,
    upgrade: bool,
) -> int:
    """
    Write typed Pydantic models from the contract.

    One class for each schema and for the parameters of each operation; inline schemas of bodies are called
    after their operation. The same contract gives the same bytes on every machine. What the models cannot
    hold of the contract is said. Either all files are written or none.

    \b
    leadline generate --spec openapi.yaml --output src/my_models
    leadline generate --watch              follow the contract while it is edited
    leadline generate --check              in CI: exit 1 and a diff if the models are out of date
    leadline generate --upgrade            take what a new version of the generator writes

    A project writes its options down once, in pyproject.toml; the command line wins:

    \b
    [tool.leadline]
    spec = "openapi.yaml"
    overlays = ["overlays/ours.yaml"]
    [tool.leadline.generate]
    output = "src/my_models"
    variants = true

    Exit codes: 0 written, or up to date, 1 out of date, or an upgrade was not taken, 2 usage or spec error,
    130 Ctrl-C.
    """
    if check and (watch or upgrade):
        raise click.UsageError(
            "--check writes nothing, so it goes with neither --watch nor --upgrade"
        )
    context = click.get_current_context()
    written = settings()
    if not written.are_for(spec):
        written = Settings()
    choice = variants if variants is not None else written.variants
    job = Job(
        spec=spec,
        profile=profile,
        overlays=overlays,
        output=output or written.output or _OUTPUT,
        variants=choice is not False,
        upgrade=upgrade,
        command=_told(context.params, output=None, spelt=lambda path: path.name),
        again=_told(context.params, output=output, spelt=lambda path: shlex.quote(str(path))),
    )
    if check:
        return check_models(job)
    return follow(job) if watch else write_models(job)


def _told(given: Mapping[str, Any], *, output: Path | None, spelt: Callable[[Path], str]) -> str:
    """
    The command that writes the models again, without what is in `pyproject.toml`.

    The header of the models has it without *output*, which does not decide about them, and with files
    *spelt* without folders, which differ by machine.
    """
    options = [f"--spec {spelt(given['spec'])}"] if given["spec"] else []
    options += [f"--profile {given['profile']}"] if given["profile"] else []
    options += [f"--overlay {spelt(overlay)}" for overlay in given["overlays"]]
    options += [f"--output {spelt(output)}"] if output else []
    if given["variants"] is not None:
        options.append("--variants" if given["variants"] else "--no-variants")
    return " ".join(["leadline generate", *options])
