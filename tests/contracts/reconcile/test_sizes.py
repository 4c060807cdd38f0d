"""Bodies that are too large for a server: the bound that it has, found by trying."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from tests.contracts.conftest import Answer
from tests.contracts.reconcile import deviations
from tests.contracts.reconcile.conftest import ORDERS, Trip
from werkzeug.test import run_wsgi_app

from leadline_contracts.reconcile.sizes import bounded
from leadline_mock import create_app
from leadline_openapi import load


def limiting(most: int, status: int, *, alone: bool = True) -> deviations.Wrapper:
    """
    Refuses bodies of more than *most* bytes with *status*, whatever is in them.

    Unless it speaks of the size *alone*, what is wrong with a request besides is told as ever.
    """

    def wrapper(request: Any, ask: Any) -> Any:
        answer = ask()
        if len(request.body) > most:
            answer.status, refused = status, answer.status == 400
            if refused and not alone:
                return answer
            answer.value = {"errors": [{"message": "too large"}]}
        return answer

    return wrapper


@pytest.mark.parametrize("alone", [True, False])
def test_a_bound_of_bodies_is_found_to_the_byte(
    trip: Callable[[Any], Trip], *, alone: bool
) -> None:
    """All that is answered 413 is one divergence, has one reason, and is gone with the overlay."""
    gone = trip(limiting(150, 413, alone=alone))
    of_size = [one for one in gone.before.divergences if "413" in one.message]

    assert len(of_size) == 1
    assert of_size[0].count > 1
    assert "x-max-bytes: 150" in gone.overlay
    assert [one.message for one in gone.after.divergences] == [], gone.overlay
    assert [one.breach.message for one in gone.checked.findings] == [], gone.overlay


def test_a_status_that_does_not_say_why_is_proven_with_white_space(proposed: Any) -> None:
    """What is refused with 400 may be anything; if white space of that size is too, it is the size."""
    _, found = proposed(limiting(1500, 400))
    (about,) = [one for one in found if "bytes" in one.what]

    assert about.wrong == "contract"
    assert about.actions[0].update == {"x-max-bytes": 1500}


@pytest.mark.parametrize(
    ("taken", "refused", "bound"),
    [
        (102_400, 102_401, 102_400),
        (1_500, 1_501, 1_500),
        (90_000, 103_000, None),
        (101_000, 103_000, 102_400),
        (900_000, 1_020_000, 1_000_000),
        (1_010_000, 1_100_000, 1_048_576),
        (5, 900, None),
    ],
)
def test_between_neighbours_and_else_at_a_round_number(
    taken: int, refused: int, bound: int | None
) -> None:
    """Where nothing is in between it is certain; else one number has to be rounder than all the others."""
    assert bounded(taken, refused) == bound


def test_a_body_beyond_the_bound_that_is_taken_is_a_bug(spec: Path, proposed: Any) -> None:
    """`x-leniency` knows no such fault: it is reported, and there is no action."""
    text = ORDERS.replace(
        "        required: true\n", "        required: true\n        x-max-bytes: 300\n"
    )
    spec.write_text(text, "utf-8")
    plain = spec.with_name("plain.yaml")
    plain.write_text(ORDERS, "utf-8")
    app = create_app(load(plain, []))

    def unbounded(request: Any, ask: Any) -> Any:
        answer = ask()
        if len(request.body) > 300 and not answer.accepted:
            chunks, status, headers = run_wsgi_app(
                app, {**request.environ, "wsgi.input": BytesIO(request.body)}
            )
            return Answer(int(status[:3]), list(headers), b"".join(chunks))
        return answer

    _, found = proposed(unbounded)
    about = [one for one in found if one.wrong == "server"]

    assert [(one.what, one.actions) for one in about] == [
        ("a body of more than `x-max-bytes` is not refused for its size", ())
    ]
    assert not any("x-leniency" in str(action.update) for one in found for action in one.actions)
