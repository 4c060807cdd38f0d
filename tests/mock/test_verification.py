"""Verification: which requests fit a pattern, what is told where they do not, and which patterns are none."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline_mock.entries import Entry
from leadline_mock.journal import Journal
from leadline_mock.messages import Request, Response
from leadline_mock.pattern import BadPattern, check_operation, from_json, pattern
from leadline_mock.redaction import REDACTED, Redaction
from leadline_mock.verification import verify
from leadline_openapi import Contract, Violation, jsontext

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
KEY = "a-key-of-Some-length"
BODY = {
    "name": "Rex",
    "year": 2020,
    "tags": ["a", {"b": 1, "c": 2}],
    "owner": {"id": 7, "note": None},
}


@pytest.fixture
def journal(contract: Contract) -> Journal:
    """A journal of one request to the operation of the contract."""
    journal = Journal()
    journal.conceal(Redaction(keys=frozenset({KEY})))
    record(journal, contract)
    return journal


def record(journal: Journal, contract: Contract | None, **members: Any) -> None:
    """Record a request, of which *members* change parts."""
    given_body = members.get("body", BODY)
    violations = (Violation("body", "a", "/a", "type", "is wrong", "right", ""),)
    request = Request(
        members.get("method", "POST"),
        {},
        members.get("query", "depth=1&tag=a&tag=b"),
        [("Leadline-Run", members.get("run", "one")), ("X-Trace", "t1"), ("Authorization", KEY)],
        given_body if isinstance(given_body, bytes) else json.dumps(given_body).encode(),
        members.get("path", "/api/leads"),
    )
    bad = members.get("bad", False)
    response = Response(members.get("status", 200), (), b"{}", violations if bad else ())
    operation = contract.operations[0] if contract else None
    journal.record(operation, request, response, NOON)


def differences(entries: list[Entry], members: dict[str, Any]) -> list[dict[str, Any]]:
    """What is told to be different in the only request."""
    (nearest,) = verify(entries, from_json(members)).as_json()["nearest"]
    found: list[dict[str, Any]] = nearest["differences"]
    return found


# --- What fits --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"operation": "POST /leads"},
        {"operation": "createLead"},
        {"method": "POST"},
        {"method": "post"},
        {"path": "/api/leads"},
        {"path": "/leads"},
        {"path": "/api/%6Ceads"},
        {"query": {"depth": "1"}},
        {"query": {"depth": 1, "tag": ["a", "b"]}},
        {"headers": {"x-trace": "t1", "LEADLINE-RUN": "one"}},
        {"headers": {"Authorization": REDACTED}},
        {"body": {}},
        {"body": {"year": 2020.0, "owner": {"note": None}}},
        {"body": {"tags": ["a", {"c": 2}]}},
        {"body": BODY, "exact": True},
        {"absent": ["/colour", "/owner/name", "/tags/2", "/name/x"]},
        {"status": 200},
        {"run": "one"},
        {"violations": False},
    ],
)
def test_what_fits(journal: Journal, members: dict[str, Any]) -> None:
    """Each of these is true of the request; a subset of it is enough."""
    found = verify(journal.entries(), from_json(members))

    assert found.as_json() == {"verified": True, "count": 1, "expected": "at least 1"}


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({"operation": "GET /leads"}, [("/operation", "GET /leads", "createLead")]),
        ({"method": "GET"}, [("/method", "GET", "POST")]),
        ({"path": "/leads/"}, [("/path", "/leads/", "/api/leads")]),
        ({"path": "/API/leads"}, [("/path", "/API/leads", "/api/leads")]),
        ({"query": {"depth": "2"}}, [("/query/depth", "2", "1")]),
        ({"query": {"tag": "a"}}, [("/query/tag", "a", ["a", "b"])]),
        ({"query": {"tag": ["b", "a"]}}, [("/query/tag", ["b", "a"], ["a", "b"])]),
        ({"query": {"a/b": ""}}, [("/query/a~1b", "", ...)]),
        ({"query": {"depth": []}}, [("/query/depth", ..., "1")]),
        ({"headers": {"X-Trace": "T1"}}, [("/headers/x-trace", "T1", "t1")]),
        ({"headers": {"X-Other": "1"}}, [("/headers/x-other", "1", ...)]),
        ({"body": {"name": "Ada"}}, [("/body/name", "Ada", "Rex")]),
        ({"body": {"year": "2020"}}, [("/body/year", "2020", 2020)]),
        ({"body": {"tags": ["a", {"b": True}]}}, [("/body/tags/1/b", True, 1)]),
        ({"body": {"note": None}}, [("/body/note", None, ...)]),
        ({"body": {"owner": {}}, "exact": True}, "more"),
        ({"body": {"tags": ["a"]}}, [("/body/tags/1", ..., {"b": 1, "c": 2})]),
        ({"body": {"tags": ["a", {"b": 1}, 3]}}, [("/body/tags/2", 3, ...)]),
        ({"body": {"tags": [{"b": 1}, "a"]}}, "items"),
        ({"body": [1]}, [("/body", [1], BODY)]),
        ({"body": None}, [("/body", None, BODY)]),
        ({"absent": ["/owner/note"]}, [("/body/owner/note", ..., None)]),
        ({"absent": [""]}, [("/body", ..., BODY)]),
        ({"status": 400}, [("/status", 400, 200)]),
        ({"run": "two"}, [("/run", "two", "one")]),
        ({"violations": True}, [("/violations", True, False)]),
    ],
)
def test_what_does_not_fit(journal: Journal, members: dict[str, Any], told: Any) -> None:
    """Where the request is different is told by a pointer, and what is absent has no value there."""
    if told == "more":
        names = [("name", "Rex"), ("year", 2020), ("tags", BODY["tags"])]
        inner = [("/body/owner/id", ..., 7), ("/body/owner/note", ..., None)]
        told = [*inner, *((f"/body/{name}", ..., value) for name, value in names)]
    if told == "items":
        told = [("/body/tags/0", {"b": 1}, "a"), ("/body/tags/1", "a", {"b": 1, "c": 2})]

    assert differences(journal.entries(), members) == [
        {
            name: value
            for name, value in (("at", at), ("expected", expected), ("actual", actual))
            if value is not ...
        }
        for at, expected, actual in told
    ]


def test_no_body_is_not_null(contract: Contract) -> None:
    """`null` that was sent is a body, and nothing that was sent is none."""
    journal = Journal()
    record(journal, contract, body=b"null")
    record(journal, contract, body=b"")
    fits = [
        [one.id for one in verify(journal.entries(), wanted).matched]
        for wanted in (pattern(body=None), pattern(absent=[""]), pattern(body={}))
    ]

    assert fits == [[1], [2], []]


def test_a_request_that_met_no_operation(journal: Journal) -> None:
    """It has no path below a base path, and no operation."""
    record(journal, None, path="/nowhere/leads")
    fits = [
        [one.id for one in verify(journal.entries(), from_json(members)).matched]
        for members in ({"path": "/leads"}, {"path": "/nowhere/leads"}, {"operation": "createLead"})
    ]

    assert fits == [[1], [2], [1]]


def test_many_violations_are_violations(contract: Contract) -> None:
    """Also a request whose only violation is too large to be kept has broken the contract."""
    journal = Journal()
    wrong = Violation("body", "a" * 90_000, "/a" * 90_000, "type", "is wrong", "right", "")
    journal.record(None, Request("GET", {}, "", [], b""), Response(400, (), b"", (wrong,)), NOON)

    assert verify(journal.entries(), pattern(violations=True)).verified


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([0.0, 1.0, 1.5, "", "a", "1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "/", "~"]), inner, max_size=3)
    ),
    max_leaves=8,
)


def entry_of(body: Any) -> Entry:
    """The entry of a request with *body*."""
    journal = Journal()
    record(journal, None, body=jsontext.dump(body))
    return journal.entries()[0]


@given(JSON_VALUES, JSON_VALUES)
def test_exact_is_the_equality_of_json_schema(sent: Any, expected: Any) -> None:
    """With `exact`, a body fits that is the same JSON value, and the differences say why one does not."""
    found = verify([entry_of(sent)], pattern(body=expected, exact=True))

    assert found.verified == jsontext.same(sent, expected)


def thinned(value: Any, draw: Any) -> Any:
    """*value* with members left out at any depth."""
    if isinstance(value, dict):
        return {name: thinned(one, draw) for name, one in value.items() if draw(st.booleans())}
    return [thinned(one, draw) for one in value] if isinstance(value, list) else value


@given(JSON_VALUES, st.data())
def test_a_part_of_a_body_fits(sent: Any, data: st.DataObject) -> None:
    """Objects fit with any of their members left out of the pattern."""
    assert verify([entry_of(sent)], pattern(body=thinned(sent, data.draw))).verified


@given(JSON_VALUES, JSON_VALUES)
def test_differences_are_where_they_are(sent: Any, expected: Any) -> None:
    """At each place that is told, the body has what is told, and the pattern something else."""
    members = {"body": expected, "exact": True}
    found = verify([entry_of(sent)], from_json(members))

    for miss in found.nearest:
        for one in miss.as_json()["differences"]:
            path = one["at"].removeprefix("/body")
            assert ("actual" in one) == present(sent, path)
            assert ("expected" in one) == present(expected, path)
            both = [one.get("actual", ...), one.get("expected", ...)]
            assert both != [..., ...]
            assert not jsontext.same(*both)


def present(value: Any, path: str) -> bool:
    """Whether something stands at *path* in *value*."""
    for token in path.split("/")[1:]:
        key: Any = token.replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(key) if isinstance(value, list) else key]
        except LookupError:
            return False
    return True


# --- How many, and what came closest ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "fitting", "expected"),
    [
        (None, (1, 2, 3), "at least 1"),
        (0, (0,), "exactly 0"),
        (2, (2,), "exactly 2"),
        ({"min": 2}, (2, 3), "at least 2"),
        ({"max": 1}, (0, 1), "at most 1"),
        ({"min": 1, "max": 2}, (1, 2), "1 to 2"),
    ],
)
def test_counts(contract: Contract, count: Any, fitting: tuple[int, ...], expected: str) -> None:
    """As many requests have to fit as was said, at least one otherwise."""
    for number in range(4):
        journal = Journal()
        record(journal, contract, method="PUT")
        for _ in range(number):
            record(journal, contract)
        found = verify(journal.entries(), pattern(method="POST", count=count))

        assert (found.verified, found.count) == (number in fitting, number)
        assert found.as_json()["expected"] == expected
        few = not found.verified and number < max(fitting)
        assert ("nearest" in found.as_json()) == few


def test_the_nearest_come_first(contract: Contract) -> None:
    """Requests to the same place come first, then those that differ less, then later ones."""
    journal = Journal()
    record(journal, contract, body={"a": 1, "b": 0, "c": 0})
    record(journal, contract, body={"a": 1, "b": 2, "c": 0})
    record(journal, None, body={"a": 1, "b": 2, "c": 3}, path="/other")
    record(journal, contract, body={"a": 1, "b": 0, "c": 3})
    record(journal, contract, body={})
    wanted = pattern(operation="createLead", body={"a": 1, "b": 2, "c": 3})
    found = verify(journal.entries(), wanted)

    assert [one.request.id for one in found.nearest] == [4, 2, 1]
    assert found.as_json()["nearest"][0]["request"] == {
        "id": 4,
        "time": "2026-01-02T12:00:00.000000Z",
        "run": "one",
        "operation": "createLead",
        "method": "POST",
        "path": "/api/leads",
        "status": 200,
    }


@pytest.mark.parametrize(
    ("wanted", "nearer", "farther"),
    [
        ({"a": "ada"}, {"a": "Ada"}, {"a": "Bob"}),
        ({"a": "john"}, {"a": "jon"}, {"a": "mary"}),
        ({"a": "ada"}, {"a": "Bob"}, {"b": "ada"}),
        ({"a": "ada"}, {"a": "Bob"}, {"a": 5}),
        ({"a": 5}, {"a": 6}, {"a": None}),
        ({"a": 1, "b": 2, "c": 3}, {"a": 0, "b": 0, "c": 3}, b""),
        ({"a": 1, "b": 2, "c": 3}, {"a": 0, "b": 0, "c": 3}, b"{broken"),
        ({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"b": 1, "c": 1}, "d": 1}, {"a": 1, "d": 3}),
        ({"a": [1, 2, 3]}, {"a": [1, 2]}, {"a": 1}),
    ],
)
def test_the_nearest_are_most_alike(
    contract: Contract, wanted: Any, nearer: Any, farther: Any
) -> None:
    """A request that nearly has what was asked for is nearer than one that has nothing of it."""
    journal = Journal()
    for body in (nearer, farther):
        record(journal, contract, body=body)
    found = verify(journal.entries(), pattern(body=wanted))

    assert [one.request.id for one in found.nearest] == [1, 2]


def test_the_nearest_are_of_the_same_run(contract: Contract) -> None:
    """What other runs asked is no help, as long as the run itself asked anything."""
    journal = Journal()
    record(journal, contract, body={"a": 0, "b": 0}, run="mine")
    record(journal, None, body={"a": 1, "b": 0}, run="mine", path="/other")
    for _ in range(5):
        record(journal, contract, body={"a": 1, "b": 1}, run="theirs")
    wanted = pattern(operation="createLead", body={"a": 1, "b": 1}, run="mine")

    assert [one.request.id for one in verify(journal.entries(), wanted).nearest] == [1, 2, 7]


def test_differences_are_not_endless(journal: Journal) -> None:
    """Of very many differences the first are told, and how many more were found."""
    found = verify(journal.entries(), pattern(body={str(number): 1 for number in range(5000)}))
    (nearest,) = found.as_json()["nearest"]

    assert (len(nearest["differences"]), nearest["more"]) == (20, 80)
    assert str(found).endswith("\n  and 80 more")


def test_too_many_are_named(contract: Contract) -> None:
    """Where more fit than may, it is told which."""
    journal = Journal()
    for _ in range(2):
        record(journal, contract)
    found = verify(journal.entries(), pattern(count=1))

    assert [one["id"] for one in found.as_json()["matched"]] == [1, 2]
    assert str(found).splitlines() == [
        "expected exactly 1 request like this, and there are 2",
        "#1 POST /api/leads → 200",
        "#2 POST /api/leads → 200",
    ]


def test_the_explanation_for_people(journal: Journal, contract: Contract) -> None:
    """It says what was expected, what came closest, and how that differs."""
    record(journal, contract, body={"name": "Ada", "year": "x" * 300}, status=400)
    wanted = pattern(body={"name": "Rex", "year": 1, "z": {}}, absent=["/tags"], count=3)

    assert str(verify(journal.entries(), wanted)).splitlines() == [
        "expected exactly 3 requests like this, and there are none",
        "the nearest, and how they differ:",
        "#2 POST /api/leads → 400",
        '  /body/name: expected "Rex", not "Ada"',
        f'  /body/year: expected 1, not "{"x" * 199}…',
        "  /body/z: expected {}, but it is absent",
        "#1 POST /api/leads → 200",
        "  /body/year: expected 1, not 2020",
        "  /body/z: expected {}, but it is absent",
        '  /body/tags: expected nothing, not ["a", {"b": 1, "c": 2}]',
    ]


def test_the_explanation_of_an_empty_journal() -> None:
    """Where nothing was asked, that is the explanation."""
    assert str(verify([], pattern())).splitlines() == [
        "expected at least 1 request like this, and there are none",
        "there are no other requests in the journal",
    ]


# --- What is no pattern -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"opration": "x"}, "a pattern has no `opration`; did you mean `operation`?"),
        ({"zzz": 1}, "a pattern has no `zzz`; there are: operation, method, path, query, "),
        ({"operation": 1}, "`operation` has to be a text, not 1"),
        ({"method": None}, "`method` is null; leave it out where it does not matter"),
        ({"path": ["/a"]}, '`path` has to be a text, not ["/a"]'),
        ({"path": "leads"}, '`path` begins with `/`, as in `/pets`, and "leads" does not'),
        (
            {"path": "/a?b=1"},
            '`path` is "/a?b=1"; what is behind the `?` is asked for with `query`',
        ),
        ({"method": ""}, "`method` is empty; leave it out where it does not matter"),
        ({"query": "a=1"}, '`query` has to be an object that maps names to values, not "a=1"'),
        ({"query": {"a": {}}}, "`query/a` has to be a text, not {}"),
        ({"query": {"a/b": [None]}}, "`query/a~1b` has to be a text, not null"),
        ({"headers": []}, "`headers` has to be an object that maps names to values, not []"),
        ({"headers": {"A": ["b"]}}, '`headers/A` has to be a text, not ["b"]'),
        ({"exact": 1, "body": 1}, "`exact` has to be true or false, not 1"),
        ({"exact": True}, "`exact` says how `body` is compared, and there is no `body`"),
        ({"absent": "/a"}, '`absent` has to be a list of JSON pointers, not "/a"'),
        ({"absent": ["a"]}, '`absent` has "a" in it, where a JSON pointer is `/name`'),
        ({"status": "200"}, '`status` has to be a whole number, not "200"'),
        ({"status": True}, "`status` has to be a whole number, not true"),
        ({"run": 1}, "`run` has to be a text, not 1"),
        ({"violations": "no"}, '`violations` has to be true or false, not "no"'),
        ({"count": -1}, "`count` has to be a whole number from 0, not -1"),
        ({"count": True}, "`count` has to be a whole number from 0, not true"),
        ({"count": {}}, "`count` is {}, which no number fits"),
        ({"count": {"min": 2, "max": 1}}, '`count` is {"min": 2, "max": 1}, which no number fits'),
        ({"count": {"mix": 2}}, "`count` has no `mix`; did you mean `"),
        ({"count": {"max": 1.5}}, "`count/max` has to be a whole number from 0, not 1.5"),
        ({"body": {"a": {1}}}, "`body` holds {1}, which is not JSON"),
        ({"body": [float("nan")]}, "`body` holds nan, which is not JSON"),
        ({"body": {1: 2}}, "`body` has to be an object that maps names to values, not "),
    ],
)
def test_bad_patterns(members: dict[str, Any], message: str) -> None:
    """What cannot be understood is refused: which member, what is wrong with it, what would do."""
    with pytest.raises(BadPattern) as error:
        from_json(members)

    assert str(error.value).startswith(message)


def test_endless_bodies() -> None:
    """A body that is nested too deeply, or holds itself, is refused."""
    endless: list[Any] = []
    endless.append(endless)

    with pytest.raises(BadPattern, match="nested more than 200 levels"):
        pattern(body=endless)


def test_a_pattern_is_a_copy() -> None:
    """Changing a body after the pattern was made does not change the pattern."""
    body = {"a": [1]}
    wanted = pattern(body=body)
    before = deepcopy(wanted.body)
    body["a"].append(2)

    assert wanted.body == before


def test_unknown_operations(contract: Contract) -> None:
    """An operation that is not in the contract is refused, and a close one is named."""
    check_operation("createLead", contract.operations)
    check_operation("POST /leads", contract.operations)

    with pytest.raises(BadPattern, match="no operation `createLeed`; did you mean `createLead`"):
        check_operation("createLeed", contract.operations)
    with pytest.raises(BadPattern, match="no operation `zzz`; there are: createLead"):
        check_operation("zzz", contract.operations)


@pytest.mark.parametrize(
    "members",
    [
        {"headers": {"authorization": KEY}},
        {"headers": {"Cookie": "a=b"}},
        {"headers": {"X-Api-Key": "x"}},
        {"query": {"API_key": "x"}},
        {"query": {"api_key": [REDACTED, "x"]}},
    ],
)
def test_credentials_cannot_be_asked_for(members: dict[str, Any]) -> None:
    """What is not kept cannot be compared: that is said, with what can be asked, and without the value."""
    hidden = Redaction(
        frozenset({KEY}), Redaction().headers | {"x-api-key"}, frozenset({"api_key"})
    )

    with pytest.raises(BadPattern, match="is not kept: `<redacted>` asks whether one was") as error:
        verify([], from_json(members), hidden)
    assert KEY not in str(error.value)


def test_a_key_elsewhere_fits_and_is_not_told(contract: Contract) -> None:
    """A body that holds the key fits a pattern that holds it; a difference does not tell it."""
    journal = Journal()
    journal.conceal(Redaction(keys=frozenset({KEY})))
    record(journal, contract, body={"note": f"my key: {KEY}"}, query=f"k={KEY}", run=KEY)
    wanted = {"body": {"note": f"my key: {KEY}"}, "query": {"k": KEY}, "run": KEY}
    fits = verify(journal.entries(), from_json(wanted), journal.redaction)
    misses = verify(journal.entries(), pattern(body={"note": KEY}), journal.redaction)

    assert fits.verified
    assert misses.nearest[0].as_json()["differences"] == [
        {"at": "/body/note", "expected": REDACTED, "actual": f"my key: {REDACTED}"}
    ]
