"""Two validators that share nothing: they agree, and where they came to differ, the specification decides."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leadline_openapi.schema import Library, Schema
from leadline_openapi.second import translate


def schema(source: Any) -> Schema:
    """*source* as a schema of a contract."""
    return Schema("/s", Library({"s": source}))


CASES: dict[str, tuple[Any, Any, bool]] = {
    # ECMA-262: without the flag `m`, `$` matches at the end of the input only.
    "$ before a newline": ({"pattern": "^[A-Z]+$"}, "A\n", False),
    "$ of a name before a newline": (
        {"patternProperties": {"^[A-Z]+$": False}},
        {"A\n": 1},
        True,
    ),
    "additional beside a pattern": (
        {"patternProperties": {"^a$": {}}, "additionalProperties": False},
        {"a\n": 1},
        False,
    ),
    "unevaluated beside a pattern": (
        {"patternProperties": {"^a$": {}}, "unevaluatedProperties": False},
        {"a\n": 1},
        False,
    ),
    # ECMA-262, CharacterClassEscape: `\d` and `\w` are ASCII, `\s` is WhiteSpace and LineTerminator.
    "Arabic digit": ({"pattern": r"^\d$"}, "\u0663", False),
    "Arabic no digit": ({"pattern": r"^\D$"}, "\u0663", True),
    "accented letter": ({"pattern": r"^\w$"}, "\u00e9", False),
    "no-break space": ({"pattern": r"^\s$"}, "\u00a0", True),
    "no-break space in a class": ({"pattern": r"^[\s-]$"}, "\u00a0", True),
    "byte order mark": ({"pattern": r"^\s$"}, "\ufeff", True),
    "unit separator": ({"pattern": r"^\s$"}, "\x1f", False),
    "dot and astral": ({"pattern": "^.$"}, "\U0001f600", True),
    "letters by property": ({"pattern": r"^\p{L}+$"}, "\u00e9", True),
    "bracket in a class": ({"pattern": r"^[[$.]$"}, "[", True),
    "dollar in a class": ({"pattern": r"^[[$.]$"}, "$", True),
    "escaped dollar": ({"pattern": r"^\$$"}, "$", True),
    "unanchored": ({"pattern": "b"}, "abc", True),
    "not a text": ({"pattern": "^a$"}, 1, True),
    # Validation 6.2.1: division by the keyword's value results in an integer.
    "0.3 of 0.1": ({"multipleOf": 0.1}, 0.3, True),
    "19.99 of 0.01": ({"multipleOf": 0.01}, 19.99, True),
    "0.35 of 0.1": ({"multipleOf": 0.1}, 0.35, False),
    "1e300 of 0.1": ({"multipleOf": 0.1}, 1e300, True),
    "big integer of 7": ({"multipleOf": 7}, 7 * 10**30 + 1, False),
    "truth of 1": ({"multipleOf": 1}, True, True),
    # Core 4.2.1 and 4.2.2: numbers are mathematical; 1.0 is an integer and equals 1.
    "1.0 is an integer": ({"type": "integer"}, 1.0, True),
    "1e300 is an integer": ({"type": "integer"}, 1e300, True),
    "1.5 is none": ({"type": "integer"}, 1.5, False),
    "true is no number": ({"type": "number"}, True, False),
    "const 1 and 1.0": ({"const": 1}, 1.0, True),
    "const 1 and true": ({"const": 1}, True, False),
    "enum 0 and false": ({"enum": [0]}, False, False),
    "enum true and 1": ({"enum": [True]}, 1, False),
    "big integers differ": ({"const": 10**20}, 10**20 + 1, False),
    "big bound": ({"maximum": 10**20}, 10**20 + 1, False),
    "beyond the precision of a float": ({"maximum": 9007199254740992}, 9007199254740993, False),
    # Core 4.2.2: objects by members, arrays in order, in depth.
    "const object in another order": ({"const": {"a": 1, "b": [1]}}, {"b": [1.0], "a": 1}, True),
    "const object with truth": ({"const": {"a": True}}, {"a": 1}, False),
    "enum array with truth": ({"enum": [[1]]}, [True], False),
    "unique 1 and true": ({"uniqueItems": True}, [1, True], True),
    "unique 1 and 1.0": ({"uniqueItems": True}, [1, 1.0], False),
    "unique objects": ({"uniqueItems": True}, [{"a": 1, "b": 2}, {"b": 2.0, "a": 1}], False),
    "unique in depth": ({"uniqueItems": True}, [[1], [True]], True),
    "unique among many": ({"uniqueItems": True}, [*range(40), 5.0], False),
    "unique false and 0": ({"uniqueItems": True}, [[0], [False]], True),
    # Validation 6.3.1: the length is the number of characters (RFC 8259), not of UTF-16 units.
    "astral character is one": ({"maxLength": 1}, "\U0001f600", True),
    "astral character is not two": ({"minLength": 2}, "\U0001f600", False),
    "lone surrogate is a character": (
        {"type": "string", "minLength": 1, "maxLength": 1},
        "\ud800",
        True,
    ),
    "lone surrogates differ": ({"uniqueItems": True}, ["\ud800", "\ud801"], True),
    "lone surrogate as a name": (
        {"additionalProperties": {"type": "string"}},
        {"\udfff": 1},
        False,
    ),
    # Core 10.3.1.3, 11.3, Validation 6.4: arrays and objects.
    "keywords leave other types alone": (
        {"required": ["a"], "minItems": 9, "minLength": 9},
        1,
        True,
    ),
    "minContains 0": ({"contains": {"const": 1}, "minContains": 0}, [], True),
    "unevaluated through allOf": (
        {"allOf": [{"properties": {"a": {}}}], "unevaluatedProperties": False},
        {"a": 1},
        True,
    ),
    "oneOf fits twice": ({"oneOf": [{"type": "number"}, {"type": "integer"}]}, 1, False),
    "format annotates": ({"format": "date"}, "no date", True),
}


@pytest.mark.parametrize(("source", "value", "verdict"), CASES.values(), ids=list(CASES))
def test_the_specification_decides(source: Any, value: Any, verdict: bool) -> None:
    """Both validators say what JSON Schema 2020-12 says."""
    judge = schema(source)

    assert judge.is_valid(value) is verdict
    assert judge.second_opinion(value) is verdict
    assert (judge.violations(value) == ()) is verdict


def test_known_difference() -> None:
    """To ECMA-262 a dot is no line terminator; to the first validator it may be U+2028 or a return."""
    judge = schema({"pattern": "^.$"})

    assert [judge.second_opinion(text) for text in "\n\r\u2028\u2029"] == [False] * 4
    assert [judge.is_valid(text) for text in "\n\r\u2028\u2029"] == [False, True, True, True]


TEXTS = st.sampled_from(
    ["", "a", "A", "A\n", "ab", "1", "\u0663", "\u00e9", "\U0001f600", "\ud800", "a b"]
)
NUMBERS = st.sampled_from(
    [0, 1, -1, 2, 3, 0.1, 0.3, 0.5, 1.0, 1.5, 2.5, 1e22, 10**22, 2**53, 2**53 + 1, -0.0, 1e-9]
)
PLAIN = st.none() | st.booleans() | NUMBERS | TEXTS.filter(str.isprintable)
SCALARS = PLAIN | TEXTS
NAMES = st.sampled_from(["a", "b", "A", "a1"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=8,
)
COUNTS = st.integers(0, 3)
TYPES = st.sampled_from(["null", "boolean", "integer", "number", "string", "array", "object"])
PATTERNS = st.sampled_from(["^[A-Z]+$", r"\d", r"^\w$", "a|b", "^.$", r"[^\s]", "^a"])


def keywords(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Schemas of a few keywords that go over *inner*."""
    members = st.dictionaries(NAMES, inner, max_size=2)
    some = st.lists(inner, min_size=1, max_size=3)
    every: dict[str, st.SearchStrategy[Any]] = {
        "type": TYPES | st.lists(TYPES, min_size=1, max_size=3, unique=True),
        "const": PLAIN | st.lists(PLAIN, max_size=2) | st.dictionaries(NAMES, PLAIN, max_size=2),
        "enum": st.lists(PLAIN | st.lists(PLAIN, max_size=2), min_size=1, max_size=3),
        "multipleOf": st.sampled_from([1, 2, 0.1, 0.5, 3, 1e-3]),
        **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), NUMBERS),
        **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), COUNTS),
        **dict.fromkeys(("minProperties", "maxProperties", "minContains", "maxContains"), COUNTS),
        "pattern": PATTERNS,
        "uniqueItems": st.booleans(),
        "required": st.lists(NAMES, max_size=2, unique=True),
        "dependentRequired": st.dictionaries(
            NAMES, st.lists(NAMES, max_size=2, unique=True), max_size=1
        ),
        "patternProperties": st.dictionaries(PATTERNS, inner, max_size=2),
        **dict.fromkeys(("properties", "dependentSchemas"), members),
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), some),
        **dict.fromkeys(("not", "if", "then", "else", "items", "contains", "propertyNames"), inner),
        **dict.fromkeys(
            ("additionalProperties", "unevaluatedProperties", "unevaluatedItems"), inner
        ),
        "format": st.sampled_from(["date", "email"]),
        "$ref": st.just("#/s"),
    }

    def some_of(names: list[str]) -> st.SearchStrategy[Any]:
        return st.fixed_dictionaries({name: every[name] for name in names})

    chosen = st.lists(
        st.sampled_from([name for name in every if name != "$ref"]), max_size=4, unique=True
    )
    return chosen.flatmap(some_of)


