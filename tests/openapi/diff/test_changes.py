"""A change is told once, at its innermost place, with the lines in both files, and why it is so."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from tests.openapi.diff.specs import contract_of, loaded

from leadline_openapi import Contract, diff, load
from leadline_openapi.diff import Change, Diff

TODAY = date(2026, 1, 1)
TEXT = {"type": "string"}

OLD = """\
openapi: 3.1.1
info: {title: Orders, version: 1.0.0}
paths:
  /orders:
    post:
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}
      responses:
        '200':
          description: ok
          content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}
components:
  schemas:
    Order:
      type: object
      required: [customer]
      properties:
        customer: {$ref: '#/components/schemas/Person'}
        payer: {$ref: '#/components/schemas/Person'}
        friends: {type: array, items: {$ref: '#/components/schemas/Person'}}
    Person:
      type: object
      properties:
        name: {type: string, maxLength: 9}
        best: {$ref: '#/components/schemas/Person'}
"""


def _load(folder: Path, name: str, text: str) -> Contract:
    file = folder / name
    file.write_text(dedent(text), "utf-8")
    return load(file)


def _compared(folder: Path, old: Any, new: Any, side: str = "both") -> Diff:
    contracts = [
        loaded(folder, name, contract_of(schemas, side))
        for name, schemas in (("old", old), ("new", new))
    ]
    return diff(contracts[0], contracts[1], today=TODAY)


def _only(compared: Diff) -> Change:
    (change,) = compared.changes
    return change


def test_a_shared_schema_is_told_once_with_its_lines(tmp_path: Path) -> None:
    """Three members, an item and the schema itself lead to it; there is one change, in lines 25 and 26."""
    new = OLD.replace("    Person:\n", "    # who it is\n    Person:\n").replace(
        "maxLength: 9", "maxLength: 5"
    )

    change = _only(diff(_load(tmp_path, "a.yaml", OLD), _load(tmp_path, "b.yaml", new)))

    assert change.pointer == "/components/schemas/Person/properties/name/maxLength"
    assert change.old is not None
    assert change.new is not None
    assert (Path(change.old.file).name, change.old.line) == ("a.yaml", 25)
    assert (Path(change.new.file).name, change.new.line) == ("b.yaml", 26)
    assert (change.request, change.response) == ("breaking", "non-breaking")
    assert change.operation == "POST /orders"


def test_the_witness_is_a_request_that_can_be_sent(tmp_path: Path) -> None:
    """It is the whole body, with what is required, and each contract judges it otherwise."""
    old = _load(tmp_path, "a.yaml", OLD)
    new = _load(tmp_path, "b.yaml", OLD.replace("maxLength: 9", "maxLength: 5"))

    witness = _only(diff(old, new)).witness

    assert witness is not None
    assert (witness.whole, witness.side) == (True, "request")
    assert witness.where == "POST /orders, the request body"
    assert _is_valid(old, witness.value)
    assert not _is_valid(new, witness.value)


def _is_valid(contract: Contract, body: Any) -> bool:
    (operation,) = contract.operations
    assert operation.body is not None
    schema = operation.body.content[0].schema
    assert schema is not None
    return schema.is_valid(body) and schema.second_opinion(body)


def test_a_wider_part_of_an_allof_that_the_rest_still_bounds_breaks_nobody(tmp_path: Path) -> None:
    """What one part admits more, another refuses as before."""
    bounded = {"properties": {"a": {"maxLength": 3}}}
    old = {
        "X": {"allOf": [{"$ref": "#/components/schemas/P"}, bounded]},
        "P": {"properties": {"a": {"maxLength": 5}}},
    }
    new = {**old, "P": {"properties": {"a": {"maxLength": 9}}}}

    assert _compared(tmp_path, old, new).verdict == "none"


def test_a_narrower_variant_that_another_one_covers_breaks_nobody(tmp_path: Path) -> None:
    """What the first variant of an anyOf takes no longer, the second takes."""
    old = {"X": {"anyOf": [{"type": "string", "maxLength": 9}, {"type": "string"}]}}
    new = {"X": {"anyOf": [{"type": "string", "maxLength": 5}, {"type": "string"}]}}

    change = _only(_compared(tmp_path, old, new))

    assert (change.verdict, change.ground) == ("non-breaking", "proof")


def test_constants_that_are_referred_to_are_an_enum(tmp_path: Path) -> None:
    """A proof may need what a schema refers to."""
    constants = {"A": {"const": "a"}, "B": {"const": "b"}}
    listed = {"X": {"enum": ["a", "b"]}, **constants}
    referred = {
        "X": {"anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in "AB"]},
        **constants,
    }

    assert _compared(tmp_path, listed, referred).changes == ()
    assert _compared(tmp_path, referred, listed).changes == ()


def test_what_is_neither_proven_nor_shown_counts_as_breaking_and_is_told(tmp_path: Path) -> None:
    """A pattern that nobody can reason about is not passed over in silence."""
    old = {"X": {"type": "string", "pattern": r"^(?=.*\d)[a-z0-9]{8,}$"}}
    new = {"X": {"type": "string", "pattern": r"^(?=.*[0-9])[a-z0-9]{8,}$"}}

    change = _only(_compared(tmp_path, old, new))

    assert (change.verdict, change.ground) == ("breaking", "undecided")
    assert change.witness is None
    assert "neither a proof nor a counterexample was found" in change.message


def test_a_recursive_schema_is_compared_without_end(tmp_path: Path) -> None:
    """A schema that leads to itself is met once, and its change is shown where it lies deepest too."""
    node: dict[str, Any] = {
        "type": "object",
        "properties": {"next": {"$ref": "#/components/schemas/X"}, "value": TEXT},
    }
    wider = {**node, "properties": {**node["properties"], "value": {"type": ["string", "null"]}}}

    change = _only(_compared(tmp_path, {"X": node}, {"X": wider}))

    assert (change.code, change.verdict, change.side) == ("null-allowed", "breaking", "response")
    assert change.pointer == "/components/schemas/X/properties/value/type"


def test_a_deep_chain_of_schemas_is_no_recursion_error(tmp_path: Path) -> None:
    """Four hundred schemas, each a member of the one before; the last one has changed."""
    chain = {
        f"S{n}": {"type": "object", "properties": {"x": {"$ref": f"#/components/schemas/S{n + 1}"}}}
        for n in range(400)
    }
    root = {"X": {"$ref": "#/components/schemas/S0"}}

    change = _only(
        _compared(
            tmp_path, {**root, **chain, "S400": TEXT}, {**root, **chain, "S400": {"type": "null"}}
        )
    )

    assert change.pointer == "/components/schemas/S400/type"
    assert change.verdict == "breaking"


def test_a_member_that_was_announced_to_go_breaks_nobody(tmp_path: Path) -> None:
    """From the day of `x-sunset` on; before that day it breaks, as without one."""
    leaving = {**TEXT, "deprecated": True, "x-sunset": "2026-01-01"}
    old = {"X": {"type": "object", "properties": {"fax": leaving}, "additionalProperties": False}}
    new = {"X": {"type": "object", "properties": {}, "additionalProperties": False}}
    contracts = [
        loaded(tmp_path, name, contract_of(one, "request"))
        for name, one in (("old", old), ("new", new))
    ]

    verdicts = [
        (change.verdict, change.ground)
        for day in (date(2025, 12, 31), date(2026, 1, 1))
        for change in diff(contracts[0], contracts[1], today=day).changes
    ]

    assert verdicts == [("breaking", "witness"), ("non-breaking", "sunset")]


def test_a_removal_before_the_day_that_was_told_is_told_the_day(tmp_path: Path) -> None:
    """It has been deprecated with an `x-sunset` already, so that is no advice."""
    leaving = {**TEXT, "deprecated": True, "x-sunset": "2099-01-01"}
    old = {"X": {"type": "object", "properties": {"fax": leaving}, "required": ["fax"]}}

    change = _only(_compared(tmp_path, old, {"X": {"type": "object"}}))

    assert change.verdict == "breaking"
    assert change.advice == "keep it until `2099-01-01`, the day that was told"


def test_that_a_new_member_is_not_sent_is_a_rule_and_no_proof(tmp_path: Path) -> None:
    """The old contract admits `{"fax": 1}`, and says nothing of such a member."""
    change = _only(
        _compared(
            tmp_path,
            {"X": {"type": "object"}},
            {"X": {"type": "object", "properties": {"fax": TEXT}}},
            "request",
        )
    )

    assert (change.code, change.verdict, change.ground) == ("member-added", "non-breaking", "rule")


def test_a_member_that_no_object_was_found_for_is_not_taken_for_impossible(tmp_path: Path) -> None:
    """Nobody guesses an `id` of more than 60 digits, and yet there are such objects."""
    far = {**TEXT, "pattern": "^[0-9]+$", "not": {"pattern": "^[0-9]{1,60}$"}}
    new = {"type": "object", "properties": {"id": far}, "required": ["id"]}
    old = {**new, "properties": {"id": far, "a": {"type": "integer"}}}

    change = _only(_compared(tmp_path, {"X": old}, {"X": new}, "response"))

    assert (change.code, change.verdict) == ("member-removed", "breaking")


def test_what_is_excluded_is_followed_to_the_end(tmp_path: Path) -> None:
    """Neither a reference with words beside it, nor one that leads back to itself, hides a difference."""

    def excluding(excluded: Any, **others: Any) -> dict[str, Any]:
        return {"X": {"type": "object", "not": excluded}, **others}

    def holding(inner: Any) -> dict[str, Any]:
        return {"type": "object", "properties": {"a": inner}, "required": ["b"]}

    named = {"$ref": "#/components/schemas/Y"}
    beside = [
        excluding({**named, "minProperties": 1}, Y=holding({"const": value})) for value in (1, 2)
    ]
    endless = [excluding(holding(holding({"const": 1}))), excluding(named, Y=holding(named))]

    for old, new in (beside, endless):
        assert _compared(tmp_path, old, new).verdict == "breaking"


def test_schemas_moved_to_another_file_are_no_change(tmp_path: Path) -> None:
    """References lead to the same, wherever it stands."""
    head, _, schemas = OLD.partition("components:\n")
    moved = head.replace("#/components/schemas", "shared.yaml#")
    (tmp_path / "shared.yaml").write_text(
        dedent(schemas.replace("  schemas:\n", "").replace("#/components/schemas", "#")), "utf-8"
    )

    assert diff(_load(tmp_path, "a.yaml", OLD), _load(tmp_path, "b.yaml", moved)).changes == ()


def test_components_that_nothing_uses_concern_nobody(tmp_path: Path) -> None:
    """Nothing that is sent or read has changed."""
    assert (
        _compared(tmp_path, {"X": TEXT, "Y": TEXT}, {"X": TEXT, "Y": {"type": "null"}}).changes
        == ()
    )


def test_a_webhook_is_read_by_the_caller_who_gets_it(tmp_path: Path) -> None:
    """The API sends its body, so a value more there is one that a reader does not know."""

    def hooked(*values: str) -> dict[str, Any]:
        media = {"application/json": {"schema": {"enum": list(values)}}}
        hook = {
            "post": {"requestBody": {"content": media}, "responses": {"200": {"description": "ok"}}}
        }
        return {**contract_of({"X": TEXT}), "webhooks": {"changed": hook}}

    change = _only(
        diff(loaded(tmp_path, "old", hooked("a")), loaded(tmp_path, "new", hooked("a", "b")))
    )

    assert (change.code, change.verdict, change.side) == ("enum-widened", "breaking", "response")


def test_callers_who_answer_a_callback_are_the_ones_who_send(tmp_path: Path) -> None:
    """Of a callback the sides are exchanged, its answers included."""

    def calling(*values: str) -> dict[str, Any]:
        media = {"application/json": {"schema": {"enum": list(values)}}}
        back = {"post": {"responses": {"200": {"description": "ok", "content": media}}}}
        document = contract_of({"X": TEXT})
        document["paths"]["/x"]["post"]["callbacks"] = {"done": {"{$request.body#/url}": back}}
        return document

    change = _only(
        diff(loaded(tmp_path, "old", calling("a", "b")), loaded(tmp_path, "new", calling("a")))
    )

    assert (change.code, change.verdict, change.side) == ("enum-narrowed", "breaking", "request")


@pytest.mark.parametrize("schema", [{"type": "object"}, {"type": "object", "maxProperties": 2}])
def test_closing_an_object_shows_a_member_that_nobody_declared(schema: Any, tmp_path: Path) -> None:
    """The witness is a document with such a member."""
    change = _only(
        _compared(
            tmp_path, {"X": schema}, {"X": {**schema, "additionalProperties": False}}, "request"
        )
    )

    assert change.witness is not None
    assert change.witness.whole
    assert change.witness.value
