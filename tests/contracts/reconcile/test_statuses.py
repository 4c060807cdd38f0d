"""Statuses and bodies of refusals: what is taken away has another one in its place, and shared ones stay."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml
from tests.contracts.reconcile import deviations
from tests.contracts.reconcile.conftest import ORDERS, Trip

from leadline_contracts.reconcile.proposal import Proposal
from leadline_openapi import jsontext

Proposed = Callable[[Any], tuple[Any, tuple[Proposal, ...]]]


def _removed(found: tuple[Proposal, ...]) -> list[str]:
    return [action.target for one in found for action in one.actions if action.update is None]


def test_a_status_without_another_of_its_kind_stays(proposed: Proposed) -> None:
    """404 does not say that a request is invalid, so 400 is not taken away: it is answered still."""
    _, found = proposed(deviations.status(400, 404))
    (about,) = [one for one in found if "404, not 400" in one.what]

    assert not any("400" in target for target in _removed(found))
    assert about.why.endswith("400 stays: 404 does not say the same.")


def test_the_reason_names_the_status_that_it_is_about(proposed: Proposed) -> None:
    """A server that refuses other media types as it refuses all else: 415 is no reason for 422."""
    _, found = proposed(
        deviations.answering(
            lambda _, one: one.status in {400, 415}, lambda one: setattr(one, "status", 422)
        )
    )
    (about,) = [one for one in found if "a request that breaks the contract" in one.what]

    assert about.what.endswith("is answered 422, not 400")
    assert "never 400:" in about.why


def _coded(_: Any, ask: Any) -> Any:
    """Refusals have a number by their status, which is none of HTTP."""
    answer = ask()
    codes = {400: 1, 405: 1, 401: 7}
    if answer.body and answer.status in codes:
        answer.value = {"code": codes[answer.status]}
    return answer


def test_a_shared_response_is_parted_where_statuses_look_otherwise(
    spec: Path, trip: Callable[[Any], Trip]
) -> None:
    """What is answered with one status is not said of another: each has its own number, as a `const`."""
    spec.write_text(ORDERS.replace("responses/Denied'", "responses/Refused'"), "utf-8")
    gone = trip(_coded)
    actions = yaml.safe_load(gone.overlay)["actions"]

    assert not any("components" in one["target"] for one in actions if "update" in one)
    assert "const: 1\n" in gone.overlay
    assert "const: 7\n" in gone.overlay
    assert [one.message for one in gone.after.divergences] == [], gone.overlay


def test_a_response_that_others_have_too_is_left_to_them(spec: Path, proposed: Proposed) -> None:
    """500 was never answered: what the contract says of it is not rewritten with what 400 looks like."""
    shared = "        '400': {$ref: '#/components/responses/Refused'}\n"
    spec.write_text(ORDERS.replace(shared, shared + shared.replace("400", "500")), "utf-8")
    _, found = proposed(deviations.ALL["errors of another shape"])
    targets = [action.target for one in found for action in one.actions]

    assert targets
    assert not any("Refused" in target for target in targets)


def test_422_for_values_and_400_for_the_rest_is_settled(
    trip: Callable[[Any], Trip],
) -> None:
    """With both in the contract, a mock tells the two apart as such a server does."""

    def parted(request: Any, ask: Any) -> Any:
        answer = ask()
        told = answer.value["errors"] if answer.status == 400 and answer.body else []
        if not told or told[0].get("pointer") == "/page" or not request.body:
            return answer
        with suppress(jsontext.NotJson):
            jsontext.parse(request.body)
            answer.status = 422
        return answer

    gone = trip(parted)

    assert "'422'" in gone.overlay
    assert [one.message for one in gone.after.divergences if "422" in one.message] == []


def _two_shapes(request: Any, ask: Any) -> Any:
    """Says more of it where the body is an object; the contract admits that, too."""
    answer = ask()
    if answer.status == 400 and answer.body and isinstance(request.value, dict):
        answer.value = {**answer.value, "errors": [{"message": "no"}], "trace": ["a", "b"]}
    return answer


def test_shapes_that_nothing_tells_apart_and_the_contract_admits_are_asked(
    proposed: Proposed,
) -> None:
    """Branches that a mock fills as it can would say no more than the contract does, and differ still."""
    _, found = proposed(_two_shapes)
    (about,) = [one for one in found if "body of 400" in one.what]

    assert (about.wrong, about.actions) == ("decide", ())
    assert "several shapes" in about.why


def _other_shapes(request: Any, ask: Any) -> Any:
    answer = ask()
    if answer.status == 400 and answer.body:
        more = {"trace": ["a"]} if isinstance(request.value, dict) else {}
        answer.value = {"reason": "Look at it again.", **more}
    return answer


def test_shapes_that_the_contract_does_not_admit_are_told_with_what_is_left(
    proposed: Proposed,
) -> None:
    """The branches are so much truer that they are proposed; it is not said that they settle it."""
    _, found = proposed(_other_shapes)
    (about,) = [one for one in found if "body of 400" in one.what]

    assert about.wrong == "contract"
    assert "goes on differing" in about.why
