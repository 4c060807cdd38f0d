"""Which fault happens to whom: headers first, then what is armed, then the defaults, from one seed."""

from __future__ import annotations

import json
import pickle
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.mock.faulting import faults

from leadline_mock.faults import (
    Armory,
    BadFault,
    Fault,
    FaultPlan,
    fault_from_json,
    fault_from_text,
)
from leadline_mock.messages import Request
from leadline_openapi import load

CREATE = load().operations[0]
BROKEN = Fault(status=500)
BUSY = Fault(status=503)
RESET = Fault(reset=True)


def request(fault: str | None = None, run: str | None = None) -> Request:
    """A request that asks for *fault* and belongs to *run*."""
    pairs = [("Leadline-Fault", fault), ("Leadline-Run", run)]
    headers = [(name, value) for name, value in pairs if value is not None]
    return Request("POST", {}, "", headers, b"")


def chosen(plan: FaultPlan, **sent: str) -> Fault | None:
    """What happens to the next request."""
    return plan.choose(CREATE, request(**sent))


def many(plan: FaultPlan, count: int = 4000) -> Counter[str]:
    """How often what happens to so many requests."""
    return Counter(str(chosen(plan) or "") for _ in range(count))


# --- Precedence -------------------------------------------------------------------------------------


def test_the_header_comes_first() -> None:
    """What a request asks for happens to it, and what is armed waits for another one."""
    plan = FaultPlan([RESET])
    plan.arm(BROKEN)

    assert chosen(plan, fault="status=503") == BUSY
    assert chosen(plan, fault="none") is None
    assert chosen(plan, fault=" None ") is None
    assert chosen(plan) == BROKEN
    assert chosen(plan) == RESET


def test_a_header_with_a_rate() -> None:
    """A header may leave it to chance; where nothing happens, nothing else does."""
    plan = FaultPlan([RESET], seed=1)
    found = Counter(str(chosen(plan, fault="status=503;rate=25%")) for _ in range(4000))

    assert found.keys() == {"None", "status=503"}
    assert found["status=503"] / 4000 == pytest.approx(0.25, abs=0.03)


def test_a_bad_header_is_an_error() -> None:
    """Whoever asks for what cannot be learns it."""
    with pytest.raises(BadFault, match="did you mean `reset`"):
        chosen(FaultPlan(), fault="rest")


class Counted(Request):
    """A request that counts how often its headers are looked at."""

    looks = 0

    def header(self, name: str) -> str | None:
        """The header, counted."""
        self.looks += 1
        return super().header(name)


def test_a_plan_of_nothing_costs_one_look() -> None:
    """Who plans no faults pays for one header that is not there, and for nothing else."""
    plan = FaultPlan()
    plan._number = None  # type: ignore[assignment] # nothing is drawn
    asked = Counted("POST", {}, "", [], b"")

    assert plan.choose(CREATE, asked) is None
    assert asked.looks == 1


# --- Armed faults -----------------------------------------------------------------------------------


def test_armed_faults_happen_in_order() -> None:
    """Each happens the times it was armed for, one after the other, and then no more."""
    plan = FaultPlan()
    plan.arm(BROKEN, times=2)
    plan.arm(RESET)

    assert [chosen(plan) for _ in range(4)] == [BROKEN, BROKEN, RESET, None]


def test_a_run_is_left_alone_by_others() -> None:
    """A fault for one run waits for it, while other runs go on."""
    plan = FaultPlan()
    plan.arm(BROKEN, run="a")
    plan.arm(RESET, run="b")

    assert chosen(plan) is None
    assert chosen(plan, run="A") is None
    assert chosen(plan, run="b") == RESET
    assert chosen(plan, run="a") == BROKEN
    assert chosen(plan, run="a") is None


@pytest.mark.parametrize(
    ("operation", "meant"),
    [("createLead", True), ("POST /leads", True), ("POST /lead", False), ("GET /leads", False)],
)
def test_a_fault_for_one_operation(operation: str, meant: bool) -> None:
    """An operation is named by its id or by method and path."""
    plan = FaultPlan()
    plan.arm(BROKEN, operation=operation)

    assert (chosen(plan) == BROKEN) is meant


