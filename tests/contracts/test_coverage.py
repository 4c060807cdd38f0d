"""Coverage: what a run exercised, by name, and what it did not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leadline_contracts import mocked
from leadline_contracts.case import Case, Due, Exchange
from leadline_contracts.cases import certificate
from leadline_contracts.coverage import Coverage, Covered, Item, Requirement, requirement, unmet
from leadline_contracts.draft import Draft, base
from leadline_contracts.reports import console
from leadline_openapi import Contract, load

SPEC = """
openapi: 3.1.0
info: {title: Pets, version: '1'}
components:
  schemas:
    Id: {type: integer}
    Name: {type: string, minLength: 2, maxLength: 3}
    Pet:
      type: object
      required: [name]
      additionalProperties: false
      properties:
        id: {type: integer, readOnly: true}
        name: {$ref: '#/components/schemas/Name'}
        kind: {enum: [cat, dog, null]}
        flags: {enum: [1, true]}
        legs: {type: integer, minimum: 0.5, format: int32}
        owner: {anyOf: [{$ref: '#/components/schemas/Id'}, {type: 'null'}]}
        tags: {type: array, uniqueItems: true, items: {type: string}}
        friends: {type: array, minItems: 0, items: {$ref: '#/components/schemas/Pet'}}
paths:
  /pets:
    post:
      parameters:
        - {name: note, in: query, schema: {type: string}}
        - {name: deep, in: query, schema: {type: integer}}
      requestBody:
        content:
          application/json: {schema: {$ref: '#/components/schemas/Pet'}}
          text/plain: {}
      responses:
        '200':
          description: ok
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
        '400': {description: bad}
        '429': {description: slow down}
        '500': {description: broken}
        default: {description: else}
"""
PET = "/components/schemas/Pet"


@pytest.fixture
def pets(tmp_path: Path) -> Contract:
    """A small contract with what the leads have not."""
    spec = tmp_path / "spec.yaml"
    spec.write_text(SPEC)
    return load(spec)


@pytest.fixture
def draft(pets: Contract) -> Draft:
    """A request with a JSON body."""
    return base(pets.operations[0]).with_body(b"{}", "application/json")


def _answered(case: Case, status: int, body: bytes = b"") -> Exchange:
    now = datetime.now(UTC)
    headers = (("Content-Type", "application/json"),) if body else ()
    return Exchange(
        case=case,
        status=status,
        headers=headers,
        body=body,
        sent_at=now,
        received_at=now,
        elapsed=0,
    )


def _taken(contract: Contract, *exchanges: Exchange) -> Covered:
    coverage = Coverage(contract)
    for exchange in exchanges:
        coverage.take(exchange)
    return coverage.covered()


def _done(covered: Covered, kind: str) -> dict[str, int]:
    return {one.label: one.count for one in covered.items if one.kind == kind and one.exercised}


def test_a_field_is_exercised_when_it_is_accepted(pets: Contract, draft: Draft) -> None:
    """A member counts with an accepted request that carries it, wherever it stands, and not otherwise."""
    value = {"name": "ab", "friends": [{"name": "abc", "legs": 1}, {"name": "abc"}]}
    case = draft.with_value(value).case("", "body", Due.ACCEPT, PET)
    refused = _taken(pets, _answered(case, 400))
    accepted = _taken(pets, _answered(case, 200))

    assert _done(refused, "fields") == {}
    assert _done(accepted, "fields") == {"body name": 1, "body legs": 1, "body friends": 1}
    assert _done(accepted, "operations") == {"": 1}
    assert _done(accepted, "media-types") == {"body application/json": 1}
    assert "body id" not in {one.label for one in accepted.items}  # readOnly: not to be sent
    assert {one.label for one in accepted.missing("media-types")} == {
        "body text/plain",
        "200 application/json",
    }


def test_values_of_an_enum_are_told_apart(pets: Contract, draft: Draft) -> None:
    """Every value of an enum is one item; 1 is not true."""
    cases = [
        draft.with_value({"name": "ab", **more}).case("", "body", Due.ACCEPT, PET)
        for more in ({"kind": "cat"}, {"kind": None}, {"flags": 1})
    ]
    covered = _taken(pets, *(_answered(case, 200) for case in cases))

    assert set(_done(covered, "enum-values")) == {
        'body kind: "cat"',
        "body kind: null",
        "body flags: 1",
    }
    assert {one.label for one in covered.missing("enum-values")} == {
        'body kind: "dog"',
        "body flags: true",
    }


def test_a_boundary_has_to_be_reached(pets: Contract, draft: Draft) -> None:
    """The good side of a keyword is exercised by a value at its edge, not by any value."""
    at = {"name": "ab", "legs": 1, "tags": ["a"]}
    beyond = {"name": "abc", "legs": 7, "tags": ["a", "b"]}

    def accepted(value: Any) -> set[str]:
        case = draft.with_value(value).case("", "body", Due.ACCEPT, PET)
        return set(_done(_taken(pets, _answered(case, 200)), "keywords-accepted"))

    edges = {"body name: minLength", "body name: maxLength", "body legs: minimum"}
    edges |= {"body tags: uniqueItems"}
    assert accepted(at) & edges == {"body name: minLength", "body legs: minimum"}
    assert accepted(beyond) & edges == {"body name: maxLength", "body tags: uniqueItems"}
    assert not any("format" in label or "minItems" in label for label in accepted(at))


@pytest.mark.parametrize(
    ("value", "rule", "labels"),
    [
        ({}, f"{PET}/required", {"body: required"}),
        ({"name": 1}, "/components/schemas/Name/type", {"body name: type"}),
        (
            {"name": "ab", "owner": "x"},
            f"{PET}/properties/owner/anyOf",
            {"body owner: anyOf", "body owner: type"},
        ),
        ({"name": "ab", "more": 1}, f"{PET}/additionalProperties", {"body: additionalProperties"}),
    ],
)
def test_a_keyword_is_broken(
    pets: Contract, draft: Draft, value: Any, rule: str, labels: set[str]
) -> None:
    """The bad side of a keyword is exercised by a request that breaks it, whatever the server says."""
    case = draft.with_value(value).case("", "body", Due.REFUSE, rule)
    for status in (200, 400):
        covered = _taken(pets, _answered(case, status))
        assert set(_done(covered, "keywords-broken")) == labels
        assert _done(covered, "fields") == {}
    silent = replace(_answered(case, 0), failure="no answer in time")
    assert _done(_taken(pets, silent), "keywords-broken") == {}


def test_what_cannot_be_provoked_is_not_counted(pets: Contract, draft: Draft) -> None:
    """Statuses that no request provokes are listed but not missed; on the wire every text is a string."""
    covered = _taken(pets)
    statuses = {one.label: one.counted for one in covered.items if one.kind == "statuses"}
    broken = {one.label for one in covered.items if one.kind == "keywords-broken"}

    assert statuses == {"200": True, "400": True, "429": False, "500": False, "default": False}
    assert "query deep: type" in broken
    assert "query note: type" not in broken
    assert {one.label for one in covered.missing("statuses")} == {"200", "400"}


def test_an_operation_that_cannot_be_checked_has_no_parts_to_exercise(tmp_path: Path) -> None:
    """It counts as one operation that is not exercised, and hides none of the others' figures."""
    spec = tmp_path / "spec.yaml"
    spec.write_text(SPEC.replace("text/plain: {}", "text/csv: {schema: {maxLength: 9}}"))
    covered = Coverage(load(spec)).covered()

    assert [(one.kind, one.label) for one in covered.items] == [("operations", "")]


