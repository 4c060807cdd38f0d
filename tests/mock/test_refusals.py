"""Requests that the contract forbids: status, shape, and every violation by name."""

import gzip
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.mock.conftest import NOON

from leadline_mock import World
from leadline_mock.answer import answer
from leadline_mock.journal import Journal
from leadline_mock.messages import Request
from leadline_mock.refusal import told
from leadline_openapi import Contract, Violation

Facts = set[tuple[str, str, str, str]]
KEY = "a-key-of-Some-length"
SIZES = st.integers(0, 60).map(lambda size: ["n" * size] * 200)
"""So many names of one size that a header is full to its last characters with some of them."""


def facts(response: Any) -> Facts:
    """(location, field, pointer, keyword) of every error in *response*."""
    found = [
        (one.get("location", ""), one.get("field", ""), one.get("pointer", ""), one["keyword"])
        for one in json.loads(response.body)["errors"]
    ]
    assert len(found) == len(set(found)), "an error is named twice"
    return set(found)


def messages(response: Any) -> list[str]:
    """What the errors of *response* say."""
    return [error["message"] for error in json.loads(response.body)["errors"]]


# --- Values -----------------------------------------------------------------------------------------


def test_all_violations_at_once(ask: Any) -> None:
    """Violations of query and body, at the top and inside arrays, are all named in one answer."""
    body = {
        "reason": "Bored",
        "processStatuses": 7,
        "timeToPurchase": ["ASAP", "later", 3],
        "searches": [1, "2", 2.5],
        "year": "2020",
        "agree": "yes",
        "notes": None,
        "trade": 5,
        "colour": "red",
        "a/b~c": 1,
    }
    response = ask(body, query="depth=abc&locale=en")

    assert response.status == 400
    assert facts(response) == {
        ("query", "depth", "/depth", "type"),
        ("body", "reason", "/reason", "enum"),
        ("body", "processStatuses", "/processStatuses", "type"),
        ("body", "processStatuses", "/processStatuses", "enum"),
        ("body", "timeToPurchase[1]", "/timeToPurchase/1", "enum"),
        ("body", "timeToPurchase[2]", "/timeToPurchase/2", "type"),
        ("body", "timeToPurchase[2]", "/timeToPurchase/2", "enum"),
        ("body", "searches[1]", "/searches/1", "type"),
        ("body", "searches[2]", "/searches/2", "type"),
        ("body", "year", "/year", "type"),
        ("body", "agree", "/agree", "type"),
        ("body", "notes", "/notes", "type"),
        ("body", "trade", "/trade", "type"),
        ("body", "colour", "/colour", "additionalProperties"),
        ("body", "a/b~c", "/a~1b~0c", "additionalProperties"),
    }


def test_error_has_documented_members_with_text(ask: Any) -> None:
    """An error tells message, field, pointer, keyword, expected and location."""
    (error,) = json.loads(ask({"year": "2020"}).body)["errors"]

    assert error == {
        "message": 'year: must be a number, not "2020"',
        "field": "year",
        "pointer": "/year",
        "keyword": "type",
        "expected": "a number",
        "location": "body",
    }


def test_hundred_violations_are_a_hundred_errors(ask: Any) -> None:
    """Nothing is cut off: as many errors as violations."""
    body = {f"unknown{number}": number for number in range(100)}

    assert facts(ask(body)) == {("body", name, f"/{name}", "additionalProperties") for name in body}


def test_words_in_a_value_stay_a_value(ask: Any) -> None:
    """A value that looks like a placeholder of the error shape is shown as it is."""
    (message,) = messages(ask({"year": "{pointer} {location}"}))

    assert message == 'year: must be a number, not "{pointer} {location}"'


@pytest.mark.parametrize("body", [[], "text", 1, None, True], ids=repr)
def test_body_that_is_no_object(ask: Any, body: Any) -> None:
    """A body of another type than the documented one is one violation at the root."""
    response = ask(raw=json.dumps(body).encode())

    assert (response.status, facts(response)) == (400, {("body", "", "", "type")})


# --- Query ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "depth=abc",
        "depth=",
        "depth",
        "depth=%20%31",
        "depth=0x10",
        "depth=1_000",
        "depth=%D9%A1",
        "depth=NaN",
        "depth=Infinity",
        "depth=1e400",
        "depth=" + "1" * 5000,
        "depth=+1",
        "depth=true",
    ],
    ids=lambda query: query[:20],
)
def test_depth_that_is_no_number(ask: Any, query: str) -> None:
    """What is no JSON number is no value for a number."""
    response = ask({}, query=query)

    assert (response.status, facts(response)) == (400, {("query", "depth", "/depth", "type")})


