"""Members that were not sent, and that the answer has to have."""

from typing import Any

import pytest
from tests.mock.specs import TEXT, answers, content, echoing, problems, taking

from leadline_mock import World


@pytest.mark.parametrize(
    ("member", "back"),
    [
        ({"type": ["string", "null"]}, None),
        ({"type": "array", "items": TEXT}, []),
        ({"type": "array", "default": [1]}, []),
        ({"type": ["array", "null"]}, None),
        ({"type": "array", "items": {"type": "integer"}, "minItems": 1}, [0]),
        ({"type": "string", "format": "date"}, "2024-01-01"),
        ({"enum": ["new", "old"]}, "new"),
        (True, None),
    ],
)
def test_least_that_is_allowed(serve: Any, member: Any, back: Any) -> None:
    """A required member that nobody sent is null, else empty, else a value that fits."""
    got = {"type": "object", "required": ["a", "b"], "properties": {"a": member, "c": member}}
    client = serve(taking(content({}), answers(echoing("$request.body", got))))

    assert client.post("/a", json={"b": 1}).json == {"got": {"b": 1, "a": back}}
    assert client.post("/a", json={"a": back, "b": 1}).json == {"got": {"b": 1, "a": back}}


def test_optional_members_stay_absent(serve: Any) -> None:
    """A member that is not required is absent, even where it might be null."""
    got = {"type": "object", "properties": {"a": {"type": ["string", "null"]}}}
    client = serve(taking(content({}), answers(echoing("$request.body", got))))

    assert client.post("/a", json={}).json == {"got": {}}


def test_member_that_one_kind_requires(serve: Any) -> None:
    """Of several kinds of object, the one that was sent says what is required."""
    cat = {"required": ["lives"], "properties": {"kind": {"const": "cat"}, "lives": {"const": 9}}}
    dog = {"required": ["pack"], "properties": {"kind": {"const": "dog"}, "pack": {"const": 3}}}
    got = {"type": "object", "required": ["kind"], "oneOf": [cat, dog]}
    client = serve(taking(content({}), answers(echoing("$request.body", got))))

    assert client.post("/a", json={"kind": "dog"}).json == {"got": {"kind": "dog", "pack": 3}}


def test_server_values_are_no_samples(serve: Any) -> None:
    """What the server assigns is assigned, and not taken for missing."""
    got = {
        "type": "object",
        "required": ["id", "tags"],
        "properties": {
            "id": {"type": "integer", "readOnly": True, "x-server-value": "sequence"},
            "tags": {"type": "array"},
        },
    }
    client = serve(taking(content({}), answers(echoing("$request.body", got))))

    assert [client.post("/a", json={}).json["got"] for _ in range(2)] == [
        {"id": 1, "tags": []},
        {"id": 2, "tags": []},
    ]


def test_what_cannot_be_completed(serve: Any) -> None:
    """Where what was sent breaks the answer, a required member does not cover that up."""
    got = {"type": "object", "required": ["a"], "properties": {"a": TEXT, "b": TEXT}}
    client = serve(taking(content({}), answers(echoing("$request.body", got))))
    response = client.post("/a", json={"b": 5})

    assert response.status_code == 500
    assert ("/got/b", "got.b: in the answer, must be a string, not 5") in problems(response)


def test_depth_goes_with_it(serve: Any) -> None:
    """A required member that was not sent does not keep relations from being populated."""
    got = {
        "type": "object",
        "required": ["a"],
        "properties": {
            "a": {"type": "array"},
            "b": {"x-relation": "b", "anyOf": [{"type": "integer"}, {"type": "object"}]},
        },
    }
    depth = {"name": "depth", "in": "query", "schema": {"type": "integer"}}
    client = serve(
        taking(content({}), answers(echoing("$request.body", got)), parameters=[depth]),
        surroundings=World(),
    )

    assert client.post("/a?depth=1", json={"b": 1}).json == {"got": {"a": [], "b": {"id": 1}}}


def test_in_warn_mode_the_rest_is_there(serve: Any) -> None:
    """Beside a value that is not valid and answered all the same, what is required is not left out."""
    member = {"type": ["string", "null"]}
    got = {"type": "object", "required": ["a", "b"], "properties": {"a": member, "b": member}}
    paths = taking(content({"properties": {"a": TEXT}}), answers(echoing("$request.body", got)))
    client = serve(paths, surroundings=World(mode="warn"))

    assert client.post("/a", json={"a": 5}).json == {"got": {"a": 5, "b": None}}
