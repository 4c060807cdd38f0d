"""What is worked out before for the usual answer is what would be made step by step."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline_mock import Ids, World
from leadline_mock.assigned import Assigned
from leadline_mock.compose import assemble, echoes
from leadline_mock.documented import example, representation, success
from leadline_mock.messages import Request
from leadline_mock.recipe import recipe
from leadline_openapi import Contract, Operation, load

SPEC = """\
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /things:
    post:
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                type: object
                properties:
                  note: {type: string}
                  thing:
                    x-echo: $request.body
                    type: object
                    properties:
                      number: {type: string, readOnly: true, x-server-value: sequence}
                      token: {type: string, x-server-value: uuid}
                      made: {type: string, readOnly: true, x-server-value: now}
                      changed: {type: string, x-server-value: now}
              example: {thing: {a: 1, number: '7'}, note: fine}
"""
NAMES = st.sampled_from(
    ["number", "token", "made", "changed", "a", "b", "id", "createdAt", "updatedAt"]
)
BODIES = st.dictionaries(NAMES, st.none() | st.text() | st.integers() | st.lists(st.booleans()))


@pytest.fixture(scope="module", params=["leads", "things"])
def operation(
    request: Any, contract: Contract, tmp_path_factory: pytest.TempPathFactory
) -> Operation:
    """An operation whose answer echoes the body and assigns members of it."""
    if request.param == "leads":
        return contract.operations[0]
    file: Path = tmp_path_factory.mktemp("recipe") / "spec.yaml"
    file.write_text(SPEC, "utf-8")
    return load(file).operations[0]


@given(body=BODIES)
def test_it_is_what_would_be_made_step_by_step(operation: Operation, body: dict[str, Any]) -> None:
    """Members, their order and their values are the same, whatever the request carries."""
    media = representation(success(operation))
    assert media is not None
    usual = recipe(media)
    assert usual is not None

    def world() -> World:
        return World(ids=Ids(3), clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))

    request = Request("POST", {}, "", [], b"")
    echoed = echoes(operation, media, request, body)
    expected = assemble(example(media), echoed, Assigned(media, world()))
    made = usual.compose(body, world())

    assert made == expected
    assert [*made] == [*expected]
    assert [*made[usual.name]] == [*expected[usual.name]]
