"""What is proposed, applied: the difference is gone, and the server keeps the contract."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from tests.contracts.reconcile import deviations
from tests.contracts.reconcile.conftest import Trip


def _told(trip: Trip) -> list[Any]:
    return [
        (one.message, one.difference.left, one.difference.right, one.left.case.id)
        for one in trip.after.divergences
    ]


@pytest.mark.parametrize("name", deviations.ALL)
def test_applying_it_makes_the_difference_vanish(name: str, trip: Callable[[Any], Trip]) -> None:
    """A server that deviates in one way is as its mock, once the overlay is on; nothing is found in it."""
    gone = trip(deviations.ALL[name])

    assert gone.before.divergences
    assert _told(gone) == [], gone.overlay
    assert gone.after.fidelity.percent == 100
    assert [one.breach.message for one in gone.checked.findings] == [], gone.overlay


_ALONE = frozenset(("denials as a page", "denials of another shape", "problem details"))
"""What says the same thing as another deviation in another way."""


def _drawn(seed: int) -> list[str]:
    """Some deviations, in an order that chance gives."""
    chance = random.Random(seed)  # noqa: S311 (repeatable, and no secret)
    names = chance.sample(sorted(set(deviations.ALL) - _ALONE), 5)
    return sorted(names, key=deviations.rank)


@pytest.mark.parametrize("seed", range(5))
def test_several_deviations_at_once_vanish_as_well(seed: int, trip: Callable[..., Trip]) -> None:
    """
    Whatever a server combines, overlays make the contract say all of it.

    Two at most: headers are compared where statuses are the same, which they are in the second round.
    """
    names = _drawn(seed)
    gone = trip(deviations.together(names), rounds=2)

    assert gone.before.divergences
    assert _told(gone) == [], (names, gone.overlay)
    assert [one.breach.message for one in gone.checked.findings] == [], (names, gone.overlay)


def test_what_is_said_of_a_response_follows_it_to_its_new_status(
    trip: Callable[..., Trip],
) -> None:
    """A status and what stands in its response may both be wrong: one overlay changes both."""
    gone = trip(deviations.together(["another message", "201 for 200"]))

    assert _told(gone) == [], gone.overlay
