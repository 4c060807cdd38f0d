"""The models and the JSON Schema agree on what is valid, or `unheld` says where they do not."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError
from tests.models.probes import PROBES
from tests.models.strategies import documents

import leadline_models
from leadline_openapi import Contract, agreement, load, models, writing
from leadline_openapi.jsontext import NotJson, parse
from leadline_openapi.schema import Library, Schema

CONTRACT = load()
FEATURES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "features.yaml").read_text("utf-8")
)
CAUTIOUS = {
    "AnyOfUntyped": "either branch admits anything of the other's type",
    "MultipleFloatOnInteger": "every integer is a multiple of 0.5",
    "PatternBack": "differs only in how `$` is read",
    "PatternBoundary": "differs only beside letters of other scripts",
    "PatternLook": "differs only in how `$` is read",
    "PatternSpace": "differs in few exotic spaces",
}
"""Features that are named although no probe tells models and schema apart, with the reason."""


def schema_of(name: str) -> Schema:
    """The schema that speaks of the documents of the model *name*, as it is used in the contract."""
    [operation] = CONTRACT.operations
    assert operation.body is not None
    answer = operation.answer_for(200)
    refusal = operation.answer_for(400)
    assert answer is not None
    assert refusal is not None
    libraries = {
        "LeadRequest": operation.body.content[0].schema,
        "LeadConfirmation": answer.body.content[0].schema,
        "Errors": refusal.body.content[0].schema,
    }
    used = libraries.get(name, libraries["LeadConfirmation"])
    assert used is not None
    return Schema(f"/components/schemas/{name}", used.library)


def takes(read: Callable[[Any], object], value: Any) -> bool:
    """Whether *read* makes an instance of *value*."""
    try:
        read(value)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("name", ["LeadRequest", "Lead", "LeadConfirmation", "Errors"])
def test_models_and_schema_agree(name: str) -> None:
    """No document is valid for the one and not for the other, as an object or as JSON text."""
    schema = schema_of(name)
    model: type[BaseModel] = getattr(leadline_models, name)
    verdicts: set[bool] = set()

    @settings(max_examples=200, deadline=None)
    @given(value=documents(schema.source, schema.library.document), ascii_only=st.booleans())
    def agree(value: Any, ascii_only: bool) -> None:
        text = json.dumps(value, ensure_ascii=ascii_only)
        expected = schema.is_valid(value)
        verdicts.add(expected)

        assert takes(model.model_validate, value) is expected
        assert takes(model.model_validate_json, text) is expected

    agree()

    assert verdicts == {True, False}


@pytest.mark.parametrize(
    "text",
    [
        '{"year": NaN}',
        '{"year": Infinity}',
        '{"year": 1e400}',
        '{"unknown": 1e400}',
        '{"year": 1e300}',
        '{"latestEvent": 1e2}',
        '{"latestEvent": 1.5}',
        '{"latestEvent": -0.0}',
        '{"latestEvent": true}',
        f'{{"latestEvent": 1{"0" * 400}}}',
        f'{{"year": 1{"0" * 400}}}',
        f'{{"year": 1{"0" * 5000}}}',
        r'{"notes": "\ud800"}',
        r'{"reason": "\ud800"}',
        '{"notes": "a", "notes": 1}',
        '{"notes": 1, "notes": "a"}',
        '{"first_name": "Ada"}',
        '{"firstName": "Ada"}',
        '{"firstName": null}',
        "\ufeff{}",
        "{} {}",
        "",
        "[]",
        "null",
        "[" * 100_000,
    ],
)
def test_json_text(text: str) -> None:
    """What is JSON, and what numbers it can hold, is read alike by models and mock."""
    try:
        expected = schema_of("LeadRequest").is_valid(parse(text.encode()))
    except NotJson:
        expected = False

    assert takes(leadline_models.LeadRequest.model_validate_json, text) is expected
    assert takes(leadline_models.LeadRequest.model_validate_json, text.encode()) is expected


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e400", "12e-2", f"1{'0' * 400}"])
def test_numbers_where_anything_goes(number: str) -> None:
    """In members that no class describes, too, a number is one that JSON can spell."""
    text = f'{{"errors": [{{"message": "no"}}], "new": [{number}]}}'
    try:
        expected = schema_of("Errors").is_valid(parse(text.encode()))
    except NotJson:
        expected = False

    assert takes(leadline_models.Errors.model_validate_json, text) is expected


def test_bytes_that_are_no_text() -> None:
    """Bytes that are not UTF-8 are an error of validation, as any other."""
    assert not takes(leadline_models.LeadRequest.model_validate_json, b'{"notes": "\xff"}')


def test_a_name_with_an_unpaired_surrogate() -> None:
    """The one known difference: Pydantic has no such names. It refuses them, nothing breaks."""
    answer = {"errors": [{"message": "no"}], "\ud800": 1}

    assert schema_of("Errors").is_valid(answer)
    assert not takes(leadline_models.Errors.model_validate, answer)


def test_nothing_of_the_contract_is_unheld() -> None:
    """The models hold every keyword of the leads contract."""
    assert agreement.unheld(CONTRACT) == ()


@pytest.fixture(scope="module")
def featured(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """A contract of one schema for each feature."""
    spec = tmp_path_factory.mktemp("features") / "features.json"
    schemas = {name: feature["schema"] for name, feature in FEATURES.items()}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Features", "version": "1"},
        "paths": {},
        "components": {"schemas": schemas},
    }
    spec.write_text(json.dumps(document), "utf-8")
    return load(spec)


def test_unheld_features_are_named(featured: Contract) -> None:
    """`unheld` names, for each feature, the keywords that the table says, and no other."""
    named: dict[str, list[str]] = {}
    for one in agreement.unheld(featured):
        named.setdefault(one.pointer.split("/")[3], []).append(one.keyword)

    assert named == {
        name: feature["unheld"] for name, feature in FEATURES.items() if "unheld" in feature
    }


@pytest.fixture(scope="module")
def models_of_features(featured: Contract, importing: Callable[[Contract], ModuleType]) -> Any:
    """The generated models of the features."""
    return importing(featured)


def test_features_agree_unless_they_are_named(
    featured: Contract, models_of_features: ModuleType
) -> None:
    """
    On thousands of probes, models and schema differ where the table says so, not elsewhere.

    And the models take too much, never too little, but for a `type` that they take for granted.
    """
    library = Library(dict(featured.document))
    tight, loose = set(), set()
    for name in FEATURES:
        schema = Schema(f"/components/schemas/{name}", library)
        adapter: TypeAdapter[Any] = TypeAdapter(getattr(models_of_features, name))
        read = partial(adapter.validate_python, by_name=False)
        verdicts = {(takes(read, probe), schema.is_valid(probe)) for probe in PROBES}
        tight |= {name} if (False, True) in verdicts else set()
        loose |= {name} if (True, False) in verdicts else set()

    assert tight | loose == {n for n in FEATURES if "unheld" in FEATURES[n]} - CAUTIOUS.keys()
    assert tight == {name for name in FEATURES if "type" in FEATURES[name].get("unheld", ())}


def test_the_models_of_features_are_typed(featured: Contract, tmp_path: Path) -> None:
    """Whatever is narrowed, and by whatever: a type checker that is strict finds nothing."""
    writing.write(models.generate(featured), tmp_path / "made")
    command = [sys.executable, "-m", "mypy", "--strict", f"--cache-dir={tmp_path}", "made"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
