"""Whether one pattern admits every text that another does, by the product of their automata."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import pairwise

from leadline_openapi.diff.automata import automaton
from leadline_openapi.diff.languages import MOST_STATES, TOP, Language, Unread

_FURTHER = 20
_ENOUGH = 8
_KEPT = 2
_READABLE = "aA0-_ .,é"


def listed(words: Iterable[str]) -> str:
    """A pattern for *words* and no other texts."""
    return "|".join(f"^{re.escape(word)}$" for word in words) or r"[^\s\S]"


def includes(wanted: str | Language, made: Iterable[str | Language]) -> bool:
    """Whether it is proven that every text in which all patterns *made* are found has *wanted* in it."""
    try:
        return _counterexample([_language(one) for one in made], _language(wanted)) is None
    except Unread:
        return False


def counterexample(wanted: str | Language, made: Iterable[str | Language]) -> str | None:
    """A shortest text in which all patterns *made* are found and *wanted* is not, if there is one to tell."""
    try:
        return _counterexample([_language(one) for one in made], _language(wanted))
    except Unread:
        return None


def _language(told: str | Language) -> Language:
    return automaton(told) if isinstance(told, str) else told


def texts(pattern: str, shortest: int, longest: float) -> list[str] | None:
    """Some texts of an admitted length in which *pattern* is found; `None` where it is not read."""
    try:
        made = automaton(pattern)
    except Unread:
        return None
    found: list[str] = []
    reached = {made.first: [""]}
    for length in range(int(min(longest, shortest + _FURTHER)) + 1):
        if length >= shortest:
            found += [text for at, ways in reached.items() if made.accepts(at) for text in ways]
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


def _counterexample(lefts: list[Language], right: Language) -> str | None:
    """A text that all of *lefts* admit and *right* does not; looked for state by state, shortest first."""
    start = (tuple(one.first for one in lefts), right.first)
    known = {start}
    waiting = deque([(start, "")])
    while waiting:
        (left, other), text = waiting.popleft()
        both = list(zip(lefts, left, strict=True))
        if all(one.accepts(at) for one, at in both) and not right.accepts(other):
            return text
        limits = right.limits(other).union(*(one.limits(at) for one, at in both))
        for character in _representatives(limits):
            code = ord(character)
            moved = tuple(one.moved(at, code) for one, at in both)
            if any(one.is_over(at) for one, at in zip(lefts, moved, strict=True)):
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
