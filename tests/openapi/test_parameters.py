"""Parameters on the wire: written and read back, and read strictly."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline_openapi.parameters import ABSENT, Parameter
from leadline_openapi.schema import Library, Schema

DEFAULTS = {"path": "simple", "header": "simple", "query": "form", "cookie": "form"}


def parameter(source: Any, location: str = "query", **more: Any) -> Parameter:
    """A parameter `p` with the schema *source*."""
    style = more.pop("style", DEFAULTS[location])
    return Parameter(
        **{
            "name": "p",
            "location": location,
            "required": False,
            "schema": Schema("/s", Library({"s": source})),
            "style": style,
            "explode": style == "form",
            "json": False,
            "description": "",
            "pointer": "/p",
            **more,
        }
    )


def sent(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    """Pairs of name and raw string as `Parameter.read` takes them."""
    found: dict[str, list[str]] = {}
    for name, raw in pairs:
        found.setdefault(name, []).append(raw)
    return found


# What has no delimiter in it, so that every style can carry it; percent-encoding is the caller's.
WORDS = st.text(st.characters(codec="utf-8", exclude_characters=",|= &[]\t"), min_size=1)
VALUES: dict[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "string": ({"type": "string"}, st.text()),
    "integer": ({"type": "integer"}, st.integers()),
    "number": ({"type": "number"}, st.floats(allow_nan=False, allow_infinity=False)),
    "boolean": ({"type": "boolean"}, st.booleans()),
    "nullable": ({"type": ["integer", "null"]}, st.none() | st.integers()),
    "enum": ({"enum": ["a", 1, True, None]}, st.sampled_from(["a", 1, True, None])),
}
LISTS: dict[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "strings": ({"type": "array", "items": {"type": "string"}}, st.lists(WORDS, min_size=1)),
    "integers": (
        {"type": "array", "items": {"type": "integer"}},
        st.lists(st.integers(), min_size=1),
    ),
    "booleans": (
        {"allOf": [{"type": "array"}, {"items": {"type": "boolean"}}]},
        st.lists(st.booleans(), min_size=1),
    ),
}
MEMBERS = {"s": {"type": "string"}, "i": {"type": "integer"}, "b": {"type": "boolean"}}
OBJECT = (
    {"type": "object", "properties": MEMBERS},
    st.fixed_dictionaries({"s": WORDS}, optional={"i": st.integers(), "b": st.booleans()}),
)
STYLES = [
    ("query", "form", True),
    ("query", "form", False),
    ("query", "spaceDelimited", False),
    ("query", "pipeDelimited", False),
    ("path", "simple", False),
    ("path", "simple", True),
    ("header", "simple", False),
    ("header", "simple", True),
    ("cookie", "form", False),
    ("cookie", "form", True),
]
KINDS = {**VALUES, **LISTS, "object": OBJECT}


COMBINATIONS = [
    (*style, kind)
    for style in [*STYLES, ("query", "deepObject", True)]
    for kind in KINDS
    if style[1] in {"form", "simple"}
    or kind == "object"
    or (kind in LISTS and style[1] != "deepObject")
]
"""What OpenAPI defines a style for."""


@pytest.mark.parametrize(("location", "style", "explode", "kind"), COMBINATIONS)
@settings(max_examples=30)
@given(data=st.data())
def test_round_trip(
    location: str, style: str, explode: bool, kind: str, data: st.DataObject
) -> None:
    """What is written in a style is read back as the same value."""
    source, values = KINDS[kind]
    if location == "header" and kind in LISTS:
        values = values.filter(lambda value: all(str(item) == str(item).strip() for item in value))
    one = parameter(source, location, style=style, explode=explode)
    value = data.draw(values)
    if kind == "object" and location == "header":
        value = {name: member for name, member in value.items() if name != "s"}
        if not value:
            return
    found = one.read(sent(one.write(value)))

    assert (found, type(found)) == (value, type(value))
    assert one.violations(sent(one.write(value))) == ()


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_json_content_round_trip(value: Any) -> None:
    """A parameter with `content` carries any JSON value."""
    one = parameter(True, json=True)

    assert one.read(sent(one.write(value))) == value


NUMBERS: list[tuple[str, Any]] = [
    *(("2", 2), ("-0", 0), ("1e3", 1000.0), ("1.50", 1.5), ("-1E-2", -0.01)),
    *(
        (text, text)
        for text in ("abc", "01", "+1", " 1", "1 ", "1_000", "NaN", "Infinity", "", "1.")
    ),
    *((text, text) for text in (".5", "0x10", "\u0663", "1e999", "1,5", "true", "null", "-")),
]


@pytest.mark.parametrize(("raw", "value"), NUMBERS)
def test_numbers(raw: str, value: Any) -> None:
    """A number is what JSON calls one; anything else stays text, and the schema says so."""
    one = parameter({"type": "number"})
    found = one.read({"p": [raw]})

    assert (found, type(found)) == (value, type(value))
    assert [each.keyword for each in one.violations({"p": [raw]})] == ["type"] * isinstance(
        value, str
    )


INTEGERS = [("1e3", True), ("1.0", True), ("1.5", False), ("9" * 30, True), ("9" * 5000, False)]


@pytest.mark.parametrize(("raw", "verdict"), INTEGERS)
def test_integers(raw: str, verdict: bool) -> None:
    """An integer is one by value (JSON Schema 2020-12 section 4.2.3), whatever its spelling."""
    assert (parameter({"type": "integer"}).violations({"p": [raw]}) == ()) is verdict


READINGS: list[tuple[str, Any, str, Any]] = [
    ("boolean", {"type": "boolean"}, "true", True),
    ("no boolean", {"type": "boolean"}, "True", "True"),
    ("no boolean either", {"type": "boolean"}, "1", "1"),
    ("text stays text", {"type": "string"}, "1", "1"),
    ("null", {"type": ["integer", "null"]}, "null", None),
    ("empty is null", {"type": ["integer", "null"]}, "", None),
    ("empty text", {"type": ["string", "null"]}, "", ""),
    ("number before text", {"type": ["string", "number"]}, "5", 5),
    (
        "text where no number fits",
        {"anyOf": [{"type": "string"}, {"type": "integer", "minimum": 9}]},
        "5",
        "5",
    ),
    ("enum of text", {"type": ["string", "integer"], "enum": ["1"]}, "1", "1"),
    ("enum of null", {"enum": ["a", None]}, "null", None),
    ("list or text", {"type": ["string", "array"]}, "a,b", "a,b"),
    ("list or number", {"type": ["integer", "array"], "items": {"type": "integer"}}, "1", 1),
    ("anything", True, "x", "x"),
]


@pytest.mark.parametrize(
    ("source", "raw", "value"), [one[1:] for one in READINGS], ids=[one[0] for one in READINGS]
)
def test_readings(source: Any, raw: str, value: Any) -> None:
    """Of several types, the first reading that is valid counts."""
    found = parameter(source).read({"p": [raw]})

    assert (found, type(found)) == (value, type(value))


def test_repeated_list_of_several_types() -> None:
    """Repeated, a parameter that may be a list is one."""
    one = parameter({"type": ["string", "array"], "items": {"type": "integer"}})

    assert one.read({"p": ["1", "2"]}) == [1, 2]
    assert one.violations({"p": ["1", "2"]}) == ()


@pytest.mark.parametrize(
    ("one", "given", "field"),
    [
        (parameter({"type": "number"}), {"p": ["1", "2"]}, "p"),
        (parameter({"type": "array"}, explode=False), {"p": ["1", "2"]}, "p"),
        (parameter(True, json=True), {"p": ["1", "2"]}, "p"),
        (
            parameter({"type": "object", "properties": MEMBERS}, style="deepObject"),
            {"p[s]": ["1", "2"]},
            "p[s]",
        ),
    ],
)
def test_given_more_than_once(one: Parameter, given: dict[str, list[str]], field: str) -> None:
    """A repeated parameter that is no list is a violation: which of them counts is nobody's guess."""
    (found,) = one.violations(given)

    assert (found.field, found.keyword, found.problem) == (
        field,
        "style",
        "is given more than once",
    )


