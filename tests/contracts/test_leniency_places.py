"""`x-leniency`: which place a fault belongs to, where it can be declared, and what may be said there."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leadline_contracts.case import Case, Due, Exchange
from leadline_contracts.draft import base
from leadline_contracts.leniency.learning import Learnt, learn
from leadline_contracts.leniency.observation import Observation
from leadline_contracts.leniency.weighing import Weighed, weigh
from leadline_openapi import Contract, SpecError, load
from leadline_openapi.leniency import Outcome

FIELDS = "/components/schemas/Order/properties"
POST = "/paths/~1orders/post"
BODY = f"{POST}/requestBody"
NAME = "$.components.schemas.Named.properties.name"


# --- Where it is declared ----------------------------------------------------------------------------------

SHARED = """\
openapi: 3.1.0
info: {title: Shared, version: '1'}
paths:
  /a b's/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer}}
    put:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: &responses
        '200':
          description: ok
          content: {application/json: {schema: {properties: {sent: {x-echo: $request.body}}}}}
        '400': {description: no}
  /pets:
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              properties: {pets: {type: array, items: {$ref: '#/components/schemas/Pet'}}}
      responses: *responses
components:
  schemas:
    Pet:
      type: object
      additionalProperties: false
      allOf: [{$ref: '#/components/schemas/Named'}]
      properties: {name: true, "it's": {anyOf: [{type: integer}, {type: boolean}]}}
    Named: {type: object, properties: {name: {type: string}}}
"""


def _observed(contract: Contract, number: int, target: str, body: Any) -> list[tuple[str, str]]:
    operation = contract.operations[number]
    case = base(operation).with_value(body).case("test", "body", Due.REFUSE, operation.pointer)
    return _weighed(replace(case, target=target), {"sent": body})


def _weighed(case: Case, answer: Any) -> list[tuple[str, str]]:
    now = datetime.now(UTC)
    weighed: Weighed = weigh(
        Exchange(
            case=case,
            status=200,
            headers=(("Content-Type", "application/json"),),
            body=json.dumps(answer).encode(),
            sent_at=now,
            received_at=now,
            elapsed=0,
        )
    )
    return [(one.pointer, one.fault) for one in weighed.observations]


PET = "/components/schemas/Pet/properties"
PETS = "/paths/~1pets/post/requestBody/content/application~1json/schema/properties/pets"
PUT = "/paths/~1a b's~1{id}/put/requestBody"


@pytest.mark.parametrize(
    ("number", "target", "body", "expected"),
    [
        (0, "/a b's/1", {"name": 5}, [(f"{PET}/name", "type:number")]),
        (1, "/pets", {"pets": [{"name": 5}]}, [(f"{PET}/name", "type:number")]),
        (0, "/a b's/1", {"it's": "5"}, [(f"{PET}/it's", "type:string")]),
        (0, "/a b's/1", {"more": 5}, [(PUT, "unknown")]),
        (1, "/pets", {"pets": [{"more": 5}]}, [(PETS, "unknown")]),
        (0, "/a b's/1", [], [(PUT, "type:array")]),
        (0, "/a b's/abc", {}, [("/paths/~1a b's~1{id}/parameters/0", "type:string")]),
    ],
)  # fmt: skip
def test_a_fault_belongs_to_the_place_that_can_declare_it(
    number: int, target: str, body: Any, expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    """A property of a shared schema is one place, wherever it is reached from."""
    path = tmp_path / "shared.yaml"
    path.write_text(SHARED, "utf-8")
    contract = load(path)

    assert _observed(contract, number, target, body) == expected


def _observation(pointer: str, fault: str, observed: str, **more: Any) -> Observation:
    facts = {"operation": "PUT /x", "declared": (), "sent": "5", "answered": "'5'\n→ \u0001"}
    return Observation(pointer=pointer, fault=fault, observed=observed, **{**facts, **more})


def test_every_kind_of_place_can_be_declared(tmp_path: Path) -> None:
    """Names with quotes, blanks and slashes become targets that the loader finds."""
    path, overlay = tmp_path / "shared.yaml", tmp_path / "learnt.yaml"
    path.write_text(SHARED, "utf-8")
    contract = load(path)
    places = [f"{PET}/it's", PUT, "/paths/~1a b's~1{id}/parameters/0"]

    learnt = learn(contract, [_observation(place, "type:null", "stored") for place in places])
    overlay.write_text(learnt.overlay, "utf-8")

    assert learnt.unreached == ()
    declared = load(path, [overlay]).operations[0].leniencies
    assert declared == {place: {"type:null": (Outcome("stored"),)} for place in places}


def test_what_is_declared_already_is_not_learnt_again(tmp_path: Path) -> None:
    """Only a fault of which something new was seen is written, with everything that it becomes."""
    path = tmp_path / "shared.yaml"
    path.write_text(SHARED, "utf-8")
    at = f"{PET}/it's"

    learnt = learn(
        load(path),
        [
            _observation(at, "type:null", "stored", declared=("stored",)),
            _observation(at, "type:string", "stored", declared=("stored",)),
            _observation(at, "type:string", "coerced", declared=("stored",)),
            _observation(at, "type:array", "rejected", declared=("stored",)),
        ],
    )

    assert "type:null" not in learnt.overlay
    assert "type:array" not in learnt.overlay
    assert "type:string:\n      - stored\n      - coerced\n" in learnt.overlay.replace(
        "  - ", "  - "
    )


def test_what_an_overlay_cannot_reach_is_said(tmp_path: Path) -> None:
    """An overlay changes the root document; a schema in another file is beyond it."""
    (tmp_path / "pet.yaml").write_text(
        "type: object\nproperties: {name: {type: string}}\n", "utf-8"
    )
    path = tmp_path / "root.yaml"
    path.write_text(
        SHARED[: SHARED.index("components:")].replace("#/components/schemas/Pet", "pet.yaml"),
        "utf-8",
    )
    contract = load(path)
    at = "/components/schemas/pet/properties/name"

    assert learn(contract, [_observation(at, "type:null", "stored")]) == Learnt("", (at,))


# --- What the word may say ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "says", "message"),
    [
        (NAME, "{typ: stored}", "no fault `typ` here\nhint: did you mean `type`?"),
        (NAME, "{type:text: stored}", "no fault `type:text` here"),
        (NAME, "{additionalProperties: dropped}", "did you mean `unknown`?"),
        (NAME, "{media-type: stored}", "no fault `media-type` here"),
        (NAME, "{type: []}", "cannot be"),
        (NAME, "{type: [stored, kept]}", "cannot be"),
        (
            "$.paths[*].parameters[0]",
            "{media-type: stored}",
            "no fault `media-type` here",
        ),
    ],
)
def test_a_fault_that_nothing_can_have_is_an_error(
    target: str, says: str, message: str, tmp_path: Path
) -> None:
    """A misspelt or misplaced fault would be a leniency that never counts."""
    path, overlay = tmp_path / "shared.yaml", tmp_path / "learnt.yaml"
    path.write_text(SHARED, "utf-8")
    overlay.write_text(
        "overlay: 1.0.0\ninfo: {title: T, version: '1'}\nactions:\n"
        f"  - target: {target}\n    update:\n      x-leniency: {says}\n",
        "utf-8",
    )

    with pytest.raises(SpecError) as caught:
        load(path, [overlay])

    assert message in str(caught.value)
    assert "learnt.yaml:6:" in str(caught.value)
