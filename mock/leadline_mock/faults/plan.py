"""Which fault happens to which request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from random import Random
from typing import Any

from leadline_mock.faults.applying import FAULT_HEADER
from leadline_mock.faults.armory import Armory
from leadline_mock.faults.checks import BadFault
from leadline_mock.faults.fault import Fault
from leadline_mock.faults.forms import fault_from_text
from leadline_mock.journal import RUN_HEADER
from leadline_mock.messages import Request
from leadline_openapi.contract import Operation

_ASKS = FAULT_HEADER.lower()
_RUN = RUN_HEADER.lower()
_ROUNDING = 1e-9


class FaultPlan:
    """
    Decides, request by request, what goes wrong; from a *seed*, so that a run can be repeated.

    A request may ask for a fault by header; else what was armed happens, each the times it was armed for,
    in order; else one of *defaults*, each as often as its rate says. Those that only delay are drawn
    apart from the others, so that answers can be late and some of them wrong. Plans with one *armory*
    share what is armed; with the same *numbers*, which count requests, they draw as one plan would.
    Raises `BadFault` where the rates of either kind add up to more than 1.
    """

    def __init__(
        self,
        defaults: Sequence[Fault] = (),
        seed: int = 0,
        armory: Armory | None = None,
        numbers: Callable[[], int] | None = None,
    ) -> None:
        self.defaults = tuple(defaults)
        self._armory = Armory(seed) if armory is None else armory
        self._delays = _drawable([one for one in defaults if one.only_delays])
        self._others = _drawable([one for one in defaults if not one.only_delays])
        self._seed = seed
        self._number = numbers or count(1).__next__

    def choose(self, operation: Operation, request: Request) -> Fault | None:
        """
        The fault that happens to *request*, as it was drawn, or `None`.

        Raises `BadFault` where the header of the request asks for one that cannot be.
        """
        text = request.header(_ASKS)
        if text is None and not self._armory and not self.defaults:
            return None
        if text is not None:
            return self._asked(text)
        run = request.header(_RUN)
        armed = self._armory.claim((operation.id, operation.label), run) if self._armory else None
        random = self._draws()
        fault = armed or self._by_default(random)
        return fault and fault.drawn(random)

    def arm(
        self, fault: Fault, times: int = 1, run: str | None = None, operation: str | None = None
    ) -> None:
        """As `Armory.arm`."""
        self._armory.arm(fault, times, run, operation)

    def armed(self) -> list[dict[str, Any]]:
        """As `Armory.armed`."""
        return self._armory.armed()

    def disarm(self, run: str | None = None) -> None:
        """As `Armory.disarm`."""
        self._armory.disarm(run)

    def _asked(self, text: str) -> Fault | None:
        if text.strip().lower() == "none":
            return None
        fault = fault_from_text(text)
        random = self._draws()
        return fault.drawn(random) if random.random() < fault.rate else None

    def _draws(self) -> Random:
        """Where all that is left to chance for the next request comes from."""
        return Random(f"{self._seed} {self._number()}")  # noqa: S311 - repeatable, not secret

    def _by_default(self, random: Random) -> Fault | None:
        delay, other = _one_of(self._delays, random), _one_of(self._others, random)
        return other.delayed_by(delay) if delay and other else other or delay


def _one_of(faults: Sequence[Fault], random: Random) -> Fault | None:
    """One at most, each with the probability that is its rate."""
    at = random.random() if faults else 1.0
    for fault in faults:
        at -= fault.rate
        if at < 0:
            return fault
    return None


def _drawable(faults: Sequence[Fault]) -> Sequence[Fault]:
    total = sum(one.rate for one in faults)
    if total > 1 + _ROUNDING:
        shown = " and ".join(f"`{one}`" for one in faults)
        raise BadFault(
            f"the rates of {shown} add up to {total:g}, and there is only 1 (100%) to share"
        )
    return faults
