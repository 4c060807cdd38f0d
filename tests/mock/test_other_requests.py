"""Mocks of other documents: what they take in."""

import base64
import json
from typing import Any

import pytest
from tests.mock.specs import KEY, OK, answers, content, echoing, parameter, problems, taking

from leadline_mock import World

# --- Parameters -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "value"),
    [
        ("a", "a"),
        ("a%20b", "a b"),
        ("%C3%A9", "é"),
        ("a%2Fb", "a/b"),
        ("%252F", "%2F"),
        ("%2f%2F", "//"),
        ("a+b", "a+b"),
        ("a;b=c", "a;b=c"),
    ],
)
def test_path_parameters_with_odd_names(serve: Any, sent: str, value: str) -> None:
    """Names of path parameters need not be identifiers; values arrive decoded, slashes included."""
    names = ["pet-id", "1st", "päth"]
    operation = {
        "parameters": [parameter(name, "path") for name in names],
        "responses": answers(echoing("$request.path.pet-id")),
    }
    client = serve({"/pets/{pet-id}/x.{1st}/{päth}:go": {"get": operation}})
    response = client.get(f"/pets/{sent}/x.y/z:go")

    assert (response.status_code, response.json) == (200, {"got": value})


def test_path_parameter_of_another_type(serve: Any) -> None:
    """A path parameter that does not fit its schema is a violation, and not a missing page."""
    operation = {"parameters": [parameter("id", "path", {"type": "integer"})], "responses": OK}
    client = serve({"/pets/{id}": {"get": operation}})
    response = client.get("/pets/rex")

    assert client.get("/pets/7").status_code == 200
    assert (response.status_code, [pointer for pointer, _ in problems(response)]) == (400, ["/id"])


def test_concrete_path_comes_before_template(serve: Any) -> None:
    """`/pets/mine` is not `/pets/{id}` (OAS 3.1.1 section 4.8.8.2)."""
    by_id = {"parameters": [parameter("id", "path")], "responses": answers({"const": "by id"})}
    client = serve(
        {
            "/pets/{id}": {"get": by_id},
            "/pets/mine": {"get": {"responses": answers({"const": "m"})}},
        }
    )

    assert [client.get(f"/pets/{name}").json for name in ("mine", "yours")] == ["m", "by id"]


def test_encoded_path(serve: Any) -> None:
    """A path that is written percent-encoded in the document is the same path."""
    client = serve({"/caf%C3%A9": {"get": {"responses": OK}}})

    assert [client.get(path).status_code for path in ("/caf%C3%A9", "/café")] == [200, 200]


def test_final_slash_is_part_of_the_path(serve: Any) -> None:
    """A documented final slash is needed: without it there is 404, and no redirection."""
    client = serve({"/pets/": {"get": {"responses": OK}}})
    response = client.get("/pets")

    assert client.get("/pets/").status_code == 200
    assert (response.status_code, "Location" in response.headers) == (404, False)
    assert response.json["detail"].endswith("did you mean /pets/?")


def test_header_and_cookie_parameters(serve: Any) -> None:
    """Headers are found in any case, cookies beside odd ones; each missing one is named."""
    listed = [
        parameter("X-Count", "header", {"type": "integer"}),
        parameter("session", "cookie", {"type": "string", "minLength": 3, "maxLength": 3}),
    ]
    client = serve({"/a": {"get": {"parameters": listed, "responses": OK}}})

    def get(count: str, cookie: str) -> Any:
        headers = {"x-cOUNT": count, "Cookie": cookie}
        return client.get("/a", headers={name: value for name, value in headers.items() if value})

    assert get("3", 'path=/; odd cookie; a[b]=1; session="abc"; {}=x').status_code == 200
    assert [pointer for pointer, _ in problems(get("x", "session=ab"))] == ["/X-Count", "/session"]
    assert problems(get("", "")) == [
        ("/X-Count", "X-Count: is required"),
        ("/session", "session: is required"),
    ]


def test_header_with_several_values(serve: Any) -> None:
    """A header that is repeated is one list (RFC 9110 section 5.3)."""
    numbers = {"type": "array", "items": {"type": "integer"}}
    operation = {
        "parameters": [parameter("X-N", "header", numbers)],
        "responses": answers(echoing("$request.header.X-N", numbers)),
    }
    client = serve({"/a": {"get": operation}})
    response = client.get("/a", headers=[("X-N", "1,2"), ("X-N", "3")])

    assert (response.status_code, response.json) == (200, {"got": [1, 2, 3]})


# --- Credentials ----------------------------------------------------------------------------------

SCHEMES = {
    "header": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "query": {"type": "apiKey", "in": "query", "name": "key"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "sid"},
    "bearer": {"type": "http", "scheme": "bearer"},
    "basic": {"type": "http", "scheme": "Basic"},
}
HEADERS = {
    "header": ("X-Key", KEY),
    "cookie": ("Cookie", f"sid={KEY}"),
    "bearer": ("Authorization", f"Bearer {KEY}"),
}