def test_absent() -> None:
    """A parameter that is not sent is absent, which breaks the contract only if it is required."""
    assert parameter({"type": "string"}).read({}) is ABSENT
    assert parameter({"type": "string"}).violations({"q": ["1"]}) == ()
    (found,) = parameter({"type": "string"}, required=True).violations({})
    assert (found.location, found.field, found.pointer, found.message) == (
        "query",
        "p",
        "/p",
        "p: is required",
    )


def test_allow_empty_value() -> None:
    """With `allowEmptyValue` nothing is asked of an empty value."""
    assert parameter({"type": "integer"}, allow_empty=True).violations({"p": [""]}) == ()
    assert parameter({"type": "integer"}).violations({"p": [""]}) != ()


def test_violations_name_the_item() -> None:
    """Field and pointer lead to the item or the member that is wrong."""
    many = parameter({"type": "array", "items": {"type": "integer"}})
    deep = parameter(
        {"type": "object", "properties": MEMBERS, "additionalProperties": False}, style="deepObject"
    )

    assert [(one.field, one.pointer) for one in many.violations({"p": ["1", "x"]})] == [
        ("p[1]", "/p/1")
    ]
    assert [
        (one.field, one.keyword) for one in deep.violations({"p[i]": ["x"], "p[z]": ["1"]})
    ] == [
        ("p.i", "type"),
        ("p.z", "additionalProperties"),
    ]


def test_members_by_their_own_names() -> None:
    """An exploded object is spread over the query; a member may have the parameter's own name."""
    one = parameter({"type": "object", "properties": {"p": {"type": "integer"}, "q": {}}})

    assert one.read({"p": ["3"], "other": ["x"]}) == {"p": 3}
    assert one.read({"other": ["x"]}) is ABSENT


def test_malformed_values() -> None:
    """Pairs without a partner and text that is no JSON are violations, not exceptions."""
    odd = parameter({"type": "object"}, "path", style="simple")
    broken = parameter(True, json=True)

    assert [one.keyword for one in odd.violations({"p": ["a,1,b"]})] == ["type"]
    (found,) = broken.violations({"p": ["{"]})
    assert found.keyword == "content"
    assert found.problem.startswith("is not JSON: ")


def test_types_behind_references() -> None:
    """Types are found behind `$ref`, allOf and anyOf, recursion included."""
    document = {
        "s": {"anyOf": [{"$ref": "#/n"}, {"type": "null"}]},
        "n": {
            "allOf": [{"type": ["integer", "string", "array"]}, {"type": ["number", "array"]}],
            "items": {"$ref": "#/s"},
        },
    }
    one = parameter(True)
    one = Parameter(**{**vars(one), "schema": Schema("/s", Library(document))})

    assert one.types == {"integer", "array", "null"}
