"""`Prefer`: callers choose which documented answer they get."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.mock.specs import KEY, TEXT, answers, content, echoing, problems, taking

from leadline_mock import World, prefer

PET = {"type": "object", "required": ["name"], "properties": {"name": TEXT}}
REX, ADA = {"name": "Rex"}, {"name": "Ada"}
GONE = {"type": "object", "required": ["detail"], "properties": {"detail": TEXT}}
PETS = {
    "/pet": {
        "get": {
            "responses": {
                **answers(PET, examples={"rex": {"value": REX}, "ada": {"value": ADA}}),
                **answers(GONE, "404", examples={"gone": {"value": {"detail": "It ran away."}}}),
                **answers(GONE, "4XX"),
                **answers(GONE, "503", example={"detail": "Come back later."}),
                "202": {"description": "nothing to tell"},
            }
        }
    }
}


@pytest.fixture
def get(serve: Any) -> Any:
    """Gets a pet, with the header fields that are given."""
    client = serve(PETS)
    return lambda *headers: client.get("/pet", headers=[("Prefer", one) for one in headers])


def told(response: Any) -> Any:
    """Status, body and what was applied."""
    return response.status_code, response.json, response.headers.get("Preference-Applied")


# --- Codes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "body"),
    [
        (200, REX),
        (404, {"detail": "It ran away."}),
        (503, {"detail": "Come back later."}),
        (202, None),
    ],
)
def test_code(get: Any, code: int, body: Any) -> None:
    """A code gets the answer that is documented for it, with its first example."""
    response = get(f"code={code}")

    assert told(response) == (code, body, f"code={code}")
    assert "Prefer" in response.headers["Vary"]


@pytest.mark.parametrize(
    "headers",
    [
        ["code=404"],
        ['CODE="404"'],
        ["code = 404 ; note=x"],
        ["handling=lenient, code=404"],
        ["wait=10", "code=404"],
        ['note="a, code=200", code=404'],
        ["code=404, code=200"],
        ['code="4\\04"'],
        [",, code=404,"],
    ],
)
def test_ways_to_write_it(get: Any, headers: list[str]) -> None:
    """Case, quotes, parameters, lists and several header fields are read as RFC 7240 has them."""
    assert told(get(*headers)) == (404, {"detail": "It ran away."}, "code=404")


@pytest.mark.parametrize("header", ["", "respond-async", "wait=10; code=404", "codes=404", '"'])
def test_unknown_preferences_are_ignored(get: Any, header: str) -> None:
    """What is no preference of ours changes nothing, and is not told as applied."""
    assert told(get(header)) == (200, REX, None)


def test_code_of_a_range(get: Any) -> None:
    """A range covers its codes; without an example the body says in the API's shape why it is there."""
    assert told(get("code=418")) == (
        418,
        {"detail": "this answer was asked for with `Prefer: code=418`"},
        "code=418",
    )


def test_code_of_default(serve: Any) -> None:
    """`default` covers every code, and a code that has no body gets none."""
    client = serve(
        {"/a": {"get": {"responses": answers(GONE, "default", example={"detail": "x"})}}}
    )
    teapot = client.get("/a", headers={"Prefer": "code=418"})

    assert (teapot.status_code, teapot.json) == (418, {"detail": "x"})
    for header in ("code=204", "code=204, example=example"):
        empty = client.get("/a", headers={"Prefer": header})
        assert (empty.status_code, empty.data, empty.content_type) == (204, b"", None)


def test_code_of_an_error_in_plain_text(serve: Any) -> None:
    """An error that is documented as text is one sentence."""
    paths = {"/a": {"get": {"responses": answers(TEXT, "500", media="text/plain")}}}
    response = serve(paths).get("/a", headers={"Prefer": "code=500"})

    assert response.text == "this answer was asked for with `Prefer: code=500`"


def test_code_of_a_success_without_example(serve: Any) -> None:
    """A success without an example is composed: it echoes, and the server assigns its values."""
    made = echoing("$request.body", PET)
    made["properties"]["id"] = {"type": "integer", "x-server-value": "sequence"}
    client = serve(taking(content({}), {**answers(TEXT), **answers(made, "201")}))
    response = client.post("/a", json=REX, headers={"Prefer": "code=201"})

    assert told(response) == (201, {"got": REX, "id": 1}, "code=201")


def test_undocumented_code(get: Any, serve: Any) -> None:
    """A code that is not documented is a 400 in the API's own shape that names those that are."""
    problem = "GET /pet documents no answer with the status 500; there is: 200, 404, 4XX, 503, 202"
    response = get("code=500")

    assert (response.status_code, response.json) == (400, {"detail": f"Prefer: {problem}"})
    assert "Preference-Applied" not in response.headers


