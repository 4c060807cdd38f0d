"""Where two JSON values differ, and where that is no difference of two servers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.contracts.conftest import doc_changed

from leadline_contracts.compare.report import Comparison
from leadline_contracts.compare.values import merged, unlike
from leadline_openapi import jsontext

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=8,
)


@given(JSON, JSON)
def test_values_are_unlike_where_they_are_not_the_same(left: Any, right: Any) -> None:
    """Something is found exactly where the two are not equal as JSON."""
    assert bool(list(unlike(left, right))) is not jsontext.same(left, right)


@pytest.mark.parametrize(
    ("left", "right", "kinds"),
    [
        ([1, 2], [2, 1], ["another order"]),
        ([1, 2], [1], ["another number of items"]),
        ({"a": 1}, {"a": "1"}, ["number / text"]),
        ({"a": 1}, {"a": 1, "b": 2}, ["only in B"]),
        ({"a": 1}, {"b": 1}, ["other members"]),
        ([{"a": 1}], [{"a": 2}], ["another value"]),
        (True, 1, ["boolean / number"]),
        (1.0, 1, []),
    ],
)
def test_the_way_they_differ_has_a_name(left: Any, right: Any, kinds: list[str]) -> None:
    """The kind is what divergences are put together by."""
    assert [one.kind for one in merged(list(unlike(left, right)))] == kinds


@given(JSON, JSON)
def test_the_other_way_round_it_is_the_same_places(left: Any, right: Any) -> None:
    """Each place is found from either side, once it is told with members that are only on one."""
    one, other = merged(list(unlike(left, right))), merged(list(unlike(right, left)))

    assert sorted(each.pointer for each in one) == sorted(each.pointer for each in other)
    assert [each.of_shape for each in one].count(True) == [each.of_shape for each in other].count(
        True
    )


def test_what_both_servers_drop_is_no_difference(compared: Callable[..., Comparison]) -> None:
    """A member that is lost on either side may be answered with null, or not at all."""

    def without(_: Any, doc: dict[str, Any]) -> None:
        doc.pop("notes", None)

    def null(sent: dict[str, Any], doc: dict[str, Any]) -> None:
        if "notes" in sent:
            doc["notes"] = None

    found = compared(doc_changed(without), doc_changed(null))

    assert [(one.message, one.count) for one in found.divergences] == []


def test_another_order_of_checks_shows_beside_another_status(
    compared: Callable[..., Comparison],
) -> None:
    """A server that says 403 for 401, and reads the body first, differs in both."""

    def other(request: Any, ask: Any) -> Any:
        key, request.key = request.key, "test-api-key"
        answer = ask()
        if answer.status == 400 and request.value is None and request.body:
            return answer
        request.environ.pop("HTTP_AUTHORIZATION", None)
        if key is not None:
            request.key = key
        answer = ask()
        answer.status = 403 if answer.status == 401 else answer.status
        return answer

    found = compared(lambda _, ask: ask(), other)

    assert [one.difference.aspect for one in found.divergences] == ["status", "order of checks"]
