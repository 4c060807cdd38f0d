"""The way for plain requests gives the answers of the long way, and is taken only where it must be right."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline_mock import Ids, World
from leadline_mock.answer import _answer, answer
from leadline_mock.messages import Request
from leadline_mock.plain import plain
from leadline_openapi import Contract, Operation, load
from leadline_openapi.sample import sample

KEY = "a-key-of-Some-length"
TYPES = [
    "application/json",
    "application/json; charset=utf-8",
    "application/json;x=y",
    "text/plain",
    "",
]
HEADERS = st.lists(
    st.sampled_from(
        [
            ("Authorization", KEY),
            ("authorization", "wrong"),
            ("Prefer", "code=400"),
            ("Prefer", "dynamic=false"),
            ("Accept", "*/*"),
        ]
    ),
    max_size=2,
)


def _worlds(**options: Any) -> tuple[World, World]:
    def world() -> World:
        clock = datetime(2026, 1, 31, 12, tzinfo=UTC)
        return World(keys=(KEY,), ids=Ids(5), clock=lambda: clock, **options)

    return world(), world()


@pytest.fixture(scope="module")
def bodies(contract: Contract) -> list[Any]:
    """Bodies that are right, of every size, and some that are wrong."""
    body = contract.operations[0].body
    assert body is not None
    assert body.content[0].schema is not None
    full = sample(body.content[0].schema, full=True)
    members = [{name: value} for name, value in full.items()]
    wrong: list[Any] = [{name: {}} for name in full]
    return [
        {},
        full,
        *members,
        *wrong,
        {"year": 10**30},
        {"notes": "\ud800"},
        {"x": 1},
        [],
        5,
        None,
    ]


@given(
    data=st.data(),
    headers=HEADERS,
    media=st.sampled_from(TYPES),
    query=st.sampled_from(["", "depth=1", "x=1"]),
    mode=st.sampled_from(["strict", "warn"]),
    dynamic=st.booleans(),
    indent=st.sampled_from([None, 2]),
)
def test_both_ways_answer_the_same(
    contract: Contract,
    bodies: list[Any],
    data: st.DataObject,
    headers: list[tuple[str, str]],
    media: str,
    query: str,
    mode: str,
    *,
    dynamic: bool,
    indent: int | None,
) -> None:
    """Status, headers, body and violations are the same whichever way a request takes, to the byte."""
    body = json.dumps(data.draw(st.sampled_from(bodies)), indent=indent).encode()
    sent = [("Content-Type", media), ("Authorization", KEY), *headers]
    request = Request("POST", {}, query, sent[:1] + headers if headers else sent, body)
    first, second = _worlds(mode=mode, dynamic=dynamic)

    assert answer(contract.operations[0], request, first) == _answer(
        contract.operations[0], request, second
    )


def test_the_leads_contract_has_a_plain_way(contract: Contract) -> None:
    """What most requests ask of the packaged contract is proved right, and taken the short way."""
    usual = plain(contract.operations[0])
    headers = [("Content-Type", "application/json"), ("Authorization", KEY)]

    assert usual is not None
    assert usual.answer(Request("POST", {}, "", headers, b"{}"), _worlds()[0]) is not None


SPEC: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "T", "version": "1"},
    "paths": {
        "/things": {
            "post": {
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/New"}}
                    }
                },
                "responses": {
                    "200": {
                        "description": "ok",
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "required": ["thing"],
                                    "properties": {
                                        "thing": {
                                            "$ref": "#/components/schemas/Thing",
                                            "x-echo": "$request.body",
                                        }
                                    },
                                }
                            }
                        },
                    }
                },
            }
        }
    },
    "components": {
        "schemas": {
            "New": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "name": {"type": "string", "maxLength": 5},
                    "size": {"type": "number"},
                },
            },
            "Thing": {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "integer", "readOnly": True, "x-server-value": "sequence"},
                    "name": {"type": "string", "maxLength": 9},
                    "size": {"type": ["number", "null"]},
                },
            },
        }
    },
}


def _operation(folder: Path, change: dict[str, Any] | None = None) -> Operation:
    """The operation of `SPEC`; *change* maps dotted paths below its schemas to other values."""
    document = json.loads(json.dumps(SPEC))
    for path, value in (change or {}).items():
        *way, last = path.split(".")
        at = document["components"]["schemas"]
        for step in way:
            at = at[step]
        at[last] = value
    file = folder / "spec.json"
    file.write_text(json.dumps(document), "utf-8")
    return load(file).operations[0]


def test_what_is_proved(tmp_path: Path) -> None:
    """An answer that admits all that a request may hold is proved right."""
    assert plain(_operation(tmp_path)) is not None


@pytest.mark.parametrize(
    "change",
    [
        {"Thing.properties.name.maxLength": 4},
        {"Thing.properties.size": {"type": "integer"}},
        {"Thing.properties.size": {"type": "number", "maximum": 10}},
        {"Thing.additionalProperties": False, "New.properties.more": {"type": "string"}},
        {"Thing.required": ["id", "name"]},
        {"Thing.maxProperties": 2},
        {"Thing.allOf": [{"maxProperties": 2}]},
        {"Thing.properties.id.maximum": 3},
        {"Thing.properties.id.type": "string"},
        {"New.additionalProperties": True},
        {"New.minProperties": 0},
    ],
    ids=str,
)
def test_what_is_not_proved(tmp_path: Path, change: dict[str, Any]) -> None:
    """Where an answer might break its schema, each one is validated."""
    assert plain(_operation(tmp_path, change)) is None


def test_an_answer_that_would_break_the_contract_is_not_given(tmp_path: Path) -> None:
    """What fits the request and not the answer is a contradiction, which is said."""
    operation = _operation(tmp_path, {"Thing.properties.name.maxLength": 4})
    headers = [("Content-Type", "application/json")]
    statuses = [
        answer(operation, Request("POST", {}, "", headers, body), _worlds()[0]).status
        for body in (b'{"name": "four"}', b'{"name": "fives"}')
    ]

    assert statuses == [200, 500]
