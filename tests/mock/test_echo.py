"""What was sent comes back, with what the server adds."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline_mock import Ids, World
from leadline_openapi import Contract, load
from leadline_openapi.flatten import Flat, Places, flatten
from leadline_openapi.schema import Schema

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
STAMP = "2026-01-02T12:00:00.000Z"

# Text with what trips readers and writers of JSON up: lone surrogates, NUL, astral characters.
TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
NUMBERS = st.one_of(
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([2**53 + 1, 2**63, -(2**63) - 1, 1.0, 1e3, -0.0, 5e-324, 10**4000]),
)


def documents(schema: Schema) -> st.SearchStrategy[dict[str, Any]]:
    """Valid documents of an object schema, any of its members left out."""
    document = schema.library.document
    members = flatten(document, (schema.pointer,)).properties
    return st.fixed_dictionaries(
        {}, optional={name: values(document, at) for name, at in members.items()}
    )


def values(document: dict[str, Any], at: Places) -> st.SearchStrategy[Any]:
    """Valid values for the schemas at the pointers *at*."""
    flat: Flat = flatten(document, at)
    if "enum" in flat.keywords:
        return st.sampled_from(flat.keywords["enum"])
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "string": TEXT,
        "number": NUMBERS,
        "integer": st.integers() | st.sampled_from([2**63, 10**4000]),
        "boolean": st.booleans(),
    }
    (kind,) = flat.types
    return st.lists(values(document, flat.items), max_size=3) if kind == "array" else kinds[kind]


def sent_schema(contract: Contract) -> Schema:
    """The schema of the request body."""
    body = contract.operations[0].body
    schema = body.content[0].schema if body else None
    assert schema is not None
    return schema


def canonical(value: Any) -> str:
    """JSON text that is equal for equal values, and keeps `1` and `1.0` apart."""
    return json.dumps(value, sort_keys=True)


def test_page_request_is_accepted(client: FlaskClient, curl: dict[str, Any]) -> None:
    """The page's curl, key changed, gets 200, JSON, and the whole body back with an id."""
    sent = json.loads(curl["body"])
    headers = {**curl["headers"], "Authorization": "a-key-of-Some-length"}
    response = client.open("/api/leads", method=curl["method"], headers=headers, data=curl["body"])
    answer = json.loads(response.data)

    assert (response.status_code, response.content_type) == (200, "application/json")
    assert set(answer) == {"doc", "message"}
    assert isinstance(answer["message"], str)
    assert answer["doc"] == {**sent, "id": answer["doc"]["id"]}


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_every_valid_document_comes_back(ask: Any, contract: Contract, data: st.DataObject) -> None:
    """A valid document is echoed value for value; the server adds id and times, and nothing else."""
    sent = data.draw(documents(sent_schema(contract)))
    response = ask(sent)
    back = json.loads(response.body)["doc"]
    expected = {"createdAt": STAMP, "updatedAt": STAMP, **sent, "id": back["id"]}

    assert response.status == 200
    assert canonical(back) == canonical(expected)


@pytest.mark.parametrize(
    "text",
    [
        rb'{"notes": "\ud800"}',
        rb'{"notes": "\udc00\ud800"}',
        rb'{"notes": "\u0000"}',
        '{"notes": "😀"}'.encode(),
        rb'{"notes": "\ud83d\ude00"}',
        b'{"year": 9223372036854775808}',
        b'{"year": 1.0}',
        b'{"year": 1e3}',
        b'{"year": -0.0}',
        b'{"year": 123456789012345678901234567890}',
        b'{"latestEvent": 1.0}',
    ],
)
def test_hard_values_survive(ask: Any, text: bytes) -> None:
    """Values that are hard to write come back with the same JSON value."""
    back = json.loads(ask(raw=text).body)["doc"]
    sent = json.loads(text)

    assert {name: canonical(back[name]) for name in sent} == {
        name: canonical(value) for name, value in sent.items()
    }


def test_last_of_duplicate_keys_counts(ask: Any) -> None:
    """Of two members with one name the last is taken, as JavaScript's reader does."""
    response = ask(raw=b'{"make": "Audi", "make": "BMW"}')

    assert (response.status, json.loads(response.body)["doc"]["make"]) == (200, "BMW")


def test_unsent_timestamps_are_assigned(ask: Any) -> None:
    """Timestamps that are not sent are the server's time."""
    back = json.loads(ask({}).body)["doc"]

    assert back == {"id": back["id"], "createdAt": STAMP, "updatedAt": STAMP}


@pytest.mark.parametrize("name", ["createdAt", "updatedAt"])
def test_sent_timestamp_is_kept(ask: Any, name: str) -> None:
    """A timestamp that is sent is kept, whatever text it is; the other one is assigned."""
    back = json.loads(ask({name: "long ago"}).body)["doc"]

    assert back == {"id": back["id"], "createdAt": STAMP, "updatedAt": STAMP, name: "long ago"}


def test_answer_is_valid_for_every_enum_value(ask: Any, contract: Contract) -> None:
    """Each documented value of each enum is accepted and comes back."""
    document = sent_schema(contract).library.document
    refused = []
    for name, at in flatten(document, (sent_schema(contract).pointer,)).properties.items():
        flat = flatten(document, at)
        listed = flat.types == ("array",)
        inner = flatten(document, flat.items) if listed else flat
        for value in inner.keywords.get("enum", ()):
            sent = {name: [value] if listed else value}
            response = ask(sent)
            if response.status != 200 or json.loads(response.body)["doc"][name] != sent[name]:
                refused.append((name, value))

    assert refused == []


def test_same_seed_same_bytes(ask: Any) -> None:
    """With a clock that stands, the same requests get the same bytes from a fresh world."""
    requests: list[dict[str, Any]] = [{}, {"year": 1}, {"year": "x"}, {}]

    def run() -> list[bytes]:
        fresh = World(keys=("k",), clock=lambda: NOON, ids=Ids(seed=1))
        return [ask(body, key="k", at=fresh).body for body in requests]

    assert run() == run()


def test_contract_is_frozen(contract: Contract) -> None:
    """Answers do not change the contract: it is the same as one that was just loaded."""
    assert contract.document == load().document
