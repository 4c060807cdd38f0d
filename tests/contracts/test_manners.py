"""A polite client: the pace it was told, and the waits that a server asks for."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from leadline_contracts.case import Case, Due, Exchange
from leadline_contracts.draft import base
from leadline_contracts.target import Polite
from leadline_contracts.target.disclosed import Disclosed
from leadline_openapi import Contract


@pytest.fixture(scope="module")
def case(contract: Contract) -> Case:
    """Any case."""
    return base(contract.operations[0]).case("", "", Due.ACCEPT, "")


class _Server:
    """A target that gives one answer after the other, and the last one from then on."""

    url = "http://server"
    disclosed = Disclosed()

    def __init__(self, *answers: tuple[int, str | None]) -> None:
        self._answers = answers
        self.asked = 0

    def send(self, case: Case) -> Exchange:
        status, after = self._answers[min(self.asked, len(self._answers) - 1)]
        self.asked += 1
        now = datetime.now(UTC)
        headers = (("retry-after", after),) if after is not None else ()
        return Exchange(
            case=case, status=status, headers=headers, sent_at=now, received_at=now, elapsed=0.0
        )

    def another(self) -> _Server:
        return self

    def redact(self, text: str) -> str:
        return text

    def hurry(self, timeout: float) -> None:
        self.timeout = timeout

    def close(self) -> None:
        pass


class _Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def polite() -> Iterator[Callable[..., tuple[Polite, _Clock]]]:
    """Makes a polite client of a server, with its clock."""

    def make(
        server: Any, rate: float = math.inf, deadline: float = math.inf, patience: float = 60.0
    ) -> tuple[Polite, _Clock]:
        clock = _Clock()
        return Polite(server, rate, deadline, patience, clock.sleep, clock), clock

    return make


def test_rate(polite: Any, case: Case) -> None:
    """Requests are so far apart, over all connections together."""
    client, clock = polite(_Server((200, None)), rate=4)
    for _ in range(3):
        client.send(case)
        client.another().send(case)

    assert clock.now == pytest.approx(5 * 0.25)


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_seconds(polite: Any, case: Case, status: int) -> None:
    """A server that says "later" is asked again then, and its first answer counts for nothing."""
    server = _Server((status, "7"), (status, "2"), (200, None))
    client, clock = polite(server)

    assert client.send(case).status == 200
    assert (clock.slept, server.asked) == ([7.0, 2.0], 3)


def test_retry_after_date(polite: Any, case: Case) -> None:
    """Retry-After may be a date (RFC 9110 section 10.2.3)."""
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    client, clock = polite(_Server((429, later), (200, None)))

    assert client.send(case).status == 200
    assert clock.slept == [pytest.approx(29.5, abs=1)]


@pytest.mark.parametrize("after", [None, "soon", "-5"])
def test_no_time_given(polite: Any, case: Case, after: str | None) -> None:
    """429 without a usable Retry-After is met with waits that double."""
    client, clock = polite(_Server((429, after), (429, after), (429, after), (200, None)))

    assert client.send(case).status == 200
    assert clock.slept == [1.0, 2.0, 4.0]


def test_503_alone_is_an_answer(polite: Any, case: Case) -> None:
    """A server that only fails is not waited for."""
    client, clock = polite(_Server((503, None)))

    assert (client.send(case).status, clock.slept) == (503, [])


def test_patience_ends(polite: Any, case: Case) -> None:
    """The waits of a whole run are bounded; what is asked for beyond that is not waited for at all."""
    client, clock = polite(_Server((429, "25")), patience=60.0)
    statuses = [client.send(case).status for _ in range(3)]

    assert (statuses, clock.now) == ([429] * 3, 50.0)


@pytest.mark.parametrize("after", ["0", "0000"])
def test_now_means_now_but_not_for_ever(polite: Any, case: Case, after: str) -> None:
    """A server that asks for no wait at all, again and again, does not keep a run for ever."""
    server = _Server((429, after))
    client, _ = polite(server, patience=1.0)

    assert client.send(case).status == 429
    assert server.asked < 200


def test_no_wait_beyond_the_deadline(polite: Any, case: Case) -> None:
    """A wait that would end after the run has to is not begun."""
    client, clock = polite(_Server((429, "25")), deadline=40.0)

    assert client.send(case).status == 429
    assert clock.slept == [25.0]


def test_every_connection_hurries(polite: Any, case: Case) -> None:
    """When one connection has learnt not to wait for long, all others have too."""
    server = _Server((200, None))
    client, _ = polite(server)
    other = client.another()
    client.hurry(0.5)
    other.send(case)

    assert server.timeout == 0.5