@pytest.mark.parametrize("query", ["depth=0", "depth=-1", "depth=1.5", "depth=1e2", "", "other=1"])
def test_depth_that_is_a_number(ask: Any, query: str) -> None:
    """The contract says `number`, so any number is one; unknown parameters are nobody's business."""
    assert ask({}, query=query).status == 200


def test_repeated_depth(ask: Any) -> None:
    """A number that is given twice is ambiguous, even if it is the same one."""
    response = ask({}, query="depth=1&depth=1")

    assert (response.status, facts(response)) == (400, {("query", "depth", "/depth", "style")})


@pytest.mark.parametrize(
    "query", ["locale=%FF", "depth=%ED%A0%80", "locale=a%80b", "locale=\udcff"]
)
def test_query_that_is_not_utf_8(ask: Any, query: str) -> None:
    """Bytes that are not UTF-8 are refused instead of replaced."""
    name = query.partition("=")[0]
    response = ask({}, query=query)

    assert (response.status, facts(response)) == (400, {("query", name, f"/{name}", "encoding")})


# --- JSON text --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        b"{",
        b'{"year": 1',
        b'{"year": 1,}',
        b"{'year': 1}",
        b"{year: 1}",
        b"{} {}",
        b"{}]",
        b"// no\n{}",
        b"hello",
        b'{"year": NaN}',
        b'{"year": Infinity}',
        b'{"year": -Infinity}',
        b'{"year": 1e400}',
        b'{"year": -1e400}',
        b'{"year": ' + b"9" * 5000 + b"}",
        b'{"year": 01}',
        b'{"year": .5}',
        b'{"year": 1.}',
        b'{"year": 0x10}',
        b'{"notes": "\xff"}',
        b'{"notes": "\xed\xa0\x80"}',
        b'{"notes": "\n"}',
        rb'{"notes": "\x41"}',
        rb'{"notes": "\u12"}',
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        "{}".encode("utf-32"),
        b"\x00",
        b" ",
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    ],
    ids=lambda text: repr(text[:16]),
)
def test_malformed_json(ask: Any, text: bytes) -> None:
    """What is not JSON text by RFC 8259 is refused as such, and not judged further."""
    response = ask(raw=text)

    assert (response.status, facts(response)) == (400, {("body", "", "", "content")})
    assert messages(response)[0].startswith("the body is not application/json: ")


def test_malformed_json_with_a_wrong_parameter(ask: Any) -> None:
    """A body that cannot be read does not hide what is wrong with the query."""
    assert facts(ask(raw=b"{", query="depth=abc")) == {
        ("query", "depth", "/depth", "type"),
        ("body", "", "", "content"),
    }


def test_no_body(ask: Any) -> None:
    """A required body that is missing is a violation of `required`."""
    response = ask(raw=b"")

    assert (response.status, facts(response)) == (400, {("body", "", "", "required")})


# --- Media types ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "media",
    [
        None,
        "",
        "text/plain",
        "application/xml",
        "application/json5",
        "application/x-www-form-urlencoded",
        "application/problem+json",
        "json",
        "application",
        "application/",
        "*/*",
        "application/*",
        "application/json, text/plain",
        "application/json application/json",
        "application/json;charset",
        "application/json; =utf-8",
        "application/json\x00",
        ";;;",
        "é/ü",
    ],
)
def test_wrong_media_type(ask: Any, media: str | None) -> None:
    """A media type that is not the documented one, or none at all, is refused with 415."""
    response = ask({"year": "x"}, media=media)

    assert (response.status, facts(response)) == (
        415,
        {("header", "Content-Type", "/Content-Type", "content")},
    )


def test_wrong_media_type_with_a_wrong_parameter(ask: Any) -> None:
    """A body that is not looked at does not hide what is wrong with the query."""
    assert facts(ask({}, media="text/plain", query="depth=abc")) == {
        ("header", "Content-Type", "/Content-Type", "content"),
        ("query", "depth", "/depth", "type"),
    }


@pytest.mark.parametrize(
    "media",
    [
        "application/json",
        "APPLICATION/JSON",
        " application/json ",
        "application/json;charset=utf-8",
        'application/json; charset="UTF-8"',
        "application/json; charset=latin-1",  # no such parameter is defined (RFC 8259 section 11)
        "application/json; charset=no-such-charset",
        "application/json;",
        "application/json; version=1; profile=x",
    ],
)
def test_right_media_type(ask: Any, media: str) -> None:
    """Case and parameters do not make another media type."""
    assert ask({}, media=media).status == 200


