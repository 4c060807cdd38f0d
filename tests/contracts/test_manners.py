"""A polite client: the pace it was told, and the waits that a server asks for."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline_contracts.case import Case, Due, Exchange
from leadline_contracts.draft import base
from leadline_contracts.target import Polite
from leadline_contracts.target.allowance import Allowance, Spent, TooLate
from leadline_contracts.target.asking import TIMED_OUT
from leadline_contracts.target.disclosed import Disclosed
from leadline_openapi import Contract
from leadline_openapi.contract import RateLimit


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
def polite() -> Callable[..., tuple[Polite, _Clock]]:
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


@pytest.fixture
def limited(case: Case) -> Case:
    """A case of an operation of which three requests are taken in ten seconds."""
    limit = RateLimit(requests=3, seconds=10, pointer="")
    return replace(case, operation=replace(case.operation, rate_limit=limit))


def test_a_declared_limit_is_kept(polite: Any, limited: Case) -> None:
    """Without an end of the run nothing is waited for, and no request too many is sent."""
    server = _Server((200, None))
    client, clock = polite(server, patience=5.0)
    for left in (3, 2, 1):
        assert client.left(limited.operation) == left
        client.another().send(limited)

    with pytest.raises(Spent):
        client.send(limited)
    assert (server.asked, clock.slept, client.left(limited.operation)) == (3, [], 0)


def test_an_operation_without_a_limit_is_not_counted(
    polite: Any, case: Case, limited: Case
) -> None:
    """A limit is of one operation."""
    client, _ = polite(_Server((200, None)), patience=5.0)
    other = replace(case, operation=replace(case.operation, path="/other"))
    for _ in range(10):
        client.send(other)

    assert (client.left(other.operation), client.left(limited.operation)) == (math.inf, 3)


def test_later_windows_are_waited_for_until_the_deadline(polite: Any, limited: Case) -> None:
    """No longer than that; how many requests there will be is known beforehand."""
    server = _Server((200, None))
    client, clock = polite(server, deadline=25.0)
    expected = client.left(limited.operation)
    for _ in range(int(expected)):
        client.send(limited)

    with pytest.raises(Spent):
        client.send(limited)
    assert server.asked == expected == 9
    assert 20 < clock.now < 25


def test_a_declared_limit_that_others_share(polite: Any, limited: Case) -> None:
    """What is declared is waited for as long as the run may take, whatever the patience."""
    server = _Server((429, "500"), (429, "0"), (200, None))
    client, clock = polite(server, deadline=1000.0)

    assert client.send(limited).status == 200
    assert (clock.slept, server.asked) == ([500.0, 1.0], 3)


def test_short_windows_are_waited_for_with_patience(polite: Any, limited: Case) -> None:
    """Without an end of the run, as long in all as for any server that asks to wait."""
    server = _Server((200, None))
    client, clock = polite(server, patience=35.0)
    expected = client.left(limited.operation)
    for _ in range(int(expected)):
        client.send(limited)

    with pytest.raises(Spent):
        client.send(limited)
    assert server.asked == expected == 12
    assert 30 <= clock.now <= 35


@given(
    st.integers(1, 5),
    st.integers(1, 30),
    st.lists(st.floats(0, 20), min_size=1, max_size=40),
    st.floats(0, 200),
)
def test_no_stretch_of_time_has_too_many(
    requests: int, seconds: int, gaps: list[float], time: float
) -> None:
    """Wherever a server begins its windows; and whoever has something left need not wait for ever."""
    allowance = Allowance(RateLimit(requests=requests, seconds=seconds, pointer=""))
    now, sent = 0.0, []
    for gap in gaps:
        now += gap
        wait = allowance.wait(now, time)
        if wait == math.inf:
            continue
        assert wait <= time
        now += wait
        now += allowance.wait(now, 1.0)  # what rounding left
        assert allowance.wait(now, 1.0) == 0
        allowance.take(now)
        sent.append(now)

    for start in sent:
        assert sum(start <= one <= start + seconds for one in sent) <= requests


def test_every_connection_hurries(polite: Any, case: Case) -> None:
    """When one connection has learnt not to wait for long, all others have too."""
    server = _Server((200, None))
    client, _ = polite(server)
    other = client.another()
    client.hurry(0.5)
    other.send(case)

    assert server.timeout == 0.5


class _Silent(_Server):
    """A target that answers nothing to a client whose patience is *timeout* seconds of *clock*."""

    def __init__(self, timeout: float) -> None:
        super().__init__((0, None))
        self.timeout, self.clock = timeout, _Clock()

    def hurry(self, timeout: float) -> None:
        self.timeout = min(self.timeout, timeout)

    def send(self, case: Case) -> Exchange:
        self.clock.now += self.timeout
        return replace(super().send(case), failure=TIMED_OUT)


def test_no_answer_is_waited_for_beyond_the_time_of_the_run(case: Case) -> None:
    """What did not come in the user's patience is no answer; what the end has cut off is no evidence."""
    server = _Silent(4.0)
    client = Polite(server, deadline=6.0, sleep=server.clock.sleep, clock=server.clock)

    assert client.send(case).failure == TIMED_OUT
    with pytest.raises(TooLate, match="the time was up before POST /leads answered"):
        client.send(case)
    assert server.clock.now == 6.0
    with pytest.raises(TooLate):
        client.send(case)
    assert server.clock.now == 6.5
