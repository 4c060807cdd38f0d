"""A schema that is sent and read has a class for each, where the two differ."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from pydantic import MISSING, BaseModel
from tests.models.contracts import SPECS, loaded, takes
from tests.models.strategies import documents

from leadline_openapi import Contract, load
from leadline_openapi.agreement import unheld
from leadline_openapi.schema import Schema

Importing = Callable[..., ModuleType]


@pytest.fixture(scope="module")
def shelter() -> Contract:
    """A contract with members of one direction wherever they can stand."""
    return load(SPECS / "shelter.yaml")


@pytest.fixture(scope="module")
def made(shelter: Contract, importing: Importing) -> ModuleType:
    """Its models."""
    return importing(shelter)


def test_there_are_two_classes_only_where_they_differ(made: ModuleType) -> None:
    """What is sent has `Request` after its name, what is read and what is neither keeps its own."""
    assert [name for name in made.__all__ if name.startswith(("Animal", "Cat", "Pet"))] == [
        *("Animal", "AnimalMeta", "AnimalMetaTagsItem", "AnimalPlace", "AnimalPlaceRoom"),
        *("AnimalRequest", "AnimalRequestPlace", "CatV1", "CatV1Request", "Pet", "PetRequest"),
    ]
    assert {name for name in made.__all__ if name.startswith(("Addr", "Audit", "Kind", "Log"))} == {
        *("Address", "Audit", "Kind", "Login")
    }


def test_each_class_has_the_members_of_its_direction(made: ModuleType) -> None:
    """The server's members are not sent, the caller's are not read; each is required on its side."""
    shared = ["kind", "meta", "place", "home"]

    assert sorted(made.Animal.model_fields) == sorted(["id", "audit", *shared])
    assert sorted(made.AnimalRequest.model_fields) == sorted(["secret", *shared])
    assert made.Animal.model_fields["id"].is_required()
    assert made.AnimalRequest.model_fields["secret"].is_required()
    assert made.CatV1Request(kind="cat", secret="x").model_dump() == {"secret": "x", "kind": "cat"}


def test_what_is_sent_leads_to_what_is_sent(made: ModuleType) -> None:
    """Through lists, unions, base classes, recursion and inline bodies, a class stays on its side."""
    pet = {"kind": "dog", "place": {"room": {"number": 1}}}
    shelter = {"pets": [{**pet, "secret": "x"}], "address": {"city": "Ulm"}}
    sent = made.PutShelterRequest.model_validate({"shelter": shelter})
    read = made.Shelter.model_validate({"pets": [{**pet, "id": 1, "home": {"url": "u"}}]})

    assert type(sent.shelter) is made.ShelterRequest
    assert type(sent.shelter.pets[0]) is made.DogV1Request
    assert type(sent.shelter.pets[0].place) is made.AnimalRequestPlace
    assert type(sent.shelter.address) is made.Address
    assert type(read.pets[0]) is made.DogV1
    assert type(read.pets[0].home) is made.Shelter
    assert type(sent.shelter.pets[0].place.room) is made.AnimalPlaceRoom
    assert takes(made.ListPetsResponse200, [{**pet, "id": 1}])
    assert not takes(made.ListPetsResponse200, [{**pet, "secret": "x"}])


def test_a_closed_class_takes_no_member_of_the_other_side(made: ModuleType) -> None:
    """Where unknown members are forbidden, one that only the server may give is refused in a request."""
    assert takes(made.Shelter, {"url": "u"})
    assert not takes(made.ShelterRequest, {"url": "u"})


def test_a_schema_of_one_side_has_one_class_without_the_others_members(made: ModuleType) -> None:
    """What is only sent asks for nothing that a server gives."""
    assert list(made.Login.model_fields) == ["name"]


def test_a_schema_that_no_operation_uses_is_whole(made: ModuleType) -> None:
    """Nobody knows which side it is for: it has all its members, and requires them as it says."""
    assert list(made.Unused.model_fields) == ["token", "number", "pet"]
    assert not takes(made.Unused, {"token": "x"})
    assert type(made.Unused(token="a", number="b", pet={"kind": "cat", "id": 1}).pet) is made.CatV1


def test_a_name_that_is_taken_is_numbered(tmp_path: Path, importing: Importing) -> None:
    """A schema of the contract keeps its name, also from what another one is sent as."""
    text = (SPECS / "shelter.yaml").read_text("utf-8").replace("Unused:", "AnimalRequest:")
    found = importing(loaded(tmp_path, text))

    assert list(found.AnimalRequest.model_fields) == ["token", "number", "pet"]
    assert "secret" in found.AnimalRequest2.model_fields


def test_a_reference_to_a_member_of_one_side_works(tmp_path: Path, importing: Importing) -> None:
    """A schema may refer to what stands in a member that the other side leaves out."""
    item = "{ type: string, enum: [cat, dog] }"
    text = (SPECS / "shelter.yaml").read_text("utf-8")
    assert item in text
    text = text.replace(item, "{ $ref: '#/components/schemas/Audit/properties/at' }").replace(
        "format: date-time, readOnly: true", "enum: [dog], readOnly: true"
    )
    found = importing(loaded(tmp_path, text))

    assert takes(found.Kind, "dog")
    assert not takes(found.Kind, "cat")


def test_one_class_for_both_asks_for_what_both_require(
    shelter: Contract, importing: Importing
) -> None:
    """Without variants, the one class requires neither the server's members nor the caller's, and says so."""
    found = importing(shelter, variants=False)

    assert "AnimalRequest" not in found.__all__
    assert found.Animal(kind="cat").model_dump() == {"kind": "cat"}
    assert found.Animal(kind="cat").id is MISSING
    assert not takes(found.Animal, {"id": 1, "secret": "x"})
    pointers = {one.pointer for one in unheld(shelter, variants=False)}
    assert "/components/schemas/Animal/required" in pointers


def test_with_two_classes_nothing_is_said_of_what_they_require(shelter: Contract) -> None:
    """The warning would be about what is no longer so."""
    assert not [one for one in unheld(shelter) if one.keyword == "required"]


NOTES = """
    openapi: 3.1.0
    info: { title: Notes, version: '1' }
    paths:
      /notes:
        post:
          operationId: addNote
          requestBody:
            content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } }
          responses:
            '200':
              description: ok
              content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } }
    components:
      schemas:
        Note:
          type: object
          required: [id, secret, text]
          properties:
            id: { type: integer, readOnly: true }
            secret: { type: string, writeOnly: true }
            text: { type: string }
            more: { type: array, items: { $ref: '#/components/schemas/Note' } }
            place:
              type: object
              additionalProperties: false
              required: [at]
              properties: { at: { type: integer, readOnly: true }, in: { type: string } }
    """


@pytest.mark.parametrize(("name", "foreign"), [("NoteRequest", {"id", "at"}), ("Note", {"secret"})])
def test_each_class_agrees_with_the_schema_of_its_side(
    name: str, foreign: set[str], tmp_path: Path, importing: Importing
) -> None:
    """No document without the other side's members is valid for the one and not for the other."""
    contract = loaded(tmp_path, NOTES)
    model: type[BaseModel] = getattr(importing(contract), name)
    [operation] = contract.operations
    assert operation.body is not None
    body = operation.body if name == "NoteRequest" else operation.answers[0].body
    used = body.content[0].schema
    assert used is not None
    schema = Schema("/components/schemas/Note", used.library)
    verdicts: set[bool] = set()

    @settings(max_examples=200, deadline=None)
    @given(drawn=documents(schema.source, schema.library.document))
    def agree(drawn: Any) -> None:
        value = _without(drawn, foreign)
        expected = schema.is_valid(value)
        verdicts.add(expected)

        assert takes(model, value) is expected

    agree()

    assert verdicts == {True, False}


def _without(value: Any, names: set[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(one, names) for key, one in value.items() if key not in names}
    return [_without(one, names) for one in value] if isinstance(value, list) else value
