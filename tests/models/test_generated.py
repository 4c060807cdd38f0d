"""The committed models of the leads contract: up to date, and pleasant to use."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import MISSING, BaseModel, ValidationError
from tests.conftest import ROOT

import leadline_models
from leadline_models import CreateLeadQuery, Lead, LeadConfirmation, LeadRequest, TimeToPurchase
from leadline_openapi import Contract, models, writing
from leadline_openapi.jsontext import same

FOLDER = ROOT / "generated" / "leadline_models"


def test_the_committed_models_are_up_to_date(contract: Contract) -> None:
    """What is committed is what the contract gives today."""
    assert writing.drift(models.generate(contract), FOLDER) == ""


def test_the_header_names_where_the_code_comes_from(contract: Contract) -> None:
    """Source, digest, the generator's versions and command stand at the top of every file."""
    for path in FOLDER.glob("*.py"):
        head = path.read_text("utf-8").splitlines()[:4]

        assert head[0] == models.HEADER
        assert head[1] == f"# Contract:   leads.yaml, sha256 {contract.digest}"
        assert re.fullmatch(
            r"# Generator:  leadline [\d.]+, datamodel-code-generator [\d.]+, ruff [\d.]+", head[2]
        )
        assert head[3] == "# Regenerate: leadline generate"


def test_nothing_in_the_code_tells_the_machine_or_the_time() -> None:
    """No path, no date and no carriage return gets into the files."""
    for path in FOLDER.glob("*.py"):
        text = path.read_bytes().decode()

        assert "\r" not in text
        assert not re.search(r"20\d\d-\d\d|timestamp:|site-packages|/(home|root|tmp|work)/", text)
        assert str(ROOT) not in text


def test_the_documented_request_round_trips(page_body: bytes) -> None:
    """The page's example body is taken, and dumped as the same JSON, names and order included."""
    lead = LeadRequest.model_validate_json(page_body)
    sent = json.loads(page_body)

    assert list(lead.model_dump()) == list(sent)
    assert same(lead.model_dump(mode="json"), sent)
    assert same(json.loads(lead.model_dump_json()), sent)


def test_the_documented_answer_round_trips(contract: Contract) -> None:
    """The example answer is taken, and dumped as the same JSON."""
    answer = contract.operations[0].answer_for(200)
    assert answer is not None
    for example in answer.body.content[0].examples.values():
        assert same(LeadConfirmation.model_validate(example).model_dump(), example)


def test_missing_is_not_null() -> None:
    """A member that was not sent is MISSING and stays out of the dump; null is None and stays in."""
    times = {"id": 1, "createdAt": "a", "updatedAt": "b"}
    absent = Lead.model_validate(times)
    empty = Lead.model_validate({**times, "notes": None})

    assert absent.notes is MISSING
    assert empty.notes is None
    assert absent.model_dump() == times
    assert empty.model_dump() == {"notes": None, **times}


def test_requests_are_strict_and_answers_tolerant() -> None:
    """A request with an unknown member is refused; an answer keeps it."""
    answer = {"doc": {"id": 1, "createdAt": "a", "updatedAt": "b", "new": [1]}, "message": "ok"}

    with pytest.raises(ValidationError):
        LeadRequest.model_validate({"new": [1]})
    assert LeadConfirmation.model_validate(answer).model_dump() == answer


def test_a_lead_is_made_by_its_wire_names() -> None:
    """The constructor takes the names of the contract, as objects do."""
    lead = LeadRequest(firstName="Ada", timeToPurchase=["ASAP", "Asap", "asap"], year=2024)

    assert lead.model_dump_json() == (
        '{"firstName":"Ada","timeToPurchase":["ASAP","Asap","asap"],"year":2024}'
    )


@pytest.mark.parametrize("number", [12, 12.5, 2**70, 1e300])
def test_numbers_keep_their_value(number: float) -> None:
    """An integer in a number field stays an integer, however large."""
    lead = LeadRequest.model_validate({"year": number})

    for year in (lead.year, lead.model_dump()["year"], json.loads(lead.model_dump_json())["year"]):
        assert year == number
        assert type(year) is type(number)


def test_values_that_differ_in_case_are_distinct(contract: Contract) -> None:
    """Every value of the enum is accepted as it is written, and no other spelling of one."""
    listed = contract.document["components"]["schemas"]["TimeToPurchase"]["enum"]
    assert list(get_args(TimeToPurchase.__value__)) == listed

    for value in listed:
        assert LeadRequest.model_validate({"timeToPurchase": [value]}).timeToPurchase == [value]
    with pytest.raises(ValidationError):
        LeadRequest.model_validate({"timeToPurchase": ["aSAP"]})


def test_query_parameters_are_read_from_strings() -> None:
    """A query string's names and texts give typed values."""
    query = CreateLeadQuery.model_validate({"fallback-locale": "en", "depth": "2", "utm": "x"})

    assert query == CreateLeadQuery(fallback_locale="en", depth=2)
    assert query.locale is MISSING
    assert query.model_dump() == {"depth": 2.0, "fallback-locale": "en"}


@pytest.mark.parametrize("depth", ["abc", "nan", "inf", "", "1e400"])
def test_a_query_parameter_of_the_wrong_type_is_refused(depth: str) -> None:
    """What is no number is none as a string either."""
    with pytest.raises(ValidationError):
        CreateLeadQuery.model_validate({"depth": depth})


def test_only_the_wire_name_is_read() -> None:
    """The Python name of `fallback-locale` is for Python, not for requests."""
    assert CreateLeadQuery.model_validate({"fallback_locale": "en"}).fallback_locale is MISSING


def test_every_field_is_documented(contract: Contract) -> None:
    """The contract's descriptions are there at run time, for fields and for classes."""
    schemas: dict[str, Any] = contract.document["components"]["schemas"]
    compared = 0
    for name in leadline_models.__all__:
        model = getattr(leadline_models, name)
        if not isinstance(model, type) or not issubclass(model, BaseModel) or name not in schemas:
            continue
        assert _words(model.__doc__) == _words(schemas[name]["description"])
        for field, schema in schemas[name].get("properties", {}).items():
            told = model.model_fields[field].description
            assert _words(told) == _words(schema.get("description"))
            compared += 1

    assert compared > 2 * 84


def _words(text: str | None) -> list[str]:
    return (text or "").split()


def test_the_public_names_are_all_there() -> None:
    """`__all__` lists a class or alias for every schema, and the parameters of every operation."""
    assert set(leadline_models.__all__) >= {"Lead", "LeadRequest", "Reason", "CreateLeadQuery"}
    for name in leadline_models.__all__:
        assert getattr(leadline_models, name).__module__.startswith("leadline_models.")
    assert (Path(leadline_models.__file__).parent / "py.typed").is_file()