def test_what_is_answered(pets: Contract, draft: Draft) -> None:
    """Members and values of answers are told, and do not count overall: the server may leave them out."""
    case = draft.with_value({"name": "ab"}).case("", "body", Due.ACCEPT, PET)
    answer = _answered(case, 200, b'{"id": 1, "name": "ab", "kind": "dog", "owner": null}')
    covered = _taken(pets, answer)

    assert set(_done(covered, "response-fields")) == {
        "answer id",
        "answer name",
        "answer kind",
        "answer owner",
    }
    assert set(_done(covered, "response-enum-values")) == {'answer kind: "dog"'}
    assert not any(one.kind.startswith("response") for one in covered.missing())


def test_the_certificate_of_the_leads_misses_nothing(contract: Contract) -> None:
    """Every field, every value of every enum, both sides of every keyword: all of the leads contract."""
    target, coverage = mocked.target(contract), Coverage(contract)
    for case in certificate(contract):
        coverage.take(target.send(case))
    covered = coverage.covered()

    assert [one.name for one in covered.missing()] == []
    assert (covered.of("fields").total, covered.of("enum-values").total) == (84, 134)
    assert covered.of("keywords-accepted").total > 100
    assert covered.of("keywords-broken").total > 100


def _covered(*counts: int) -> Covered:
    items = [
        Item(kind="fields", operation="POST /x", pointer=f"/{at}", label=f"body {at}", count=count)
        for at, count in enumerate(counts)
    ]
    return Covered(tuple(items))


def test_requirements() -> None:
    """A requirement that is not met says what is missing; almost all is not all."""
    covered = _covered(*([1] * 1999), 0)
    (told,) = unmet(covered, [requirement("99.9"), requirement("fields=100")])

    assert covered.of("fields").percent == 99.9
    assert told == (
        "99.9 % of fields exercised, 100 % required; not exercised: fields: POST /x: body 1999"
    )
    assert unmet(covered, [requirement("operations=100")]) == []
    assert requirement("fields=95") == Requirement("fields", 95.0)
    assert requirement("95.5") == Requirement("", 95.5)
    for text in ("", "x", "-1", "101", "nan", "things=5", "fields="):
        with pytest.raises(ValueError, match="is no"):
            requirement(text)


def test_the_console_names_what_is_missing(served: Any, check: Any) -> None:
    """One line of shares, then names, cut when there are many."""
    report = check(served(lambda _, ask: ask()), max_findings=1)
    lines = console.render(replace(report, coverage=_covered(3, *([0] * 30)))).splitlines()
    at = lines.index("Coverage: 1 of 31 fields.")

    assert lines[at + 1] == "  not exercised: fields: POST /x: body 1"
    assert len(lines) - at <= 12
    assert lines[-1] == "  and 21 more; --report json=FILE has them all"
