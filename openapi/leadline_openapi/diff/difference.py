"""What two schemas that face each other differ in, before it is known what that means to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from leadline_openapi.diff.change import Verdict
from leadline_openapi.diff.grounds import PROVEN, Held
from leadline_openapi.diff.walk import SAME, Pair, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """
    One keyword, or one member, that is another in the new document.

    *forward* is whether all that the old one admits is still admitted, *backward* whether all that the new
    one admits had been. The values of witnesses are those of *pair*, or of what *step* leads to from there.
    *ruled* has the verdict of each side where no value can decide; where it *is for absent* values, it
    breaks nobody who never leaves them out. From the day *sunset* on it breaks
    nobody, because all of it had been announced to go. *old_at* and *new_at* point into the documents,
    *before* and *after* are what they say there, *name* is the member that is spoken of, *detail* tells
    apart what has the same code and place.
    """

    code: str
    pair: Pair
    old_at: str | None
    new_at: str | None
    forward: Held = PROVEN
    backward: Held = PROVEN
    ruled: Mapping[str, Verdict] = field(default_factory=dict)
    is_for_absent: bool = False
    before: Any = None
    after: Any = None
    name: str = ""
    step: Step = SAME
    sunset: str = ""
    detail: str = ""

    @property
    def is_one(self) -> bool:
        """Whether it is a difference at all: the same said in other words is none."""
        return bool(self.ruled) or not (self.forward.holds and self.backward.holds)


def relation(forward: Held, backward: Held) -> str:
    """How what is admitted has changed."""
    if forward.holds:
        return "widened"
    return "narrowed" if backward.holds else "changed"


def worst(first: Held, second: Held) -> Held:
    """A witness before doubt, and doubt before a proof."""
    order = ("proof", "rule", "undecided", "witness")
    return max(first, second, key=lambda held: order.index(held.how))
