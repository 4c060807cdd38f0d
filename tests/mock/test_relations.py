"""`depth` and `locale`: ids, and the documents that stand for them."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.mock.specs import TEXT, answers, content, taking

from leadline_mock import World
from leadline_mock.relations import MOST
from leadline_openapi import Contract

NODE = "#/components/schemas/Node"
IDS = st.integers(-(2**70), 2**70)
DEPTH = {"name": "depth", "in": "query", "schema": {"type": "number"}}
LOCALES = [{"name": one, "in": "query", "schema": TEXT} for one in ("locale", "fallback-locale")]


def related(name: str, collection: str, *, id_type: str = "integer") -> dict[str, Any]:
    """A property that holds the id of a document of *collection*, or the document itself."""
    branches = [{"type": id_type}, {"$ref": f"#/components/schemas/{name}"}, {"type": "null"}]
    return {"x-relation": collection, "anyOf": branches}


BOOK: dict[str, Any] = {
    "type": "object",
    "required": ["id", "author"],
    "properties": {
        "id": {"type": "integer"},
        "author": related("Author", "authors"),
        "title": {"type": "string", "x-localized": True},
        "pages": {"type": "integer"},
    },
}
AUTHOR = {
    "type": "object",
    "required": ["id", "name", "books"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "integer", "minimum": 1},
        "name": TEXT,
        "books": {"type": "array", "minItems": 1, "items": related("Book", "books")},
    },
}
SCHEMAS = {"schemas": {"Book": BOOK, "Author": AUTHOR}}
SHELF = {
    "x-echo": "$request.body",
    "type": "object",
    "properties": {
        "first": related("Book", "books"),
        "books": {"type": ["array", "null"], "items": related("Book", "books")},
    },
}


def shelf(got: Any = SHELF, depth: Any = DEPTH, **members: Any) -> dict[str, Any]:
    """The paths of a document whose `POST /a` echoes as *got*."""
    answered = answers({"type": "object", "properties": {"got": got}}, **members)
    return taking(content({}), answered, parameters=[depth, *LOCALES])


@pytest.fixture
def post(serve: Any) -> Any:
    """Posts to a mock of the shelf."""
    client = serve(shelf(), SCHEMAS)

    def post(sent: Any, **query: Any) -> Any:
        names = {name.replace("_", "-"): value for name, value in query.items()}
        response = client.post(f"/a?{urlencode(names)}", json=sent)
        assert response.status_code == 200
        return response.json["got"]

    return post


def doc(response: Any) -> Any:
    """The document in an answer of the leads contract."""
    assert response.status == 200
    return json.loads(response.body)["doc"]


# --- The leads contract -----------------------------------------------------------------------------


def test_leads_at_depth_1(ask: Any) -> None:
    """An id becomes an object with that id, a list of ids a list of objects."""
    back = doc(ask({"latestEvent": 123, "searches": [1, 2]}, query="depth=1"))

    assert (back["latestEvent"]["id"], [one["id"] for one in back["searches"]]) == (123, [1, 2])


@pytest.mark.parametrize("query", ["", "depth=0", "depth=-1", "depth=0.9", "depth=-1e300"])
def test_leads_without_depth(ask: Any, query: str) -> None:
    """At depth 0 and below, and where nothing is said, ids are ids."""
    sent = {"latestEvent": 123, "searches": [1, 2]}
    back = doc(ask(sent, query=query))

    assert {name: back[name] for name in sent} == sent


@given(st.lists(IDS, max_size=5), IDS, st.integers(1, 10**6))
def test_leads_keep_order_and_duplicates(
    ask: Any, contract: Contract, ids: list[int], event: int, depth: int
) -> None:
    """Whatever the ids and the depth: each has its object in its place, in an answer that is valid."""
    response = ask({"calls": [*ids, *ids], "latestEvent": event}, query=f"depth={depth}")
    schema = contract.operations[0].answers[0].body.content[0].schema
    back = doc(response)

    assert [one["id"] for one in back["calls"]] == [*ids, *ids]
    assert back["latestEvent"] == {"id": event}
    assert schema is not None
    assert schema.second_opinion(json.loads(response.body))


def test_only_relations_are_populated(ask: Any) -> None:
    """Numbers that are no ids stay numbers, however deep."""
    sent = {"year": 2020, "preApprovalId": "7", "monthlyPayment": 1}
    back = doc(ask(sent, query="depth=5"))

    assert {name: back[name] for name in sent} == sent


# --- Depth ------------------------------------------------------------------------------------------


def test_levels(post: Any) -> None:
    """Each level of depth populates one more level of documents; below them are ids."""
    first = [post({"first": 7}, depth=depth)["first"] for depth in range(4)]
    author = first[2]["author"]

    assert first[0] == 7
    assert first[1] == {**first[2], "author": author["id"]}
    assert all(isinstance(book, int) for book in author["books"])
    assert [book["id"] for book in first[3]["author"]["books"]] == author["books"]


def test_same_document_wherever_it_is_met(post: Any) -> None:
    """An id stands for the same document in every answer and at every place; another id for another."""
    one = post({"first": 7, "books": [7, 8]}, depth=1)
    other = post({"books": [8, 7]}, depth=1)

    assert one["first"] == one["books"][0] == other["books"][1]
    assert one["books"][1] == other["books"][0]
    assert one["books"][1]["title"] != one["first"]["title"]


def test_documents_depend_on_the_seed(serve: Any) -> None:
    """Another seed has other documents; the same one the same, in another mock too."""
    first, again, other = (
        serve(shelf(), SCHEMAS, surroundings=World(seed=seed)).post("/a?depth=9", json={"first": 7})
        for seed in (1, 1, 2)
    )

    assert first.data == again.data != other.data


def test_null_and_documents_stay(post: Any) -> None:
    """Null has no document, and what is a document already is left as it was sent."""
    sent = {"first": None, "books": [None, {"id": 1, "author": 2, "own": True}]}

    assert post(sent, depth=3) == sent
    assert post({"books": None}, depth=3) == {"books": None}
    assert post({}, depth=3) == {}


def test_cycles_are_cut(serve: Any) -> None:
    """A document that is on the way to itself already is an id there."""
    node: dict[str, Any] = {
        "type": "object",
        "required": ["id", "next"],
        "properties": {
            "id": {"enum": [1, 2]},
            "next": {"x-relation": "nodes", "anyOf": [{"enum": [1, 2]}, {"$ref": NODE}]},
        },
    }
    got = {**SHELF, "properties": {"first": node["properties"]["next"]}}
    client = serve(shelf(got), {"schemas": {"Node": node}})
    way, found = [], client.post("/a?depth=10", json={"first": 1}).json["got"]["first"]
    while isinstance(found, dict):
        way.append(found["id"])
        found = found["next"]

    assert found in way
    assert len(way) == len(set(way)) <= 2


def test_depth_is_capped(serve: Any) -> None:
    """No answer is deeper than ten levels, and a huge depth is no error."""
    node = {
        "type": "object",
        "required": ["id", "next"],
        "properties": {"id": {"type": "integer"}, "next": related("Node", "nodes")},
    }
    got = {**SHELF, "properties": {"first": related("Node", "nodes")}}
    client = serve(shelf(got), {"schemas": {"Node": node}})
    levels, found = 0, client.post("/a?depth=1e9", json={"first": 1}).json["got"]["first"]
    while isinstance(found, dict):
        levels, found = levels + 1, found["next"]

    assert levels == 10


def test_documents_are_counted(post: Any) -> None:
    """An answer has so many documents and no more; those nearest to its top go first, then ids stay."""
    ids = list(range(MOST + 5))
    back = post({"books": ids}, depth=9)["books"]

    assert [one["id"] for one in back[:MOST]] == ids[:MOST]
    assert back[MOST:] == ids[MOST:]
    assert all(isinstance(one["author"], int) for one in back[:MOST])


@pytest.mark.parametrize(("default", "kind"), [(1, dict), (0, int), (None, int)])
def test_default_depth(serve: Any, default: Any, kind: type) -> None:
    """Where the request does not say how deep, the default of the parameter does."""
    schema = {"type": "integer", **({} if default is None else {"default": default})}
    client = serve(shelf(depth={**DEPTH, "schema": schema}), SCHEMAS)

    assert isinstance(client.post("/a", json={"first": 1}).json["got"]["first"], kind)
    assert client.post("/a?depth=0", json={"first": 1}).json["got"]["first"] == 1


def test_depth_that_is_not_in_the_contract(serve: Any) -> None:
    """A parameter that the operation does not have decides nothing; one in a header is another one."""
    client = serve(shelf(depth={**DEPTH, "in": "header"}), SCHEMAS)
    response = client.post("/a?depth=1", json={"first": 1}, headers={"depth": "1"})

    assert response.json["got"] == {"first": 1}


def test_depth_that_is_no_number(serve: Any) -> None:
    """Where a wrong depth is only warned of, ids are ids."""
    client = serve(shelf(), SCHEMAS, surroundings=World(mode="warn"))
    wrong = client.post("/a?depth=abc", json={"first": 1})
    right = client.post("/a?depth=1&depth=2", json={"first": 1})

    assert wrong.json["got"] == {"first": 1}
    assert right.json["got"]["first"]["id"] == 1
    assert "Leadline-Violations" in wrong.headers
    assert "Leadline-Violations" in right.headers


# --- Which documents --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("relation", "sent", "back"),
    [
        ({"type": "integer"}, 5, 5),
        ({"type": ["integer", "object"]}, 5, {"id": 5}),
        ({"anyOf": [{"type": "integer"}, {"type": "object", "maxProperties": 0}]}, 5, 5),
        ({"anyOf": [{"type": "boolean"}, {"type": "object"}]}, True, True),
        ({"oneOf": [{"type": "integer"}, {"anyOf": [{"type": "object"}]}]}, 5, {"id": 5}),
        (related("Author", "authors"), 0, 0),
    ],
)
def test_kinds_of_relations(serve: Any, relation: Any, sent: Any, back: Any) -> None:
    """A document stands where its schema has a place for one that has the id; else the id stays."""
    got = {**SHELF, "properties": {"first": {**relation, "x-relation": "books"}}}
    response = serve(shelf(got), SCHEMAS).post("/a?depth=1", json={"first": sent})

    assert response.json["got"] == {"first": back}


@pytest.mark.parametrize(
    ("sent", "id_type", "back"),
    [(5, "string", "5"), ("5", "integer", 5), ("05", "integer", None), ("a", "string", "a")],
)
def test_spelling_of_ids(serve: Any, sent: Any, id_type: str, back: Any) -> None:
    """A document may write its id as text where a relation holds it as a number, and the other way round."""
    book = {"type": "object", "required": ["id"], "properties": {"id": {"type": id_type}}}
    first = {"x-relation": "books", "anyOf": [{"type": ["integer", "string"]}, book]}
    client = serve(shelf({**SHELF, "properties": {"first": first}}))
    found = client.post("/a?depth=1", json={"first": sent}).json["got"]["first"]

    assert found == (sent if back is None else {"id": back})


def test_ids_and_locales_that_are_no_proper_text(serve: Any) -> None:
    """Half a surrogate pair in an id, or bytes that are no UTF-8 in a locale, keep no document away."""
    book = {**BOOK, "properties": {**BOOK["properties"], "id": TEXT}}
    got = {
        "x-echo": "$request.body",
        "properties": {"first": related("Book", "b", id_type="string")},
    }
    schemas = {"schemas": {**SCHEMAS["schemas"], "Book": book}}
    client = serve(shelf(got), schemas, surroundings=World(mode="warn"))
    odd = client.post("/a?depth=1", data=rb'{"first": "\ud800"}', content_type="application/json")
    foreign = client.post("/a?depth=1&locale=%FF", json={"first": "b"})

    assert odd.json["got"]["first"]["id"] == "\ud800"
    assert foreign.json["got"]["first"]["id"] == "b"


def test_numbers_that_are_equal_name_one_document(post: Any) -> None:
    """`1` and `1.0` are the same id."""
    one, other = post({"books": [1, 1.0]}, depth=1)["books"]

    assert one == other


def test_identifying_member(serve: Any) -> None:
    """Without a member `id`, the one that the server assigns is the id."""
    book = {
        "type": "object",
        "properties": {"title": TEXT, "key": {"type": "string", "x-server-value": "uuid"}},
    }
    first = {"x-relation": "books", "anyOf": [{"type": "string"}, book]}
    client = serve(shelf({**SHELF, "properties": {"first": first}}))
    found = client.post("/a?depth=1", json={"first": "abc"}).json["got"]["first"]

    assert (set(found), found["key"]) == ({"title", "key"}, "abc")


def test_answer_stays_valid(serve: Any) -> None:
    """Where documents would break the schema of the answer, ids stay at every depth."""
    plain = {"properties": {"first": {"type": "integer"}}}
    client = serve(shelf({**SHELF, "allOf": [plain]}), SCHEMAS)

    assert client.post("/a?depth=1", json={"first": 1}).json["got"] == {"first": 1}


def test_example_at_depth_0(serve: Any) -> None:
    """An example that holds documents is reduced to ids where the request asks for depth 0, and only then."""
    book = {"id": 4, "author": 5}
    listed = {"type": "array", "items": related("Book", "books")}
    paths = {
        "/a": {"get": {"parameters": [DEPTH], "responses": answers(listed, example=[book, 6])}}
    }
    client = serve(paths, SCHEMAS)

    assert client.get("/a?depth=0").json == [4, 6]
    assert client.get("/a").json == [book, 6]
    assert client.get("/a?depth=1").json[0] == book
    assert client.get("/a?depth=1").json[1]["id"] == 6


def test_made_up_members_are_ids(serve: Any) -> None:
    """Relations that are made up are ids, which are populated as those that were sent."""
    client = serve(shelf(), SCHEMAS, surroundings=World(dynamic=True))
    flat, deep = (client.post(f"/a?depth={one}", json={"books": [1]}).json["got"] for one in (0, 1))

    assert (flat["books"], type(flat["first"])) == ([1], int)
    assert (deep["books"][0]["id"], set(deep["first"])) == (1, set(BOOK["properties"]))


def test_made_up_ids_look_like_ids(serve: Any) -> None:
    """An id is made up as ids are, however the member that refers to the document is called."""
    relation = {"type": "string", "pattern": "^[0-9a-f]{24}$", "x-relation": "books"}
    listed = {"type": "array", "minItems": 3, "uniqueItems": True, "items": relation}
    schema = {"type": "object", "required": ["best"], "properties": {"best": listed}}
    surroundings = World(dynamic=True)
    client = serve({"/a": {"get": {"responses": answers(schema)}}}, surroundings=surroundings)

    assert len({*client.get("/a").json["best"], *client.get("/a").json["best"]}) >= 6


# --- Locales ----------------------------------------------------------------------------------------


def test_stubs_have_a_text_per_locale(post: Any) -> None:
    """In another locale a document has other localized texts; all else of it is the same."""
    english, german, none = (
        post({"first": 7}, depth=1, **query)["first"]
        for query in ({"locale": "en"}, {"locale": "de"}, {})
    )

    assert len({one["title"] for one in (english, german, none)}) == 3
    assert {**english, "title": ""} == {**german, "title": ""} == {**none, "title": ""}
    assert post({"books": [7]}, depth=1, locale="de")["books"] == [german]


def test_fallback_locale(post: Any) -> None:
    """The fallback counts where no locale is given, and only there."""
    german = post({"first": 7}, depth=1, locale="de")

    assert post({"first": 7}, depth=1, fallback_locale="de") == german
    assert post({"first": 7}, depth=1, locale="", fallback_locale="de") == german
    assert post({"first": 7}, depth=1, locale="de", fallback_locale="en") == german


def test_sent_texts_are_of_the_locale_that_is_asked_for(serve: Any) -> None:
    """What is written in a locale is read back in it."""
    got = {**SHELF, "properties": {"title": {"type": "string", "x-localized": True}}}
    client = serve(shelf(got))

    for locale in ("en", "de", ""):
        response = client.post(f"/a?locale={locale}&fallback-locale=fr", json={"title": "Titel"})
        assert response.json["got"] == {"title": "Titel"}
