"""Three contracts in the style of other vendors, one for each version of OpenAPI."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from leadline_openapi import Contract, load
from leadline_openapi.schema import Schema

SPECS = Path(__file__).parent / "specs"
NAMES = {
    "clinic": "clinic/openapi.yaml",
    "articles": "articles.yaml",
    "catalogue": "catalogue.yaml",
}


@pytest.fixture(scope="module", params=["yaml", "json"])
def specs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the specs, as they are written and converted to JSON."""
    if request.param == "yaml":
        return SPECS
    folder = tmp_path_factory.mktemp("json")
    for path in SPECS.rglob("*.yaml"):
        text = json.dumps(yaml.safe_load(path.read_text("utf-8")), indent=1)
        target = folder / path.relative_to(SPECS).with_suffix(".json")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.replace(".yaml", ".json"), "utf-8")
    return folder


def contract(specs: Path, name: str) -> Contract:
    """The contract *name* in the folder *specs*."""
    path = specs / NAMES[name]
    return load(path if path.exists() else path.with_suffix(".json"))


def schemas(contract: Contract, operation_id: str) -> tuple[Schema | None, dict[str, Schema]]:
    """The schema of the request body of an operation, and those of its answers by status."""
    operation = next(one for one in contract.operations if one.id == operation_id)
    body = operation.body.content[0].schema if operation.body else None
    answers = {
        answer.status: answer.body.content[0].schema
        for answer in operation.answers
        if answer.body.content and answer.body.content[0].schema
    }
    return body, answers


def operations(contract: Contract) -> dict[str, str]:
    """The operations that are supported, by id."""
    return {one.id: one.label for one in contract.operations if not one.unsupported}


def test_clinic_operations(specs: Path) -> None:
    """A 3.0 document over four files has the operations of all of them, and its base path."""
    found = contract(specs, "clinic")

    assert operations(found) == {
        "listPets": "GET /pets",
        "addPet": "POST /pets",
        "getPet": "GET /pets/{petId}",
        "removePet": "DELETE /pets/{petId}",
    }
    assert found.base_path == "/v1"
    assert all(not one.unsupported for one in found.operations)


CAT = {"petType": "cat", "name": "Tom", "huntingSkill": "lazy"}
CLINIC_REQUESTS = [
    pytest.param(CAT, True, id="no id, it is read-only"),
    pytest.param({**CAT, "nickname": None}, True, id="nullable beside a type"),
    pytest.param({**CAT, "mood": None}, False, id="nullable does not widen an enum"),
    pytest.param({**CAT, "chip": None}, False, id="nullable without a type says nothing"),
    pytest.param({**CAT, "chip": {"number": "1" * 15}}, True, id="a chip"),
    pytest.param({**CAT, "chip": {"number": "1"}}, False, id="a bad chip"),
    pytest.param({**CAT, "name": ""}, False, id="inherited constraint"),
    pytest.param({**CAT, "petType": "dog"}, False, id="a dog without a pack"),
    pytest.param({**CAT, "parents": [CAT, {"petType": "cat"}]}, False, id="recursion"),
    pytest.param({**CAT, "parents": [CAT]}, True, id="no id in depth either"),
]


@pytest.mark.parametrize(("value", "verdict"), CLINIC_REQUESTS)
def test_clinic_requests(specs: Path, value: Any, verdict: bool) -> None:
    """Nullable, allOf inheritance, oneOf and read-only members mean in 3.0 what they should."""
    body, _ = schemas(contract(specs, "clinic"), "addPet")

    assert body is not None
    assert body.is_valid(value) is verdict
    assert body.second_opinion(value) is verdict


def test_clinic_answers_have_what_requests_lack(specs: Path) -> None:
    """A required read-only member is required of answers; a boolean exclusiveMinimum counts."""
    _, answers = schemas(contract(specs, "clinic"), "addPet")
    created = answers["201"]

    assert not created.is_valid(CAT)
    assert created.is_valid({**CAT, "id": 1})
    assert not created.is_valid({**CAT, "id": 0})


def test_clinic_errors_are_shared_and_recursive(specs: Path) -> None:
    """A response in a file of its own may refer to itself."""
    _, answers = schemas(contract(specs, "clinic"), "getPet")
    errors = answers["default"]

    assert errors.is_valid({"message": "a", "cause": {"message": "b"}})
    assert not errors.is_valid({"message": "a", "cause": {"cause": {}}})


def test_clinic_parameters(specs: Path) -> None:
    """Parameters of the path and of the operation, in the styles that 3.0 specs use."""
    operation = contract(specs, "clinic").operations[0]
    trace, species, query = operation.parameters

    assert species.read({"species": ["cat,dog"]}) == ["cat", "dog"]
    assert [one.field for one in species.violations({"species": ["cat,cow"]})] == ["species[1]"]
    assert query.read({"filter[age]": ["3"]}) == {"age": 3}
    assert [one.field for one in query.violations({"filter[age]": ["x"]})] == ["filter.age"]
    assert [one.keyword for one in trace.violations({"X-Trace": ["123456789"]})] == ["maxLength"]


