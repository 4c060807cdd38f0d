"""Mocks of other documents: what they answer."""

from typing import Any

import pytest
from tests.mock.specs import OK, TEXT, answers, content, echoing, problems, taking

from leadline_mock import Ids

# --- Answers --------------------------------------------------------------------------------------


def test_example_is_served(serve: Any) -> None:
    """Where nothing is echoed, the documented example is the answer."""
    pets = [{"name": "Rex"}, {"name": "Ada"}]
    client = serve({"/pets": {"get": {"responses": answers({"type": "array"}, example=pets)}}})
    head = client.head("/pets")

    assert (client.get("/pets").status_code, client.get("/pets").json) == (200, pets)
    assert (head.status_code, head.data, head.content_type) == (200, b"", "application/json")


def test_sample_is_served(serve: Any) -> None:
    """Without an example, a value of the schema is the answer."""
    pet = {
        "type": "object",
        "required": ["name", "born"],
        "properties": {"name": {"const": "Rex"}, "born": {"type": "string", "format": "date"}},
    }
    client = serve({"/pets": {"get": {"responses": answers(pet)}}})

    assert client.get("/pets").json == {"name": "Rex", "born": "2024-01-01"}


def test_documented_head(serve: Any) -> None:
    """An own HEAD operation answers HEAD, not that of GET."""
    operations = {"get": {"responses": OK}, "head": {"responses": {"204": {"description": "-"}}}}
    client = serve({"/a": operations})

    assert [client.get("/a").status_code, client.head("/a").status_code] == [200, 204]


@pytest.mark.parametrize(
    ("responses", "status"),
    [
        ({"204": {"description": "none"}}, 204),
        ({"404": {"description": "no"}, "201": {"description": "made"}}, 201),
        ({"2XX": {"description": "any"}}, 200),
        ({"default": {"description": "any"}}, 200),
        ({"303": {"description": "there"}}, 303),
        ({"404": {"description": "no"}}, 200),
    ],
)
def test_answer_without_a_body(serve: Any, responses: Any, status: int) -> None:
    """The first documented yes is the status; without `content` there is no body and no type."""
    response = serve({"/a": {"delete": {"responses": responses}}}).delete("/a")

    assert (response.status_code, response.data, response.content_type) == (status, b"", None)


@pytest.mark.parametrize(
    ("media", "schema", "sent", "body"),
    [
        ("application/vnd.api+json", {"const": 1}, "application/vnd.api+json", b"1"),
        ("application/json; charset=utf-8", {"const": 1}, "application/json; charset=utf-8", b"1"),
        ("*/*", {"const": {"a": 1}}, "application/json", b'{"a":1}'),
        ("application/*", None, "application/json", b"null"),
        ("text/*", {"const": "é"}, "text/plain; charset=utf-8", "é".encode()),
        ("text/html", {"const": "<p>"}, "text/html; charset=utf-8", b"<p>"),
        ("application/xml", {"type": "object"}, "application/xml", b"{}"),
    ],
)
def test_representations(serve: Any, media: str, schema: Any, sent: str, body: bytes) -> None:
    """The answer is of the documented type, and of a concrete one where a range is documented."""
    response = serve({"/a": {"get": {"responses": answers(schema, media=media)}}}).get("/a")

    assert (response.headers["Content-Type"], response.data) == (sent, body)


def test_json_is_preferred(serve: Any) -> None:
    """Of several representations the JSON one is served; `Accept` does not matter."""
    both = {"description": "ok", "content": {"text/plain": {}, "application/json": {"example": 1}}}
    client = serve({"/a": {"get": {"responses": {"200": both}}}})

    assert client.get("/a", headers={"Accept": "text/plain"}).json == 1


def test_required_headers_are_sent(serve: Any) -> None:
    """A header that an answer requires is there, with a value that fits; others are not made up."""
    headers = {
        "X-Rate": {"required": True, "schema": {"type": "integer", "minimum": 5}},
        "X-Text": {"required": True, "schema": {"const": "two\nlines é"}},
        "X-Maybe": {"schema": TEXT},
    }
    answered = {"200": {"description": "ok", "headers": headers}}
    found = serve({"/a": {"get": {"responses": answered}}}).get("/a").headers

    assert {name: found.get(name) for name in headers} == {
        "X-Rate": "5",
        "X-Text": "two lines ?",
        "X-Maybe": None,
    }


