"""How faults are written: every form says the same, and what cannot be is explained."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.mock.faulting import faults, percentiles

from leadline_mock.faults import (
    BadFault,
    Fault,
    Percentiles,
    fault_from_json,
    fault_from_text,
)


def drawing(seed: int) -> Random:
    """Random numbers that repeat."""
    return Random(seed)  # noqa: S311 - no secret


SPREAD = Percentiles((50, 40), (99, 800))


@given(faults)
def test_text_and_json_say_the_same(fault: Fault) -> None:
    """Whatever can go wrong, its text and its JSON read back as the same fault."""
    assert fault_from_text(str(fault)) == fault
    assert fault_from_json(json.loads(json.dumps(fault.members()))) == fault


@given(st.text(max_size=30) | st.from_regex(r"[a-z-]+(=[p0-9.,e%=-]*)?(;[a-z]+=[0-9]*)*"))
def test_any_text_is_a_fault_or_explained(text: str) -> None:
    """No text has the reader fail in another way than by saying what is wrong."""
    fault = None
    with suppress(BadFault):
        fault = fault_from_text(text)

    assert fault is None or fault_from_text(str(fault)) == fault


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
)
NAMES = st.sampled_from([*Fault.__dataclass_fields__, "retry-after", "p50", ""])


@given(JSON | st.dictionaries(NAMES, JSON | st.dictionaries(st.sampled_from(["p5", "p9"]), JSON)))
def test_any_json_is_a_fault_or_explained(value: Any) -> None:
    """No JSON has the reader fail in another way than by saying what is wrong."""
    fault = None
    with suppress(BadFault):
        fault = fault_from_json(value)

    assert fault is None or fault_from_json(fault.members()) == fault


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("status=503;retry-after=2", Fault(status=503, retry_after=2)),
        ("delay=200;jitter=50", Fault(delay=200, jitter=50)),
        ("delay=p50=40,p99=800", Fault(delay=SPREAD)),
        ("delay=p99=800, p50=40", Fault(delay=SPREAD)),
        ("reset", Fault(reset=True)),
        (" drip = 1.5 ; malformed; ", Fault(drip=1.5, malformed=True)),
        ("hang;rate=10%", Fault(hang=True, rate=0.1)),
        ("hang;rate=0.1", Fault(hang=True, rate=0.1)),
        ("retry_after=0;status=429", Fault(status=429, retry_after=0)),
    ],
)
def test_texts_as_people_write_them(text: str, fault: Fault) -> None:
    """Spaces, order, percent and underscores are as one likes."""
    assert fault_from_text(text) == fault


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ({"status": 503, "retry-after": 2}, Fault(status=503, retry_after=2)),
        ({"status": 503, "retry_after": 2}, Fault(status=503, retry_after=2)),
        ({"reset": True, "truncate": False}, Fault(reset=True)),
        ({"delay": {"p50": 40, "p99": 800}}, Fault(delay=SPREAD)),
    ],
)
def test_objects_as_people_write_them(value: Any, fault: Fault) -> None:
    """JSON has the members of the text, and keyword arguments fit as they are."""
    assert fault_from_json(value) == fault


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("statsu=503", 'a fault has no "statsu", did you mean `status`?'),
        ("RESET", 'a fault has no "RESET", did you mean `reset`?'),
        ("retryAfter=2", "did you mean `retry-after`?"),
        ("explode", 'a fault has no "explode"; it has: status, retry-after, malformed, hang'),
        ("x" * 5000, "xxx…"),
        ("", "nothing goes wrong; there are: status, malformed, hang"),
        ("rate=0.5", "nothing goes wrong"),
        ("delay=0", "nothing goes wrong"),
        ("status", "`status` needs a value, as in `status=503`"),
        ("reset=1", "`reset` takes no value"),
        ("status=503;status=500", "`status` is given twice"),
        (
            "status=503, delay=200",
            '`status` must be a final status from 200 to 599, not "503, delay',
        ),
        ("status=199", "from 200 to 599, not 199"),
        ("status=" + "9" * 5000, '"999'),
        ("status=600", "from 200 to 599, not 600"),
        ("status=503.5", "from 200 to 599, not 503.5"),
        ("status=٥٠٣", "`status` must be"),
        (
            "delay=-1",
            "`delay` must be milliseconds from 0 to 600000, or two percentiles such as p50",
        ),
        ("delay=600001", "not 600001"),
        ("delay=200ms", 'not "200ms"'),
        ("delay=nan", 'not "nan"'),
        ("delay=1e999", "not Infinity"),
        ("delay=p50=40", "two different percentiles"),
        ("delay=p50=40,p50=50", "two different percentiles"),
        ("delay=p5=40,p05=50", "two different percentiles"),
        ("delay=p50=40,p90=50,p99=60", "two different percentiles"),
        ("delay=p50=800,p99=40", "`p50` must not be longer than `p99`"),
        ("delay=p0=1,p99=2", '"p0"'),
        ("delay=p50=0,p99=2", "`p50` must be milliseconds from 0.001 to 600000, not 0"),
        ("delay=p50=1,p100=2", '"p100"'),
        ("delay=p50=1,p99=x", '`p99` must be milliseconds from 0.001 to 600000, not "x"'),
        ("jitter=5", "`jitter` needs a `delay`"),
        ("delay=20;jitter=50", "`jitter` needs a `delay` in milliseconds that is not smaller"),
        ("delay=p50=40,p99=800;jitter=5", "`jitter` needs a `delay` in milliseconds"),
        ("delay=400000;jitter=300000", "must not add up to more than 600000"),
        ("drip=601", "`drip` must be a number of seconds from 0 to 600, not 601"),
        ("reset;rate=0", "`rate` must be a probability above 0, up to 1 (or 100%), not 0"),
        ("reset;rate=101%", "not 1.01"),
        ("reset;rate=x%", 'not "x%"'),
        ("retry-after=2", "`retry-after` needs a `status`, such as 429 or 503"),
        ("status=429;retry-after=1.5", "`retry-after` must be a whole number of seconds"),
        ("reset;hang", "`hang` and `reset` cannot both happen to one answer"),
        ("reset;status=503", "with `reset` no answer is sent, so `status` says nothing"),
        ("hang;malformed", "with `hang` no answer is sent, so `malformed` says nothing"),
        ("hang;delay=5", "with `hang` no answer is ever sent, so `delay` says nothing"),
        ("status=204;truncate", "an answer with status 204 has no body for `truncate`"),
        ("status=304;malformed", "an answer with status 304 has no body for `malformed`"),
    ],
)
def test_what_a_text_cannot_say(text: str, told: str) -> None:
    """A wrong text is one sentence that names the member, what is wrong, and what would do."""
    with pytest.raises(BadFault) as caught:
        fault_from_text(text)

    assert told in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (503, 'a fault is an object such as {"status": 503}, not 503'),
        ({"status": "503"}, '`status` must be a final status from 200 to 599, not "503"'),
        ({"status": True}, "not true"),
        ({"reset": 1}, "`reset` must be true or false, not 1"),
        ({"retryAfter": 2}, "did you mean `retry-after`?"),
        ({"retry-after": 2, "retry_after": 2}, "`retry-after` is given twice"),
        ({"reset": False}, "nothing goes wrong"),
        ({"delay": math.nan}, "not NaN"),
        ({"delay": {"p50": True, "p99": 1}}, "`p50` must be milliseconds"),
        ({"delay": {"median": 1, "p99": 1}}, "a percentile is written p50 or p99.9"),
        ({"reset": True, "rate": "10%"}, "`rate` must be a probability above 0, up to 1"),
    ],
)
def test_what_an_object_cannot_say(value: Any, told: str) -> None:
    """JSON is not guessed at: a number in a text, or 1 for true, is an error that says so."""
    with pytest.raises(BadFault) as caught:
        fault_from_json(value)

    assert told in str(caught.value)


@given(faults, st.integers())
def test_what_was_drawn_can_be_asked_for_again(fault: Fault, seed: int) -> None:
    """A fault that happened reads as a certain one, which is the same whenever it is drawn."""
    drawn = fault.drawn(drawing(seed))

    assert drawn == fault.drawn(drawing(seed))
    assert drawn.drawn(drawing(seed + 1)) == drawn == fault_from_text(str(drawn))
    assert (drawn.rate, drawn.jitter) == (1, 0)
    assert drawn.members().keys() <= fault.members().keys()


@given(st.floats(1, 300_000), st.floats(0, 1), st.integers())
def test_jitter_stays_within_its_bounds(delay: float, share: float, seed: int) -> None:
    """A delay that varies is never further from its middle than its jitter says."""
    jitter = delay * share
    drawn = Fault(delay=delay, jitter=jitter).drawn(drawing(seed))

    assert abs(drawn.seconds * 1000 - delay) <= jitter + 0.001


@given(percentiles, st.integers())
def test_percentiles_stay_within_what_a_delay_may_be(spread: Percentiles, seed: int) -> None:
    """However far two percentiles are apart, no answer is later than the latest delay there is."""
    drawn = Fault(delay=spread).drawn(drawing(seed))

    assert 0 < drawn.seconds <= 600
    assert drawn.delay == round(drawn.seconds * 1000, 3)


@pytest.mark.parametrize(
    "spread",
    [
        Percentiles((50, 0.001), (50.001, 600_000)),
        Percentiles((50, 0.001), (99, 0.01)),
        Percentiles((0.001, 600_000), (99.999, 600_000)),
    ],
)
def test_extreme_percentiles(spread: Percentiles) -> None:
    """Neither hardly any delay nor a spread beyond all measure fails to be drawn."""
    random = drawing(1)
    drawn = [Fault(delay=spread).drawn(random).seconds for _ in range(200)]

    assert min(drawn) >= 0.000_001
    assert max(drawn) <= 600


@pytest.mark.parametrize(
    "spread", [Percentiles((50, 40), (99, 800)), Percentiles((10, 20), (90, 500))]
)
def test_percentiles_are_met(spread: Percentiles) -> None:
    """As many delays are below each percentile as it says."""
    random = drawing(1)
    drawn = [spread.draw(random) for _ in range(20_000)]

    for rank, milliseconds in (spread.lower, spread.upper):
        share = sum(one <= milliseconds for one in drawn) / len(drawn)
        assert share == pytest.approx(rank / 100, abs=0.01)
