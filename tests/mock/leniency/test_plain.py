"""The way for plain requests and the long way answer alike also where a contract is lenient."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline_mock import Ids, World
from leadline_mock.answer import _answer, answer
from leadline_mock.messages import Request
from leadline_mock.plain import plain
from leadline_openapi import Operation, load, profiles

KEY = "a-key-of-Some-length"
SPEC = """\
openapi: 3.1.0
info: {title: Notes, version: '1'}
paths:
  /notes:
    post:
      x-check-order: [malformed, credentials]
      security: [{key: []}]
      parameters:
        - {name: locale, in: query, schema: {enum: [en]}, x-leniency: {enum: stored}}
      requestBody:
        x-leniency: {unknown: dropped, media-type: coerced, malformed: error, required: dropped}
        content: {application/json: {schema: {$ref: '#/components/schemas/New'}}}
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                type: object
                required: [note]
                properties:
                  note: {$ref: '#/components/schemas/Note', x-echo: $request.body}
        '400': {description: bad}
        '401': {description: who}
        '500': {description: failed}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: Authorization}}
  schemas:
    New:
      type: object
      additionalProperties: false
      properties:
        text: {type: string, x-leniency: {type: coerced, type:null: stored}}
        size: {type: number, x-leniency: {type: [coerced, dropped], type:array: error}}
    Note:
      type: object
      required: [id]
      properties:
        id: {type: integer, readOnly: true, x-server-value: sequence}
        text: {type: [string, 'null'], x-localized: true}
        size: {type: number}
"""
SIZE = "      requestBody:\n        x-max-bytes: 30\n"
RATE = "    post:\n      x-rate-limit: {requests: 2, seconds: 60}\n"
BODIES: list[Any] = [
    {},
    {"text": "x", "size": 1},
    {"text": 5},
    {"text": None},
    {"size": "5"},
    {"size": "x"},
    {"size": []},
    {"more": 1},
    [],
    None,
    {"text": "x" * 40},
]
RAW = [b"", b"{", b'{"text": "\xff"}', *(json.dumps(one).encode() for one in BODIES)]
HEADERS = st.lists(
    st.sampled_from(
        [("Authorization", KEY), ("Authorization", "wrong"), ("Prefer", "code=400"), ("X", "y")]
    ),
    max_size=2,
)
TYPES = ["application/json", "Application/JSON", "application/json; charset=utf-8", "text/plain"]


def _worlds(**options: Any) -> tuple[World, World]:
    def world() -> World:
        clock = datetime(2026, 1, 31, 12, tzinfo=UTC)
        return World(keys=(KEY,), ids=Ids(5), clock=lambda: clock, **options)

    return world(), world()


@pytest.fixture(scope="module")
def operations(tmp_path_factory: pytest.TempPathFactory) -> list[Operation]:
    """The small contract, the same with limits, and the packaged one as other servers serve it."""
    folder = tmp_path_factory.mktemp("plain")
    found = []
    for number, (old, new) in enumerate(
        [("", ""), ("      requestBody:\n", SIZE), ("    post:\n", RATE)]
    ):
        file = folder / f"{number}.yaml"
        file.write_text(SPEC.replace(old, new, 1) if old else SPEC, "utf-8")
        found.append(load(file).operations[0])
    packaged = [
        load(profiles.default_spec(), profiles.overlays(name)).operations[0]
        for name in profiles.names()
    ]
    return [*found, *packaged]


@given(
    data=st.data(),
    headers=HEADERS,
    media=st.sampled_from(TYPES),
    query=st.sampled_from(["", "locale=en", "locale=fr", "depth=x"]),
    mode=st.sampled_from(["strict", "warn"]),
)
def test_both_ways_answer_the_same(
    operations: list[Operation],
    data: st.DataObject,
    headers: list[tuple[str, str]],
    media: str,
    query: str,
    mode: str,
) -> None:
    """Requests, one after the other, that are right, taken, failed on or refused are so either way."""
    first, second = _worlds(mode=mode)
    operation = data.draw(st.sampled_from(operations))
    sent = [("Content-Type", media), ("Authorization", KEY), *headers]
    for _ in range(data.draw(st.integers(1, 4))):
        raw = data.draw(st.sampled_from(RAW))
        request = Request("POST", {}, query, sent[:1] + headers if headers else sent, raw)

        assert answer(operation, request, first) == _answer(operation, request, second)


def test_leniency_does_not_make_right_requests_slow(operations: list[Operation]) -> None:
    """What is right has the short way, unless its size or number has to be looked at."""
    assert [plain(one) is not None for one in operations[:3]] == [True, False, False]


def test_the_short_way_answers_nothing_that_is_wrong(operations: list[Operation]) -> None:
    """What is taken, refused or failed on is for the long way, whatever the contract says of it."""
    usual = plain(operations[0])
    assert usual is not None
    headers = [("Content-Type", "application/json"), ("Authorization", KEY)]
    answered = [
        usual.answer(Request("POST", {}, "", headers, raw), _worlds()[0]) is not None for raw in RAW
    ]

    assert [raw for raw, one in zip(RAW, answered, strict=True) if one] == [
        json.dumps(BODIES[at]).encode() for at in (0, 1, 10)
    ]
