"""A mock of a contract with leniency does to faulty values what the contract says, and tells of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.mock.leniency.lenient import NO, body, got, posting, told
from tests.mock.specs import KEY, TEXT, answers, content, problems

from leadline_mock import World

NUMBER = {"type": "number", "maximum": 9}


def saying(schema: Any, **faults: Any) -> Any:
    """*schema* with `x-leniency`."""
    return {**schema, "x-leniency": faults}


@pytest.mark.parametrize(
    ("said", "sent", "answered"),
    [
        ("rejected", "5", 400),
        ("error", "5", 500),
        ("coerced", "5", {"a": 5}),
        ("coerced", "50", 400),
        ("coerced", "x", 400),
        ("dropped", "x", {}),
        ("stored", "x", {"a": "x"}),
        (["coerced", "dropped"], "x", {}),
        ([{"if": {"const": ""}, "then": "dropped"}, "error"], "", {}),
        ([{"if": {"const": ""}, "then": "dropped"}, "error"], "x", 500),
        ({"if": {"$ref": "#/components/schemas/Word"}, "then": "stored"}, "word", {"a": "word"}),
        ({"if": {"$ref": "#/components/schemas/Word"}, "then": "stored"}, "x", 400),
        ({"then": "coerced", "as": None}, "x", {"a": None}),
        ({"then": "coerced", "as": "<{json}>"}, "x", {"a": '<"x">'}),
        ({"then": "coerced", "as": "<{items}>"}, [1.0, 2], {"a": "<1,2>"}),
    ],
)
def test_each_outcome_of_a_value(serve: Any, said: Any, sent: Any, answered: Any) -> None:
    """Whatever becomes of it, what was wrong is told in the header."""
    client = serve(
        posting(body({"a": saying(NUMBER, type=said)})),
        {"schemas": {"Word": {"const": "word"}}},
    )
    response = client.post("/a", json={"a": sent})

    assert got(response) == answered
    assert told(response) == ["/a"]


def test_a_failure_has_a_documented_status(serve: Any) -> None:
    """Where 500 is not documented, another failure is."""
    paths = posting(body({"a": saying(NUMBER, type="error")}))
    responses = paths["/a"]["post"]["responses"]
    responses["503"] = responses.pop("500")

    assert serve(paths).post("/a", json={"a": "x"}).status_code == 503


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        ([1, "a", 2], {"a": ["a"]}),
        (["a", None], {"a": ["a", "none"]}),
        ([1, None, 2, None], {"a": ["none", "none"]}),
        ([1, "a", []], 400),
        ([1, True], 500),
        ({}, {}),
        ("a", 400),
    ],
)
def test_each_outcome_of_an_item(serve: Any, sent: Any, answered: Any) -> None:
    """The word of the items goes before that of the property that holds the list."""
    items = saying(
        TEXT, **{"type:number": "dropped", "type:null": {"then": "coerced", "as": "none"}}
    )
    listed = saying(
        {"type": "array", "items": items}, **{"type:object": "dropped", "type:boolean": "error"}
    )
    client = serve(posting(body({"a": listed})))

    assert got(client.post("/a", json={"a": sent})) == answered


EVERY = {
    "refused": TEXT,
    "failing": saying(TEXT, type="error"),
    "later": saying(NUMBER, type="coerced"),
    "lost": saying(TEXT, type="dropped"),
}
GRAVITY = [
    ({"refused": 1, "failing": 1, "later": "5", "lost": 1}, 400, ["/refused"]),
    ({"refused": 1, "unknown": 1, "lost": 1}, 400, ["/refused", "/unknown"]),
    ({"failing": 1, "later": "50", "lost": 1}, 400, ["/later"]),
    ({"failing": 1, "later": "5", "lost": 1}, 500, ["/failing"]),
    ({"later": "5", "lost": 1}, {"later": 5}, ["/later", "/lost"]),
]


@pytest.mark.parametrize(("sent", "answered", "wrong"), GRAVITY)
def test_the_gravest_outcome_decides(
    serve: Any, sent: Any, answered: Any, wrong: list[str]
) -> None:
    """A refusal tells what is refused only, a failure what fails; an acceptance tells everything."""
    response = serve(posting(body(EVERY))).post("/a", json=sent)

    assert got(response) == answered
    assert sorted(told(response)) == wrong
    if response.status_code >= 400:
        assert sorted(pointer for pointer, _ in problems(response)) == wrong


@pytest.mark.parametrize(
    ("said", "answered"),
    [("stored", {}), ({"then": "coerced", "as": "x"}, {"a": "x"}), ("error", 500), ("coerced", 400)],
)  # fmt: skip
def test_a_member_that_is_missing(serve: Any, said: Any, answered: Any) -> None:
    """The request is taken without it, or with what the contract says."""
    client = serve(posting(body({"a": saying(TEXT, required=said)}, required=["a"])))
    response = client.post("/a", json={})

    assert got(response) == answered
    assert told(response) == ["/a"]


def test_members_that_are_unknown(serve: Any) -> None:
    """However many there are, they are lost where the body says so."""
    client = serve(posting(body({"a": TEXT}, {"unknown": "dropped"})))
    response = client.post("/a", json={"a": "x"} | {f"x{number}": 1 for number in range(400)})

    assert got(response) == {"a": "x"}


def test_more_faults_than_anybody_reads_are_refused_in_few_words(serve: Any) -> None:
    """A body of any size gets an answer that can be read."""
    client = serve(posting(body({"a": saying({"type": "array", "items": TEXT}, type="rejected")})))

    for number in (400, 40_000):
        response = client.post("/a", json={"a": list(range(number))})

        assert response.status_code == 400
        assert len(response.json["errors"]) <= 251
        assert "more violations" in response.json["errors"][-1]["detail"]


def test_a_whole_body_that_is_dropped_is_as_if_it_was_empty(serve: Any) -> None:
    """What an empty object lacks is still due."""
    lost = {"type": "dropped"}

    assert got(serve(posting(body({"a": TEXT}, lost))).post("/a", json=[1])) == {}
    assert got(serve(posting(body({"a": TEXT}, lost, required=["a"]))).post("/a", json=[1])) == 400


@pytest.mark.parametrize("said", ["rejected", "coerced", "dropped", "stored", "error"])
def test_in_the_mode_warn_it_is_answered_or_taken(serve: Any, said: str) -> None:
    """What is taken is taken alike in both modes; the rest is answered as if it were fine."""
    client = serve(posting(body({"a": saying(NUMBER, type=said)})), surroundings=World(mode="warn"))
    response = client.post("/a", json={"a": "5"})

    assert got(response) == {"coerced": {"a": 5}, "dropped": {}}.get(said, {"a": "5"})
    assert told(response) == ["/a"]


def test_the_journal_knows_what_was_wrong_with_what_was_taken(serve: Any) -> None:
    """It holds the body as it was sent, and the violations."""
    client = serve(posting(body({"a": saying(NUMBER, type="dropped")})))
    client.post("/a", json={"a": "x"})
    (entry,) = client.get("/__leadline/requests").json["requests"]

    assert entry["body"] == {"a": "x"}
    assert [one["pointer"] for one in entry["violations"]] == ["/a"]


def test_a_server_value_that_was_coerced_is_taken_as_sent(serve: Any) -> None:
    """What the server would assign is what was sent, once it is understood; else the server's own."""
    made = {
        "type": "object",
        "properties": {
            "doc": {
                "x-echo": "$request.body",
                "type": "object",
                "properties": {"at": {"type": "string", "x-server-value": "now"}},
            }
        },
    }
    at = saying(
        {"type": "string", "format": "date-time", "pattern": "Z$"}, pattern=["coerced", "dropped"]
    )
    paths = posting(body({"at": at}), answers(made))
    noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    client = serve(paths, surroundings=World(keys=(KEY,), clock=lambda: noon))
    times = [
        client.post("/a", json={"at": one}).json["doc"]["at"] for one in ("2024-05-06", "soon")
    ]

    assert times == ["2024-05-06T00:00:00.000Z", "2026-01-02T12:00:00.000Z"]


