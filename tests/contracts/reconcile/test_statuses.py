"""Statuses and bodies of refusals: what is taken away has another one in its place, and shared ones stay."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from tests.contracts.reconcile import deviations
from tests.contracts.reconcile.conftest import ORDERS, Trip

from leadline_contracts.reconcile.proposal import Proposal

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