# --- Examples ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "status", "body"),
    [
        ("example=ada", 200, ADA),
        ("example=gone", 404, {"detail": "It ran away."}),
        ("example=ada, code=200", 200, ADA),
        ("example=example", 503, {"detail": "Come back later."}),
    ],
)
def test_example(get: Any, header: str, status: int, body: Any) -> None:
    """An example is answered with the status that it is documented for, the success first."""
    applied = ", ".join(sorted(header.split(", ")))

    assert told(get(header)) == (status, body, applied)


def test_example_is_verbatim(serve: Any) -> None:
    """An example is what the document says: nothing is echoed, assigned or populated in it."""
    made = echoing("$request.body", {})
    made["properties"]["id"] = {"type": "integer", "x-server-value": "sequence"}
    example = {"got": "of the document", "id": 77}
    client = serve(taking(content({}), answers(made, examples={"a b": {"value": example}})))
    response = client.post("/a", json="sent", headers={"Prefer": 'example="a b"'})

    assert told(response) == (200, example, 'example="a b"')


def test_example_of_default(serve: Any) -> None:
    """An example of `default` beside a success is an error."""
    paths = {"/a": {"get": {"responses": {**answers(TEXT), **answers({}, "default", example=1)}}}}
    response = serve(paths).get("/a", headers={"Prefer": "example=example"})

    assert told(response) == (500, 1, "example=example")


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("example=rexx", "; there is: `rex`, `ada`, `gone`, `example`; did you mean `rex`?"),
        ("example=rexx, code=404", " for 404; there is: `gone`"),
        ("example=rexx, code=418", " for 418, nor any other"),
    ],
)
def test_unknown_example(get: Any, header: str, problem: str) -> None:
    """An example that is not documented is a 400 that names those that are, the closest too."""
    response = get(header)
    said = f"Prefer: GET /pet documents no example `rexx`{problem}"

    assert (response.status_code, response.json) == (400, {"detail": said})


# --- Mistakes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("code=abc", "code=abc"),
        ("code=100", "code=100"),
        ("code", "code="),
        ("code=404 example=gone", "code=404 example=gone"),
        ("example=", "example="),
        ('example=""', "example="),
        ("dynamic=maybe", "dynamic=maybe"),
        ("dynamic", "dynamic="),
    ],
)
def test_values_that_mean_nothing(get: Any, header: str, value: str) -> None:
    """A value that cannot be read is a 400 that shows it."""
    response = get(header)

    assert response.status_code == 400
    assert response.json["detail"].startswith(f"Prefer: `{value}` is no preference: ")


def test_all_mistakes_at_once(serve: Any) -> None:
    """Everything that is wrong with the preferences is told."""
    response = serve({"/a": {"get": {"responses": answers(TEXT)}}}).get(
        "/a", headers={"Prefer": "dynamic=1, code=x"}
    )

    assert [detail for _, detail in problems(response)] == [
        "Prefer: `code=x` is no preference: code is a status from 200 to 599",
        "Prefer: `dynamic=1` is no preference: dynamic is true or false",
    ]


def test_broken_request_is_refused_all_the_same(client: Any) -> None:
    """Whatever a request prefers, it has to keep the contract."""
    headers = {"Authorization": KEY, "Prefer": "code=200"}
    broken = client.post("/api/leads", json={"year": "x"}, headers=headers)
    keyless = client.post("/api/leads", json={}, headers={"Prefer": "code=200"})

    assert (broken.status_code, broken.json["errors"][0]["field"]) == (400, "year")
    assert keyless.status_code == 401


def test_warn_honours_preferences(serve: Any) -> None:
    """In the mode that warns, a broken request gets what it prefers, and is told what is wrong."""
    paths = taking(content({"type": "integer"}), {**answers({}), **answers(GONE, "404")})
    client = serve(paths, surroundings=World(mode="warn"))
    response = client.post("/a", json="x", headers={"Prefer": "code=404"})
    wrong = client.post("/a", json=1, headers={"Prefer": "code=x"})

    assert (response.status_code, wrong.status_code) == (404, 400)
    assert json.loads(response.headers["Leadline-Violations"])[0]["keyword"] == "type"


