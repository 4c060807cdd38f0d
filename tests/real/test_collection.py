"""The collection of the real servers is the one of the contract."""

from __future__ import annotations

from tests.real import collection

from leadline_openapi import Contract


def test_the_committed_collection_is_made_from_the_contract(contract: Contract) -> None:
    """Real servers hold what the contract has; otherwise: `python -m tests.real.collection`."""
    assert collection.FILE.read_text("utf-8") == collection.written(contract)


def test_its_fields_are_those_of_the_contract(contract: Contract) -> None:
    """Each of the 84 members of a lead is a field, but the timestamps that Payload adds."""
    (operation,) = contract.operations
    assert operation.body is not None
    example = operation.body.content[0].examples["documented"]

    fields = {field["name"]: field for field in collection.fields(contract)}

    assert [*fields, "updatedAt", "createdAt"] == list(example)
    many = {name for name, field in fields.items() if field.get("hasMany")}
    assert many == {name for name, value in example.items() if isinstance(value, list)}
