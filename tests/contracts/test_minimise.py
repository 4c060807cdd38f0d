"""A request that shows a defect is made small, and says which of its parts are needed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline_contracts.case import Case, Due
from leadline_contracts.draft import base
from leadline_contracts.judge import agrees
from leadline_contracts.minimise import BUDGET, minimise, parts
from leadline_openapi import Contract, load

CONTRACT = load()
BODY = CONTRACT.operations[0].body
assert BODY is not None
WHOLE = next(iter(BODY.content[0].examples.values()))
NAMES = sorted(WHOLE)


def _case(value: object, query: str = "") -> Case:
    draft = base(CONTRACT.operations[0]).with_value(value)
    case = draft.case("many things", "body", Due.ACCEPT, "/rule", compound=True)
    return replace(case, target=f"/leads?{query}" if query else "/leads")


@given(st.sets(st.sampled_from(NAMES), min_size=1, max_size=3))
def test_the_guilty_members_are_found(guilty: set[str]) -> None:
    """Whichever few members it takes: they are left, nothing else is, and it is cheap."""
    asked = []

    def still(case: Case) -> bool:
        asked.append(case)
        return guilty.issubset(case.value.keys())

    small = minimise(_case(WHOLE), still)

    assert (small.value.keys(), small.compound) == (guilty, False)
    assert len(asked) <= BUDGET
    assert all(agrees(case) for case in asked)


def test_one_member_is_named_by_its_schema() -> None:
    """A single member is called what the certificate calls it, and points to its own rule."""
    small = minimise(_case(WHOLE), lambda case: "reason" in case.value)

    assert small.rule == "/components/schemas/LeadRequest/properties/reason"
    assert (small.area, small.name) == ("body reason", f'"{WHOLE["reason"]}" is fine')


def test_several_are_named_together() -> None:
    """Members that only do harm together are named together."""
    small = minimise(_case(WHOLE), lambda case: {"reason", "phone"} <= case.value.keys())

    assert small.name == "`reason` and `phone` together"


def test_a_parameter_is_a_part() -> None:
    """A parameter in the query is left out like a member, and can be all that is left."""
    case = _case(WHOLE, "depth=1&locale=en")
    small = minimise(case, lambda one: "locale=en" in one.target)

    assert (small.target, small.value, small.area) == ("/leads?locale=en", {}, "query locale")


@pytest.mark.parametrize(("length", "found"), [(1000, 500), (300, 300)])
def test_long_values_are_made_shorter(length: int, found: int) -> None:
    """A text that has to be long for it is halved as long as it is long enough."""
    case = _case({"notes": "x" * length, "phone": "1"})
    small = minimise(case, lambda one: len(one.value.get("notes", "")) > 255)

    assert len(small.value["notes"]) == found


def test_what_nothing_explains_stays() -> None:
    """A defect that takes all of a large request is not put down to a few of its parts."""
    small = minimise(_case(WHOLE), lambda case: len(case.value) == len(WHOLE))

    assert (small.value, small.compound) == (WHOLE, True)


def test_the_simplest_request_has_no_parts(contract: Contract) -> None:
    """What every request has is nobody's fault."""
    assert parts(base(contract.operations[0]).case("", "", Due.ACCEPT, "")) == []