def test_what_is_taken_may_be_asked_for_otherwise(serve: Any) -> None:
    """`Prefer` chooses another answer to a request that is taken, and none to one that is refused."""
    other = {"202": {"description": "later", **content({"type": "object"}, example={"wait": 1})}}
    client = serve(posting(body({"a": saying(NUMBER, type="coerced")}), other))
    statuses = [
        client.post("/a", json={"a": one}, headers={"Prefer": "code=202"}).status_code
        for one in ("5", "x")
    ]

    assert statuses == [202, 400]


def test_a_failure_is_told_in_its_own_shape(serve: Any) -> None:
    """The documented answer of a server that fails, with what it failed on in the header."""
    failure = {"const": {"sorry": True}}
    paths = posting(body({"a": saying(TEXT, type="error")}), {**NO, **answers(failure, "500")})
    response = serve(paths).post("/a", json={"a": 5})

    assert (response.status_code, response.json) == (500, {"sorry": True})
    assert json.loads(response.headers["Leadline-Violations"])[0]["keyword"] == "type"


def test_what_became_of_it_is_told(serve: Any) -> None:
    """In the header and in the journal, so that a loss is seen; what is refused became nothing."""
    world = World()
    fields = {"a": saying(NUMBER, type="dropped"), "b": saying(NUMBER, type="coerced"), "c": NUMBER}
    client = serve(posting(body(fields)), surroundings=world)
    response = client.post("/a", json={"a": "x", "b": "5"})
    refused = client.post("/a", json={"a": "x", "c": "x"})

    header = json.loads(response.headers["Leadline-Violations"])
    assert [one["outcome"] for one in header] == ["dropped", "coerced"]
    assert "outcome" not in refused.headers["Leadline-Violations"]
    entry = client.get("/__leadline/requests").json["requests"][0]
    assert [one["outcome"] for one in entry["violations"]] == ["dropped", "coerced"]


def test_too_many_faults_are_told_as_such(serve: Any) -> None:
    """A large body with more faults than are looked at is refused for those that are."""
    client = serve(posting(body({"a": saying({"type": "array", "items": TEXT}, type="dropped")})))
    response = client.post("/a", json={"a": [5] * 6000 + ["x" * 20_000]})

    header = json.loads(response.headers["Leadline-Violations"])
    assert response.status_code == 400
    assert header[0]["pointer"] == "/a/0"
    assert header[-1]["more"] > 0
