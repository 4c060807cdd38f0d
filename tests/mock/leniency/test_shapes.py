"""Errors in the shape of an API that tells properties, each once, or in words, and the rest otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from tests.mock.specs import OK, TEXT, answers, content, parameter, taking

BODY = {
    "type": "object",
    "properties": {
        "timeToBuy": {"type": "array", "items": {"enum": ["a", "b"]}},
        "home": {"type": "object", "properties": {"zip_code": TEXT}},
        "year2": {"type": "integer"},
    },
}


def saying(text: str, **more: Any) -> Any:
    """A text of an error."""
    return {**TEXT, "x-violation": text, **more}


def listing(item: Any) -> Any:
    """An error that is a list."""
    return {"type": "array", "items": item}


def fields(**members: Any) -> Any:
    """An object that requires *members*."""
    return {"type": "object", "required": [*members], "properties": members}


def refused(serve: Any, shape: Any, sent: Any, **options: Any) -> Any:
    """What a mock answers that refuses in *shape*."""
    post = taking(content(BODY), {**OK, **answers(shape, "400")})
    post["/a"]["post"]["parameters"] = [
        {**parameter("pageSize", "query", {"type": "integer"}), "required": False}
    ]
    response = serve(post).post("/a", json=sent, **options)

    assert response.status_code == 400
    return response.json


ITEMS = {"timeToBuy": ["x", "y"], "year2": "z", "home": {"zip_code": 5}}


@pytest.mark.parametrize(
    ("item", "told"),
    [
        ("{property}", ["home.zip_code", "timeToBuy", "year2"]),
        ("{property}={words}", ["home.zip_code=Home Zip Code", "timeToBuy=Time To Buy", "year2=Year2"]),
        ("{words}", ["Home Zip Code", "Time To Buy", "Year2"]),
        ("{property}: {location}", ["home.zip_code: body", "timeToBuy: body", "year2: body"]),
        ("{field}", ["home.zip_code", "timeToBuy[0]", "timeToBuy[1]", "year2"]),
        ("{property} {pointer}", [
            "home.zip_code /home/zip_code",
            "timeToBuy /timeToBuy/0",
            "timeToBuy /timeToBuy/1",
            "year2 /year2",
        ]),
    ],
)  # fmt: skip
def test_where_properties_are_told_each_is_told_once(
    serve: Any, item: str, told: list[str]
) -> None:
    """Unless the shape has room for the parts of a property."""
    said = refused(serve, listing(fields(told=saying(item))), ITEMS)

    assert sorted(one["told"] for one in said) == told


def test_properties_and_words_of_all_at_once(serve: Any) -> None:
    """What is outside the innermost list tells every property, each once."""
    inner = fields(path=saying("{property}"), label=saying("{words}"))
    shape = fields(data=listing(inner), text=saying("Invalid: {words} ({property})"))
    said = refused(serve, shape, {"timeToBuy": ["x", "y"], "year2": "z"})

    assert said["text"] in {
        "Invalid: Time To Buy, Year2 (timeToBuy, year2)",
        "Invalid: Year2, Time To Buy (year2, timeToBuy)",
    }
    assert sorted(one["path"] for one in said["data"]) == ["timeToBuy", "year2"]


def test_a_parameter_is_a_property_too(serve: Any) -> None:
    """It is told by its name."""
    shape = listing(fields(told=saying("{words}")))

    assert refused(serve, shape, {}, query_string="pageSize=x") == [{"told": "Page Size"}]


def test_the_branch_is_taken_that_fits_what_there_is_to_tell(serve: Any) -> None:
    """A violation of no property is told in the shape that needs none."""
    named = fields(name={"const": "ValidationError"}, path=saying("{property}", minLength=1))
    shape = fields(errors=listing({"anyOf": [named, fields(message=saying("{message}"))]}))

    (of_value,) = refused(serve, shape, {"year2": "z"})["errors"]
    (of_body,) = refused(serve, shape, [])["errors"]
    assert of_value == {"name": "ValidationError", "path": "year2"}
    assert of_body.keys() == {"message"}


def test_where_no_branch_fits_the_first_with_words_is_taken(serve: Any) -> None:
    """Then the answer may be in another way what the contract says."""
    shape = {"anyOf": [{"const": 1}, fields(path=saying("{property}"))]}

    assert refused(serve, shape, {"year2": "z"}) == {"path": "year2"}
