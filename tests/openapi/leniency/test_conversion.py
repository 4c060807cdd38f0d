"""`coerced`: which value of another type a value is taken for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.openapi.leniency.taking import JSON

from leadline_openapi.flatten import flatten
from leadline_openapi.leniency.conversion import convert, written
from leadline_openapi.leniency.faults import json_type
from leadline_openapi.parameters import ABSENT

TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")


def converted(value: Any, schema: Any) -> Any:
    """*value* as the first type of *schema*; `None` for none, which no value is taken for."""
    made = convert(value, flatten({"wanted": schema}, ("/wanted",)))
    return None if made is ABSENT else made


CONVERSIONS: list[tuple[str, Any, Any]] = [
    # A text, read
    ("number", "5", 5),
    ("number", " +5.50 ", 5.5),
    ("number", ".5", 0.5),
    ("number", "1e3", 1000),
    ("number", "5 km", None),
    ("number", "1e999", None),
    ("number", "9" * 400, None),
    ("number", "", None),
    ("number", "٣", None),
    ("number", "NaN", None),
    ("number", True, 1),
    ("integer", "5.0", 5),
    ("integer", "5.5", None),
    ("boolean", "TRUE", True),
    ("boolean", " false ", False),
    ("boolean", "yes", None),
    ("boolean", 1, True),
    ("boolean", 0.0, False),
    ("boolean", 2, None),
    # Anything, written
    ("string", 5, "5"),
    ("string", 5.0, "5"),
    ("string", 1e300, "1e+300"),
    ("string", -0.5, "-0.5"),
    ("string", True, "true"),
    ("string", [1.0, "a", None], '[1,"a",null]'),
    ("string", {"a": [2.0]}, '{"a":[2]}'),
    ("string", [5], "[5]"),
    ("string", ["\ud800"], '["\\ud800"]'),
    ("string", 10**400, str(10**400)),
    # A list of one item, either way
    ("array", 5, [5]),
    ("array", {}, [{}]),
    ("array", [1, 2], None),
    ("number", ["5"], 5),
    ("number", ["5", "6"], None),
    ("number", [["5"]], None),
    ("boolean", ["true"], True),
    # What is nothing of the kind
    ("number", {}, None),
    ("object", "{}", None),
    ("null", "null", None),
    ("string", None, None),
]


@pytest.mark.parametrize(("name", "value", "made"), CONVERSIONS)
def test_a_value_is_taken_for_the_obvious_one_of_another_type(
    name: str, value: Any, made: Any
) -> None:
    """What spells a number or a boolean is one, and everything can be written as a text."""
    found = converted(value, {"type": name})

    assert (found, type(found)) == (made, type(made))


TIMES = [
    ("2024-05-06", "2024-05-06T00:00:00.000Z"),
    ("2024-05-06T07:08:09+02:00", "2024-05-06T05:08:09.000Z"),
    ("2024-05-06 07:08:09.5", "2024-05-06T07:08:09.500Z"),
    (0, "1970-01-01T00:00:00.000Z"),
    (1714979289010.0, "2024-05-06T07:08:09.010Z"),
    (-1, "1969-12-31T23:59:59.999Z"),
    (["2024-05-06"], "2024-05-06T00:00:00.000Z"),
    ("0001-01-01T00:00:00+14:00", None),
    ("9999-12-31T23:59:59-14:00", None),
    ("soon", None),
    (10**400, None),
    (1e308, None),
    (True, None),
    ({}, None),
]


@pytest.mark.parametrize(("value", "made"), TIMES)
def test_a_time_is_brought_into_one_form(value: Any, made: Any) -> None:
    """Texts in ISO 8601 and milliseconds are times in UTC; what lies outside the calendar is none."""
    assert converted(value, {"type": "string", "format": "date-time"}) == made


@pytest.mark.parametrize(
    ("value", "made"), [({"id": 5}, 5), ({"id": {"id": 5}}, {"id": 5}), ({"name": "x"}, None)]
)
def test_a_document_is_taken_for_its_id(value: Any, made: Any) -> None:
    """Where an id is due, a document with one is that id, of whatever type it is."""
    assert converted(value, {"type": "integer", "x-relation": "users"}) == made


@given(
    value=JSON,
    names=st.lists(st.sampled_from(TYPES), min_size=1, unique=True),
    told=st.sampled_from(["date-time", "other"]),
)
def test_what_is_made_is_of_a_type_that_is_wanted(value: Any, names: list[str], told: str) -> None:
    """No value is too odd to be asked about, and what it is taken for is of a type of the schema."""
    made = convert(value, flatten({"": {"type": names, "format": told}}, ("/",)))

    kind = json_type(made)
    assert made is ABSENT or kind in names or (kind == "integer" and "number" in names)


@pytest.mark.parametrize(
    ("value", "text"),
    [(5.0, "5"), (0.1, "0.1"), ([1.0, {"a": 2.0}], '[1,{"a":2}]'), (1e21, "1e+21"), ("é", '"é"')],
)
def test_numbers_are_written_without_a_fraction_of_zero(value: Any, text: str) -> None:
    """`5.0` and `5` are the same number; what is written of them is the same text."""
    assert written(value) == text
