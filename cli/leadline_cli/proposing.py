"""`--propose`: from what two servers differ in to an overlay, and to what is said about it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from leadline_cli.files import delivered
from leadline_contracts.compare.report import Comparison
from leadline_contracts.reconcile import overlay
from leadline_contracts.reconcile.ledger import Ledger
from leadline_contracts.reconcile.proposal import Proposal
from leadline_openapi import Contract, SpecError, load, profiles
from leadline_openapi.loading import overlaid
from leadline_openapi.overlay import apply
from leadline_openapi.tree import plain

_SAID = "The contract says so already, and both still differ: nothing that was seen says what else to change."


class Proposing:
    """Proposes an overlay for *path*, on top of the contract that the options name."""

    def __init__(
        self, path: Path, spec: Path | None, profile: str | None, overlays: tuple[Path, ...]
    ) -> None:
        """Raises `click.UsageError` where *path* cannot be written to, `SpecError`, `UnknownProfile`."""
        if not path.parent.is_dir():
            raise click.UsageError(f"--propose {path}: there is no folder {path.parent}")
        self._path = path
        self._spec = profiles.default_spec() if spec is None else spec
        stack = profiles.stack(profile, overlays)
        usual = profiles.overlays(profiles.DEFAULT_PROFILE) if spec is None else ()
        self._default = stack is None and spec is None
        self._stack = usual if stack is None else stack

    def ledger(self, contract: Contract) -> Ledger:
        """What takes the differences, for *contract*."""
        return Ledger(contract, overlaid(self._spec, self._stack))

    def completed(
        self, comparison: Comparison, ledger: Ledger, redact: Callable[[str], str]
    ) -> Comparison:
        """*comparison* with what *ledger* proposes: nothing where it is doubtful what was compared at all."""
        if comparison.suspect:
            return replace(comparison, proposals=())
        found = self.proposals(comparison.contract, ledger, redact)
        return replace(comparison, proposals=found)

    def proposals(
        self, contract: Contract, ledger: Ledger, redact: Callable[[str], str]
    ) -> tuple[Proposal, ...]:
        """What *ledger* proposes; actions with which the contract would not be sound are left out."""
        found = tuple(one.redacted(redact) for one in ledger.proposals())
        return tuple(self._changing(contract, self._sound(contract, found)))

    def _sound(self, contract: Contract, found: tuple[Proposal, ...]) -> tuple[Proposal, ...]:
        """*found* without actions with which the contract cannot be loaded."""
        if self._problem(contract, found) is None:
            return found
        kept: tuple[Proposal, ...] = ()
        for one in found:
            sound = not one.actions or self._problem(contract, (*kept, one)) is None
            kept = (*kept, one if sound else one.without_actions())
        return kept

    def _changing(self, contract: Contract, found: tuple[Proposal, ...]) -> Iterator[Proposal]:
        """*found* without actions that leave the document as it is: what they say stands there already."""
        root = overlaid(self._spec, self._stack)
        for one in found:
            before = plain(root)
            with _written(overlay.render(contract, [one])) as path:
                if path is not None:
                    apply(root, path)
            idle = bool(one.actions) and plain(root) == before
            yield replace(one.without_actions(), why=_SAID) if idle else one

    def _problem(self, contract: Contract, found: Sequence[Proposal]) -> SpecError | None:
        """Why the contract cannot be loaded with the actions of *found*."""
        with _written(overlay.render(contract, found)) as path:
            if path is None:
                return None
            try:
                load(self._spec, (*self._stack, path))
            except SpecError as error:
                return error
        return None

    def deliver(self, comparison: Comparison) -> bool:
        """Write the overlay of *comparison*, and say how it is applied; false where that cannot be done."""
        text = overlay.render(comparison.contract, comparison.proposals or ())
        if not text:
            why = f": {comparison.suspect}" if comparison.suspect else ""
            click.echo(f"nothing to propose, so {self._path} is not written{why}", err=True)
            return True
        if not delivered(self._path, text):
            return False
        profile = f"--profile {profiles.DEFAULT_PROFILE} " if self._default else ""
        click.echo(f"wrote {self._path}: review it, then give it as {profile}--overlay", err=True)
        return True


@contextmanager
def _written(text: str) -> Iterator[Path | None]:
    """A file that holds the overlay *text*; none where there is no text."""
    if not text:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "proposed.yaml"
        path.write_text(text, "utf-8")
        yield path