IDENTIFIED = {"required": ["id"], "properties": {"id": {"type": "string", "format": "uuid"}}}
LONG = {"properties": {"a": {"type": "integer"}, "b": {"type": "string", "minLength": 2}}}
CONTRADICTION = (
    "the answer to POST /a would break the contract: the contract contradicts itself, "
    "or the response needs an example that fits"
)
INSIDE = "in the answer, must be a string, not 5"


def test_contract_that_contradicts_itself(serve: Any) -> None:
    """What is to be echoed does not fit the answer: 500 says so, and where."""
    made = echoing("$request.body", {"type": "string"})
    client = serve(taking(content({}), answers(made)))
    response = client.post("/a", json=5)

    assert client.post("/a", json="five").json == {"got": "five"}
    assert response.status_code == 500
    assert problems(response) == [("", CONTRADICTION), ("/got", f"got: {INSIDE}")]


def test_answer_of_which_no_sample_is_found(serve: Any) -> None:
    """A schema for which no value is found, and that has no example, is 500 with that hint."""
    hard = {"type": "integer", "minimum": 1, "multipleOf": 7, "allOf": [{"multipleOf": 11}]}
    client = serve({"/a": {"get": {"responses": answers(hard)}}})
    response = client.get("/a")

    assert response.status_code == 500
    assert "needs an example that fits" in response.json["detail"]


@pytest.mark.parametrize(
    "schema",
    [
        {
            "type": "array",
            "minItems": 3,
            "uniqueItems": True,
            "items": {"type": "object"} | IDENTIFIED,
        },
        {"type": "object", "required": ["a"], "dependentRequired": {"a": ["b"]}, **LONG},
    ],
    ids=["different items", "dependent members"],
)
def test_answer_of_which_no_plain_sample_is_found(serve: Any, schema: Any) -> None:
    """Where nothing plain fits, what `dynamic` would make up stands in, and repeats with the seed."""
    paths = {"/a": {"get": {"responses": answers(schema)}}}
    first, second = (serve(paths).get("/a") for _ in range(2))

    assert (first.status_code, first.data) == (200, second.data)


def test_multipart_is_not_guessed_at(serve: Any) -> None:
    """What Leadline does not support is 501 with the reason; other operations answer."""
    form = content({"type": "object", "properties": {"file": TEXT}}, "multipart/form-data")
    client = serve(
        {"/a": {"post": {"requestBody": form, "responses": OK}, "get": {"responses": OK}}}
    )
    ((_, detail),) = problems(client.post("/a"))

    assert (client.post("/a").status_code, client.get("/a").status_code) == (501, 200)
    assert detail == (
        "Leadline cannot mock POST /a: a request body of `multipart/form-data` is not supported"
    )


# --- The vocabulary -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "got"),
    [
        ("$request.body#/a/b", [1, None]),
        ("$request.body#/a/b/1", None),
        ("$request.body#/a~1b", "slash"),
        ("$request.query.x", "1 é"),
        ("$request.query.n", 5),
        ("$request.header.X-H", "h"),
    ],
)
def test_echo_expressions(serve: Any, expression: str, got: Any) -> None:
    """An expression may name a part of the body, or a parameter, which keeps its type."""
    paths = taking(content({}), answers(echoing(expression)))
    number = {"name": "n", "in": "query", "schema": {"type": "integer"}}
    paths["/a"]["post"]["parameters"] = [number]
    response = serve(paths).post(
        "/a?x=1%20%C3%A9&n=5", json={"a": {"b": [1, None]}, "a/b": "slash"}, headers={"X-H": "h"}
    )

    assert response.json == {"got": got}


@pytest.mark.parametrize(
    ("schema", "required", "got"),
    [
        (TEXT, [], {}),
        ({"type": ["string", "null"]}, ["got"], {"got": None}),
        ({"type": "object"}, ["got"], {"got": {}}),
        ({"const": "fixed"}, ["got"], {"got": "fixed"}),
    ],
)
def test_echo_of_what_was_not_sent(serve: Any, schema: Any, required: Any, got: Any) -> None:
    """Nothing to echo: the member is absent, else null, else empty, else as in the example."""
    made = {**echoing("$request.query.x", schema), "required": required}
    client = serve({"/a": {"get": {"responses": answers(made)}}})

    assert (client.get("/a").status_code, client.get("/a").json) == (200, got)


