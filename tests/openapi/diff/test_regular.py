"""What is told about patterns holds for the texts that a regular expression engine admits."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline_openapi.diff import regular
from leadline_openapi.diff.languages import Lengths
from leadline_openapi.second import translate

_ATOMS = [
    "a",
    "b",
    ".",
    r"\d",
    r"\w",
    r"\s",
    "[ab]",
    "[^a]",
    "[a-c1]",
    "(?:a|b)",
    "(ab|c)",
    r"\.",
    r"\u0062",
]
_TIMES = ["", "", "*", "+", "?", "{2}", "{1,2}", "{1,}", "*?"]
_PARTS = st.builds(
    lambda atom, times: atom + times, st.sampled_from(_ATOMS), st.sampled_from(_TIMES)
)
_BRANCHES = st.builds(
    lambda start, parts, end: start + "".join(parts) + end,
    st.sampled_from(["", "^", "^"]),
    st.lists(_PARTS, max_size=3),
    st.sampled_from(["", "$", "$"]),
)
PATTERNS = st.builds("|".join, st.lists(_BRANCHES, min_size=1, max_size=2))
TEXTS = st.text("abc1 .\n", max_size=5)


def _is_in(pattern: str, text: str) -> bool:
    return re.compile(translate(pattern), re.ASCII).search(text) is not None


@given(PATTERNS, PATTERNS, st.lists(TEXTS, max_size=30))
def test_an_inclusion_holds_for_every_text(made: str, wanted: str, texts: list[str]) -> None:
    """If one pattern includes another, no text has the second and not the first."""
    if regular.includes(wanted, [made]):
        assert [text for text in texts if _is_in(made, text) and not _is_in(wanted, text)] == []


@given(PATTERNS, PATTERNS)
def test_a_counterexample_is_one(made: str, wanted: str) -> None:
    """Where the inclusion is not proven, there is a text that shows why."""
    text = regular.counterexample(wanted, [made])

    if regular.includes(wanted, [made]):
        assert text is None
    else:
        assert text is not None
        assert _is_in(made, text)
        assert not _is_in(wanted, text)


@given(PATTERNS, st.integers(0, 3))
def test_texts_for_a_pattern_have_it(pattern: str, shortest: int) -> None:
    """They are of an admitted length too."""
    for text in regular.texts(pattern, shortest, shortest + 4) or []:
        assert _is_in(pattern, text)
        assert shortest <= len(text) <= shortest + 4


@pytest.mark.parametrize(
    "pattern",
    [
        "(?=a)b",
        r"(a)\1",
        r"\bword",
        r"\p{L}",
        "a(?<!b)",
        "^[a",
        "(a",
        "a{2000}",
        "(^a)",
        "a$b",
        "a++",
    ],
)
def test_of_what_is_not_read_nothing_is_told(pattern: str) -> None:
    """Look-around, back-references and the like are not guessed at."""
    assert not regular.includes(pattern, [pattern])
    assert regular.counterexample("^x", [pattern]) is None
    assert regular.texts(pattern, 0, 10) is None


def test_several_patterns_hold_together() -> None:
    """A text that starts with `a` and ends with `b` has at least two characters."""
    assert regular.includes(r"^[\s\S]{2}", ["^a", "b$"])
    assert not regular.includes(r"^[\s\S]{3}", ["^a", "b$"])


@given(PATTERNS, st.integers(0, 4), st.none() | st.integers(0, 4), st.lists(TEXTS, max_size=30))
def test_lengths_are_held_against_patterns(
    pattern: str, least: int, most: int | None, texts: list[str]
) -> None:
    """What is told of a pattern and a length, one way and the other, is so for every text."""
    lengths = Lengths(least, most)
    having = {text for text in texts if _is_in(pattern, text)}
    fitting = {text for text in texts if least <= len(text) <= (5 if most is None else most)}

    assert not regular.includes(lengths, [pattern]) or having <= fitting
    assert not regular.includes(pattern, [lengths]) or fitting <= having
    if (text := regular.counterexample(lengths, [pattern])) is not None:
        assert _is_in(pattern, text)
        assert not (len(text) >= least and (most is None or len(text) <= most))


@given(st.lists(TEXTS, max_size=4), TEXTS)
def test_a_list_of_texts_is_a_pattern(words: list[str], text: str) -> None:
    """It has these and no others, whatever characters are in them."""
    assert regular.includes(regular.listed(words), [regular.listed([text])]) is (text in words)


def test_a_long_text_is_counted_and_not_spelled_out() -> None:
    """Lengths may be of any size that there are states for."""
    assert regular.includes(Lengths(most=3000), ["^[a-z]{1,3}$"])
    assert regular.includes(Lengths(most=3000), [Lengths(least=1, most=2000)])
    assert not regular.includes(Lengths(most=2000), [Lengths(least=1, most=3000)])
    assert not regular.includes(Lengths(most=10**9), [Lengths(most=10**8)])


def test_a_large_repetition_is_given_up_rather_than_waited_for() -> None:
    """Nested repetitions would have more states than anybody can look through."""
    assert not regular.includes("^(a{300}){300}$", ["^a+$"])
