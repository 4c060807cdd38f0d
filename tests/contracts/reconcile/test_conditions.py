"""What `x-leniency` says of values that became different things: each of them becomes that again."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline_contracts.reconcile.conditions import Sample, said, untold
from leadline_openapi import jsontext
from leadline_openapi.parameters import ABSENT


def _sample(value: Any, outcome: str, given: Any = ABSENT, *, converts: bool = False) -> Sample:
    return Sample(value, outcome, given, converts=converts)


@pytest.mark.parametrize(
    ("samples", "told"),
    [
        ([_sample("a", "stored"), _sample("b", "stored")], "stored"),
        ([_sample(None, "coerced", 0)], {"then": "coerced", "as": 0}),
        (
            [_sample("", "dropped"), _sample("text", "rejected")],
            [{"if": {"const": ""}, "then": "dropped"}, "rejected"],
        ),
        (
            [_sample("7", "coerced", converts=True), _sample("x", "rejected")],
            ["coerced", "rejected"],
        ),
        (
            [_sample("true", "coerced", True), _sample("no", "coerced", False)],
            [
                {"if": {"const": "true"}, "then": "coerced", "as": True},
                {"if": {"const": "no"}, "then": "coerced", "as": False},
                "coerced",
            ],
        ),
        (
            [_sample(7, "coerced", "7.0")],
            [{"if": {"const": 7}, "then": "coerced", "as": "7.0"}, "coerced"],
        ),
        (
            [_sample({}, "rejected"), _sample([1], "error"), _sample([2], "error")],
            [{"if": {"type": "array"}, "then": "error"}, "rejected"],
        ),
        (
            [
                _sample(-1, "error"),
                _sample(-2, "error"),
                _sample(3, "stored"),
                _sample(4, "stored"),
            ],
            [{"if": {"not": {"minimum": 0}}, "then": "error"}, "stored"],
        ),
        ([_sample("x", "stored"), _sample("x", "error")], "stored"),
        ([_sample("x", "error"), *[_sample("x", "stored")] * 2], "stored"),
        (
            [*[_sample(ABSENT, "coerced")] * 50, _sample(ABSENT, "rejected")],
            ["coerced", "rejected"],
        ),
        ([_sample(ABSENT, "coerced"), *[_sample(ABSENT, "rejected")] * 50], "rejected"),
        (
            [_sample("", "error"), *[_sample("x", "dropped")] * 3, _sample("x", "stored")],
            [{"if": {"const": ""}, "then": "error"}, "dropped"],
        ),
    ],
)
def test_what_is_said(samples: list[Sample], told: Any) -> None:
    """One outcome needs no condition; several have the one that is read most easily, where there is one."""
    assert said(samples) == told


_VALUES = st.one_of(
    st.text(max_size=3), st.integers(-3, 3), st.lists(st.integers(), max_size=2), st.booleans()
)


_OUTCOMES = st.sampled_from(("rejected", "coerced", "dropped", "stored", "error"))


@given(st.lists(st.tuples(st.just(ABSENT) | _VALUES, _OUTCOMES), min_size=1, max_size=30))
def test_no_outcome_stands_behind_one_that_always_fits(seen: list[tuple[Any, str]]) -> None:
    """Whatever was seen, all that is said counts, and what is left out is told."""
    samples = [_sample(value, outcome) for value, outcome in seen]
    told = said(samples)
    rules = told if isinstance(told, list) else [told]
    names = {rule if isinstance(rule, str) else rule["then"] for rule in rules}

    assert not any(_always_fits(rule) for rule in rules[:-1])
    assert {*names, *untold(samples, told)} == {one.outcome for one in samples}


def _always_fits(rule: Any) -> bool:
    return rule != "coerced" if isinstance(rule, str) else "if" not in rule


@given(
    st.dictionaries(
        _VALUES.map(jsontext.dump),
        st.sampled_from(("rejected", "dropped", "stored", "error")),
        min_size=1,
        max_size=6,
    )
)
def test_the_first_rule_that_fits_is_what_was_seen(seen: dict[bytes, str]) -> None:
    """Whatever few values were seen, a reader who takes the first rule that fits gets the outcome of each."""
    samples = [Sample(jsontext.parse(value), outcome) for value, outcome in seen.items()]

    for one in samples:
        assert _first(said(samples), one.value) == one.outcome


def _first(rules: Any, value: Any) -> str:
    for rule in rules if isinstance(rules, list) else [rules]:
        if isinstance(rule, str):
            return rule
        if jsonschema_rs.is_valid(rule.get("if", True), value):
            return str(rule["then"])
    return "rejected"
