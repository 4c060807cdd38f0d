r"""Automata of regular expressions, as ECMA-262 has them.

Read is what patterns of contracts are made of: characters, classes, `\d \w \s`, groups, `|`, `* + ? {m,n}`,
`^` at the start and `$` at the end. Whatever else there is (look-around, back-references, `\b`, `\p`)
is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from leadline_openapi.diff.languages import TOP, Automaton, Ranges, Unread

_MOST_REPEATS = 300

_ANY: Ranges = ((0, TOP),)
_DIGITS: Ranges = ((48, 58),)
_WORD: Ranges = ((48, 58), (65, 91), (95, 96), (97, 123))
_SPACE: Ranges = (
    *((9, 14), (32, 33), (0xA0, 0xA1), (0x1680, 0x1681), (0x2000, 0x200B), (0x2028, 0x202A)),
    *((0x202F, 0x2030), (0x205F, 0x2060), (0x3000, 0x3001), (0xFEFF, 0xFF00)),
)
_LINE_ENDS: Ranges = ((10, 11), (13, 14), (0x2028, 0x202A))
_ESCAPES = {"n": 10, "r": 13, "t": 9, "v": 11, "f": 12, "0": 0}


@cache
def automaton(pattern: str) -> Automaton:
    """The automaton of the texts in which the ECMA-262 *pattern* is found. Raises `Unread`."""
    return _Reader(pattern).read()


class _Reader:
    """Reads one pattern, as ECMA-262 has it, into an automaton that admits whole texts."""

    def __init__(self, pattern: str) -> None:
        self._text = pattern
        self._at = 0
        self._made = Automaton()

    def read(self) -> Automaton:
        """The automaton; a pattern is found anywhere in a text, so that anything may be around it."""
        made = self._made
        made.start = made.state()
        made.end = made.state()
        while True:
            first, last = self._alternative()
            made.free[made.start].append(first)
            made.free[last].append(made.end)
            if not self._taken("|"):
                break
        if self._at < len(self._text):
            raise Unread
        return made

    def _alternative(self) -> tuple[int, int]:
        """One alternative of the whole pattern, with its anchors."""
        made = self._made
        begin = made.state()
        if not self._taken("^"):
            made.steps[begin].append((_ANY, begin))
        first, last = self._sequence(inside=False)
        made.free[begin].append(first)
        if not self._taken("$"):
            made.steps[last].append((_ANY, last))
        return begin, last

    def _sequence(self, *, inside: bool) -> tuple[int, int]:
        first = last = self._made.state()
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            if self._text[self._at] == "$" and not inside:
                break
            begin, end = self._repeated()
            self._made.free[last].append(begin)
            last = end
        fresh = self._made.state()  # whoever goes on from here must not come back into a repetition
        self._made.free[last].append(fresh)
        return first, fresh

    def _repeated(self) -> tuple[int, int]:
        at = self._at
        begin, end = self._atom()
        quantifier = re.compile(r"[*+?]|\{(\d+)(,(\d*))?\}").match(self._text, self._at)
        if quantifier is None:
            return begin, end
        after = quantifier.end()
        low, high = _times(quantifier)
        made = self._made
        first = last = made.state()
        for number in range(max(low, high if high is not None else low + 1)):
            self._at = at
            begin, end = self._atom()
            made.free[last].append(begin)
            if number >= low:
                made.free[last].append(end)
            if high is None and number == low:
                made.free[end].append(begin)
            last = end
        self._at = after
        self._taken("?")  # lazy: the same texts
        if self._taken("+"):
            raise Unread
        fresh = made.state()
        made.free[last].append(fresh)
        return first, fresh

    def _atom(self) -> tuple[int, int]:
        if self._taken("("):
            return self._group()
        made = self._made
        begin, end = made.state(), made.state()
        made.steps[begin].append((self._characters(), end))
        return begin, end

    def _group(self) -> tuple[int, int]:
        if self._taken("?") and not self._taken(":"):
            raise Unread
        made = self._made
        begin, end = made.state(), made.state()
        while True:
            first, last = self._sequence(inside=True)
            made.free[begin].append(first)
            made.free[last].append(end)
            if not self._taken("|"):
                break
        if not self._taken(")"):
            raise Unread
        return begin, end

    def _characters(self) -> Ranges:
        character = self._next()
        if character == ".":
            return _other(_LINE_ENDS)
        if character == "[":
            return self._class()
        if character == "\\":
            return self._escaped()
        if character in "^$*+?{}":
            raise Unread
        return ((ord(character), ord(character) + 1),)

    def _class(self) -> Ranges:
        negated = self._taken("^")
        found: list[tuple[int, int]] = []
        while not self._taken("]"):
            low = self._class_member()
            if (
                self._text[self._at : self._at + 1] == "-"
                and self._text[self._at + 1 : self._at + 2] != "]"
            ):
                self._at += 1
                high = self._class_member()
                if (
                    len(low) != 1
                    or len(high) != 1
                    or low[0][1] - low[0][0] != 1
                    or high[0][1] - high[0][0] != 1
                ):
                    raise Unread
                found.append((low[0][0], high[0][1]))
            else:
                found += low
        ranges = _merged(found)
        return _other(ranges) if negated else ranges

    def _class_member(self) -> Ranges:
        character = self._next()
        return self._escaped() if character == "\\" else ((ord(character), ord(character) + 1),)

    def _escaped(self) -> Ranges:
        character = self._next()
        known = {"d": _DIGITS, "w": _WORD, "s": _SPACE}
        if character.lower() in known:
            ranges = known[character.lower()]
            return ranges if character in known else _other(ranges)
        code = _ESCAPES.get(character)
        if character in "xu":
            digits = self._text[self._at : self._at + (2 if character == "x" else 4)]
            if not re.fullmatch(r"[0-9A-Fa-f]{2}|[0-9A-Fa-f]{4}", digits):
                raise Unread
            self._at += len(digits)
            code = int(digits, 16)
        elif code is None:
            if character.isalnum():
                raise Unread
            code = ord(character)
        return ((code, code + 1),)

    def _next(self) -> str:
        if self._at >= len(self._text):
            raise Unread
        self._at += 1
        return self._text[self._at - 1]

    def _taken(self, character: str) -> bool:
        found = self._text[self._at : self._at + 1] == character
        self._at += found
        return found


def _times(quantifier: re.Match[str]) -> tuple[int, int | None]:
    match quantifier[0]:
        case "*":
            return 0, None
        case "+":
            return 1, None
        case "?":
            return 0, 1
    low = int(quantifier[1])
    high = low if quantifier[2] is None else int(quantifier[3]) if quantifier[3] else None
    if max(low, high or 0) > _MOST_REPEATS or (high is not None and high < low):
        raise Unread
    return low, high


def _merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    found: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        elif low < high:
            found.append((low, high))
    return tuple(found)


def _other(ranges: Ranges) -> Ranges:
    found, last = [], 0
    for low, high in _merged(ranges):
        if last < low:
            found.append((last, low))
        last = high
    if last < TOP:
        found.append((last, TOP))
    return tuple(found)
