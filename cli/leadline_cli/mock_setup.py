"""What `leadline mock` was asked for, as data: every process that serves makes the same mock from it."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from leadline_cli.options import load_contract
from leadline_mock.faults import Fault, FaultPlan
from leadline_mock.journal import Journal
from leadline_mock.mocking import Mock
from leadline_mock.reloading import Reloading
from leadline_mock.server import Application
from leadline_mock.workers.setup import Shares
from leadline_mock.world import Clock, Ids, World, utc_now
from leadline_openapi import Contract, profiles
from leadline_openapi.loading import load_several


@dataclass(frozen=True, slots=True, kw_only=True)
class MockSetup:
    """The options of the command, checked; see its help."""

    specs: tuple[Path, ...]
    profile: str | None
    overlays: tuple[Path, ...]
    keys: tuple[str, ...] = field(repr=False)
    mode: str
    seed: int
    clock: datetime | None
    dynamic: bool
    journal: int
    faults: tuple[Fault, ...]
    reload: bool
    certificate: tuple[Path, Path | None] | None
    quiet: bool

    def contracts(self) -> tuple[Contract, ...]:
        """The contracts, read anew. Raises `SpecError`, `UnknownProfile`."""
        if len(self.specs) < 2:
            spec = self.specs[0] if self.specs else None
            return (load_contract(spec, self.profile, self.overlays),)
        return load_several(self.specs, profiles.stack(self.profile, self.overlays) or ())

    def world(self, shares: Shares | None) -> World:
        """The surroundings of the mock. Raises `BadWorld`."""
        clock: Clock = utc_now if self.clock is None else Frozen(self.clock)
        ids = shares.ids if shares else Ids(self.seed)
        armory = shares.armory if shares else None
        return World(
            keys=self.keys,
            mode=self.mode,
            seed=self.seed,
            dynamic=self.dynamic,
            ids=ids,
            journal=shares.journal if shares else Journal(self.journal),
            faults=FaultPlan(self.faults, self.seed, armory, partial(ids.sequence, "faults")),
            clock=clock,
        )

    def application(self, shares: Shares | None, *, talks: bool) -> Application:
        """The mock; one that reloads, if that is wanted. Only one of several *talks* about it."""
        if not self.reload:
            return Mock(self.contracts(), self.world(shares))
        talking: Callable[[str], None] = tell if talks and not self.quiet else _keep_quiet
        named = [*self.specs, *self.overlays]
        reloading = Reloading(self.contracts, self.world(shares), named, talking)
        reloading.watch()
        return reloading

    def context(self) -> ssl.SSLContext | None:
        """What makes the server speak TLS. Raises `BadCertificate`."""
        if self.certificate is None:
            return None
        from leadline_mock.server.tls import context

        return context(*self.certificate)


@dataclass(frozen=True, slots=True)
class Frozen:
    """A clock that stands."""

    time: datetime

    def __call__(self) -> datetime:
        """The time at which it stands."""
        return self.time


def tell(sentence: str) -> None:
    """Say *sentence* to people."""
    click.echo(sentence, err=True)


def _keep_quiet(_sentence: str) -> None:
    pass