def test_what_is_spared_is_not_used_up() -> None:
    """An armed fault with a rate happens as often as it was armed for, however long that takes."""
    plan = FaultPlan(seed=3)
    plan.arm(Fault(status=500, rate=0.1), times=5)
    met = [number for number in range(1000) if chosen(plan) is not None]

    assert len(met) == 5
    assert 10 < met[-1] < 200


def test_what_is_armed_can_be_told() -> None:
    """The list shows what is left, as JSON that can be armed again."""
    plan = FaultPlan()
    plan.arm(Fault(status=503, retry_after=2), times=3, run="a", operation="createLead")
    plan.arm(RESET)
    chosen(plan, run="a")
    told = json.loads(json.dumps(plan.armed()))

    assert told == [
        {
            "fault": {"status": 503, "retry-after": 2},
            "times": 2,
            "run": "a",
            "operation": "createLead",
        },
        {"fault": {"reset": True}, "times": 1, "run": None, "operation": None},
    ]


@given(faults)
def test_any_armed_fault_can_be_told(fault: Fault) -> None:
    """Whatever is armed, the list says it so that it can be armed again."""
    plan = FaultPlan()
    plan.arm(fault)

    assert fault_from_json(json.loads(json.dumps(plan.armed()))[0]["fault"]) == fault


def test_disarming() -> None:
    """One run takes back its own faults only; without a name, all are taken back."""
    plan = FaultPlan()
    for run in ("a", "b", None):
        plan.arm(BROKEN, run=run)
    plan.disarm("a")

    assert [one["run"] for one in plan.armed()] == ["b", None]
    plan.disarm()
    assert plan.armed() == []
    assert chosen(plan, run="b") is None


@pytest.mark.parametrize(
    ("told", "members"),
    [
        ("`times` must be a whole number from 1 to 1000000, not 0", {"times": 0}),
        ("not true", {"times": True}),
        ('not "2"', {"times": "2"}),
        ("`run` must be a name, not 5", {"run": 5}),
        ('`run` must be a name, not ""', {"run": ""}),
        ("`operation` must be a name", {"operation": ["createLead"]}),
    ],
)
def test_what_cannot_be_armed(told: str, members: Any) -> None:
    """What would never happen is an error, and nothing is armed."""
    plan = FaultPlan()
    with pytest.raises(BadFault) as caught:
        plan.arm(BROKEN, **members)

    assert told in str(caught.value)
    assert plan.armed() == []


def test_plans_share_an_armory() -> None:
    """Plans that serve one mock together take an armed fault once, and keep their own defaults."""
    armory = Armory()
    one, other = (FaultPlan([RESET], seed, armory) for seed in (1, 2))
    one.arm(BROKEN)

    assert other.armed() == one.armed() != []
    assert [chosen(other), chosen(one), chosen(other)] == [BROKEN, RESET, RESET]
    other.arm(BROKEN)
    one.disarm()
    assert other.armed() == []


@given(faults)
def test_faults_travel_to_other_processes(fault: Fault) -> None:
    """Processes that serve one mock hand faults to each other."""
    assert pickle.loads(pickle.dumps(fault)) == fault  # noqa: S301 - our own bytes


def test_there_is_an_end_to_arming() -> None:
    """A client that arms and arms does not fill the memory."""
    plan = FaultPlan()
    for _ in range(1000):
        plan.arm(BROKEN)
    with pytest.raises(BadFault, match="1000 faults are armed, and there is no room for more"):
        plan.arm(BROKEN)

    assert len(plan.armed()) == 1000


class Leisurely(Armory):
    """An armory in which another thread gets its turn while a fault is looked at."""

    def _happens(self, fault: Fault) -> bool:
        time.sleep(0.001)
        return super()._happens(fault)


