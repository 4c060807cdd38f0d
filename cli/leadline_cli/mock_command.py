"""`leadline mock`: serve the contract."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from leadline_cli import fault_options
from leadline_cli.mock_setup import MockSetup, tell
from leadline_cli.options import adding, contract_options_for, keys_from
from leadline_mock.server import Server, listen, origin
from leadline_mock.world import DEFAULT_KEY
from leadline_openapi import Contract

_JOURNAL = 1000


class _Time(click.ParamType[datetime]):
    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        try:
            time = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no time such as 2026-01-31T12:00:00Z", param, ctx)
        if time.tzinfo is None:
            self.fail(f"{value!r} has no time zone: write {time.isoformat()}Z for UTC", param, ctx)
        try:
            return time.astimezone(UTC)
        except OverflowError:
            self.fail(f"{value!r} is in no year from 1 to 9999 of UTC", param, ctx)


_listening = adding(
    click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on."),
    click.option(
        "--port",
        default=4010,
        show_default=True,
        type=click.IntRange(0, 65535),
        help="Port to listen on; 0 takes a free one.",
    ),
    click.option(
        "--tls-cert",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Speak HTTPS with this certificate (PEM, the chain after it).",
    ),
    click.option(
        "--tls-key",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The private key (PEM), unless it is in the file of the certificate.",
    ),
    click.option(
        "--workers",
        type=click.IntRange(1, 64),
        default=1,
        show_default=True,
        help="Processes that serve; ids, journal and faults are one.",
    ),
)
_behaving = adding(
    click.option(
        "--key",
        "keys",
        multiple=True,
        metavar="KEY",
        help=f"API key to accept; repeat it for several.  [env: LEADLINE_KEY; default: {DEFAULT_KEY}]",
    ),
    click.option(
        "--mode",
        type=click.Choice(["strict", "warn"]),
        default="strict",
        show_default=True,
        help="Refuse what breaks the contract, or answer and warn in a header.",
    ),
    click.option(
        "--dynamic",
        is_flag=True,
        help="Make answers up where nothing is echoed; else examples of the contract are taken."
        " A request may ask for it itself: 'Prefer: dynamic=true'.",
    ),
    click.option(
        "--seed",
        type=int,
        default=0,
        show_default=True,
        help="Seed of all that is made up or random.",
    ),
    click.option(
        "--clock",
        type=_Time(),
        metavar="TIME",
        help="Let the time stand still, as at 2026-01-31T12:00:00Z.",
    ),
    click.option(
        "--journal",
        type=click.IntRange(0, 100_000),
        default=_JOURNAL,
        show_default=True,
        help="So many requests are remembered for /__leadline/requests.",
    ),
    click.option(
        "--no-reload", is_flag=True, help="Do not look whether the spec or an overlay changes."
    ),
    click.option("--quiet", is_flag=True, help="Print the ready line and nothing else."),
)


@click.command("mock")
@contract_options_for(several=True)
@_listening
@_behaving
@fault_options.options
def command(
    specs: tuple[Path, ...],
    profile: str | None,
    overlays: tuple[Path, ...],
    host: str,
    port: int,
    tls_cert: Path | None,
    tls_key: Path | None,
    workers: int,
    keys: tuple[str, ...],
    mode: str,
    dynamic: bool,
    seed: int,
    clock: datetime | None,
    journal: int,
    no_reload: bool,
    quiet: bool,
    **faults: Any,
) -> int:
    """
    Serve a mock of the API that behaves as the contract says.

    Prints one line of JSON on standard output once it listens: {"ready": true, "url": …}. The URL is the
    API's base; operations live below it. GET /__leadline/health answers when ready, GET
    /__leadline/requests tells what was asked. When the spec changes, the mock follows. Stop it with
    Ctrl-C.

    \b
    leadline mock --port 0
    leadline mock --spec openapi.yaml --key secret
    leadline mock --spec leads.yaml --spec parts.yaml
    leadline mock --delay 200 --error-rate 5%
    """
    if tls_key is not None and tls_cert is None:
        raise click.UsageError("--tls-key needs --tls-cert")
    if not all(keys):
        raise click.UsageError("--key is empty: a key has one character at least")
    setup = MockSetup(
        specs=specs,
        profile=profile,
        overlays=overlays,
        keys=keys_from(keys) or (DEFAULT_KEY,),
        mode=mode,
        seed=seed,
        clock=clock,
        dynamic=dynamic,
        journal=journal,
        faults=fault_options.fault_plan(**faults, seed=seed).defaults,
        reload=not no_reload,
        certificate=(tls_cert, tls_key) if tls_cert else None,
        quiet=quiet,
    )
    announcer = _Announcer(setup)
    if workers == 1:
        return _serve_alone(setup, host, port, announcer)
    return _serve_together(setup, host, port, workers, announcer)


def _serve_alone(setup: MockSetup, host: str, port: int, announcer: _Announcer) -> int:
    application = setup.application(None, talks=True)
    context = setup.context()
    server = Server(application, listen(host, port), context=context)
    contracts: Sequence[Contract] = application.contracts  # type: ignore[attr-defined]
    return server.run(lambda: announcer.announce(server.origin, contracts))


def _serve_together(
    setup: MockSetup, host: str, port: int, workers: int, announcer: _Announcer
) -> int:
    from leadline_mock.workers.keeper import serve

    contracts = setup.contracts()
    setup.context()  # what is wrong with it is said once, and here
    listener = listen(host, port)
    where = origin(listener, tls=setup.certificate is not None)
    ready = partial(announcer.announce, where, contracts)
    return serve(setup, listener, workers, setup.journal, ready, tell)


class _Announcer:
    """Says that the mock is ready: one line for machines, some for people."""

    def __init__(self, setup: MockSetup) -> None:
        self._setup = setup

    def announce(self, origin: str, contracts: Sequence[Contract]) -> None:
        apis = [
            {"url": origin + one.base_path, "title": one.title, "digest": one.digest}
            for one in contracts
        ]
        more = {"apis": apis} if len(apis) > 1 else {}
        click.echo(json.dumps({"ready": True, **apis[0], **more}))
        if not self._setup.quiet:
            for contract in contracts:
                _introduce(contract, origin + contract.base_path)
            self._say_how(contracts)

    def _say_how(self, contracts: Sequence[Contract]) -> None:
        needed = any(one.needs_key for contract in contracts for one in contract.operations)
        if needed and self._setup.keys == (DEFAULT_KEY,):
            click.echo(f"  the API key is `{DEFAULT_KEY}`", err=True)
        for fault in self._setup.faults:
            click.echo(f"  what goes wrong on purpose: {fault}", err=True)
        click.echo("Ctrl-C stops it", err=True)


def _introduce(contract: Contract, url: str) -> None:
    operations = contract.operations
    click.echo(f"{contract.title} {contract.version}, from {contract.source}", err=True)
    for operation in operations[:10]:
        note = f"  (501: {operation.unsupported})" if operation.unsupported else ""
        click.echo(f"  {operation.method:7} {url}{operation.path}{note}", err=True)
    if len(operations) > 10:
        click.echo(f"  and {len(operations) - 10} more", err=True)
