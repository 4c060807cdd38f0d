"""A second round, with the overlay of the first one on: it says nothing twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from tests.contracts.conftest import Server
from tests.contracts.reconcile import deviations

from leadline_cli.proposing import Proposing
from leadline_contracts import mocked
from leadline_contracts.compare import run
from leadline_contracts.reconcile import overlay
from leadline_contracts.reconcile.proposal import Proposal
from leadline_mock import create_app
from leadline_openapi import load


def _round(spec: Path, overlays: tuple[Path, ...], wrapper: Any) -> tuple[Proposal, ...]:
    """What is proposed on top of *overlays* about the server that *wrapper* makes of the mock."""
    plain, known = load(spec, []), load(spec, overlays)
    proposing = Proposing(spec.parent / "proposed.yaml", spec, None, overlays)
    ledger = proposing.ledger(known)
    targets = [
        mocked.target(known, create_app(known)),
        mocked.target(known, Server(plain, wrapper)),
    ]
    run.compare(known, targets[0], targets[1], run.Options(), witness=ledger.take, more=ledger.more)
    return proposing.proposals(known, ledger, lambda text: text)


_codes = deviations.body(
    400, lambda request, _: {"code": 1 + len(request.body) % 5, "reason": "Look at it again."}
)
"""Refuses with a number that changes, which no mock can know."""


def test_what_stands_there_already_is_not_proposed_again(spec: Path, tmp_path: Path) -> None:
    """The numbers of refusals still differ; the schema of them, drafted once more, changes nothing."""
    first = _round(spec, (), _codes)
    known = tmp_path / "first.yaml"
    known.write_text(overlay.render(load(spec, []), first), "utf-8")
    second = _round(spec, (known,), _codes)
    (told,) = [one for one in second if "the body of 400" in one.what]

    assert {one.wrong for one in first if one.actions} == {"contract"}
    assert (told.wrong, told.actions) == ("decide", ())
    assert "says so already" in told.why
    assert overlay.render(load(spec, [known]), second) == ""


def test_what_is_new_in_a_second_round_is_proposed(spec: Path, tmp_path: Path) -> None:
    """Beside what is known already, a further deviation has its actions."""
    first = _round(spec, (), _codes)
    known = tmp_path / "first.yaml"
    known.write_text(overlay.render(load(spec, []), first), "utf-8")
    both = _round(spec, (known,), lambda request, ask: _created(_codes(request, ask)))
    text = overlay.render(load(spec, [known]), both)

    assert [one.what for one in both if one.actions] == [
        "an accepted request is answered 201, not 200"
    ]
    assert len(yaml.safe_load(text)["actions"]) == 2


def _created(answer: Any) -> Any:
    return deviations.status(200, 201)(None, lambda: answer)
