"""How a refusal is told in the error shapes of other documents."""

import json
from typing import Any

import pytest
from tests.mock.specs import OK, TEXT, answers, content, problems, taking

BODY = {
    "type": "object",
    "required": ["a"],
    "properties": {"a": TEXT, "b": {"type": "integer"}},
}
WRONG = {"b": "x"}
WORDS = {
    "type": "object",
    "properties": {
        "text": {"type": "string", "x-violation": "{location}: {message}"},
        "path": {"type": "string", "x-violation": "{pointer}"},
    },
}
A, B = "a: is required", 'b: must be an integer, not "x"'


def refused(serve: Any, schema: Any, status: str = "400", **members: Any) -> Any:
    """The answer to a body with two violations; what is documented for refusals is *schema*."""
    responses = {**OK, **answers(schema, status, **members)}
    return serve(taking(content(BODY), responses)).post("/a", json=WRONG)


def test_no_documented_errors(serve: Any) -> None:
    """Without documented errors, they are told after RFC 9457."""
    response = serve(taking(content(BODY), OK)).post("/a", json=WRONG)

    assert set(problems(response)) == {("/a", A), ("/b", B)}
    assert (response.status_code, response.json["title"]) == (400, "Bad Request")
    assert set(response.json["detail"].split("; ")) == {A, B}


def test_problem_details_have_every_fact(serve: Any) -> None:
    """What an error shape of an API can tell of a violation, problem details tell as well."""
    items = serve(taking(content(BODY), OK)).post("/a", json=WRONG).json["errors"]

    assert sorted(items, key=lambda item: item["pointer"])[1] == {
        "detail": B,
        "location": "body",
        "field": "b",
        "pointer": "/b",
        "keyword": "type",
        "expected": "an integer",
    }


@pytest.mark.parametrize(
    ("status", "given"),
    [("400", 400), ("422", 422), ("4XX", 400), ("default", 400), ("409", 400)],
)
def test_status_of_refusals(serve: Any, status: str, given: int) -> None:
    """The documented status is used, and its shape; else 400 in the shape of another refusal."""
    response = refused(serve, {"type": "array", "items": WORDS}, status)

    assert response.status_code == given
    assert {item["path"]: item["text"] for item in response.json} == {
        "/a": f"body: {A}",
        "/b": f"body: {B}",
    }


@pytest.mark.parametrize(
    ("sent", "query", "given"),
    [
        (b'{"a": 1}', "", 422),
        (b'{"a": ', "", 400),
        (b"", "", 400),
        (b'{"a": "x", "b": 1}', "?page=x", 400),
        (b'{"a": 1}', "?page=x", 400),
    ],
)
def test_422_beside_400_is_for_what_can_be_read(
    serve: Any, sent: bytes, query: str, given: int
) -> None:
    """A body that breaks its schema is 422; what is no JSON, and parameters, stay 400 (RFC 9110)."""
    shape = {"type": "array", "items": WORDS}
    page = {"name": "page", "in": "query", "schema": {"type": "integer"}}
    body = {**content(BODY), "required": True}
    answered = {**OK, **answers(shape, "400"), **answers(shape, "422")}
    client = serve(taking(body, answered, parameters=[page]))

    response = client.post(f"/a{query}", data=sent, content_type="application/json")

    assert response.status_code == given


@pytest.mark.parametrize(
    ("documented", "given"), [(["400"], 400), (["400", "415"], 415), (["400", "4XX"], 415)]
)
def test_status_of_a_wrong_media_type(serve: Any, documented: list[str], given: int) -> None:
    """A wrong media type is 415, or the documented status that comes nearest."""
    shapes = [answers({"type": "array", "items": WORDS}, status) for status in documented]
    client = serve(
        taking(content(BODY), {**OK, **{k: v for one in shapes for k, v in one.items()}})
    )

    assert client.post("/a", data="x", content_type="text/plain").status_code == given


