"""A contract of orders, and the way from the differences of two servers to an overlay and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.contracts.conftest import KEY, Server

from leadline_contracts import mocked
from leadline_contracts import run as suite
from leadline_contracts.compare import run
from leadline_contracts.compare.report import Comparison
from leadline_contracts.reconcile import overlay
from leadline_contracts.reconcile.ledger import Ledger
from leadline_contracts.reconcile.proposal import Proposal
from leadline_contracts.report import Report
from leadline_contracts.target import Access, HttpTarget
from leadline_mock import create_app
from leadline_openapi import Contract, load
from leadline_openapi.loading import overlaid

ORDERS = """\
openapi: 3.1.0
info: {title: Orders, version: '1'}
paths:
  /orders:
    post:
      security: [{key: []}]
      parameters: [{name: page, in: query, schema: {type: integer}}]
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}
      responses:
        '200':
          description: stored
          content:
            application/json:
              schema:
                type: object
                required: [doc, message]
                properties:
                  doc: {$ref: '#/components/schemas/Stored', x-echo: $request.body}
                  message: {type: string}
              example: {doc: {id: 1, createdAt: '2024-01-01T00:00:00Z'}, message: stored}
        '400': {$ref: '#/components/responses/Refused'}
        '401': {$ref: '#/components/responses/Denied'}
        '415': {$ref: '#/components/responses/Media'}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: Authorization}}
  responses:
    Refused: {description: no, content: {application/json: {schema: {$ref: '#/components/schemas/Errors'}}}}
    Media: {description: what, content: {application/json: {schema: {$ref: '#/components/schemas/Medias'}}}}
    Denied: {description: who, content: {application/json: {schema: {$ref: '#/components/schemas/Errors'}}}}
  schemas:
    Order:
      type: object
      additionalProperties: false
      properties:
        note: {type: string}
        amount: {type: number}
        gift: {type: boolean}
        kind: {enum: [book, disc]}
        tags: {type: array, items: {type: string}}
    Stored:
      type: object
      required: [id, createdAt]
      properties:
        id: {type: [integer, string], readOnly: true, x-server-value: sequence}
        createdAt: {type: string, readOnly: true, x-server-value: now}
        note: {type: string}
        amount: {type: number}
        gift: {type: boolean}
        kind: {enum: [book, disc]}
        tags: {type: array, items: {type: string}}
    Medias: &errors
      type: object
      required: [errors]
      properties:
        errors:
          type: array
          items:
            type: object
            required: [message]
            properties:
              message: {type: string, x-violation: '{message}'}
              pointer: {type: string, x-violation: '{pointer}'}
    Errors: *errors
"""


@dataclass(frozen=True, slots=True)
class Trip:
    """There and back: what differs *before*, the *overlay*, what differs *after*, what is found then."""

    before: Comparison
    overlay: str
    after: Comparison
    checked: Report


def compared(contract: Contract, left: str, right: str, ledger: Ledger) -> Comparison:
    """The servers at two URLs, compared over sockets."""
    targets = [HttpTarget(url, Access(key=KEY), 10) for url in (left, right)]
    return run.compare(
        contract, targets[0], targets[1], run.Options(), witness=ledger.take, more=ledger.more
    )


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """The contract of orders, in a file."""
    path = tmp_path / "orders.yaml"
    path.write_text(ORDERS, "utf-8")
    return path


@pytest.fixture
def proposed(spec: Path) -> Callable[..., tuple[Comparison, tuple[Proposal, ...]]]:
    """What is proposed about the server that *wrapper* makes of the mock, on top of *overlays*."""

    def propose(wrapper: Any, overlays: Sequence[Path] = ()) -> Any:
        contract, known = load(spec, []), load(spec, overlays)
        ledger = Ledger(known, overlaid(spec, overlays))
        with (
            mocked.listening(create_app(known)) as a,
            mocked.listening(Server(contract, wrapper)) as b,
        ):
            found = compared(known, a, b, ledger)
        return found, ledger.proposals()

    return propose


@pytest.fixture
def trip(spec: Path, tmp_path: Path, proposed: Any) -> Callable[..., Trip]:
    """Compare, propose, apply, so many *rounds*; then compare and check once more, all over sockets."""

    def go(wrapper: Any, rounds: int = 1) -> Trip:
        overlays: list[Path] = []
        first = None
        for number in range(rounds):
            before, found = proposed(wrapper, overlays)
            first = first or before
            text = overlay.render(load(spec, overlays), found)
            if text:
                overlays.append(tmp_path / f"proposed-{number}.yaml")
                overlays[-1].write_text(text, "utf-8")
        known = load(spec, overlays)
        after, _ = proposed(wrapper, overlays)
        options = suite.Options(examples=0)
        with mocked.listening(Server(load(spec, []), wrapper)) as b:
            checked = suite.check(known, HttpTarget(b, Access(key=KEY), 10), options)
        texts = "\n".join(path.read_text("utf-8") for path in overlays)
        assert first is not None
        return Trip(first, texts, after, checked)

    return go
