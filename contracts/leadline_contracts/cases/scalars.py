"""Single values of a type, good and bad: every keyword of strings, numbers and enums from both sides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from leadline_contracts.cases.texts import LONG
from leadline_contracts.draft import Spelled, written
from leadline_openapi.flatten import Flat
from leadline_openapi.violation import show

_OF_TYPE: dict[str, Any] = {
    "null": None,
    "boolean": True,
    "integer": 7,
    "number": 0.5,
    "string": "text",
    "array": [],
    "object": {},
}
LIKELY: dict[str, Any] = {"boolean": True, "integer": 7, "number": 7.5, "string": "text"}
"""An ordinary value of each type that is no structure."""
_UNTELLING: dict[str, tuple[Any, ...]] = {
    "boolean": (7, "text"),
    "array": (True,),
}
"""Values of wrong types that show no more than the coerced ones of the type do."""
_TEXTS = ("text", "", " Two Words ", "\u00fcn\u00efc\u00f8d\u00e9 \U0001f697", LONG)
_NUMBERS = (0, 123, -1, 2**31, 2**53 - 1)
_AS_FRACTIONS = (1.0, Spelled("1e3"))
"""Integers by value, but to OpenAPI 3.0 and to many parsers only numbers."""
_FRACTIONS = (0.5, 1e-7)


@dataclass(frozen=True, slots=True)
class Variant:
    """
    One *value* for a schema, said in *name*; *good* is what it is meant to be, not a verdict.

    Numbers in it may be `Spelled`.

    *path* leads to the part of the value that the variant is about; *rule* to what is tested. What is
    good for the contract but *disputed*, servers may refuse nevertheless.
    """

    value: Any
    name: str
    path: tuple[str, ...]
    rule: str
    good: bool
    disputed: bool = False


def wrong_types(flat: Flat, at: str, likely: Mapping[str, Any]) -> Iterator[Variant]:
    """
    Values of every type that *flat* does not admit, and what is easily taken for one that it does.

    *likely* holds a good value of each type, so that nothing but the type is wrong with the latter.
    """
    if "type" not in flat.keywords and "enum" not in flat.keywords:
        return
    rule = flat.rules.get("type", at)
    wrong = [value for name, value in _OF_TYPE.items() if not _fits(flat, name)]
    enum = flat.keywords.get("enum", ())
    if "number" not in flat.types and not (enum and "integer" in flat.types):
        wrong.remove(0.5)  # of an integer, 1.5 tells more; elsewhere it is a number like any other
    untelling = [written(value) for name in flat.types for value in _UNTELLING.get(name, ())]
    wrong = [value for value in wrong if written(value) not in untelling]
    wrong += [value for name in flat.types for value in _coerced(name, likely.get(name))]
    for value in {written(value): value for value in wrong if not _is(value, flat)}.values():
        if value not in enum:
            yield Variant(
                value, f"{show(value)} instead of {_type_names(flat)}", (), rule, good=False
            )


def _coerced(name: str, value: Any) -> Iterator[Any]:
    """What forgiving servers take for *value*, which is of the type *name*."""
    match name:
        case "null" | "array":
            yield ""
        case "boolean":
            yield from ("true", "false", "yes", 0, 1, "", [value])
        case "integer" | "number":
            yield from (written(value).decode(), "", [value], {"id": value})
        case "string":
            yield from ([value], {"id": value})


def _fits(flat: Flat, name: str) -> bool:
    return name in flat.types or (name == "integer" and "number" in flat.types)


def _is(value: Any, flat: Flat) -> bool:
    """Whether *value* has a type that *flat* admits."""
    match value:
        case bool():
            return "boolean" in flat.types
        case int():
            return _fits(flat, "integer")
        case float():
            return "number" in flat.types
        case str():
            return "string" in flat.types
        case list():
            return "array" in flat.types
        case dict():
            return "object" in flat.types
    return False


def _type_names(flat: Flat) -> str:
    """The types of *flat* in words."""
    return " or ".join(flat.types)


def scalars(flat: Flat, at: str, foreign: Iterable[Any]) -> Iterator[Variant]:
    """Good and bad values for what is no array and no object; *foreign* values belong to other enums."""
    keywords = flat.keywords
    for word, values in (("const", [keywords.get("const")]), ("enum", keywords.get("enum"))):
        if word in keywords:
            yield from _enum(values or (), flat.rules[word], word, foreign)
            return
    if "null" in flat.types:
        yield good(None, at)
    if "boolean" in flat.types:
        yield from (good(value, at) for value in (True, False))
    if {"integer", "number"} & set(flat.types):
        yield from _numbers(flat, at)
    if "string" in flat.types:
        yield from _strings(flat, at)


def good(value: Any, rule: str) -> Variant:
    """*value*, which *rule* admits."""
    shown = value.text if isinstance(value, Spelled) else show(value)
    return Variant(value, f"{shown} is fine", (), rule, good=True)


def bad(value: Any, rule: str, why: str) -> Variant:
    """*value*, which *rule* forbids."""
    return Variant(value, f"{show(value)} {why}", (), rule, good=False)


def _enum(values: Sequence[Any], rule: str, word: str, foreign: Iterable[Any]) -> Iterator[Variant]:
    for value in values:
        yield good(value, rule)
    near = [*_near(values), *foreign]
    for value in {written(value): value for value in near if value not in values}.values():
        yield bad(value, rule, f"is not in the {word}")


def _near(values: Sequence[Any]) -> Iterator[Any]:
    """Near misses of each of *values*: another case, a space, a character less; the rest of the first."""
    texts = [value for value in values if isinstance(value, str) and value]
    yield from ("leadline-unknown", "")
    for number, text in enumerate(texts):
        yield text.lower() if text.lower() != text else text.upper()
        yield f" {text}" if number % 2 else f"{text} "
        yield text[:-1]
    for text in texts[:1]:
        yield from (text.swapcase(), text.upper(), text.capitalize(), f"{text}x", f"x{text}")
        yield text[0].swapcase() + text[1:]
        yield text.replace(" ", "_")
        yield f"{text}\n"
    yield from (str(value) for value in values[:1] if type(value) in {int, float})


def _numbers(flat: Flat, at: str) -> Iterator[Variant]:
    whole = "number" not in flat.types
    for value in _NUMBERS if whole else (*_NUMBERS, *_FRACTIONS):
        yield good(value, at)
    yield from (replace(good(value, at), disputed=whole) for value in _AS_FRACTIONS)
    if whole:
        yield bad(1.5, flat.rules.get("type", at), "is no integer")
    step = 1 if whole else 0.5
    for word, inside, beyond in (
        ("minimum", 0, -step),
        ("exclusiveMinimum", step, 0),
        ("maximum", 0, step),
        ("exclusiveMaximum", -step, 0),
    ):
        if word in flat.keywords:
            limit, rule = bound(flat, word), flat.rules[word]
            yield good(limit + inside, rule)
            yield bad(limit + beyond, rule, f"is beyond {word} {limit}")
    if "multipleOf" in flat.keywords:
        factor, rule = bound(flat, "multipleOf"), flat.rules["multipleOf"]
        yield good(factor * 3, rule)
        yield bad(factor * 1.5, rule, f"is no multiple of {factor}")


def bound(flat: Flat, word: str) -> float:
    """What the keyword *word* of *flat* says; written as an integer where the value is to be one."""
    found: float = flat.keywords[word]
    if isinstance(found, float) and "number" not in flat.types and found.is_integer():
        return int(found)
    return found


def _strings(flat: Flat, at: str) -> Iterator[Variant]:
    keywords: Mapping[str, Any] = flat.keywords
    for value in _TEXTS:
        yield good(value, at)
    if "minLength" in keywords:
        shortest = int(keywords["minLength"])
        yield good("x" * shortest, flat.rules["minLength"])
        if shortest:
            yield bad("x" * (shortest - 1), flat.rules["minLength"], "is too short")
    if "maxLength" in keywords:
        longest = int(keywords["maxLength"])
        yield good("x" * longest, flat.rules["maxLength"])
        yield bad("x" * (longest + 1), flat.rules["maxLength"], "is too long")
    if "pattern" in keywords:
        for value in ("", "\u0000", "leadline"):
            yield bad(value, flat.rules["pattern"], "does not match the pattern")
