"""What became of the members that were sent: the same, coerced, or dropped, on each of two servers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from leadline_contracts.compare.listed import aligned
from leadline_contracts.compare.normalise import echoed, own_ids
from leadline_contracts.compare.outcome import Outcome
from leadline_contracts.compare.values import Path, Unlike, unlike
from leadline_contracts.oracles.reading import MISSING, faulty, reach
from leadline_openapi import jsontext
from leadline_openapi import pointer as pointers
from leadline_openapi.words import ITEMS

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
    rest = list(_unlike(left, right))
    members: dict[Path, Member] = {}
    for path, wanted in echoed(left.exchange) if left.family == 2 else ():
        if not isinstance(wanted, dict):
            continue
        for one in [one for one in rest if one.path[: len(path)] == path]:
            at = _sent_at(one.path, path, wanted)
            if at != path:
                sent = reach(wanted, at[len(path) :])
                members.setdefault(at, _member(at, sent, left, right))
                rest.remove(one)
    return [one for one in members.values() if not _both_dropped(one, left, right)], rest


def _sent_at(place: Path, echo: Path, wanted: Any) -> Path:
    """The innermost member on the way to *place* that was sent; lists are looked at as a whole."""
    way = place[len(echo) :]
    if ITEMS in way:
        way = way[: way.index(ITEMS)]
    while way and reach(wanted, way) is MISSING:
        way = way[:-1]
    return (*echo, *way)


def _unlike(left: Outcome, right: Outcome) -> Iterator[Unlike]:
    """Where the bodies differ, but for what each server calls the document that it was asked for."""
    values, found = aligned((left.value, right.value), (left.lists, right.lists))
    yield from found
    ids = own_ids(left.exchange.case), own_ids(right.exchange.case)
    drifted = [path for path, one in left.lists.items() if one.drifted]
    for one in unlike(*values):
        counts = not one.of_shape and drifted
        if counts and not any(one.path[: len(path)] == path for path in drifted):
            continue  # how many there are, as one of them holds what the other one refused
        if ids[0] == ids[1] or _without(one.left, ids[0]) != _without(one.right, ids[1]):
            yield one


def _without(value: Any, ids: Sequence[str]) -> Any:
    """*value* without the names of the documents that were asked for, by which a server calls them."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return value
    text = str(value)
    for number, one in enumerate(ids):
        text = re.sub(rf"(?<![\w-]){re.escape(one)}(?![\w-])", f"{{{number}}}", text)
    return type(value), text


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