def guarded(serve: Any, security: Any, **world: Any) -> Any:
    """A client of `GET /a` with the requirement *security*."""
    operation = {"security": security, "responses": OK}
    surroundings = World(keys=(KEY,), **world)
    return serve(
        {"/a": {"get": operation}}, {"securitySchemes": SCHEMES}, surroundings=surroundings
    )


def keyed(client: Any, *names: str) -> Any:
    """The answer to a request with the key under each of the schemes *names*."""
    query = {"key": KEY} if "query" in names else {}
    headers = [HEADERS[name] for name in names if name in HEADERS]
    return client.get("/a", query_string=query, headers=headers)


@pytest.mark.parametrize("name", ["header", "query", "cookie", "bearer"])
def test_each_scheme(serve: Any, name: str) -> None:
    """A key is accepted where its scheme wants it, and nowhere else."""
    client = guarded(serve, [{name: []}])
    statuses = {other: keyed(client, other).status_code for other in (*HEADERS, "query")}

    assert statuses == {other: 200 if other == name else 401 for other in statuses}


@pytest.mark.parametrize(
    "value", ["", "Bearer", "Bearer ", KEY, f"bearer{KEY}", f"Basic {KEY}", f"Bearer {KEY}x"]
)
def test_wrong_bearer(serve: Any, value: str) -> None:
    """A key in another form than the scheme's is not accepted."""
    client = guarded(serve, [{"bearer": []}])

    assert client.get("/a", headers={"Authorization": value}).status_code == 401


def test_alternatives(serve: Any) -> None:
    """One alternative is enough, but all of it; what is told is about the nearest one."""
    client = guarded(serve, [{"header": [], "query": []}, {"bearer": []}])
    accepted = [("header", "query"), ("bearer",), ("bearer", "header")]
    told = {
        sent: [pointer for pointer, _ in problems(keyed(client, *sent))]
        for sent in [(), ("header",), ("query",), ("cookie",)]
    }
    wrong = client.get("/a", headers={"Authorization": "Bearer wrong"})

    assert [keyed(client, *sent).status_code for sent in accepted] == [200, 200, 200]
    assert told == {
        (): ["/Authorization"],
        ("header",): ["/key"],
        ("query",): ["/X-Key"],
        ("cookie",): ["/Authorization"],
    }
    assert problems(wrong) == [("/Authorization", "Authorization: the API key is not accepted")]


def test_alternative_that_was_tried_is_told(serve: Any) -> None:
    """Of two alternatives that lack one key each, the one that was tried is told."""
    client = guarded(serve, [{"header": []}, {"bearer": []}])
    wrong = client.get("/a", headers={"Authorization": "Bearer wrong"})

    assert problems(client.get("/a")) == [("/X-Key", "X-Key: the API key is missing")]
    assert problems(wrong) == [("/Authorization", "Authorization: the API key is not accepted")]


def test_alternative_of_which_all_was_tried_is_told(serve: Any) -> None:
    """Two wrong keys that belong together are nearer to what was meant than one that was not sent."""
    client = guarded(serve, [{"bearer": []}, {"header": [], "query": []}])
    wrong = client.get("/a?key=wrong", headers={"X-Key": "wrong"})
    half = client.get("/a", headers={"X-Key": "wrong"})

    for response in (wrong, half):
        assert {pointer for pointer, _ in problems(response)} == {"/X-Key", "/key"}


def test_key_that_is_in_its_place_is_not_in_another(serve: Any) -> None:
    """Where two keys belong together, the one that is there is no misplaced form of the one that is not."""
    response = keyed(guarded(serve, [{"header": [], "query": []}]), "header")

    assert problems(response) == [("/key", "key: the API key is missing")]


@pytest.mark.parametrize("security", [[], [{}], [{"header": []}, {}]])
def test_optional_security(serve: Any, security: Any) -> None:
    """No requirement, or an empty one among others, lets everybody in (OAS 3.1.1 section 4.8.30)."""
    assert keyed(guarded(serve, security)).status_code == 200


def test_key_of_a_query_is_never_told(serve: Any) -> None:
    """A key in the URL, right or wrong, does not come back in an answer, wherever the URL leads."""
    client = guarded(serve, [{"query": []}])
    paths = ["/a?key=wrong-key", f"/a?key=x&key={KEY}x", f"/b?key={KEY}", f"/a?key={KEY}"]
    told = [client.get(path).text + client.post(path).text for path in paths]

    assert not [text for text in told if KEY in text or "wrong-key" in text]


def test_basic_credentials(serve: Any) -> None:
    """Basic credentials are sent as user and password in Base64 (RFC 7617)."""
    pair = "user:password"
    operation = {"security": [{"basic": []}], "responses": OK}
    encoded = base64.b64encode(pair.encode()).decode()
    client = serve(
        {"/a": {"get": operation}},
        {"securitySchemes": SCHEMES},
        surroundings=World(keys=(encoded,)),
    )

    assert client.get("/a", headers={"Authorization": f"Basic {encoded}"}).status_code == 200
    assert client.get("/a", headers={"Authorization": f"Basic {pair}"}).status_code == 401


