"""JSON text and media types as they come over the wire."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline_openapi import jsontext, load, mediatype
from leadline_openapi.jsontext import NotJson

BAD_TEXTS = [
    (b"", "line 1 column 1"),
    (b"{", "line 1 column 2"),
    (b"\xff", "the body is not UTF-8 (byte 0)"),
    (b"\xef\xbb\xbf{}", "BOM"),
    (b"NaN", "`NaN` is not JSON"),
    (b"-Infinity", "`-Infinity` is not JSON"),
    (b"1e999", "the number 1e999 is out of range"),
    (b"9" * 5000, "too many digits"),
    (b"[" * 201 + b"]" * 201, "nested too deeply"),
    (b"[" * 100_000, "nested too deeply"),
    (b'{"a":' * 201 + b"1" + b"}" * 201, "nested too deeply"),
]


@pytest.mark.parametrize(("body", "message"), BAD_TEXTS)
def test_not_json(body: bytes, message: str) -> None:
    """What Python reads beyond RFC 8259 is refused, with a message."""
    with pytest.raises(NotJson) as caught:
        jsontext.parse(body)

    assert message in str(caught.value)


def test_depth_is_not_breadth() -> None:
    """Many brackets side by side are no nesting, and 200 levels are read."""
    assert len(jsontext.parse(b"[" + b"[]," * 999 + b"[]]")) == 1000
    assert jsontext.parse(b"[" * 200 + b"]" * 200)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(VALUES)
def test_json_round_trip(value: Any) -> None:
    """What is written is read back the same, lone surrogates included."""
    assert jsontext.same(jsontext.parse(jsontext.dump(value)), value)


def test_lone_surrogates_stay() -> None:
    """A lone surrogate cannot be UTF-8, so that it is escaped."""
    assert jsontext.dump(["\ud800é"]) == b'["\\ud800\\u00e9"]'
    assert jsontext.dump(["é"]) == '["é"]'.encode()


SAME = [
    (1, 1.0, True),
    (1, True, False),
    (0, False, False),
    ([1], [True], False),
    ({"a": 1, "b": [1.0]}, {"b": [1], "a": 1.0}, True),
    ([1, 2], [2, 1], False),
    ({"a": None}, {}, False),
    (10**20, 1e20, True),
    (10**20 + 1, 1e20, False),
    ("a", "a", True),
    (None, None, True),
    (None, False, False),
    ([], {}, False),
]


@pytest.mark.parametrize(("left", "right", "verdict"), SAME)
def test_same(left: Any, right: Any, verdict: bool) -> None:
    """Equality is that of JSON Schema: numbers by value, truth apart from them, in depth."""
    assert jsontext.same(left, right) is verdict
    assert jsontext.same(right, left) is verdict


TYPES: list[tuple[str, tuple[str, dict[str, str]]]] = [
    ("application/json", ("application/json", {})),
    (" Application/JSON ; Charset=UTF-8", ("application/json", {"charset": "UTF-8"})),
    ('a/b; x="1; \\"2\\""; y=3', ("a/b", {"x": '1; "2"', "y": "3"})),
    ("a/b;", ("a/b", {})),
    ("application/vnd.a+json", ("application/vnd.a+json", {})),
    *(
        (text, ("", {}))
        for text in ("", "json", "a/b/c", "a /b", "a/b, c/d", "a/b; x", "a/b c", "/")
    ),
]


@pytest.mark.parametrize(("text", "parsed"), TYPES)
def test_media_types(text: str, parsed: tuple[str, dict[str, str]]) -> None:
    """A media type is read by the grammar of RFC 9110 section 8.3.1, or is none."""
    assert mediatype.parse(text) == parsed


@pytest.mark.parametrize(
    ("pattern", "name", "verdict"),
    [
        ("application/json", "application/json", True),
        ("Application/JSON; charset=utf-8", "application/json; x=1", True),
        ("application/*", "application/json", True),
        ("application/*", "applications/json", False),
        ("*/*", "a/b", True),
        ("*/*", "", False),
        ("text/plain", "application/json", False),
    ],
)
def test_ranges(pattern: str, name: str, verdict: bool) -> None:
    """A range covers the types under it; parameters and case do not matter."""
    assert mediatype.covers(pattern, name) is verdict


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("application/json", True),
        ("application/problem+JSON; charset=utf-8", True),
        ("text/json", True),
        ("application/jsonl", False),
        ("application/x-json-stream", False),
    ],
)
def test_json_types(name: str, verdict: bool) -> None:
    """JSON is what is named so, or ends in `+json` (RFC 6839)."""
    assert mediatype.is_json(name) is verdict


def test_the_import_is_light() -> None:
    """What only some commands need is not imported with the package."""
    heavy = {
        "jsonschema",
        "referencing",
        "openapi_spec_validator",
        "hypothesis",
        "flask",
        "pydantic",
    }
    code = f"import sys, leadline_openapi; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_loading_is_fast() -> None:
    """The packaged contract is there before anybody notices: 40 ms, and far from a second anywhere."""
    load()
    started = time.process_time()  # not what other processes make of it
    load()

    assert time.process_time() - started < 0.4
