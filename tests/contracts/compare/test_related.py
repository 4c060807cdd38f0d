"""Related documents are compared by their ids, whatever the member is called that holds those."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leadline_contracts.case import Due, Exchange
from leadline_contracts.compare.normalise import described
from leadline_contracts.compare.related import unpopulated
from leadline_contracts.draft import base
from leadline_openapi import load

SPEC = """
openapi: 3.1.0
info: { title: Moorings, version: 1.0.0 }
paths:
  /moorings:
    get:
      responses:
        '200':
          description: all
          content:
            application/json:
              schema:
                type: object
                properties:
                  boat:
                    x-relation: boats
                    oneOf:
                      - { type: integer }
                      - type: object
                        properties:
                          MEMBER: { type: integer, readOnly: true, x-server-value: sequence }
                          name: { type: string }
"""
NOW = datetime(2026, 1, 31, tzinfo=UTC)


@pytest.mark.parametrize("member", ["id", "number"])
@pytest.mark.parametrize("value", [7, "document", "text"])
def test_a_document_is_its_id(member: str, value: Any, tmp_path: Path) -> None:
    """The vocabulary says which member that is."""
    path = tmp_path / "moorings.yaml"
    path.write_text(SPEC.replace("MEMBER", member), "utf-8")
    operation = load(path).operations[0]
    case = base(operation).case("any", "", Due.ACCEPT, operation.pointer)
    headers = (("Content-Type", "application/json"),)
    media = described(
        Exchange(case=case, status=200, headers=headers, sent_at=NOW, received_at=NOW, elapsed=0)
    )
    given = {"document": {member: 7, "name": "a"}, "text": {member: "7"}}.get(value, value)

    assert media is not None
    assert unpopulated({"boat": given}, case, media) == {"boat": "7"}
    at_0 = replace(case, target="/moorings?depth=0")
    assert unpopulated({"boat": given}, at_0, media) == {"boat": given}