def test_basic_credentials_that_the_mock_knows_in_plain(serve: Any) -> None:
    """Clients write user and password in Base64; a mock that was given them in plain says so."""
    pair = "user:password"
    surroundings = World(keys=(pair,))
    operation = {"security": [{"basic": []}], "responses": OK}
    client = serve(
        {"/a": {"get": operation}}, {"securitySchemes": SCHEMES}, surroundings=surroundings
    )
    response = client.get("/a", auth=("user", "password"))

    assert response.status_code == 401
    assert "give it the mock in Base64 too" in response.text
    assert pair not in response.text


# --- Bodies that are not one JSON object ----------------------------------------------------------


def test_array_of_documents(serve: Any) -> None:
    """An array comes back item by item, each with an id of its own."""
    item = {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "integer", "readOnly": True, "x-server-value": "sequence"}},
    }
    pets = {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}}
    made = echoing("$request.body", pets)
    client = serve(taking(content(pets), answers(made)), {"schemas": {"Pet": item}})
    first = client.post("/a", json=[{"n": 1}, {"n": 2, "id": 77}])
    second = client.post("/a", json=[{}])

    assert first.json == {"got": [{"n": 1, "id": 1}, {"n": 2, "id": 2}]}
    assert second.json == {"got": [{"id": 3}]}
    assert client.post("/a", json=[]).json == {"got": []}
    assert [pointer for pointer, _ in problems(client.post("/a", json=[{}, 1]))] == ["/1"]


@pytest.mark.parametrize(
    ("media", "sent", "data", "status"),
    [
        ("text/plain", "text/plain", b"hello", 200),
        ("text/plain", "text/plain; charset=latin-1", "é".encode("latin-1"), 200),
        ("text/plain", "text/plain", b"\xff", 400),
        ("text/plain", "text/plain; charset=klingon", b"x", 400),
        ("application/octet-stream", "application/octet-stream", b"\xff\x00", 200),
        ("application/octet-stream", None, b"\xff\x00", 200),
        ("image/*", "image/png", b"\x89PNG", 200),
        ("image/*", "text/plain", b"x", 415),
        ("*/*", None, b"x", 200),
        ("*/*", "application/json", b"{}", 200),
        ("*/*", "application/json", b"{", 400),
        ("*/*", "garbage", b"x", 415),
    ],
)
def test_body_that_is_not_json(
    serve: Any, media: str, sent: str | None, data: bytes, status: int
) -> None:
    """Bytes are taken as bytes, text in its charset, and JSON as JSON even under `*/*`."""
    client = serve(taking(content(media=media), OK))

    assert client.post("/a", data=data, content_type=sent).status_code == status


def test_binary_comes_back_as_text(serve: Any) -> None:
    """Bytes that are echoed into JSON keep what is UTF-8, and lose nothing else."""
    client = serve(taking(content(media="x/y"), answers(echoing("$request.body"))))
    answer = client.post("/a", data=b"\xc3\xa9\xff", content_type="x/y").data

    assert json.loads(answer) == {"got": "é\udcff"}


def test_optional_body(serve: Any) -> None:
    """A body that is not required may be missing: then nothing is echoed."""
    body = {**content({"type": "object"}), "required": False}
    client = serve(taking(body, answers(echoing("$request.body"))))

    assert [client.post("/a").json, client.post("/a", json={"x": 1}).json] == [
        {},
        {"got": {"x": 1}},
    ]


def test_body_nobody_asked_for(serve: Any) -> None:
    """A body of an operation that documents none is not looked at."""
    client = serve({"/a": {"post": {"responses": OK}}})

    assert client.post("/a", data=b"{", content_type="garbage").status_code == 200


# --- Versions -------------------------------------------------------------------------------------


def test_openapi_3_0(serve: Any) -> None:
    """`nullable` and `exclusiveMinimum: true` of OpenAPI 3.0 mean what they meant there."""
    body = {
        "type": "object",
        "properties": {
            "note": {"type": "string", "nullable": True},
            "age": {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
        },
    }
    made = {"type": "object", "properties": {"got": {"type": "object", "x-echo": "$request.body"}}}
    client = serve(taking(content(body), answers(made)), openapi="3.0.3")

    assert client.post("/a", json={"note": None, "age": 1}).json == {
        "got": {"note": None, "age": 1}
    }
    assert [pointer for pointer, _ in problems(client.post("/a", json={"age": 0}))] == ["/age"]


def test_server_path(serve: Any) -> None:
    """Operations live below the path of the first server, its variables filled in."""
    variable = {"v": {"default": "v2"}}
    server = {"url": "https://{v}.example.com/{v}/api/", "variables": variable}
    client = serve({"/a": {"get": {"responses": OK}}}, servers=[server])

    assert [client.get(path).status_code for path in ("/v2/api/a", "/a")] == [200, 404]
