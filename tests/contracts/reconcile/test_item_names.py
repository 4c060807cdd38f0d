"""A property may be called `items`, which is a keyword elsewhere."""

from __future__ import annotations

from pathlib import Path

from leadline_contracts import mocked
from leadline_contracts.compare import run
from leadline_contracts.reconcile.ledger import Ledger
from leadline_mock import World, create_app
from leadline_openapi import load
from leadline_openapi.loading import overlaid

SPEC = """
openapi: 3.1.0
info: { title: Orders, version: 1.0.0 }
paths:
  /orders:
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              properties:
                items: { type: array, items: { type: string, maxLength: 3 } }
                properties: { type: array, items: { type: string, maxLength: 3 } }
      responses:
        '200': { description: taken }
        '400': { description: refused }
"""


def test_a_property_called_items_has_its_name(tmp_path: Path) -> None:
    """So have its items, and those of a property called `properties`."""
    path = tmp_path / "orders.yaml"
    path.write_text(SPEC, "utf-8")
    contract = load(path)
    ledger = Ledger(contract, overlaid(path, []))
    left = mocked.target(contract)
    right = mocked.target(contract, create_app(contract, World(mode="warn")))
    run.compare(contract, left, right, run.Options(), witness=ledger.take, more=ledger.more)
    told = [one.what.partition(":")[0] for one in ledger.proposals() if "type:" in one.what]

    assert {"`items`, `properties`", "items of `items`, `properties`"} <= set(told), told
    assert not any("items of `properties`" in one for one in told)
