"""What is told of values that are too large to be told of as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline_openapi import schema as schemas
from leadline_openapi.schema import Library, Schema
from leadline_openapi.violation import Violation

TAGGED = {
    "oneOf": [
        {"properties": {"k": {"const": "a"}, "v": {"type": "integer"}}, "required": ["k", "v"]},
        {"properties": {"k": {"const": "b"}, "v": {"type": "string"}}, "required": ["k"]},
    ]
}
INSIDE = {
    "a": {"type": "array", "items": {"enum": [1, 2]}, "minItems": 3, "uniqueItems": True},
    "b": {"type": "array", "prefixItems": [{"type": "string"}], "items": False, "maxItems": 4},
    "c": {"type": "array", "contains": {"const": 9}, "items": {"$ref": "#/deep"}},
    "d": TAGGED,
    "e": {"type": "array", "items": TAGGED},
    "f": {"not": {"type": "array", "maxItems": 2}},
    "g": {"const": [1, 2, 3, 4, 5, 6, 7]},
    "h": {"anyOf": [{"type": "null"}, {"type": "object", "minProperties": 2}]},
    "i": {"type": "object", "dependentRequired": {"x": ["y"]}, "unevaluatedProperties": False},
    "j": {"type": "object", "propertyNames": {"maxLength": 1}, "maxProperties": 3},
}
DEEP = {
    "type": "object",
    "properties": INSIDE,
    "additionalProperties": False,
    "required": ["a", "b"],
    "minProperties": 3,
}
VALUES = st.recursive(
    st.sampled_from([1, 2, 9, "x", None]),
    lambda inner: (
        st.lists(inner, max_size=8)
        | st.dictionaries(st.sampled_from([*INSIDE, "k", "v", "x", "yy"]), inner, max_size=8)
        | st.fixed_dictionaries({"k": st.sampled_from(["a", "b"])}, optional={"v": inner})
    ),
    max_leaves=40,
)


@pytest.fixture(scope="module", autouse=True)
def _small() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schemas, "SIZES", (4, 12))
        yield


def schema(source: Any) -> Schema:
    """*source*, ready to judge."""
    return Schema("/deep", Library({"deep": source}))


def split(found: tuple[Violation, ...]) -> tuple[list[Violation], list[Violation]]:
    """What says what is wrong, and what says that there is more."""
    return [one for one in found if one.keyword], [one for one in found if not one.keyword]


@given(VALUES, st.integers(1, 5))
def test_nothing_false_is_told(value: Any, most: int) -> None:
    """What is told of a part is true of the whole; something is told where anything is wrong."""
    whole = schema(DEEP).violations(value)
    told, besides = split(schema(DEEP).violations(value, most=most))

    assert set(told) <= set(whole)
    assert bool(told or besides) is bool(whole)
    assert len(told) <= most
    assert besides or set(told) == set(whole)


@pytest.mark.parametrize(
    ("value", "most", "expected"),
    [
        ([1] * 3, 3, ["[0]", "[1]", "[2]"]),
        ([1] * 3, 2, ["[0]", "[1]", "and 1 more violations"]),
        ([1] * 9, 2, ["[0]", "[1]", "and at least 1 more violations"]),
        ([1] * 9, 3, ["[0]", "[1]", "[2]", "and there may be more violations"]),
        (["x"] * 8 + [1] + ["x"] * 8, 3, ["[8]", "and there may be more violations"]),
        (["x"] * 99, 3, []),
        (["x"] * 99 + [1], 3, ["is not what the contract describes, and too large to say where"]),
    ],
)
def test_how_many_more(value: Any, most: int, expected: list[str]) -> None:
    """The last one says how many there are besides, as far as that is known."""
    found = schema({"items": {"type": "string"}}).violations(value, most=most)
    assert [one.field or one.problem for one in found] == expected


def test_counts() -> None:
    """With those that it stands for, the last one makes up for all."""
    found = schema({"items": {"type": "string"}}).violations([1, 2, 3], most=1)
    assert [one.count for one in found] == [1, 2]


def test_names_that_nobody_reads() -> None:
    """A name may be as long as a body; only its length is told."""
    found = schema({"properties": {"a": {}}, "additionalProperties": False}).violations(
        {"x" * 5000: 1, "y": 2}
    )

    assert [one.field for one in found] == ["(a name of 5000 characters)", "y"]
    assert found[0].pointer == "/(a name of 5000 characters)"
