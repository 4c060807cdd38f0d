"""What became of the members that were sent: the same, coerced, or dropped, on each of two servers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from leadline_contracts.compare.normalise import echoed
from leadline_contracts.compare.outcome import Outcome
from leadline_contracts.compare.values import Path, Unlike, unlike
from leadline_contracts.oracles.reading import MISSING, faulty, reach
from leadline_openapi import jsontext
from leadline_openapi import pointer as pointers

SAME, COERCED, DROPPED = "same", "coerced", "dropped"


@dataclass(frozen=True, slots=True)
class Member:
    """A member that was sent and is echoed at *path*, with what it became on each server."""

    path: Path
    left: Any
    right: Any
    left_became: str
    right_became: str

    @property
    def pointer(self) -> str:
        """The path as a JSON pointer."""
        return pointers.pointer(self.path)


def parted(left: Outcome, right: Outcome) -> tuple[list[Member], list[Unlike]]:
    """The differences of two bodies: those of members that were sent, and all others."""
    rest = list(unlike(left.value, right.value))
    members: dict[Path, Member] = {}
    for path, wanted in echoed(left.exchange) if left.family == 2 else ():
        if not isinstance(wanted, dict):
            continue
        for one in [one for one in rest if one.path[: len(path)] == path]:
            at = one.path[: len(path) + 1]
            sent = wanted.get(at[-1], MISSING) if len(at) > len(path) else MISSING
            if sent is not MISSING:
                members.setdefault(at, _member(at, sent, left, right))
                rest.remove(one)
    return [one for one in members.values() if not _both_dropped(one, left, right)], rest


def _both_dropped(one: Member, left: Outcome, right: Outcome) -> bool:
    """Whether it is lost on both sides, in ways that both are as good as nothing: `null`, `[]`, absent."""
    if not one.left_became == one.right_became == DROPPED:
        return False
    return not (faulty(left.exchange, one.path) or faulty(right.exchange, one.path))


def _member(path: Path, sent: Any, left: Outcome, right: Outcome) -> Member:
    one, other = reach(left.value, path), reach(right.value, path)
    return Member(path, one, other, _became(sent, one), _became(sent, other))


def _became(sent: Any, given: Any) -> str:
    if given is not MISSING and jsontext.same(sent, given):
        return SAME
    return DROPPED if given is MISSING or given is None or given == [] else COERCED