def test_clinic_discriminator_names_schemas_of_the_one_document(specs: Path) -> None:
    """The mapping of a discriminator in another file leads where its schemas were moved."""
    found = contract(specs, "clinic")

    assert found.document["components"]["schemas"]["AnyPet"]["discriminator"]["mapping"] == {
        "cat": "#/components/schemas/Cat",
        "dog": "#/components/schemas/Dog",
    }


def test_articles_operations(specs: Path) -> None:
    """Path items by reference count; webhooks and callbacks are not what a server offers."""
    found = contract(specs, "articles")
    unsupported = {one.id: one.unsupported for one in found.operations if one.unsupported}

    assert operations(found) == {
        "addArticle": "POST /articles",
        "changeArticle": "PATCH /articles/{id}",
    }
    assert unsupported == {"putCover": "a request body of `multipart/form-data` is not supported"}


def article(**attributes: Any) -> dict[str, Any]:
    """A document of the articles API."""
    return {"data": {"type": "articles", "attributes": attributes}}


ARTICLES = [
    (article(title="Hi", rating=None, tags=["a", "b"]), True),
    (article(title=None), True),
    (article(title=1), False),
    (article(rating=6), False),
    (article(tags=["a", "a"]), False),
    (article(size=0), False),
    (article(size="0"), True),
    (article(unknown=1), False),
    ({"data": {"type": "people"}}, False),
    ({"data": {"type": "articles"}, "more": 1}, False),
    ({}, False),
]


@pytest.mark.parametrize(("value", "verdict"), ARTICLES)
def test_articles_bodies(specs: Path, value: Any, verdict: bool) -> None:
    """Type arrays, const, prefixItems, siblings of `$ref` and unevaluatedProperties count in 3.1."""
    body, _ = schemas(contract(specs, "articles"), "addArticle")

    assert body is not None
    assert body.is_valid(value) is verdict
    assert body.second_opinion(value) is verdict


def test_articles_security(specs: Path) -> None:
    """Alternatives of several schemes, the last of which asks for nothing."""
    operation = next(
        one for one in contract(specs, "articles").operations if one.id == "changeArticle"
    )

    carriers = [
        [(one.location, one.parameter, one.credential("k")) for one in each]
        for each in operation.security
    ]

    assert carriers == [[("header", "X-Key", "k"), ("cookie", "sid", "k")], []]
    assert not operation.needs_key


def test_articles_answers(specs: Path) -> None:
    """A range of statuses, headers of the response, and a media type that ends in +json."""
    operation = next(
        one for one in contract(specs, "articles").operations if one.id == "changeArticle"
    )
    answer = operation.answer_for(204)

    assert answer is not None
    assert answer.status == "2XX"
    assert [(header.name, header.required) for header in answer.headers] == [
        ("ETag", True),
        ("X-Limits", False),
    ]
    assert answer.headers[1].read({"X-Limits": ["1, 2"]}) == [1, 2]
    assert answer.body.content[0].is_json
    assert operation.answer_for(404) is None


def test_catalogue_operations(specs: Path) -> None:
    """The method QUERY and additional ones are operations; what cannot be read says why."""
    found = contract(specs, "catalogue")
    unsupported = {one.id: one.unsupported for one in found.operations if one.unsupported}

    assert operations(found) == {"findItems": "QUERY /items", "copyItems": "COPY /items"}
    assert unsupported == {
        "streamItems": "a stream of items (`itemSchema`) of `application/jsonl` is not supported",
        "searchRaw": "the parameter `all` is the whole query string",
    }


def test_catalogue_bodies(specs: Path) -> None:
    """Shared media types, `dataValue` examples and references by `$self` work in 3.2."""
    found = contract(specs, "catalogue")
    body, answers = schemas(found, "findItems")
    operation = next(one for one in found.operations if one.id == "findItems")

    assert body is not None
    assert operation.body is not None
    assert operation.body.content[0].examples == {"plain": {"text": "moby", "limit": 3}}
    assert body.is_valid({"text": "x"})
    assert not body.is_valid({"limit": 0})
    assert answers["200"].is_valid([{"isbn": "1" * 13, "parts": [{"isbn": "2" * 13}]}])
    assert not answers["200"].is_valid([{"isbn": "1" * 13, "parts": [{}]}])
    assert not answers["200"].is_valid([{"isbn": "1" * 13 + "\n"}])


@pytest.mark.parametrize("name", NAMES)
def test_places_are_true(name: str) -> None:
    """Every place of a contract names a line on which its key, or the start of its item, stands."""
    found = contract(SPECS, name)

    assert found.places
    for pointer, place in found.places.items():
        key = pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
        path = Path(place.file) if Path(place.file).exists() else SPECS.parents[2] / place.file
        line = path.read_text("utf-8").splitlines()[(place.line or 0) - 1]
        moved = "$ref" in line
        assert key in line or key.isdigit() or moved, (pointer, place, line)
