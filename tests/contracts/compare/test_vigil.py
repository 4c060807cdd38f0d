"""How long one of two servers is waited for, by what is usual for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from leadline_contracts.case import Case, Due, Exchange
from leadline_contracts.compare.both import Both, Pair
from leadline_contracts.compare.vigil import Vigil
from leadline_contracts.draft import base
from leadline_contracts.target.asking import TIMED_OUT
from leadline_openapi import Contract

_NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class _Patience:
    """A server that notes how long it is waited for."""

    seconds: list[float] = field(default_factory=list)

    def hurry(self, timeout: float) -> None:
        self.seconds.append(timeout)


def _exchange(case: Case, elapsed: float, failure: str = "") -> Exchange:
    status = 0 if failure else 200
    return Exchange(
        case=case,
        status=status,
        sent_at=_NOW,
        received_at=_NOW,
        elapsed=elapsed,
        failure=failure,
    )


@pytest.mark.parametrize(("usual", "patience"), [(0.001, [2.0, 0.5]), (0.3, [15.0, 3.0])])
def test_a_busy_server_is_given_as_long_as_it_usually_takes(
    usual: float, patience: list[float], contract: Contract
) -> None:
    """Some requests hang: what is waited for from then on is a multiple of what the others took."""
    case = base(contract.operations[0]).case("any", "body", Due.ACCEPT, "")
    left, right = _Patience(), _Patience()
    vigil = Vigil(cast("Both", _Servers(left, right)))
    fine = _exchange(case, usual)
    for hangs in [False] * 20 + [True, False] * 3:
        answer = _exchange(case, 10, TIMED_OUT) if hangs else fine
        list(vigil.watched(Pair(case, _exchange(case, 0.001), answer)))

    assert right.seconds == pytest.approx(patience)
    assert left.seconds == []


@dataclass
class _Servers:
    left: Any
    right: Any
