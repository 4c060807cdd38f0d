"""What WSGI allows of a fault where the server is not ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline_mock.messages import Action
from leadline_mock.wsgifaults import enact

BODY = b'{"message":"ok"}'


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        """Let it pass."""
        self.now += seconds


def test_a_delay_comes_before_everything() -> None:
    """The time has passed before a byte is there, also where nobody asks for the body."""
    clock = Clock()
    made = enact(Action(delay=0.2), BODY, clock.sleep)

    assert clock.now == 0.2
    assert b"".join(made) == BODY
    assert clock.now == 0.2


@given(st.binary(), st.floats(0, 600))
def test_a_drip_takes_its_time(body: bytes, seconds: float) -> None:
    """The whole body comes, in pieces, and the last one when the time is over."""
    clock = Clock()
    times = []
    parts = []
    for part in enact(Action(wire="drip", seconds=seconds), body, clock.sleep):
        parts.append(part)
        times.append(clock.now)

    assert b"".join(parts) == body
    assert all(parts)
    assert len(parts) >= min(len(body), 5)
    assert not times or times[-1] == pytest.approx(seconds)


@given(st.binary())
def test_truncated_after_half(body: bytes) -> None:
    """The first half comes, and then the end."""
    assert b"".join(enact(Action(wire="truncate"), body)) == body[: len(body) // 2]


def test_a_reset_sends_nothing() -> None:
    """The server learns of a reset before it has anything to send."""
    clock = Clock()
    made = enact(Action(wire="reset", delay=1), BODY, clock.sleep)

    with pytest.raises(ConnectionResetError, match="a fault was asked for"):
        next(made)
    assert clock.now == 1


def test_a_hang_ends_some_day() -> None:
    """No thread is lost for ever: after an hour the request fails."""
    clock = Clock()
    made = enact(Action(wire="hang"), BODY, clock.sleep)

    with pytest.raises(TimeoutError, match="a fault was asked for"):
        next(made)
    assert clock.now == 3600