@pytest.mark.parametrize(
    ("coding", "status", "pointer"),
    [("gzip", 415, "/Content-Encoding"), ("br, gzip", 415, "/Content-Encoding")]
    + [(one, 400, "") for one in ("identity", "Identity", "")],
)
def test_compressed_body(contract: Contract, coding: str, status: int, pointer: str) -> None:
    """A body that is compressed is refused as such, and not as JSON that is malformed."""
    headers = [("Authorization", KEY), ("Content-Type", "application/json")]
    headers.append(("Content-Encoding", coding))
    request = Request("POST", {}, "", headers, gzip.compress(b"{}"))
    response = answer(contract.operations[0], request, World(keys=(KEY,)))

    assert response.status == status
    assert [one.pointer for one in response.violations] == [pointer]


# --- Credentials ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        (None, "missing"),
        ("", "missing"),
        ("wrong", "not accepted"),
        (KEY.upper(), "not accepted"),
        (KEY.lower(), "not accepted"),
        (KEY[:-1], "not accepted"),
        (f"{KEY}x", "not accepted"),
        (f"Bearer {KEY}", "not accepted"),
        (f"{KEY}, {KEY}", "not accepted"),
        (f"users API-Key {KEY}", "not accepted"),
        ("<api-key>", "not accepted"),
    ],
)
def test_wrong_credentials(ask: Any, key: str | None, problem: str) -> None:
    """Without exactly the key there is 401, before anything else about the request is told."""
    response = ask({"year": "x"}, key=key, query="depth=abc")

    assert response.status == 401
    assert facts(response) == {("header", "Authorization", "/Authorization", "security")}
    assert messages(response)[0].startswith(f"Authorization: the API key is {problem}")


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"body": {"year": "x"}},
        {"key": f"{KEY}x"},
        {"raw": b"{"},
        {"media": "text/plain"},
        {"query": "depth=abc"},
    ],
    ids=str,
)
def test_key_is_never_told(ask: Any, asked: dict[str, Any]) -> None:
    """Neither the accepted key nor the one that was sent occurs in an answer."""
    response = ask(**asked)

    assert KEY not in response.body.decode() + repr(response.headers)


# --- The header -------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["strict", "warn"])
def test_header_tells_what_the_journal_tells(ask: Any, contract: Contract, mode: str) -> None:
    """`Leadline-Violations` has the facts of each as JSON, whatever shape the API's errors have."""
    sent = {"year": "x", "trade": ["y"]}
    response = ask(sent, query="depth=abc", at=World(keys=(KEY,), mode=mode))
    request = Request("POST", {}, "", [], b"")
    journal = Journal()
    journal.record(contract.operations[0], request, response, NOON)
    [entry] = journal.entries()
    violations = entry.as_json()["violations"]
    header = json.loads(dict(response.headers)["Leadline-Violations"])

    assert header == [{name: one[name] for name in one if name != "message"} for one in violations]
    assert [one["field"] for one in header] == ["depth", "year", "trade[0]"]
    assert [one["expected"] for one in header] == ["a number", "a number", "an integer"]


def test_header_shortens_what_was_expected(ask: Any) -> None:
    """A long list of values leaves room for the other violations."""
    header = dict(ask({"timeToPurchase": ["x"] * 20}).headers)["Leadline-Violations"]
    shown = [one for one in json.loads(header) if "more" not in one]

    assert len(shown) >= 10
    assert all(one["expected"].endswith("…") for one in shown)


@settings(deadline=None)
@given(st.lists(st.text(max_size=400), min_size=1, max_size=200) | SIZES)
def test_header_that_is_too_long_is_cut(names: list[str]) -> None:
    """Too many violations for a header: the last item counts those that are left out."""
    wrong = [Violation("body", name, f"/{name}", "type", "is wrong", name, "") for name in names]
    [(_, header)] = told(wrong)
    items = json.loads(header)

    assert len(header) <= 4000
    assert sum(item.get("more", 1) for item in items) == len(names)
    shown = [item["field"] for item in items if "more" not in item]
    assert shown == names[: len(shown)]


def test_header_is_ascii_on_one_line(ask: Any) -> None:
    """A member name with control or foreign characters cannot break out of the header."""
    header = dict(ask({"é\r\nSet-Cookie: x": 1, "\ud800": 2}).headers)["Leadline-Violations"]

    assert (header.isascii(), header.isprintable()) == (True, True)
