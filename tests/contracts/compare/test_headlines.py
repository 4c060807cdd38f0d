"""The first sentence: how far a comparison came, and whether these are servers of the contract at all."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from leadline_contracts.compare.collection import shares_state
from leadline_contracts.compare.report import Comparison
from leadline_contracts.compare.reports import as_json, console, junit
from leadline_openapi import load, profiles


def _same(_: Any, ask: Any) -> Any:
    return ask()


def _saying(status: int, media: str, body: bytes) -> Any:
    """A wrapper that says the same to everything."""

    def wrapper(_: Any, ask: Any) -> Any:
        answer = ask()
        answer.status, answer.headers, answer.body = status, [("Content-Type", media)], body
        return answer

    return wrapper


def _slow(_: Any, ask: Any) -> Any:
    time.sleep(0.002)
    return ask()


_NOWHERE = _saying(404, "application/json", b'{"errors":[]}')
_DENIED = _saying(403, "application/json", b'{"errors":[]}')
_PAGE = _saying(200, "text/html", b"<html>")


def test_so_far_is_said_where_the_time_was_up(compared: Callable[..., Comparison]) -> None:
    """What was not sent is not called the same."""
    found = compared(_slow, _same, max_time=0.2)
    first = console.render(found).splitlines()[0]

    assert found.verdict == as_json.facts(found)["verdict"] == "same-so-far"
    told = f", {found.cases:,} of {found.planned:,} cases were compared."
    assert first.startswith("A and B are the same so far: ")
    assert first.endswith(told)
    assert found.cases < found.planned


def test_so_far_is_said_of_divergences_too(compared: Callable[..., Comparison]) -> None:
    """Others may follow."""

    def created(_: Any, ask: Any) -> Any:
        answer = ask()
        answer.status = 201 if answer.status == 200 else answer.status
        return answer

    found = compared(_slow, created, max_time=0.4)

    assert found.verdict == "divergent"
    assert " so far: " in console.render(found).splitlines()[0]


def test_so_far_is_said_where_a_server_died(compared: Callable[..., Comparison]) -> None:
    """Nothing is the same as a server that is gone."""
    left = iter(range(60))

    def dying(_: Any, ask: Any) -> Any:
        if next(left, None) is None:
            raise ConnectionResetError("gone")
        return ask()

    found = compared(_same, dying)

    assert (found.gone, found.verdict) == (True, "same-so-far")
    assert console.render(found).startswith("A and B are the same so far: ")


@pytest.mark.parametrize(
    ("left", "right", "told"),
    [
        (_NOWHERE, _same, "A answers 404 to every request: is the base right?"),
        (_same, _DENIED, "B answers 403 to every request: is the key right?"),
        (_same, _PAGE, "B answers text/html to every request: is the base right?"),
        (_same, _same, ""),
    ],
)
def test_one_that_says_the_same_to_everything_is_suspect(
    left: Any, right: Any, told: str, compared: Callable[..., Comparison]
) -> None:
    """It is told before anything else: all that follows comes from it."""
    found = compared(left, right)

    assert found.suspect == as_json.facts(found)["suspect"] == told
    assert console.render(found).startswith(told or "A and B are the same: ")


def test_two_that_say_the_same_to_everything_are_not_compared(
    compared: Callable[..., Comparison],
) -> None:
    """They are no servers of the contract, so it is not said that they are the same."""
    found = compared(_NOWHERE, _NOWHERE)

    assert (found.verdict, found.divergences) == ("nothing-compared", ())
    assert "A answers 404" in junit.render(found)


def test_what_both_refuse_is_told(compared: Callable[..., Comparison]) -> None:
    """What they make of it was not compared."""

    def picky(request: Any, ask: Any) -> Any:
        answer = ask()
        if answer.accepted and "zipcode" in request.fields:
            answer.refuse(400)
        return answer

    found = compared(picky, picky)

    assert found.divergences == ()
    assert list(found.refused) == ["400 to valid requests of POST /leads"]
    assert as_json.facts(found)["refused"] == [
        {"member": told, "count": count} for told, count in found.refused.items()
    ]


@pytest.mark.parametrize("profile", ["documented", "payload-2", "payload-3"])
def test_leads_may_go_over_several_connections(profile: str) -> None:
    """Nobody reads what was written."""
    assert not shares_state(load(None, profiles.stack(profile, ())))
