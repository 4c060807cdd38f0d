"""`x-invariants`: a rule sees all of an exchange that it speaks of, however large the rest is."""

from __future__ import annotations

from typing import Any

import cel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline_contracts.oracles import invariants

RULES = (
    "has(request.body.a) || request.body.b == 1",
    "request.body.all(name, name != 'c')",
    "request.body . a.exists(item, item == 1)",
    "size(request.body) > 1 && size(response.body.doc) < 3",
    "request.body == response.body.doc",
    "request.body['a'] == response.body.doc.a",
    "[request].all(one, has(one.body.c))",
    "response.status == 200 && request.headers['x-a'] == 'b'",
    "{'k': response.body}.k.doc.a == request.body.a",
    "request.body.map(name, name).size() == 2",
)
SMALL = st.dictionaries(st.sampled_from("abc"), st.just(1) | st.lists(st.just(1), max_size=2))


def _outcome(rule: str, facts: dict[str, Any]) -> Any:
    try:
        return cel.compile(rule).execute(facts)
    except (KeyError, RuntimeError, TypeError, ValueError) as error:
        return type(error)


@pytest.mark.parametrize("rule", RULES)
@given(sent=SMALL, doc=SMALL)
def test_what_is_left_out_makes_no_difference(rule: str, sent: Any, doc: Any) -> None:
    """A rule comes out the same over the part that it speaks of as over everything."""
    facts = {
        "request": {"headers": {"x-a": "b"}, "body": sent, "path": "/"},
        "response": {"status": 200, "body": {"doc": doc, "more": [1] * 5}},
    }
    seen = {
        side: invariants._pruned(facts[side], invariants._spoken_of(rule, side)) for side in facts
    }

    assert _outcome(rule, seen) == _outcome(rule, facts)


def test_the_rest_is_left_out() -> None:
    """What a rule does not speak of is not handed to CEL at all."""
    chains = invariants._spoken_of("response.body.doc.id > 0", "response")

    assert invariants._pruned(
        {"status": 1, "body": {"doc": {"id": 1, "x": 2}, "y": 3}}, chains
    ) == {"body": {"doc": {"id": 1}}}
