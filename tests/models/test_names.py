"""The names of classes and fields: whatever a contract calls things, each schema has one of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tests.models.contracts import SPECS, loaded, takes, with_schemas

from leadline_openapi import load, models

Importing = Callable[..., ModuleType]


def an_object(member: str) -> dict[str, Any]:
    """The schema of an object that has to have *member*."""
    return {"type": "object", "required": [member], "properties": {member: {"type": "integer"}}}


def test_names_that_clash_are_numbered(tmp_path: Path, importing: Importing) -> None:
    """The schema whose name is the class's own, letter by letter, has it, wherever it stands."""
    schemas = {name: an_object(name) for name in ("lead", "l-ead", "Lead2", "Lead", "LEad")}
    made = importing(with_schemas(tmp_path, schemas))

    assert made.__all__ == ["LEad", "LEad2", "Lead", "Lead2", "Lead3"]
    assert takes(made.Lead, {"Lead": 1})
    assert takes(made.Lead2, {"Lead2": 1})
    assert takes(made.Lead3, {"lead": 1})
    assert takes(made.LEad2, {"l-ead": 1})
    assert not takes(made.Lead, {"lead": 1})


def test_parameters_give_way_to_a_schema(tmp_path: Path, importing: Importing) -> None:
    """The class of an operation's parameters is numbered where a schema has its name."""
    text = """
        openapi: 3.1.0
        info: { title: T, version: '1' }
        paths:
          /a:
            get:
              operationId: listAll
              parameters: [{ name: size, in: query, schema: { type: integer } }]
              responses: { '200': { description: ok } }
        components:
          schemas:
            ListAllQuery: { type: string }
        """
    made = importing(loaded(tmp_path, text))

    assert made.__all__ == ["ListAllQuery", "ListAllQuery2"]
    assert takes(made.ListAllQuery, "text")
    assert made.ListAllQuery2.model_validate({"size": "7"}).size == 7


def test_a_discriminator_names_branches_as_the_contract_does(
    tmp_path: Path, importing: Importing
) -> None:
    """Its mapping leads to the classes, whatever these are called; the values stay those of the contract."""
    branch: dict[str, Any] = {
        "type": "object",
        "required": ["kind"],
        "allOf": [{"$ref": "#/components/schemas/animal"}],
    }
    schemas = {
        "pet": {
            "oneOf": [
                {"$ref": "#/components/schemas/cat.v1"},
                {"$ref": "#/components/schemas/dog.v1"},
            ],
            "discriminator": {
                "propertyName": "kind",
                "mapping": {
                    "c": "#/components/schemas/cat.v1",
                    "d": "#/components/schemas/dog.v1",
                },
            },
        },
        "animal": {
            "type": "object",
            "properties": {
                "kind": {"type": "string"},
                "friend": {"$ref": "#/components/schemas/pet"},
            },
        },
        "cat.v1": {**branch, "properties": {"kind": {"type": "string", "enum": ["c"]}}},
        "dog.v1": {
            **branch,
            "properties": {"kind": {"type": "string", "enum": ["d"]}, "age": {"type": "integer"}},
        },
    }
    made = importing(with_schemas(tmp_path, schemas))

    assert takes(made.Pet, {"kind": "c"})
    assert takes(made.Pet, {"kind": "d", "age": 1})
    assert not takes(made.Pet, {"kind": "d", "age": "1"})
    assert not takes(made.Pet, {"kind": "DogV1"})
    assert takes(made.Pet, {"kind": "c", "friend": {"kind": "d"}})


def test_inline_schemas_give_way(tmp_path: Path, importing: Importing) -> None:
    """An inline schema has no name to lose: it is numbered where a named one has its name."""
    inner = {"type": "object", "properties": {"a": {"type": "integer"}}}
    made = importing(
        with_schemas(
            tmp_path,
            {"Lead": {"type": "object", "properties": {"event": inner}}, "LeadEvent": inner},
        )
    )

    assert made.__all__ == ["Lead", "LeadEvent", "LeadEvent2"]


def test_names_that_the_code_needs_itself(tmp_path: Path, importing: Importing) -> None:
    """A schema called like something that is imported gets `Schema` after its name."""
    taken = ["Any", "Field", "JsonObject", "Literal", "None", "StrictStr", "Parameters"]
    some = {"type": "object", "properties": {"a": {"type": "string", "minLength": 1}, "b": True}}
    made = importing(with_schemas(tmp_path, dict.fromkeys(taken, some)))

    assert made.__all__ == [f"{name}Schema" for name in sorted(taken)]
    assert not takes(made.FieldSchema, {"a": ""})


def test_odd_member_names(tmp_path: Path, importing: Importing) -> None:
    """Any text may name a member: it is read and dumped under that name."""
    names = [
        "a-b",
        "a_b",
        "class",
        "json",
        "_id",
        "model_config",
        "self",
        "",
        "$x",
        "1",
        "ä",
        "MISSING",
    ]
    schema = {"type": "object", "properties": {name: {"type": "integer"} for name in names}}
    made = importing(with_schemas(tmp_path, {"Odd": {**schema, "additionalProperties": False}}))
    value = dict(zip(names, range(len(names)), strict=True))

    assert made.Odd.model_validate(value).model_dump() == value
    assert not takes(made.Odd, {"field_1": 1})


