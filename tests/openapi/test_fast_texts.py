"""JSON by the fast reader and writer: the same values, the same refusals, as by Python's own."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leadline_openapi import jsontext

NUMBERS = st.from_regex(
    r"-?(0|[1-9][0-9]{0,25})(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?", fullmatch=True
)
SCALARS = st.one_of(
    NUMBERS,
    st.text(st.characters(codec=None)).map(json.dumps),
    st.text().map(lambda text: json.dumps(text, ensure_ascii=False)),
    st.sampled_from(
        ["true", "false", "null", "NaN", "Infinity", r'"\ud800"', r'"\ud83d\ude00"', "1.", "01"]
    ),
)
TEXTS = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner).map(lambda items: f"[{', '.join(items)}]")
        | st.lists(st.tuples(st.text().map(json.dumps), inner)).map(
            lambda pairs: "{" + ",".join(f"{name}:{value}" for name, value in pairs) + "}"
        )
    ),
    max_leaves=8,
)


def _read(body: bytes, parse: Any) -> Any:
    try:
        return parse(body)
    except jsontext.NotJson as error:
        return str(error)


@given(body=TEXTS.map(str.encode) | st.binary())
@example(body=b'{"a":1,"b":2,"a":3}')
@example(body=b"\xef\xbb\xbf{}")
@example(body=b"[1e400]")
@example(body=b"9007199254740993")
@example(body=b"18446744073709551616")
@example(body=b"0.1000000000000000055511151231257827")
@example(body=b"[" * 150 + b"]" * 150)
@example(body=b"[" * 250 + b"]" * 250)
@example(body=b'{"a":' * 1100 + b"1" + b"}" * 1100)
@example(body=b"-0")
@example(body=b"-0.0")
def test_both_readers_agree(body: bytes) -> None:
    """Value, type of each number, order of members and the words of a refusal do not tell the reader."""
    fast, slow = _read(body, jsontext.parse), _read(body, jsontext._parse_slowly)

    assert repr(fast) == repr(slow)


@given(
    value=st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(codec=None)),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_what_is_written_is_read_again(value: Any) -> None:
    """Big integers, lone surrogates and every float survive."""
    assert repr(jsontext.parse(jsontext.dump(value))) == repr(value)


@dataclass
class _Thing:
    a: int


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (math.nan, ValueError),
        ([None, -math.inf], ValueError),
        (_Thing(1), TypeError),
        ({1, 2}, TypeError),
    ],
)
def test_what_is_no_json_is_not_written(value: Any, error: type[Exception]) -> None:
    """Neither NaN as null nor an object of Python's as if it were one of JSON's."""
    with pytest.raises(error):
        jsontext.dump(value)
