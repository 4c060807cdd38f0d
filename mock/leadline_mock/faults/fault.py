"""A fault: what goes wrong with one answer, and how likely that is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from random import Random
from typing import Any

from leadline_mock.faults.checks import (
    MAX_MILLISECONDS,
    MAX_SECONDS,
    BadFault,
    is_number,
    is_whole,
    written,
)
from leadline_mock.faults.percentiles import SHORTEST, Percentiles
from leadline_mock.messages import BODILESS
from leadline_openapi.violation import show

SILENT = ("hang", "reset")
WIRES = (*SILENT, "truncate", "drip")
_YEAR = 366 * 24 * 60 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """
    What goes wrong; what is left out does not. `str` gives the text that `fault_from_text` reads.

    *status*: the answer has this one, and the request is not looked at; *retry_after*: seconds, told in
    the header `Retry-After`. *malformed*: the body breaks its media type. *hang*: no answer ever comes;
    *reset*: the connection is reset; *truncate*: the body ends halfway; *drip*: it comes piece by piece
    over so many seconds. *delay*: milliseconds before the answer, give or take *jitter*, or `Percentiles`.
    *rate*: the probability that it happens at all. Raises `BadFault`.
    """

    status: int | None = None
    retry_after: int | None = None
    malformed: bool = False
    hang: bool = False
    reset: bool = False
    truncate: bool = False
    drip: float = 0
    delay: float | Percentiles = 0
    jitter: float = 0
    rate: float = 1

    def __post_init__(self) -> None:
        for name, (fits, expected) in _BOUNDS.items():
            value = getattr(self, name)
            if not fits(value):
                raise BadFault(f"`{spelt(name)}` must be {expected}, not {show(value)}")
        for problem in self._contradictions():
            raise BadFault(problem)

    def __str__(self) -> str:
        return ";".join(_part(name, value) for name, value in self.members().items())

    def members(self) -> dict[str, Any]:
        """What `fault_from_json` makes the same from."""
        given = {
            spelt(one.name): value
            for one in fields(self)
            if (value := getattr(self, one.name)) != one.default
        }
        if isinstance(self.delay, Percentiles):
            given["delay"] = self.delay.mapping()
        return given

    @property
    def wire(self) -> str:
        """What the wire does with the answer, as `Action.wire` has it."""
        return next((name for name in WIRES if getattr(self, name)), "")

    @property
    def seconds(self) -> float:
        """The delay of a fault that was drawn."""
        return 0.0 if isinstance(self.delay, Percentiles) else self.delay / 1000

    @property
    def only_delays(self) -> bool:
        """Whether the answer is late, and as it should be otherwise."""
        return not (self.wire or self.malformed or self.status is not None)

    def delayed_by(self, other: Fault) -> Fault:
        """The fault with the delay of *other*, unless it has its own or never answers."""
        if self.delay or self.hang:
            return self
        return replace(self, delay=other.delay, jitter=other.jitter)

    def drawn(self, random: Random) -> Fault:
        """The fault as it happens: for certain, and with a delay that is a number."""
        delay = self.delay
        if isinstance(delay, Percentiles):
            delay = _rounded(delay.draw(random))
        elif self.jitter:
            delay = _rounded(random.uniform(delay - self.jitter, delay + self.jitter))
        elif self.rate == 1:
            return self
        return replace(self, delay=delay, jitter=0, rate=1)

    def _contradictions(self) -> Iterator[str]:
        """What the members say against each other."""
        wires = [name for name in WIRES if getattr(self, name)]
        if len(wires) > 1:
            yield f"`{wires[0]}` and `{wires[1]}` cannot both happen to one answer"
        if self.wire in SILENT and (self.status is not None or self.malformed):
            useless = "malformed" if self.status is None else "status"
            yield f"with `{self.wire}` no answer is sent, so `{useless}` says nothing"
        if self.hang and self.delay:
            yield "with `hang` no answer is ever sent, so `delay` says nothing"
        if self.retry_after is not None and self.status is None:
            yield "`retry-after` needs a `status`, such as 429 or 503"
        if self.status in BODILESS and (self.wire or self.malformed):
            yield f"an answer with status {self.status} has no body for `{self.wire or 'malformed'}`"
        yield from self._odd_delay()

    def _odd_delay(self) -> Iterator[str]:
        delay = self.delay
        if self.jitter and (isinstance(delay, Percentiles) or self.jitter > delay):
            yield "`jitter` needs a `delay` in milliseconds that is not smaller"
        elif not isinstance(delay, Percentiles) and delay + self.jitter > MAX_MILLISECONDS:
            yield f"`delay` and `jitter` must not add up to more than {MAX_MILLISECONDS}"
        if self.only_delays and not delay:
            yield f"nothing goes wrong; there are: {', '.join(_KINDS)}"


_KINDS = ("status", "malformed", *WIRES, "delay")
_FLAG = (lambda value: isinstance(value, bool), "true or false")
_BOUNDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "status": (
        lambda value: value is None or is_whole(value, 200, 599),
        "a final status from 200 to 599",
    ),
    "retry_after": (
        lambda value: value is None or is_whole(value, 0, _YEAR),
        f"a whole number of seconds from 0 to {_YEAR}",
    ),
    "malformed": _FLAG,
    "hang": _FLAG,
    "reset": _FLAG,
    "truncate": _FLAG,
    "drip": (
        lambda value: is_number(value, 0, MAX_SECONDS),
        f"a number of seconds from 0 to {MAX_SECONDS}",
    ),
    "delay": (
        lambda value: isinstance(value, Percentiles) or is_number(value, 0, MAX_MILLISECONDS),
        f"milliseconds from 0 to {MAX_MILLISECONDS}, or two percentiles such as p50=40,p99=800",
    ),
    "jitter": (
        lambda value: is_number(value, 0, MAX_MILLISECONDS),
        f"milliseconds from 0 to {MAX_MILLISECONDS}",
    ),
    "rate": (
        lambda value: is_number(value, 0, 1) and value > 0,
        "a probability above 0, up to 1 (or 100%)",
    ),
}


def spelt(name: str) -> str:
    """The member *name* as it is written in text and JSON."""
    return name.replace("_", "-")


def _part(name: str, value: Any) -> str:
    if value is True:
        return name
    if isinstance(value, dict):
        value = ",".join(f"{point}={written(ms)}" for point, ms in value.items())
    return f"{name}={value if isinstance(value, str) else written(value)}"


def _rounded(delay: float) -> float:
    """To the microsecond, and never nothing: what was drawn is told, and can be asked for again."""
    return min(max(round(delay, 3), SHORTEST), MAX_MILLISECONDS)