def test_nested_arrays(serve: Any) -> None:
    """The array nearest to the words has an item for each violation, the outer one has one for all."""
    outer = {
        "type": "object",
        "required": ["name", "status"],
        "properties": {
            "name": {"const": "ValidationError"},
            "status": {"type": "integer"},
            "message": {"type": "string", "x-violation": "{message}"},
            "data": {"type": "array", "items": {"allOf": [WORDS]}},
        },
    }
    shape = {"type": "object", "properties": {"errors": {"type": "array", "items": outer}}}
    ((error,),) = refused(serve, shape).json.values()

    assert {item["path"] for item in error.pop("data")} == {"/a", "/b"}
    assert set(error.pop("message").split("; ")) == {A, B}
    assert error == {"name": "ValidationError", "status": 400}


def test_words_outside_arrays(serve: Any) -> None:
    """Where there is room for one message only, it tells every violation."""
    response = refused(serve, {"anyOf": [{"type": "null"}, {"allOf": [WORDS]}]})

    assert set(response.json["text"].removeprefix("body: ").split("; ")) == {A, B}
    assert "path" not in response.json


def test_shape_that_refers_to_itself(serve: Any) -> None:
    """A recursive error shape is filled one level deep."""
    shape = {
        "type": "object",
        "properties": {
            "say": {"type": "string", "x-violation": "{pointer}"},
            "causes": {"type": "array", "items": {"$ref": "#/components/schemas/E"}},
        },
    }
    responses = {**OK, **answers({"$ref": "#/components/schemas/E"}, "400")}
    client = serve(taking(content(BODY), responses), {"schemas": {"E": shape}})

    assert client.post("/a", json={}).json == {"say": "/a"}


@pytest.mark.parametrize(
    "shape",
    [
        {"properties": {"code": {"type": "integer"}, "message": TEXT}},
        {"properties": {"code": {"type": "integer"}, "message": TEXT}, "required": ["code"]},
        {
            "properties": {"code": {"type": "integer"}, "message": TEXT},
            "example": {"code": 1, "message": "no such pet"},
        },
    ],
)
def test_shape_without_words(serve: Any, shape: Any) -> None:
    """A shape of which we know nothing is filled where its members speak for themselves."""
    response = refused(serve, {"type": "object", **shape})

    assert set(response.json["message"].split("; ")) == {A, B}
    assert (response.status_code, response.json["code"]) == (400, 400)


def test_shape_that_lets_nothing_be_told(serve: Any) -> None:
    """Where the shape is fixed the documented body is given; the header tells the violations."""
    response = refused(serve, {"const": {"message": "bad"}})
    header = json.loads(response.headers["Leadline-Violations"])

    assert response.json == {"message": "bad"}
    assert {one["pointer"] for one in header} == {"/a", "/b"}


def test_documented_problem_details(serve: Any) -> None:
    """Where the contract documents RFC 9457 by itself, its shape is ours."""
    shape = {"type": "object", "required": ["title", "status"], "properties": {"title": TEXT}}
    response = refused(serve, shape, media="application/problem+json")

    assert {pointer for pointer, _ in problems(response)} == {"/a", "/b"}


def test_closed_problem_details(serve: Any) -> None:
    """Where the documented items have no room for more than RFC 9457 shows, they have just that."""
    members = {"detail": TEXT, "pointer": TEXT}
    item = {"type": "object", "additionalProperties": False, "properties": members}
    shape = {"type": "object", "properties": {"errors": {"type": "array", "items": item}}}
    response = refused(serve, shape, media="application/problem+json")

    assert set(problems(response)) == {("/a", A), ("/b", B)}


@pytest.mark.parametrize("schema", [None, {"type": "string"}])
def test_documented_text(serve: Any, schema: Any) -> None:
    """An error documented as text has one violation on each line."""
    response = refused(serve, schema, media="text/plain")

    assert response.content_type == "text/plain; charset=utf-8"
    assert set(response.text.splitlines()) == {A, B}


def test_documented_json_without_schema(serve: Any) -> None:
    """An error documented as some JSON is told after RFC 9457, under the documented type."""
    response = refused(serve, None)

    assert (response.content_type, response.json["status"]) == ("application/json", 400)
    assert {error["detail"] for error in response.json["errors"]} == {A, B}
