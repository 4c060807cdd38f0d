"""Files into data: YAML 1.2 and JSON, with the place of every value."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline_openapi import SpecError, jsonreading, yamlreading
from leadline_openapi.reading import read
from leadline_openapi.tree import place_map, plain

SCALARS: list[tuple[str, Any]] = [
    *(
        (text, text)
        for text in ("yes", "no", "on", "off", "y", "N", "2020-01-01", "12:30", "1_000")
    ),
    *((text, text) for text in ("0o8", "0b1", "1e", "+", ".", "-.", "nULL", "TrUe", "1.2.3", "=")),
    *((text, None) for text in ("null", "Null", "NULL", "~", "")),
    *((text, True) for text in ("true", "True", "TRUE")),
    *((text, False) for text in ("false", "False", "FALSE")),
    *(("0777", 777), ("0o17", 15), ("0xfF", 255), ("-0", 0), ("+12", 12)),
    *(("1.", 1.0), (".5", 0.5), ("-1.5e3", -1500.0), ("1e3", 1000.0), ("+.5", 0.5)),
    *(("'1'", "1"), ('"null"', "null"), ("!!str 1", "1"), ("!!int 1", 1), ("!!float 1", 1.0)),
]


@pytest.mark.parametrize(("text", "value"), SCALARS)
def test_core_schema(text: str, value: Any) -> None:
    """Plain scalars mean what the YAML 1.2 core schema says, not what YAML 1.1 said."""
    found = yamlreading.parse(f"a: {text}\n", "f")["a"]

    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("key", ["200", "null", "yes", "1.5", "~", "0x10"])
def test_keys_are_strings(key: str) -> None:
    """A key is the text that stands there, quoted or not."""
    assert plain(yamlreading.parse(f"{key}: 1\n", "f")) == {key: 1}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=15,
)


@given(JSON, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_json_is_read_as_json_reads_it(
    value: Any, indent: int | str | None, ascii_only: bool
) -> None:
    """The reader with places reads what Python's writes, whatever the layout."""
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)

    assert plain(jsonreading.parse(text, "f")) == value


@given(JSON, st.text(alphabet='{}[]",:0.-e \\u', max_size=3), st.integers(0, 200))
def test_json_is_refused_as_json_refuses_it(value: Any, junk: str, at: int) -> None:
    """The reader with places takes what Python's takes, and refuses what it refuses."""
    whole = json.dumps(value)
    text = whole[:at] + junk + whole[at:]
    try:
        expected = json.loads(text)
    except json.JSONDecodeError:
        with pytest.raises(SpecError, match="not well-formed JSON"):
            jsonreading.parse(text, "f")
    else:
        try:
            assert plain(jsonreading.parse(text, "f")) == expected
        except SpecError as error:
            assert error.problem.endswith(  # noqa: PT017
                ("twice in one object", "is out of range", "half of a surrogate pair in it")
            )


BAD_JSON = [
    ('{\n "a": 1,\n "a": 2}', "f:3:2 (at /a): the key `a` is given twice"),
    ('{\n "a": [1,\n  {"b" 2}]}', "f:3:8 (at /a/1/b): not well-formed JSON: `2` where `:`"),
    ('{"a": 1,}', "`}` where a key in double quotes should be"),
    ("[1 2]", "`2` where `,` or `]` should be"),
    ("[1,]", "`]` where a value should be"),
    ("{'a': 1}", "`'` where a key in double quotes should be"),
    ("[NaN]", "`N` where a value should be"),
    ("[-Infinity]", "`-` where a value should be"),
    ("[01]", "`1` where `,` or `]` should be"),
    ("[1e400]", "the number 1e400 is out of range"),
    ("[" + "1" * 5000 + "]", "is out of range"),
    ('["a\nb"]', "f:1:4: not well-formed JSON: invalid control character at"),
    ('["a', "f:1:2: not well-formed JSON: unterminated string"),
    ("[", "the end of the file where a value should be"),
    ("[] []", "something follows the value"),
    ("[" * 300, "nested more than 200 levels deep"),
    ('["\\ud800"]', "f:1:2 (at /0): the text has half of a surrogate pair"),
    ('{"a": 1} // note', "something follows the value"),
]


@pytest.mark.parametrize(("text", "message"), BAD_JSON)
def test_bad_json(text: str, message: str) -> None:
    """What is not JSON is refused where it goes wrong."""
    with pytest.raises(SpecError) as caught:
        jsonreading.parse(text, "f")

    assert message in str(caught.value)


@pytest.mark.parametrize(
    "text", ['{\n "a": {\n  "b/c": [1,\n   2]}}', "a:\n  b/c:\n  - 1\n  - 2\n"]
)
def test_places(tmp_path: Path, text: str) -> None:
    """Every value has the line of its key, or of itself in an array, in both formats."""
    path = tmp_path / ("a.json" if text.startswith("{") else "a.yaml")
    path.write_text(text, "utf-8")
    lines = {at: place.line for at, place in place_map(read(path)).items()}
    first = 2 if text.startswith("{") else 1

    assert lines == {
        "/a": first,
        "/a/b~1c": first + 1,
        "/a/b~1c/0": 3,
        "/a/b~1c/1": 4,
    }


def test_surrogate_pairs_and_long_keys_have_lines(tmp_path: Path) -> None:
    """JSON that is no YAML has places all the same."""
    path = tmp_path / "a.json"
    path.write_text('{\n"' + "k" * 2000 + '": "\\ud83d\\ude00\\/",\n\t"b": 1}', "utf-8")
    tree = read(path)

    assert tree["k" * 2000] == "\U0001f600/"
    assert tree.places["b"].line == 3


def test_byte_order_mark_in_json(tmp_path: Path) -> None:
    """A byte order mark is no part of the text."""
    path = tmp_path / "a.json"
    path.write_bytes(b"\xef\xbb\xbf{}")

    assert read(path) == {}