@given(st.text(st.characters(max_codepoint=255), max_size=40))
def test_any_header_is_read_or_refused(text: str) -> None:
    """No header makes the reader fail, and what it has read is told in words that it reads again."""
    try:
        wanted = prefer.read(f"example=x{text}")
    except prefer.Unmet:
        return
    (_, applied), _ = wanted.applied

    assert applied.isascii()
    if wanted.example and wanted.example.isascii():
        assert prefer.read(applied) == wanted


@given(st.text('ab=,;"\\ codexampl4', max_size=60))
def test_odd_punctuation(text: str) -> None:
    """Commas, quotes and backslashes in any order do not hide a preference that stood before them."""
    try:
        code = prefer.read(f"code=404,{text}").code
    except prefer.Unmet:
        code = 404  # another preference is refused

    assert code == 404


# --- Made-up values ---------------------------------------------------------------------------------


def test_dynamic_keeps_what_was_sent(client: Any) -> None:
    """With `dynamic=true` what was sent comes back, the server assigns, and all else is made up."""
    sent = {"firstName": "Ada", "searches": [3, 1, 3], "createdAt": "long ago"}
    headers = {"Authorization": KEY, "Prefer": "dynamic=true"}
    first, second = (client.post("/api/leads", json=sent, headers=headers).json for _ in range(2))

    assert {name: first["doc"][name] for name in sent} == sent
    assert first["doc"]["updatedAt"] == "2026-01-02T12:00:00.000Z"
    assert second["doc"]["id"] == first["doc"]["id"] + 1
    assert "@" in first["doc"]["email"]
    assert "<string>" not in json.dumps(first)
    assert first["doc"]["email"] != second["doc"]["email"]


@pytest.mark.parametrize(("switched", "header"), [(True, "dynamic=false"), (False, None)])
def test_not_dynamic(serve: Any, switched: bool, header: str | None) -> None:
    """`dynamic=false` switches made-up values off, and without a header they are as the world says."""
    client = serve(PETS, surroundings=World(dynamic=switched))
    plain = client.get("/pet", headers={"Prefer": header} if header else {})
    made = client.get("/pet", headers={} if switched else {"Prefer": "dynamic=TRUE"})

    assert told(plain) == (200, REX, header)
    assert made.json["name"] not in {"Rex", "Ada"}


def test_dynamic_code(get: Any) -> None:
    """With a code, `dynamic=true` makes values up in place of the example; a named example stays."""
    made, named = get("dynamic=true, code=404"), get("dynamic=true, code=404, example=gone")

    assert made.status_code == 404
    assert made.headers["Preference-Applied"] == "code=404, dynamic=true"
    assert made.json["detail"] != "It ran away."
    assert named.json == {"detail": "It ran away."}


@pytest.mark.parametrize(
    ("preference", "applied"),
    [
        ("example=ada, dynamic=true", "example=ada"),
        ("example=ada, dynamic=false", "example=ada, dynamic=false"),
        ("code=202, dynamic=true", "code=202"),
    ],
)
def test_what_was_not_made_up_is_not_told_so(get: Any, preference: str, applied: str) -> None:
    """A named example, or no body, has nothing made up in it, and the answer does not say so."""
    assert get(preference).headers["Preference-Applied"] == applied


def test_dynamic_world_serves_examples_by_code(serve: Any) -> None:
    """Where the world makes values up, an answer that is asked for by its code is the example still."""
    client = serve(PETS, surroundings=World(dynamic=True))

    assert client.get("/pet", headers={"Prefer": "code=200"}).json == REX


def test_dynamic_answer_that_cannot_be(serve: Any) -> None:
    """Where what was sent does not go with made-up members, the answer is as if nothing was made up."""
    got = {"type": "object", "maxProperties": 1, "properties": {"a": TEXT, "b": {"const": 5}}}
    made = echoing("$request.body", got)
    made["properties"]["note"] = TEXT
    made["not"] = {"required": ["note"], "properties": {"got": {"required": ["x"]}}}
    client = serve(taking(content({}), answers(made)))
    response = client.post("/a", json={"x": 1}, headers={"Prefer": "dynamic=true"})
    other = client.post("/a", json={"b": 5}, headers={"Prefer": "dynamic=true"})

    assert told(response) == (200, {"got": {"x": 1}}, "dynamic=true")
    assert (other.json["got"], set(other.json)) == ({"b": 5}, {"got", "note"})


def test_contradiction_honours_nothing(serve: Any) -> None:
    """Where the contract contradicts itself, the answer says so, and not that a preference was honoured."""
    client = serve(taking(content({}), answers(echoing("$request.body", TEXT))))
    response = client.post("/a", json=5, headers={"Prefer": "dynamic=false"})

    assert told(response)[::2] == (500, None)