def test_a_member_has_its_own_name_if_that_can_be_one(tmp_path: Path, importing: Importing) -> None:
    """Whoever else would like it, and wherever they stand; what Python takes for the same is the same."""
    names = [
        "a b",
        "a-b",
        "a_b",
        "class",
        "class_",
        "list",
        "ª",
        "a",
        "µ",
        "ﬁ",
        "Odd",
        "copy",
        "_id",
    ]
    schema = {"type": "object", "properties": {name: {"type": "integer"} for name in names}}
    made = importing(with_schemas(tmp_path, {"Odd": {**schema, "additionalProperties": False}}))
    read = made.Odd.model_validate({name: at for at, name in enumerate(names)})

    fields = ["a_b_2", "a_b_3", "a_b", "class__2", "class_", "list_", "a_2", "a", "\u03bc", "fi"]
    assert list(made.Odd.model_fields) == [*fields, "Odd_", "copy_", "field_id"]
    assert [getattr(read, name) for name in made.Odd.model_fields] == list(range(len(names)))
    assert read.model_dump() == {name: at for at, name in enumerate(names)}
    assert not takes(made.Odd, {"\u03bc": 1})


def test_parameters_have_their_own_names_if_they_can(tmp_path: Path, importing: Importing) -> None:
    """The fields of parameters are named as those of bodies are, and so are their classes: `list` is free."""
    text = """
        openapi: 3.1.0
        info: { title: T, version: '1' }
        paths:
          /a:
            get:
              operationId: list
              parameters:
                - { name: x-id, in: query, schema: { type: integer } }
                - { name: x_id, in: query, schema: { type: string, maxLength: 2 } }
                - { name: \u00b5, in: query, schema: { type: integer } }
                - { name: int, in: query, schema: { type: integer } }
              responses: { '200': { description: ok } }
        """
    made = importing(loaded(tmp_path, text))
    read = made.ListQuery.model_validate({"x-id": "1", "x_id": "a", "\u00b5": "2", "int": "3"})

    assert list(made.ListQuery.model_fields) == ["x_id_2", "x_id", "\u03bc", "int_"]
    assert list(dict(read).values()) == [1, "a", 2, 3]


def test_classes_that_inherit_share_the_names_of_fields(
    tmp_path: Path, importing: Importing
) -> None:
    """No field of a class hides another member of its base, and one that is narrowed keeps its name."""
    part = {"a_b": {"type": "string"}, "a-b": {"type": "string", "minLength": 2}}
    schemas = {
        "Base": {"type": "object", "properties": {"a-b": {"type": "string"}}},
        "Own": {
            "allOf": [{"$ref": "#/components/schemas/Base"}, {"type": "object", "properties": part}]
        },
    }
    made = importing(with_schemas(tmp_path, schemas))

    assert issubclass(made.Own, made.Base)
    assert made.Own.model_validate({"a-b": "xx", "a_b": "y"}).a_b == "y"
    assert not takes(made.Own, {"a-b": "x"})


@pytest.mark.parametrize("name", ["odd.yaml", "shelter.yaml"])
def test_the_strangest_names_give_a_package_that_imports(name: str, tmp_path: Path) -> None:
    """Members called like methods, types and dunders, values of any text, recursion of every kind."""
    files = models.generate(load(SPECS / name))
    (tmp_path / "made").mkdir()
    for file, text in files.items():
        (tmp_path / "made" / file).write_text(text, "utf-8")

    code = "import made; [getattr(made, name) for name in made.__all__]"
    subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=tmp_path, check=True)


def test_odd_schemas_are_read_and_dumped_under_their_own_names(importing: Importing) -> None:
    """What a member is called in Python is nobody's business on the wire."""
    made = importing(load(SPECS / "odd.yaml"))
    owner = {
        "Owner": {"dict": {"a": 1}, "list": ["x"]},
        "pets": [{"petType": "cat", "id": 1, "huntingSkill": "new\nline"}],
        "größe": {"w": 1.5},
        **dict.fromkeys(("model_dump", "copy", "__init__", "@type", "a b", "None", "str"), "x"),
    }

    assert made.Owner.model_validate(owner).model_dump() == owner
    assert not takes(made.Owner, {"Owner": {"list": [1]}})
    assert not takes(made.Tree, {"a": {"b": 1}})
    assert takes(made.Tree, {"a": {"b": {}}})


def test_schemas_of_other_files_have_the_names_that_the_contract_gives_them(
    tmp_path: Path, importing: Importing
) -> None:
    """A list of schemas that all stand in files of their own gives one class for each, and no alias."""
    (tmp_path / "note.yaml").write_text(
        "type: object\nproperties: { memo: { $ref: 'shared.yaml#/Memo' }, note: { $ref: '#' } }\n",
        "utf-8",
    )
    (tmp_path / "shared.yaml").write_text("Memo: { type: object, required: [a] }\n", "utf-8")
    text = """
        openapi: 3.1.0
        info: { title: T, version: '1' }
        paths:
          /notes:
            get:
              operationId: find
              responses:
                '200':
                  description: ok
                  content: { application/json: { schema: { $ref: note.yaml } } }
        components:
          schemas:
            Note: { $ref: note.yaml }
            Reminder: { $ref: 'shared.yaml#/Memo' }
            Other: { $ref: '#/components/schemas/Plain' }
            Plain: { type: object, required: [b] }
        """
    made = importing(loaded(tmp_path, text))

    assert made.__all__ == ["Note", "Other", "Plain", "Reminder"]
    read = made.Note.model_validate({"memo": {"a": 1}, "note": {}})
    assert type(read.memo) is made.Reminder
    assert type(read.note) is made.Note
    assert not takes(made.Other, {})
