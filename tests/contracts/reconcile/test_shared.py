"""Schemas that several answers share: what one says is not said of the others, nor hides a fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.contracts.reconcile.conftest import Trip

from leadline_contracts.case import Due, Exchange
from leadline_contracts.draft import base
from leadline_contracts.reconcile.evidence import Seen
from leadline_contracts.reconcile.proposal import Proposal
from leadline_openapi import load

THINGS = """\
openapi: 3.1.0
info: {title: Things, version: '1'}
components:
  schemas:
    New: {type: object, required: [name], additionalProperties: false, properties: {name: {type: string}}}
    Thing:
      type: object
      required: [id, name, kind, size]
      properties:
        id: {type: integer, readOnly: true, x-server-value: sequence}
        name: {type: string, x-echo: '$request.body#/name'}
        kind: {type: string, enum: [cat, dog]}
        size: {type: integer}
        age: {type: [integer, 'null']}
paths:
  /things:
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/New'}}}}
      responses:
        '201': &thing
          description: ok
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
        '400': {description: no}
  /things/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: integer, minimum: 1, maximum: 9}}]
      responses: {'200': *thing, '400': {description: no}}
"""
_BOTH = ("GET", "POST")


def _changing(*changes: tuple[str, Callable[[dict[str, Any]], Any]]) -> Any:
    """Makes each change to the answers to its method."""

    def wrapper(request: Any, ask: Any) -> Any:
        answer = ask()
        if answer.accepted and answer.body:
            value = answer.value
            for method, change in changes:
                if request.environ["REQUEST_METHOD"] == method:
                    value = change(value) or value
            answer.value = value
        return answer

    return wrapper


def _with(**members: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda value: value.update(members)


def _without(name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda value: value.pop(name) and None


def _as_text(value: dict[str, Any]) -> None:
    value["size"] = "string"  # as a mock fills texts


@pytest.fixture(autouse=True)
def _things(spec: Path) -> None:
    """The contract is that of things."""
    spec.write_text(THINGS, "utf-8")


@pytest.mark.parametrize(
    "change",
    [_without("id"), _without("size"), _with(extra=1), _as_text, _with(age=4), _with(size=4)],
    ids=["no id", "no size", "a member more", "another type", "a value", "another value"],
)
@pytest.mark.parametrize("method", _BOTH)
def test_what_is_so_in_one_of_two_answers_is_asked(
    method: str, change: Any, proposed: Callable[..., Any]
) -> None:
    """The schema would say it of the other one as well, where it is not so."""
    _, found = proposed(_changing((method, change)))
    about = [one for one in found if one.operation.startswith(method) and one.wrong != "nobody"]

    assert [one for one in found if one.actions] == []
    assert {one.wrong for one in about} == {"decide"}


@pytest.mark.parametrize(
    ("change", "actions"),
    [(_without("id"), 2), (_without("size"), 1), (_with(extra=1), 1), (_as_text, 2)],
    ids=["no id", "no size", "a member more", "another type"],
)
def test_what_is_so_in_all_answers_is_proposed(
    change: Any, actions: int, trip: Callable[..., Trip]
) -> None:
    """Then the contract is wrong, once, and with the overlay nothing differs."""
    gone = trip(_changing(*((method, change) for method in _BOTH)))

    assert gone.overlay.count("- target:") == actions, gone.overlay
    assert [one.message for one in gone.after.divergences] == [], gone.overlay
    assert [one.breach.message for one in gone.checked.findings] == [], gone.overlay


def test_a_proposal_hides_no_fault_of_another_operation(trip: Callable[..., Trip]) -> None:
    """GET leaves out the id, and POST gives one id twice: with what is proposed, that is found still."""
    gone = trip(_changing(("GET", _without("id")), ("POST", _with(id=7))))

    assert "server-value" in {one.breach.rule for one in gone.checked.findings}


def test_what_is_stored_is_no_rule(proposed: Callable[..., Any]) -> None:
    """All that a GET shows may be of one document: what is the same in it is neither a `const` nor a type."""
    _, found = proposed(_changing(("GET", _with(kind="dog", age=None))))

    assert [one for one in found if one.actions] == []


def _about(found: tuple[Proposal, ...], text: str) -> Proposal:
    (only,) = [one for one in found if text in one.what]
    return only


@pytest.mark.parametrize("method", _BOTH)
def test_an_envelope_is_put_to_a_person(method: str, proposed: Callable[..., Any]) -> None:
    """What stands in `data` is not taken out of the contract, with all that it says of it."""
    _, found = proposed(_changing((method, lambda value: {"data": value})))

    assert [one for one in found if one.actions] == []
    assert _about(found, "stand in `data`").wrong == "decide"


def test_the_loss_of_an_echo_is_put_to_a_person(proposed: Callable[..., Any]) -> None:
    """An overlay would take away the place where what was sent is looked for."""
    _, found = proposed(_changing(*((method, _without("name")) for method in _BOTH)))

    assert [one for one in found if one.actions] == []
    assert any("x-echo" in one.why for one in found)


def test_nobody_is_wrong_about_null_that_the_contract_admits(proposed: Callable[..., Any]) -> None:
    """`age` may be missing and may be null: it does not matter which of the two it is."""

    def asked(request: Any, ask: Any) -> Any:
        return _changing(*((method, _with(age=None)) for method in _BOTH))(request, ask)

    _, found = proposed(asked)
    age = [one for one in found if "age" in one.what]

    assert not [one for one in age if one.actions or one.wrong in {"contract", "server"}]


@pytest.mark.parametrize(
    ("label", "targets", "bodies", "tells"),
    [
        ("GET /things/{id}", ["/things/1", "/things/2", "/things/3"], [b""], False),
        ("POST /things", ["/things"], [b"1", b"2", b"3"], True),
        ("POST /things", ["/things"], [b"1", b"2", b"2"], False),
        ("PUT /things/{id}", ["/things/1"], [b"1", b"2", b"3"], False),
        ("PUT /things/{id}", ["/things/1", "/things/2?a", "/things/2?b"], [b"1"], False),
        ("PUT /things/{id}", ["/things/1", "/things/2", "/things/3"], [b"1"], True),
    ],
)
def test_how_many_answers_make_a_rule(
    label: str, targets: list[str], bodies: list[bytes], tells: bool, spec: Path
) -> None:
    """Three different requests do, about three documents where one is named; what is stored never does."""
    put = THINGS.replace("    get:\n", "    put:\n")
    spec.write_text(put if label.startswith("PUT") else THINGS, "utf-8")
    operation = next(one for one in load(spec, []).operations if one.label == label)
    case, now = base(operation).case("", "", Due.ACCEPT, ""), datetime.now(UTC)
    seen = Seen(label)
    for target in targets:
        for body in bodies:
            sent = replace(case, target=target, body=body)
            answer = Exchange(case=sent, status=200, sent_at=now, received_at=now, elapsed=0)
            seen.given.append((answer, "cat"))

    assert seen.tells is tells
