"""Bodies that are meant to do harm: each is answered in good time, clearly and shortly."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.mock.conftest import Ask

MILLION = 1_000_000
DEEP = 100_000

REFUSED = {
    "open arrays": (b"[" * 10 * MILLION, "the body is nested too deeply"),
    "open objects": (b'{"a":' * 2 * MILLION, "the body is nested too deeply"),
    "nested arrays": (b"[" * DEEP + b"]" * DEEP, "the body is nested too deeply"),
    "nested members": (b'{"make":' * DEEP + b"1" + b"}" * DEEP, "the body is nested too deeply"),
    "201 levels": (b"[" * 201 + b"]" * 201, "the body is nested too deeply"),
    "200 levels": (b"[" * 200 + b"]" * 200, "must be an object, not an array"),
    "arrays in an array": (b"[" + b"[[1]]," * 100_000 + b"1]", "must be an object, not an array"),
    "a long number": (b'{"year":' + b"9" * MILLION + b"}", "a number with too many digits"),
    "a large exponent": (b'{"year":1e' + b"9" * MILLION + b"}", "is out of range"),
    "no JSON": (b"\0" * MILLION, "Expecting value (line 1 column 1)"),
    "no UTF-8 at the end": (b'"' + b"a" * MILLION + b'\xff"', "not UTF-8 (byte 1000001)"),
    "a long name": (b'{"' + b"a" * MILLION + b'":1}', "(a name of 1000000 characters): is not in"),
    "a long text": (b'{"year":"' + b"a" * MILLION + b'"}', "year: must be a number"),
    "one name many times": (b"{" + b'"a":1,' * MILLION + b'"a":1}', "a: is not in the contract"),
    "many names": (
        b"{" + b",".join(b'"k%d":1' % at for at in range(MILLION // 5)) + b"}",
        "k0: is not in the contract",
    ),
    "many wrong items": (
        b'{"timeToPurchase":[' + b'"x",' * MILLION + b'"x"]}',
        'timeToPurchase[0]: must be one of "ASAP"',
    ),
    "one wrong item among many": (
        b'{"timeToPurchase":[' + b'"ASAP",' * 20_000 + b'"x"]}',
        'timeToPurchase[20000]: must be one of "ASAP"',
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(ask: Ask, name: str) -> None:
    """What is wrong is told in a few words, and what is wrong a million times not a million times."""
    body, problem = REFUSED[name]
    answer = ask(raw=body)

    assert answer.status == 400
    assert problem in json.loads(answer.body)["errors"][0]["message"]
    assert len(answer.body) < 300_000
    assert len(answer.violations) <= 251


@pytest.mark.parametrize(
    "body",
    [
        {"searches": list(range(MILLION))},
        {"notes": "a" * MILLION},
        {"notes": "\ud800" * 10_000},
        {"mileageLower": 10**4000},
    ],
    ids=["items", "text", "surrogates", "digits"],
)
def test_taken(ask: Ask, body: Any) -> None:
    """What is large and keeps the contract is taken, and comes back whole."""
    answer = ask(body)

    assert answer.status == 200
    assert json.loads(answer.body)["doc"].items() >= body.items()


def test_the_last_one_tells_how_many_more(ask: Ask) -> None:
    """Of too many violations the first are told, and how many there are besides."""
    wrong = {f"unknown-{number}": 1 for number in range(300)}
    messages = [error["message"] for error in json.loads(ask(wrong).body)["errors"]]

    assert messages[249:] == ["unknown-249: is not in the contract", "and 50 more violations"]


def test_queries(ask: Ask) -> None:
    """A parameter that is given thousands of times is one violation."""
    answer = ask(query="&".join(["depth=1"] * 10_000))

    assert answer.status == 400
    assert len(answer.violations) == 1
