"""What becomes of the faulty values inside a body: refused, failed on, or taken, and as what."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.openapi.leniency.taking import JSON, operation, schema_of, settled, told

from leadline_openapi import jsontext
from leadline_openapi.leniency.faults import in_body, reach
from leadline_openapi.parameters import ABSENT

TEXT = {"type": "string"}
NUMBER = {"type": "number"}
FINAL = "as the contract says"


def saying(schema: Any, **faults: Any) -> Any:
    """*schema* with `x-leniency`; `type_null` stands for `type:null`."""
    return {
        **schema,
        "x-leniency": {name.replace("_", ":"): said for name, said in faults.items()},
    }


OUTCOMES = [
    # Each outcome, of a value
    (saying(NUMBER, type="coerced"), "5", ({"a": 5}, [], [])),
    (saying(NUMBER, type="coerced"), "x", ({"a": "x"}, ["/a"], [])),
    (saying(NUMBER, type="dropped"), "x", ({}, [], [])),
    (saying(NUMBER, type="stored"), "x", ({"a": "x"}, [], [])),
    (saying(NUMBER, type="error"), "x", ({"a": "x"}, [], ["/a"])),
    (saying(NUMBER, type="rejected"), "x", ({"a": "x"}, ["/a"], [])),
    # The first one that fits and can be made
    (saying(NUMBER, type=["coerced", "dropped"]), "x", ({}, [], [])),
    (saying(NUMBER, type=["coerced", "dropped"]), "5", ({"a": 5}, [], [])),
    (saying(NUMBER, type={"if": {"const": ""}, "then": "dropped"}), "", ({}, [], [])),
    (saying(NUMBER, type={"if": {"const": ""}, "then": "dropped"}), "x", ({"a": "x"}, ["/a"], [])),
    (saying(NUMBER, type={"if": True, "then": "dropped"}), "x", ({}, [], [])),
    (saying(NUMBER, type={"if": False, "then": "dropped"}), "x", ({"a": "x"}, ["/a"], [])),
    (saying(NUMBER, type_null="stored", type="error"), None, ({"a": None}, [], [])),
    (saying(NUMBER, type_null="stored", type="error"), [], ({"a": []}, [], ["/a"])),
    # What the contract says itself is final, also below and beside
    (saying(NUMBER, type={"then": "coerced", "as": FINAL}), [], ({"a": FINAL}, [], [])),
    (saying(NUMBER, type={"then": "coerced", "as": {"b": 1}}), [], ({"a": {"b": 1}}, [], [])),
    (
        saying({"type": "object", "properties": {"b": TEXT}}, type={"then": "coerced", "as": {"b": 1}}),
        5,
        ({"a": {"b": 1}}, [], []),
    ),
    (
        saying({**NUMBER, "maximum": 3}, type=["coerced", {"then": "coerced", "as": 9}]),
        "x",
        ({"a": 9}, [], []),
    ),
    # What is made is judged again
    (saying({**NUMBER, "maximum": 3}, type="coerced"), "5", ({"a": 5}, ["/a"], [])),
    (saying({**NUMBER, "maximum": 3}, type="coerced", maximum="error"), "5", ({"a": 5}, [], ["/a"])),
    (saying({**NUMBER, "maximum": 3}, type="coerced", maximum="dropped"), "5", ({}, [], [])),
    (saying({**NUMBER, "maximum": 3}, type="coerced", maximum="stored"), "5", ({"a": 5}, [], [])),
    # A text that is cut until it fits
    (saying({**TEXT, "maxLength": 2}, maxLength="coerced"), "abc", ({"a": "ab"}, [], [])),
    (saying({**TEXT, "maxLength": 2.0}, maxLength="coerced"), "abc", ({"a": "ab"}, [], [])),
    (saying({**TEXT, "pattern": "^[a-b]*$"}, pattern="coerced"), "abc", ({"a": "ab"}, [], [])),
    (saying({**TEXT, "pattern": "^[b]+$"}, pattern="coerced"), "abc", ({"a": "abc"}, ["/a"], [])),
    # What was sent, in a text
    (saying(TEXT, type={"then": "coerced", "as": "<{json}>"}), 5.0, ({"a": "<5>"}, [], [])),
    (saying(TEXT, type={"then": "coerced", "as": "{{items}}"}), [1, "x"], ({"a": '{1,"x"}'}, [], [])),
    (saying(TEXT, type={"then": "coerced", "as": "{items}"}), {"b": 1}, ({"a": '{"b":1}'}, [], [])),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "sent", "expected"), OUTCOMES)
def test_what_becomes_of_a_value(schema: Any, sent: Any, expected: Any) -> None:
    """Of the outcomes the first counts whose condition fits and which can be; else it is refused."""
    assert told(settled(operation({"a": schema}), {"a": sent})) == expected


def test_what_is_rejected_goes_before_what_fails_and_that_before_what_is_taken() -> None:
    """Only the gravest is told, also where it comes to light by what a value is coerced to."""
    taking = operation(
        {
            "rejected": TEXT,
            "error": saying(TEXT, type="error"),
            "later": saying({**NUMBER, "maximum": 3}, type="coerced"),
            "dropped": saying(TEXT, type="dropped"),
        }
    )
    every = {"rejected": 1, "error": 1, "later": "5", "dropped": 1}

    assert told(settled(taking, every))[1:] == (["/rejected"], [])
    del every["rejected"]
    assert told(settled(taking, every))[1:] == (["/later"], [])
    del every["later"]
    assert told(settled(taking, every))[1:] == ([], ["/error"])
    del every["error"]
    assert told(settled(taking, every)) == ({}, [], [])


ITEM = saying(
    {**TEXT, "maxLength": 4},
    type_null="dropped",
    type_number={"then": "coerced", "as": FINAL},
    type_boolean="coerced",
    maxLength="rejected",
)
LISTS = [
    ([None, 5, "a"], [FINAL, "a"], []),
    ([5, None, 5], [FINAL, FINAL], []),
    ([None, True, 5], ["true", FINAL], []),
    ([5, None, False], None, ["/a/1"]),
    ([None, 5, None, False], None, ["/a/1"]),
    ([None], [], []),
    ([["x"]], None, ["/a/0"]),
    ({}, [], []),
]


@pytest.mark.parametrize(("sent", "made", "refused"), LISTS)
def test_an_item_has_its_own_outcomes_before_those_of_the_list(
    sent: Any, made: Any, refused: list[str]
) -> None:
    """What is dropped moves up what follows, and each item is still known for what it is."""
    listed = {"type": "array", "items": ITEM}
    schema = saying(listed, type_object={"then": "coerced", "as": []}, type_null="error")
    one = settled(operation({"a": schema}), {"a": sent})

    assert [wrong.pointer for wrong in one.refused] == refused
    assert refused or one.value == {"a": made}


def test_what_is_stored_covers_for_no_item_that_moves_up() -> None:
    """One item is stored as it is; another one, which is wrong in the same way and comes there, is not."""
    item = saying(
        {**TEXT, "enum": ["a"]},
        type_null="dropped",
        type_number="coerced",
        enum={"if": {"const": "s"}, "then": "stored"},
    )
    taking = operation({"a": {"type": "array", "items": item}})

    assert told(settled(taking, {"a": [None, "s"]})) == ({"a": ["s"]}, [], [])
    assert told(settled(taking, {"a": [None, "s", 5]}))[1:] == (["/a/1"], [])


def test_an_item_has_the_outcomes_of_the_list_where_it_declares_none() -> None:
    """A fault of an item that its own word does not name is that of the property."""
    items = saying(TEXT, type_null="dropped")
    taking = operation({"a": saying({"type": "array", "items": items}, type_number="coerced")})

    assert told(settled(taking, {"a": [None, 5]})) == ({"a": ["5"]}, [], [])


MISSING = [
    ("stored", ({}, [], [])),
    ("dropped", ({}, [], [])),
    ("coerced", ({}, ["/a"], [])),
    ({"then": "coerced", "as": 7}, ({"a": 7}, [], [])),
    ({"if": True, "then": "stored"}, ({}, ["/a"], [])),
    ("error", ({}, [], ["/a"])),
    ("rejected", ({}, ["/a"], [])),
]


@pytest.mark.parametrize(("said", "expected"), MISSING)
def test_what_becomes_of_a_member_that_is_missing(said: Any, expected: Any) -> None:
    """It stays away, or comes with the value that the contract says; no condition fits what is not there."""
    taking = operation({"a": saying(TEXT, required=said)}, required=["a"])

    assert told(settled(taking, {})) == expected


UNKNOWN: list[tuple[Any, Any]] = [
    ("dropped", ({"a": "x"}, [], [])),
    ("stored", ({"a": "x", "more": 5}, [], [])),
    ({"then": "coerced", "as": 0}, ({"a": "x", "more": 0}, [], [])),
    ("coerced", ({"a": "x", "more": 5}, ["/more"], [])),
    ({"if": {"type": "string"}, "then": "dropped"}, ({"a": "x", "more": 5}, ["/more"], [])),
]


@pytest.mark.parametrize(("said", "expected"), UNKNOWN)
def test_what_becomes_of_an_unknown_member(said: Any, expected: Any) -> None:
    """It is the body that says it."""
    taking = operation({"a": TEXT}, {"unknown": said})

    assert told(settled(taking, {"a": "x", "more": 5})) == expected


def test_more_faults_than_are_told_are_all_taken() -> None:
    """However many values are coerced or dropped, what is gone on with is right."""
    taking = operation({"a": {"type": "array", "items": ITEM}})
    sent: list[Any] = [None, True] * 300

    assert told(settled(taking, {"a": sent})) == ({"a": ["true"] * 300}, [], [])


def test_a_whole_body_may_be_dropped() -> None:
    """Nothing is left of it."""
    one = settled(operation({"a": TEXT}, {"type": "dropped"}), [1, 2])

    assert (one.refused, one.failed, one.value) == ((), (), ABSENT)


NAMED = st.sampled_from(["rejected", "coerced", "dropped", "stored", "error"])
SAID = st.one_of(
    NAMED,
    st.just({"then": "coerced", "as": FINAL}),
    st.just({"if": {"type": "string"}, "then": "stored"}),
    st.lists(
        NAMED | st.just({"if": {"enum": ["", 0]}, "then": "coerced", "as": FINAL}),
        min_size=1,
        max_size=3,
    ),
)
FAULTS = ["type", "type:string", "type:null", "maxLength", "enum", "unknown", "maximum", "minItems"]
LENIENCY = st.dictionaries(st.sampled_from([*FAULTS, "required"]), SAID, min_size=1, max_size=4)


@st.composite
def lenient(draw: st.DrawFn) -> Any:
    """An operation with any leniency at any place."""

    def some(schema: Any) -> Any:
        said = draw(st.none() | LENIENCY)
        return {**schema, "x-leniency": said} if said else schema

    properties = {
        "text": some({**TEXT, "maxLength": 3}),
        "number": some({**NUMBER, "maximum": 9}),
        "list": some({"type": "array", "items": some({"enum": ["a", "b"]}), "minItems": 1}),
        "id": some({"type": "integer", "x-relation": "things"}),
        "inner": some({"type": "object", "properties": {"text": some(TEXT)}, "required": ["text"]}),
    }
    return operation(properties, draw(st.none() | LENIENCY), required=["text"])


@given(taking=lenient(), value=JSON)
def test_what_is_taken_has_no_fault_but_those_that_are_stored(taking: Any, value: Any) -> None:
    """No value makes it fail; what is neither refused nor failed on is right, or wrong as declared."""
    one = settled(taking, value)

    assert not (one.refused and one.failed)
    if one.refused or one.failed or one.value is ABSENT:
        return
    schema = schema_of(taking)
    for violation in schema.violations(one.value):
        fault = in_body(taking, violation, schema, one.value)
        ways = (fault.path[:length] for length in range(len(fault.path) + 1))
        is_final = any(reach(one.value, way) == FINAL for way in ways)
        assert is_final or {"stored", "dropped"} & set(fault.declared)


@given(value=JSON)
def test_nothing_changes_where_nothing_is_declared(value: Any) -> None:
    """Everything that is wrong is refused, and the value is what was sent."""
    taking = operation({"text": TEXT, "list": {"type": "array", "items": NUMBER}})
    one = settled(taking, value)

    assert jsontext.same(one.value, value)
    assert (one.refused, one.failed) == (schema_of(taking).violations(value), ())


@given(taking=lenient(), text=st.text(max_size=3), number=st.integers(0, 9))
def test_a_right_value_stays_as_it_is(taking: Any, text: str, number: int) -> None:
    """Leniency is about faults only."""
    value = {"text": text, "number": number, "list": ["a"], "inner": {"text": text, "more": None}}

    assert told(settled(taking, value)) == (value, [], [])
