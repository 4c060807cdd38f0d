"""Parameters that are wrong, given twice or unreadable, and what is taken of them."""

from __future__ import annotations

from typing import Any

import pytest
from tests.mock.leniency.lenient import getting, got, told
from tests.mock.specs import TEXT, parameter

INTEGER = {"type": "integer", "maximum": 9}
NAMES = {"type": "array", "items": {"enum": ["a", "b"]}}
FILTER = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"n": {**INTEGER, "x-leniency": {"type": {"then": "coerced", "as": 0}}}},
}


def asking(schema: Any, leniency: Any, where: str = "query", **members: Any) -> Any:
    """The parameter `p`."""
    return parameter("p", where, schema, **{"x-leniency": leniency, **members})


QUERIES = [
    (asking(INTEGER, {"type": "coerced"}), "p=%205", 5),
    (asking(INTEGER, {"type": "coerced"}), "p=%2050", 400),
    (asking(INTEGER, {"type": "coerced", "maximum": "error"}), "p=%2050", 500),
    (asking(INTEGER, {"type": "coerced"}), "p=x", 400),
    (asking(INTEGER, {"type": {"then": "coerced", "as": 0}}), "p=x", 0),
    (asking(INTEGER, {"type": "dropped"}), "p=x", None),
    (asking(INTEGER, {"type": "stored"}), "p=x", "x"),
    (asking(INTEGER, {"type": "error"}), "p=x", 500),
    (asking(INTEGER, {"type": {"if": {"const": "x"}, "then": "dropped"}}), "p=y", 400),
    (asking(INTEGER, {"repeated": "dropped"}), "p=1&p=2", None),
    (asking(INTEGER, {"repeated": {"then": "coerced", "as": 7}}), "p=1&p=2", 7),
    (asking(INTEGER, {"repeated": "stored"}), "p=1&p=2", 2),
    (asking(INTEGER, {"repeated": "stored"}), "p=1&p=20", 400),
    (asking(INTEGER, {"repeated": "error"}), "p=1&p=20", 400),
    (asking(INTEGER, {"repeated": "error"}), "p=1&p=2", 500),
    (asking(INTEGER, {"required": "stored"}), "", None),
    (asking(INTEGER, {"required": {"then": "coerced", "as": 4}}), "", 4),
    (asking(TEXT, {"malformed": "dropped"}), "p=%ff", None),
    (asking(TEXT, {"malformed": {"then": "coerced", "as": "?"}}), "p=%ff", "?"),
    (asking(NAMES, {"enum": "dropped"}), "p=a&p=x&p=b", ["a", "b"]),
    (asking(NAMES, {"enum": {"then": "coerced", "as": "b"}}), "p=a&p=x", ["a", "b"]),
    (asking(NAMES, {"enum": "dropped"}, explode=False), "p=a,x", ["a"]),
    (asking(NAMES, {"enum": "error"}), "p=a&p=x", 500),
    (asking(FILTER, {"unknown": "dropped"}, style="deepObject"), "p[n]=x&p[m]=2", {"n": 0}),
    (asking(FILTER, {"unknown": "rejected"}, style="deepObject"), "p[n]=x&p[m]=2", 400),
]


@pytest.mark.parametrize(("taken", "query", "answered"), QUERIES)
def test_what_becomes_of_a_query(serve: Any, taken: Any, query: str, answered: Any) -> None:
    """What is taken counts as if it had been sent, and the rest of the query stays as it is."""
    client = serve(getting(taken, "$request.query.p"))
    response = client.get(f"/a?{query}&other=1")

    assert got(response) == answered
    assert told(response)


@pytest.mark.parametrize(
    ("said", "answered"), [("dropped", None), ({"then": "coerced", "as": 0}, 0)]
)
@pytest.mark.parametrize(
    ("where", "path", "asked", "headers"),
    [
        ("path", "/a/{p}", "/a/x", {}),
        ("header", "/a", "/a", {"P": "x"}),
    ],
)
def test_what_becomes_of_parameters_elsewhere(
    serve: Any, where: str, path: str, asked: str, headers: Any, said: Any, answered: Any
) -> None:
    """Path and headers are no other than the query."""
    taken = asking(INTEGER, {"type": said}, where)
    client = serve(getting(taken, f"$request.{where}.p", path))

    assert got(client.get(asked, headers=headers)) == answered


@pytest.mark.parametrize("said", ["dropped", {"then": "coerced", "as": 0}])
def test_what_becomes_of_a_cookie(serve: Any, said: Any) -> None:
    """A cookie that is wrong is taken, and no other one is lost."""
    client = serve(getting(asking(INTEGER, {"type": said}, "cookie"), "$request.header.Cookie"))

    assert client.get("/a", headers={"Cookie": "p=x; q=y"}).status_code == 200


@pytest.mark.parametrize(
    ("said", "answered"),
    [("dropped", None), ({"then": "coerced", "as": {"n": 1}}, {"n": 1}), ("stored", "{"), ("error", 500)],
)  # fmt: skip
def test_a_parameter_that_should_be_json(serve: Any, said: Any, answered: Any) -> None:
    """What is no JSON is `malformed`."""
    taken = asking(None, {"malformed": said})
    del taken["schema"]
    taken["content"] = {"application/json": {"schema": {"type": "object"}}}

    assert got(serve(getting(taken, "$request.query.p")).get("/a?p={")) == answered


def test_a_refused_parameter_is_refused_as_one(serve: Any) -> None:
    """Where the body is taken all the same, the status is not that of its media type."""
    post = {
        "parameters": [parameter("p", "query", INTEGER)],
        "requestBody": {
            "content": {"application/json": {"schema": {"type": "object"}}},
            "x-leniency": {"media-type": "dropped"},
        },
        "responses": {code: {"description": "an answer"} for code in ("200", "400", "415")},
    }
    client = serve({"/a": {"post": post}})
    statuses = [
        client.post(f"/a?p={value}", data=b"x", content_type="text/plain").status_code
        for value in ("x", "5")
    ]

    assert statuses == [400, 200]
