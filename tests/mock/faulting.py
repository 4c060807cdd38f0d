"""Every fault there is, for tests that hold for all of them."""

from __future__ import annotations

from typing import Any, TypeGuard

from hypothesis import strategies as st

from leadline_mock.faults import BadFault, Fault, Percentiles

_milliseconds = st.floats(0, 600_000) | st.integers(0, 600_000)
_ranks = st.integers(1, 99_999).map(lambda thousandths: thousandths / 1000)
_points = st.tuples(_ranks, _ranks, st.floats(0.001, 600_000), st.floats(0.001, 600_000))


def _percentiles(point: tuple[float, float, float, float]) -> Percentiles:
    ranks, delays = sorted(point[:2]), sorted(point[2:])
    return Percentiles((ranks[0], delays[0]), (ranks[1], delays[1]))


percentiles = _points.filter(lambda point: point[0] != point[1]).map(_percentiles)
"""Any two percentiles that go together."""

_MEMBERS = {
    "status": st.integers(200, 599),
    "retry_after": st.integers(0, 31_622_400),
    "malformed": st.booleans(),
    "hang": st.booleans(),
    "reset": st.booleans(),
    "truncate": st.booleans(),
    "drip": st.floats(0, 600),
    "delay": _milliseconds | percentiles,
    "jitter": _milliseconds,
    "rate": st.floats(0, 1, exclude_min=True),
}


def _made(members: dict[str, Any]) -> Fault | None:
    try:
        return Fault(**members)
    except BadFault:
        return None


def _can_be(fault: Fault | None) -> TypeGuard[Fault]:
    return fault is not None


_any = st.fixed_dictionaries({}, optional=_MEMBERS).map(_made)
_delays = st.builds(
    lambda delay, share, rate: Fault(delay=delay, jitter=delay * share, rate=rate),
    st.floats(1, 300_000),
    st.floats(0, 1),
    st.floats(0.001, 1),
)
faults = st.one_of(_any.filter(_can_be), _delays)
"""Any fault that can be."""
