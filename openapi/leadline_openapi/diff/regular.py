"""Whether one pattern admits every text that another does, by the product of their automata."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import pairwise

from leadline_openapi.diff.automata import MOST_STATES, TOP, Automaton, Unread, automaton

_FURTHER = 20
_ENOUGH = 8
_KEPT = 2
_READABLE = "aA0-_ .,é"


def includes(wanted: str, made: Iterable[str]) -> bool:
    """Whether it is proven that every text in which all patterns *made* are found has *wanted* in it."""
    try:
        return _counterexample([automaton(pattern) for pattern in made], automaton(wanted)) is None
    except Unread:
        return False


def counterexample(wanted: str, made: Iterable[str]) -> str | None:
    """A shortest text in which all patterns *made* are found and *wanted* is not, if there is one to tell."""
    try:
        return _counterexample([automaton(pattern) for pattern in made], automaton(wanted))
    except Unread:
        return None


def texts(pattern: str, shortest: int, longest: float) -> list[str] | None:
    """Some texts of an admitted length in which *pattern* is found; `None` where it is not read."""
    try:
        made = automaton(pattern)
    except Unread:
        return None
    found: list[str] = []
    reached = {made.closed([made.start]): [""]}
    for length in range(int(min(longest, shortest + _FURTHER)) + 1):
        if length >= shortest:
            found += [text for at, ways in reached.items() if made.end in at for text in ways]
        if len(found) >= _ENOUGH:
            break
        following: dict[frozenset[int], list[str]] = {}
        for at, ways in reached.items():
            for character in _representatives(made.limits(at)):
                moved = made.moved(at, ord(character))
                if moved:
                    kept = following.setdefault(moved, [])
                    kept += [text + character for text in ways][: _KEPT - len(kept)]
        reached = dict(list(following.items())[: MOST_STATES // 10])
    return found[:_ENOUGH]


def _counterexample(lefts: list[Automaton], right: Automaton) -> str | None:
    """A text that all of *lefts* admit and *right* does not; looked for state by state, shortest first."""
    start = (tuple(one.closed([one.start]) for one in lefts), right.closed([right.start]))
    known = {start}
    waiting = deque([(start, "")])
    while waiting:
        (left, other), text = waiting.popleft()
        if (
            all(one.end in at for one, at in zip(lefts, left, strict=True))
            and right.end not in other
        ):
            return text
        limits = right.limits(other)
        for one, at in zip(lefts, left, strict=True):
            limits |= one.limits(at)
        for character in _representatives(limits):
            code = ord(character)
            moved = tuple(one.moved(at, code) for one, at in zip(lefts, left, strict=True))
            if not all(moved):
                continue
            pair = (moved, right.moved(other, code))
            if pair not in known:
                if len(known) > MOST_STATES:
                    raise Unread
                known.add(pair)
                waiting.append((pair, text + character))
    return None


def _representatives(limits: set[int]) -> Iterator[str]:
    """One character of each range between *limits*, one that is easy to read if there is any."""
    edges = sorted(limits | {0, TOP})
    for low, high in pairwise(edges):
        yield next((one for one in _READABLE if low <= ord(one) < high), chr(_speakable(low, high)))


def _speakable(low: int, high: int) -> int:
    """A code point of the range, and not half of a surrogate pair if it has any other."""
    return 0xE000 if 0xD800 <= low < 0xE000 < high else low
