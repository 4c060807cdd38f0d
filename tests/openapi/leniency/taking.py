"""Small contracts with `x-leniency`, and what becomes of a body that is sent to them."""

from __future__ import annotations

from functools import partial
from typing import Any

from hypothesis import strategies as st

from leadline_openapi.build import build
from leadline_openapi.contract import Operation
from leadline_openapi.leniency.faults import of_body
from leadline_openapi.leniency.settling import Settled, settle
from leadline_openapi.schema import Schema

TEXTS = st.one_of(
    st.text(max_size=5),
    st.sampled_from(["5", " 7 ", "1e3", "1e999", "true", "FALSE", "2024-05-06", "\ud800", ""]),
)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXTS
)
NAMES = st.one_of(st.sampled_from(["text", "number", "list", "inner", "id"]), st.text(max_size=3))
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


def operation(properties: Any, leniency: Any = None, **members: Any) -> Operation:
    """`POST /a`, which takes a closed object of *properties*; *leniency* is that of the body."""
    schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        **members,
    }
    body: dict[str, Any] = {"content": {"application/json": {"schema": schema}}}
    if leniency:
        body["x-leniency"] = leniency
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {
            "/a": {"post": {"requestBody": body, "responses": {"200": {"description": "ok"}}}}
        },
    }
    return build(document, {}, "taken.yaml").operations[0]


def schema_of(taking: Operation) -> Schema:
    """The schema of the body."""
    assert taking.body is not None
    schema = taking.body.content[0].schema
    assert schema is not None
    return schema


def settled(taking: Operation, value: Any) -> Settled:
    """What becomes of the body *value*."""
    return settle(value, partial(of_body, taking, schema_of(taking)))


def told(one: Settled) -> tuple[Any, list[str], list[str]]:
    """The value, and where it is refused, and where the server fails."""
    refused, failed = ([wrong.pointer for wrong in found] for found in (one.refused, one.failed))
    return one.value, refused, failed