def test_ids_are_not_wasted(serve: Any) -> None:
    """Finding what stands in for something that was not sent costs no ids."""
    made = echoing("$request.query.x", {"type": ["string", "null"]})
    made["required"] = ["got"]
    made["properties"]["id"] = {"x-server-value": "sequence"}
    client = serve({"/a": {"get": {"responses": answers(made)}}})

    assert [client.get("/a").json for _ in range(2)] == [
        {"got": None, "id": 1},
        {"got": None, "id": 2},
    ]


def test_items_of_what_is_no_array(serve: Any) -> None:
    """What items would get does not change a value that turns out not to be an array."""
    item = {"properties": {"id": {"readOnly": True, "x-server-value": "sequence"}}}
    client = serve(taking(content({}), answers(echoing("$request.body", {"items": item}))))

    assert [client.post("/a", json=sent).json["got"] for sent in (5, {"a": 1}, [], [{}, 7])] == [
        5,
        {"a": 1},
        [],
        [{"id": 1}, 7],
    ]


def test_server_values(serve: Any) -> None:
    """Ids and times are the server's, and never those of the example."""
    made = {
        "type": "object",
        "required": ["uuid", "data"],
        "properties": {
            "uuid": {"type": "string", "x-server-value": "uuid"},
            "text": {"type": "string", "x-server-value": "sequence"},
            "mongo": {"type": "string", "pattern": "^[0-9a-f]{24}$", "x-server-value": "sequence"},
            "data": {"type": "object", "properties": {"at": {"x-server-value": "now"}}},
        },
    }
    example = {"uuid": "-", "text": "77", "data": {"at": "long ago", "kept": 1}}
    client = serve({"/a": {"post": {"responses": answers(made, example=example)}}})
    first, second = client.post("/a").json, client.post("/a").json

    assert first == {
        "uuid": Ids(0).uuid(),
        "text": "1",
        "mongo": f"{1:024x}",
        "data": {"at": "2026-01-02T12:00:00.000Z", "kept": 1},
    }
    assert (second["text"], second["mongo"]) == ("2", f"{2:024x}")
    assert second["uuid"] != first["uuid"]


def test_shared_schema_with_read_only_id(serve: Any) -> None:
    """A schema that serves both ways: the id is not asked for, and a sent one does not count."""
    pet = {
        "type": "object",
        "required": ["id", "name"],
        "properties": {
            "id": {"type": "string", "readOnly": True, "x-server-value": "uuid"},
            "name": TEXT,
            "tag": {"type": "string", "x-server-value": "uuid"},
        },
    }
    shared = {"$ref": "#/components/schemas/Pet"}
    made = echoing("$request.body", shared)
    client = serve(taking(content(shared), answers(made)), {"schemas": {"Pet": pet}})
    plain = client.post("/a", json={"name": "Rex"}).json["got"]
    chosen = client.post("/a", json={"name": "Rex", "id": "mine", "tag": "mine"}).json["got"]
    ids = [str(value) for ids in [Ids(0)] for value in (ids.uuid(), ids.uuid(), ids.uuid())]

    assert [plain["id"], plain["tag"], chosen["id"]] == ids
    assert chosen == {"name": "Rex", "id": ids[2], "tag": "mine"}


def test_nothing_is_made_up_inside_an_echo(serve: Any) -> None:
    """An optional object that was not sent does not come into being for the sake of its id."""
    part = {"properties": {"id": {"readOnly": True, "x-server-value": "uuid"}}}
    made = echoing("$request.body", {"type": "object", "properties": {"part": part}})
    client = serve(taking(content({}), answers(made)))

    assert client.post("/a", json={}).json == {"got": {}}
    assert client.post("/a", json={"part": 5}).json == {"got": {"part": 5}}
    assert client.post("/a", json={"part": {}}).json == {"got": {"part": {"id": Ids(0).uuid()}}}
