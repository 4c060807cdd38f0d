"""`leadline mock`: serve the contract."""

from __future__ import annotations

import json
from pathlib import Path

import click

from leadline_cli.options import contract_options, keys_from, load_contract
from leadline_mock import World, create_app
from leadline_mock.serve import Server
from leadline_mock.world import DEFAULT_KEY, Ids
from leadline_openapi import Contract


@click.command("mock")
@contract_options
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=4010,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="KEY",
    help=f"API key to accept; repeat it for several.  [env: LEADLINE_KEY; default: {DEFAULT_KEY}]",
)
@click.option(
    "--mode",
    type=click.Choice(["strict", "warn"]),
    default="strict",
    show_default=True,
    help="Refuse what breaks the contract, or answer and warn in a header.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of generated UUIDs.")
@click.option("--quiet", is_flag=True, help="Print the ready line and nothing else.")
def command(
    spec: Path | None,
    profile: str | None,
    overlays: tuple[Path, ...],
    host: str,
    port: int,
    keys: tuple[str, ...],
    mode: str,
    seed: int,
    quiet: bool,
) -> int:
    """
    Serve a mock of the API that behaves as the contract says.

    Prints one line of JSON on standard output once it listens: {"ready": true, "url": …}. The URL is the
    API's base; operations live below it. GET /__leadline/health answers when ready. Stop it with
    Ctrl-C.

    \b
    leadline mock --port 0
    leadline mock --spec openapi.yaml --key secret
    """
    contract = load_contract(spec, profile, overlays)
    world = World(keys=keys_from(keys) or (DEFAULT_KEY,), mode=mode, ids=Ids(seed))
    server = Server(create_app(contract, world), host, port)
    url = server.origin + contract.base_path

    def announce() -> None:
        ready = {"ready": True, "url": url, "title": contract.title, "digest": contract.digest}
        click.echo(json.dumps(ready))
        if not quiet:
            _introduce(contract, url, default_key=world.keys == (DEFAULT_KEY,))

    return server.run(announce)


def _introduce(contract: Contract, url: str, *, default_key: bool) -> None:
    operations = contract.operations
    click.echo(f"{contract.title} {contract.version}, from {contract.source}", err=True)
    for operation in operations[:10]:
        note = f"  (501: {operation.unsupported})" if operation.unsupported else ""
        click.echo(f"  {operation.method:7} {url}{operation.path}{note}", err=True)
    if len(operations) > 10:
        click.echo(f"  and {len(operations) - 10} more", err=True)
    if default_key and any(operation.needs_key for operation in operations):
        click.echo(f"  the API key is `{DEFAULT_KEY}`", err=True)
    click.echo("Ctrl-C stops it", err=True)