SCHEMAS = st.recursive(st.booleans() | keywords(st.booleans()), keywords, max_leaves=6)


@settings(max_examples=150, deadline=None)
@given(SCHEMAS, st.lists(VALUES, min_size=1, max_size=5))
@example({"oneOf": [{"type": "integer"}, {"multipleOf": 0.1}]}, [0.3, 1.0])
def test_the_validators_agree(source: Any, values: list[Any]) -> None:
    """On schemas of all keywords and values of all types, both give the same verdict."""
    judge = schema(source)
    for value in values:
        first = judge.is_valid(value)

        assert judge.second_opinion(value) is first, (source, value)
        assert (judge.violations(value) == ()) is first, (source, value)


@settings(max_examples=100, deadline=None)
@given(SCHEMAS, VALUES)
def test_violations_of_anything_are_readable(source: Any, value: Any) -> None:
    """Whatever is wrong is told in one short line, with a pointer, and without Python's notation."""
    for violation in schema(source).violations(value):
        assert violation.message
        assert "\n" not in violation.message.replace(r"\n", "")
        assert len(violation.message) < 900
        assert violation.pointer == "" or violation.pointer.startswith("/")
        assert violation.rule.startswith("/s")
        violation.message.encode()
        unquoted = "".join(json.dumps(violation.message).split('\\"')[::2])
        assert "True" not in unquoted
        assert "None" not in unquoted
        assert "ValidationError" not in unquoted


@pytest.mark.parametrize(
    ("pattern", "python"),
    [
        (r"\$", r"\$"),
        (r"[$.]", r"[$.]"),
        (r"[]", "(?!)"),
        (r"(?<year>\d)\k<year>", r"(?P<year>\d)(?P=year)"),
        (r"(?<!a)b", r"(?<!a)b"),
        (r"\u{1F600}", "\U0001f600"),
        (r"[a\]b]$", r"[a\]b]\Z"),
    ],
)
def test_patterns_in_python(pattern: str, python: str) -> None:
    """What ECMA-262 and Python spell differently is spelt anew, the rest left alone."""
    assert translate(pattern) == python
