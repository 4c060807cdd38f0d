"""Whatever a server answers, it is compared."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from leadline_contracts.case import Case, Due, Exchange
from leadline_contracts.compare.difference import differences
from leadline_contracts.compare.normalise import Normaliser
from leadline_contracts.compare.outcome import outcome
from leadline_openapi import jsontext, load

CONTRACT = load()
NOW = datetime(2026, 1, 31, tzinfo=UTC)
NAMES = ("doc", "id", "createdAt", "searches", "latestEvent", "message", "errors", "field")
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
    | st.just(NOW.isoformat())
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6)
    ),
    max_leaves=20,
)
STATUSES = st.sampled_from((200, 201, 204, 302, 400, 401, 404, 415, 500))


def exchange(sent: Any, status: int, given: Any, due: Due) -> Exchange:
    """*given* as the answer to *sent*."""
    operation = CONTRACT.operations[0]
    case = Case(
        name="any",
        area="body",
        operation=operation,
        method="POST",
        target="/leads",
        headers=(("Content-Type", "application/json"),),
        body=jsontext.dump(sent),
        due=due,
        rule=operation.pointer,
    )
    return Exchange(
        case=case,
        status=status,
        headers=(("Content-Type", "application/json"),),
        body=jsontext.dump(given),
        sent_at=NOW,
        received_at=NOW,
        elapsed=0.001,
    )


@given(JSON, STATUSES, JSON, STATUSES, JSON, st.sampled_from(Due))
def test_any_two_answers_can_be_compared(
    sent: Any, status: int, given: Any, other_status: int, other: Any, due: Due
) -> None:
    """Nothing that a server answers stops the run, and the other way round it is as many differences."""
    left, right = exchange(sent, status, given, due), exchange(sent, other_status, other, due)

    def found(one: Exchange, two: Exchange) -> int:
        outcomes = outcome(one, Normaliser()), outcome(two, Normaliser())
        return len(differences(one.case, *outcomes))

    assert found(left, right) == found(right, left)


@given(JSON, STATUSES, JSON, st.sampled_from(Due))
def test_an_answer_is_the_same_as_itself(sent: Any, status: int, given: Any, due: Due) -> None:
    """Two servers that answer with the same bytes do not differ."""
    one = exchange(sent, status, given, due)

    outcomes = outcome(one, Normaliser()), outcome(one, Normaliser())
    assert differences(one.case, *outcomes) == ()
