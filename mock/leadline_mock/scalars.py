"""Texts and numbers made up for the keywords of a schema and the name of a member."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any

from leadline_mock.plausible import FORMATS, NUMBERS, TEXTS, Draw, Range, two_words
from leadline_mock.source import Source

_TRIES = 3
_SPREAD = 999
"""How far apart numbers are of which only one bound is known, in steps."""
_ANY: Range = (1, 1000, 2)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def words(name: str) -> list[str]:
    """*name* taken apart, each word in the singular: `userIds`, `user_ids` are `user`, `id`."""
    return [_singular(part.lower()) for part in _WORD.findall(name)]


def called(name: str, holder: str = "") -> list[str]:
    """
    What the member *name* of something called *holder* may be called in the tables, in order.

    `name` of `company` is a company name; `billingCity` is a city, because its end says so; of
    `budgetLower` only the beginning says something.
    """
    own, around = words(name), words(holder)[-1:]
    spans = [(start, end) for end in range(len(own), 0, -1) for start in range(end)]
    inner = [" ".join(own[start:end]) for start, end in spans]
    return [" ".join([*around, *own]), *inner] if around else inner


def texts(keywords: Mapping[str, Any], phrases: Sequence[str], source: Source) -> Iterator[str]:
    """
    Texts for a schema with *keywords*, the likeliest first.

    *phrases* are what the value may be called, the most telling first: see `called`.
    """
    shortest, longest = int(keywords.get("minLength", 0)), keywords.get("maxLength")
    formatted = FORMATS.get(keywords.get("format", keywords.get("contentEncoding", "")))
    draw = formatted or _named(phrases)
    text = ""
    for _ in range(_TRIES):
        text = draw(source)
        if shortest <= len(text) and (longest is None or len(text) <= longest):
            yield text
    if formatted is None:
        repeated = " ".join([text] * (shortest // len(text) + 1)) if text else "x" * shortest
        yield repeated[: max(shortest, len(text)) if longest is None else int(longest)]


def numbers(
    keywords: Mapping[str, Any], phrases: Sequence[str], source: Source, *, whole: bool
) -> Iterator[float]:
    """Numbers for a schema with *keywords*, within its bounds; *phrases* as for `texts`."""
    named = next((NUMBERS[one] for one in phrases if one in NUMBERS), None)
    digits = 0 if whole else 2 if named is None else named[2]
    step = Fraction(str(keywords.get("multipleOf", Fraction(1, 10**digits))))
    step = Fraction(step.numerator) if whole else step
    low, high = _span(_bounds(keywords, step), named, step)
    for _ in range(_TRIES if low <= high else 0):
        value = source.random.randint(low, high) * step
        yield int(value) if value.denominator == 1 else float(value)


def _bounds(keywords: Mapping[str, Any], step: Fraction) -> tuple[int | None, int | None]:
    """The smallest and the largest count of *step* that *keywords* allow, where they say it."""
    exact = {word: Fraction(str(keywords[word])) / step for word in _LIMITS if word in keywords}
    lows = [_LIMITS[word](count) for word, count in exact.items() if word.endswith("inimum")]
    highs = [_LIMITS[word](count) for word, count in exact.items() if word.endswith("aximum")]
    return max(lows, default=None), min(highs, default=None)


_LIMITS = {
    "minimum": ceil,
    "exclusiveMinimum": lambda count: floor(count) + 1,
    "maximum": floor,
    "exclusiveMaximum": lambda count: ceil(count) - 1,
}


def _span(
    bounds: tuple[int | None, int | None], named: Range | None, step: Fraction
) -> tuple[int, int]:
    """From where to where numbers are taken, in steps: what is usual as far as *bounds* allow it."""
    low, high = bounds
    if named is None and low is None and high is None:
        named = _ANY
    if named is not None:
        first, last = ceil(Fraction(named[0]) / step), floor(Fraction(named[1]) / step)
        usual = (
            first if low is None else max(first, low),
            last if high is None else min(last, high),
        )
        if usual[0] <= usual[1]:
            return usual
    if low is None:
        low = 1 if high is None else min(1, high - _SPREAD)
    return low, low + _SPREAD if high is None else high


def _named(phrases: Sequence[str]) -> Draw:
    for phrase in phrases:
        if phrase in TEXTS:
            return TEXTS[phrase]
        if phrase in NUMBERS:
            low, high, digits = NUMBERS[phrase]
            return lambda source: f"{source.random.uniform(low, high):.{digits}f}"
    return two_words


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith("sses"):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is")) else word.removesuffix("s") or word