def test_threads_share_what_is_armed() -> None:
    """Requests at once take each armed fault exactly as often as it was armed."""
    plan = FaultPlan(armory=Leisurely())
    plan.arm(BROKEN, times=30)
    plan.arm(RESET, times=10)
    with ThreadPoolExecutor(8) as pool:
        found = Counter(pool.map(lambda _: chosen(plan), range(60)))

    assert found == {BROKEN: 30, RESET: 10, None: 20}


# --- Defaults ---------------------------------------------------------------------------------------


@given(st.integers(), st.lists(faults.filter(lambda fault: fault.rate <= 0.2), max_size=5))
def test_a_seed_repeats_a_run(seed: int, defaults: Sequence[Fault]) -> None:
    """The same seed and the same requests meet the same faults, drawn delays included."""

    def run() -> list[str]:
        plan = FaultPlan(defaults, seed)
        plan.arm(Fault(delay=50, jitter=20, rate=0.5), times=3)
        asked = (None, None, "delay=10;jitter=5;rate=0.5", None, "none", None)
        return [str(plan.choose(CREATE, request(one)) or "") for one in asked * 4]

    assert run() == run()


def test_plans_that_count_together_draw_as_one() -> None:
    """Which of several processes meets a request does not change what happens to it."""
    defaults = [fault_from_text(one) for one in ("status=500;rate=50%", "delay=p50=40,p99=800")]
    numbers = count(1).__next__
    several = [FaultPlan(defaults, 7, Armory(7), numbers) for _ in range(3)]
    alone = FaultPlan(defaults, 7)

    assert [chosen(several[at % 3]) for at in range(64)] == [chosen(alone) for _ in range(64)]


def test_another_seed_is_another_run() -> None:
    """The seed decides who is met."""

    def run(seed: int) -> list[Fault | None]:
        plan = FaultPlan([Fault(status=500, rate=0.5)], seed)
        return [chosen(plan) for _ in range(64)]

    assert run(1) != run(2)


def test_each_fault_is_as_frequent_as_its_rate() -> None:
    """Several faults do not take from each other, and the rest of the requests is fine."""
    plan = FaultPlan([fault_from_text(one) for one in ("status=500;rate=30%", "reset;rate=20%")])
    found = many(plan)

    assert found.keys() == {"", "status=500", "reset"}
    assert found["status=500"] / 4000 == pytest.approx(0.3, abs=0.03)
    assert found["reset"] / 4000 == pytest.approx(0.2, abs=0.03)


def test_rates_that_add_up_to_everything() -> None:
    """When something always goes wrong, no request is spared."""
    plan = FaultPlan([Fault(status=500 + at, rate=0.1) for at in range(10)])

    assert "" not in many(plan)


def test_delays_and_errors_are_drawn_apart() -> None:
    """Answers can be late, some of them wrong, and the wrong ones are late as well."""
    plan = FaultPlan([Fault(status=500, rate=0.5), Fault(delay=200)])

    assert many(plan).keys() == {"delay=200", "status=500;delay=200"}


def test_a_delay_of_its_own() -> None:
    """A fault that says how late it is keeps that, and one that never answers is not late."""
    plan = FaultPlan([fault_from_text("status=500;delay=5;rate=50%"), Fault(delay=200)])
    hanging = FaultPlan([fault_from_text("hang;rate=50%"), Fault(delay=200)])

    assert many(plan).keys() == {"delay=200", "status=500;delay=5"}
    assert many(hanging).keys() == {"delay=200", "hang"}


def test_drawn_delays_differ() -> None:
    """A delay that varies is drawn for every request."""
    plan = FaultPlan([fault_from_text("delay=p50=40,p99=800")])

    assert len(many(plan, 100)) > 90


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["reset", "hang"], "the rates of `reset` and `hang` add up to 2"),
        (["delay=1;rate=60%", "delay=2;rate=60%"], "add up to 1.2, and there is only 1 (100%)"),
    ],
)
def test_rates_that_cannot_be(texts: list[str], told: str) -> None:
    """A fault that could never happen as often as it says is an error from the start."""
    with pytest.raises(BadFault) as caught:
        FaultPlan([fault_from_text(text) for text in texts])

    assert told in str(caught.value)
