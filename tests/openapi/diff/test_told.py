"""What a change is called, and whom it names: every operation that has it, and what of it is another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.openapi.diff.pairs_callers import at
from tests.openapi.diff.pairs_operations import SCHEMES, TEXT, operation, parameter, secured
from tests.openapi.diff.specs import contract_of, loaded

from leadline_openapi import diff
from leadline_openapi.diff import Diff

ERROR = {"$ref": "#/components/responses/Error"}
DONE = {"description": "done"}


def _compared(folder: Path, old: Any, new: Any) -> Diff:
    return diff(loaded(folder, "old", old), loaded(folder, "new", new))


def _messages(compared: Diff) -> list[str]:
    return [change.message for change in compared.changes]


def _shared(count: int, *statuses: str, is_asked: bool = False, **more: Any) -> dict[str, Any]:
    """A contract of *count* operations that share a parameter and an answer."""
    said = {
        "parameters": [{"$ref": "#/components/parameters/P"}] if is_asked else [],
        "responses": {"200": DONE, **dict.fromkeys(statuses, ERROR)},
    }
    return {
        "openapi": "3.1.1",
        "info": {"title": "Notes", "version": "1.0.0"},
        "paths": {f"/{number}": {"get": said} for number in range(count)},
        "components": {
            "parameters": {"P": {"name": "p", "in": "query", "required": True, "schema": TEXT}},
            "responses": {"Error": DONE},
        },
        **more,
    }


@pytest.mark.parametrize(
    ("count", "named"),
    [
        (1, "GET /0"),
        (3, "GET /0, GET /1 and GET /2"),
        (12, f"{', '.join(f'GET /{number}' for number in range(10))} and 2 more"),
    ],
)
def test_a_shared_parameter_names_the_operations_that_it_meets(
    count: int, named: str, tmp_path: Path
) -> None:
    """It is one change, at the component, where nothing else tells whom it meets."""
    compared = _compared(tmp_path, _shared(count), _shared(count, is_asked=True))

    assert [len(change.operations) for change in compared.changes] == [count]
    assert _messages(compared) == [
        f"the query parameter `p` of {named} is new: requests that were right may be refused"
    ]


def test_a_shared_schema_is_told_with_the_operations_that_it_meets(tmp_path: Path) -> None:
    """Once, and the first of them is the one by which it was met."""
    contracts = []
    for longest in (9, 5):
        media = {"application/json": {"schema": {"$ref": "#/components/schemas/S"}}}
        document = _shared(3)
        document["components"]["schemas"] = {"S": {**TEXT, "maxLength": longest}}
        document["components"]["responses"]["Error"] = {**DONE, "content": media}
        for item in list(document["paths"].values())[1:]:
            item["get"] = {**item["get"], "responses": {"200": DONE, "404": ERROR}}
        contracts.append(document)

    (change,) = _compared(tmp_path, *contracts).changes

    assert change.operations == ("GET /1", "GET /2")
    assert change.operation == "GET /1"


def test_statuses_that_share_an_answer_are_told_one_by_one(tmp_path: Path) -> None:
    """They are at one place, and are two changes all the same."""
    compared = _compared(tmp_path, _shared(1), _shared(1, "201", "404"))

    assert [(change.message, change.verdict) for change in compared.changes] == [
        (
            "the status 201 of GET /0 is new: answers may hold what callers do not expect",
            "breaking",
        ),
        ("the status 404 of GET /0 is new", "non-breaking"),
    ]


def test_a_key_that_all_operations_ask_for_is_told_once(tmp_path: Path) -> None:
    """The operations themselves are what has changed."""
    schemes = {"components": {"securitySchemes": SCHEMES}}
    old = {**_shared(2), **schemes}

    compared = _compared(tmp_path, old, {**old, "security": [{"key": []}]})

    (message,) = _messages(compared)
    assert message.startswith(
        "each of GET /0 and GET /1 asks for more: `key`, where nothing was enough: "
    )


def test_a_scheme_that_keeps_its_name_is_told_with_what_changed(tmp_path: Path) -> None:
    """Of those that are the same, only the name is told."""
    header = {"type": "apiKey", "in": "header", "name": "X-New"}
    both: dict[str, list[str]] = {"key": [], "token": []}

    compared = _compared(tmp_path, secured(both), secured(both, key=header))

    (message,) = _messages(compared)
    assert message.startswith(
        "POST /notes asks for something else: `key` in the header `X-New` and `token`,"
        " and no longer `key` in the header `X-Key` and `token`: "
    )


def test_a_flow_is_told_with_its_addresses(tmp_path: Path) -> None:
    """Whoever reads it sees where tokens come from now."""
    flow = {"tokenUrl": "https://b.example/t", "scopes": {"r": ""}}
    login = {"type": "oauth2", "flows": {"clientCredentials": flow}}

    (message,) = _messages(
        _compared(tmp_path, secured({"login": ["r"]}), secured({"login": ["r"]}, login=login))
    )

    assert "`login` (r) by `clientCredentials` at `https://b.example/t`, and no longer" in message


def test_servers_of_all_operations_are_told_of_the_contract(tmp_path: Path) -> None:
    """Of some operations, it is told of which."""
    old, new = _shared(3, servers=at("https://a.example")), _shared(3, servers=at("/v2"))

    everywhere = _compared(tmp_path, old, new)
    new = {**old, "paths": {**old["paths"]}}
    new["paths"]["/1"] = {**new["paths"]["/1"], "servers": at("https://b.example")}
    somewhere = _compared(tmp_path, old, new)

    assert [change.operation for change in everywhere.changes] == ["the contract"] * 2
    assert _messages(everywhere) == [
        "the server `https://a.example` is gone: requests that are sent there do not arrive",
        "the server `/v2` is new",
    ]
    assert [change.operation for change in somewhere.changes] == ["GET /1"] * 2


def test_a_limit_that_had_not_been_there_is_told_so(tmp_path: Path) -> None:
    """And so is one that is gone."""
    free, bounded = (
        contract_of({"X": {"type": "integer"}}),
        contract_of({"X": {"type": "integer", "maximum": 3}}),
    )

    narrowed, widened = _compared(tmp_path, free, bounded), _compared(tmp_path, bounded, free)

    assert "admits less: `3`, where there was none" in narrowed.changes[0].message
    assert "admits more: there is none, where it was `3`" in widened.changes[0].message


def test_a_default_is_told_with_what_it_does(tmp_path: Path) -> None:
    """Nothing is refused because of it."""
    old, new = (parameter(schema={**TEXT, "default": value}) for value in "ab")

    (message,) = _messages(_compared(tmp_path, old, new))

    assert message.endswith(": requests that leave it out mean something else")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (None, "B", ("discriminator-default-added", "breaking", "response")),
        ("B", None, ("discriminator-default-removed", "breaking", "request")),
        ("A", "B", ("discriminator-default-changed", "breaking", "both")),
        ("A", "#/components/schemas/A", None),
    ],
)
def test_what_values_without_a_variant_stand_for(
    old: str | None, new: str | None, told: Any, tmp_path: Path
) -> None:
    """`defaultMapping` is a mapping of all values that are not mapped (OAS 3.2.0 section 4.25.1)."""

    def mapped(default: str | None) -> dict[str, Any]:
        variant = {"type": "object", "required": ["k"], "properties": {"k": TEXT}}
        discriminator = {"propertyName": "k", **({"defaultMapping": default} if default else {})}
        choice = [{"$ref": f"#/components/schemas/{name}"} for name in "AB"]
        schemas = {
            "X": {"anyOf": choice, "discriminator": discriminator},
            "A": variant,
            "B": {**variant, "properties": {"k": TEXT, "b": TEXT}},
        }
        return {**contract_of(schemas), "openapi": "3.2.0"}

    compared = _compared(tmp_path, mapped(old), mapped(new))

    found = [(change.code, change.verdict, change.side) for change in compared.changes]
    assert found == ([told] if told else [])


def test_a_described_reference_is_shown_where_it_describes(tmp_path: Path) -> None:
    """Its words override those of what it refers to, and stand beside `$ref`."""

    def referring(text: str) -> dict[str, Any]:
        return {
            **operation(parameters=[{"$ref": "#/components/parameters/P", "description": text}]),
            "components": {"parameters": {"P": {"name": "q", "in": "query", "schema": TEXT}}},
        }

    (change,) = _compared(tmp_path, referring("a"), referring("b")).changes

    assert change.pointer == "/paths/~1notes/post/parameters/0/description"
