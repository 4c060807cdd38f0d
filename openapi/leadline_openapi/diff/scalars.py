"""Texts and numbers that may tell two schemas apart: plain ones, and those at the limits of both."""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterable, Iterator
from functools import cache

from leadline_openapi.diff import regular
from leadline_openapi.diff.hints import Hints
from leadline_openapi.flatten import Flat

_FORMATS = {
    "date-time": "2024-01-01T00:00:00Z",
    "date": "2024-01-01",
    "time": "00:00:00Z",
    "duration": "PT1H",
    "email": "someone@example.com",
    "idn-email": "jemand@bücher.example",
    "hostname": "example.com",
    "idn-hostname": "bücher.example",
    "ipv4": "127.0.0.1",
    "ipv6": "::1",
    "uri": "https://example.com/",
    "uri-reference": "/",
    "iri": "https://bücher.example/",
    "iri-reference": "/ä",
    "uri-template": "/{a}",
    "relative-json-pointer": "0/a",
    "byte": "Zm9v",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "json-pointer": "/a",
    "regex": "^a",
}


def texts(flat: Flat, hints: Hints) -> Iterator[str]:
    """Texts that may be valid, and texts near the limits of both schemas."""
    words = flat.keywords
    if words.get("format") in _FORMATS:
        yield _FORMATS[words["format"]]
    patterns = [words["pattern"]] if "pattern" in words else []
    shortest, longest = int(words.get("minLength", 0)), words.get("maxLength")
    for pattern in (*patterns, *hints.patterns):
        yield from matching(pattern, shortest, None if longest is None else int(longest))
    lengths = {shortest, shortest + 1, 6, *hints.lengths}
    lengths |= set() if longest is None else {int(longest)}
    for length in sorted(n for n in lengths if n <= 2001):
        yield "a" * length
        yield ("aZ0 -_ä" * (length // 7 + 1))[:length]
    yield from ("text", "0", "12", "123", "A", "a b", " ", "ä", "x@y", "\n")
    yield from _FORMATS.values()


def numbers(flat: Flat, hints: Hints, *, whole: bool) -> Iterator[float]:
    """Numbers that may be valid, and numbers near the limits of both schemas."""
    words = flat.keywords
    step = words.get("multipleOf")
    own = [
        words[w]
        for w in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
        if w in words
    ]
    near = [bound + by for bound in own for by in (0, 1, -1, 0.5, -0.5)]
    if step:
        near += [step * count for count in range(-3, 8)]
        near += [
            step * side(number / step)
            for number in (*own, *hints.numbers)
            for side in (math.floor, math.ceil)
        ]
    for value in (
        0,
        1,
        *near,
        *hints.numbers,
        -1,
        2,
        3,
        0.5,
        7,
        10,
        1000,
        10**9,
        2**31,
        2**53,
    ):
        if not whole or value == math.floor(value):
            yield math.floor(value) if whole else value


def matching(pattern: str, shortest: int, longest: int | None) -> Iterable[str]:
    """Texts for *pattern*, short ones first."""
    found = regular.texts(pattern, shortest, math.inf if longest is None else longest)
    return _drawn(pattern, shortest, longest) if found is None else found


@cache
def _drawn(pattern: str, shortest: int, longest: int | None) -> tuple[str, ...]:
    """Texts that Hypothesis finds for a pattern that is not read here; it is slow, and so imported late."""
    from hypothesis import HealthCheck, Phase, errors, find, settings
    from hypothesis import strategies as st

    patient = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)
    quiet = settings(
        database=None,
        derandomize=True,
        max_examples=60,
        suppress_health_check=patient,
        phases=(Phase.generate,),
        deadline=None,
    )
    found: dict[str, None] = {}

    def fits(text: str) -> bool:
        if shortest <= len(text) <= (math.inf if longest is None else longest):
            found[text] = None
        return len(found) >= 40

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            find(st.from_regex(re.compile(pattern)), fits, settings=quiet)
    except (errors.HypothesisException, re.error):
        pass
    return tuple(sorted(found, key=lambda text: (not text.isprintable(), len(text), text)))
