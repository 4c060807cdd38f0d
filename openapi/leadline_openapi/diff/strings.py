"""Texts of one schema that another one does not take, by the languages that both of them tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from leadline_openapi.diff import regular
from leadline_openapi.diff.languages import Language, Lengths
from leadline_openapi.diff.view import View

_ASPECTS = ("enum", "min-length", "max-length", "pattern")
_WORDS = frozenset(("enum", "const", "minLength", "maxLength", "pattern"))
_ALL_OF: Mapping[str, list[Any]] = {"null": [None], "boolean": [True, False]}
"""The types that have few values, and those."""


def refused(seen: View, wanted: Sequence[Mapping[str, Any]]) -> list[str] | None:
    """
    Texts of *seen* that are not *wanted*, one or none for each reason.

    Empty where it is proven that *wanted* takes all of *seen*, and `None` where nothing is known.
    """
    if any(not schema.keys() <= _WORDS for schema in wanted):
        return None
    said = [one for name in _ASPECTS for one in seen.aspect(name)]
    made = [language for one in said for language in _languages(one)]
    sought = [language for schema in wanted for language in _languages(schema)]
    found = [regular.counterexample(one, made) for one in sought]
    if texts := [text for text in found if text is not None]:
        return texts
    are_others_taken = all(_takes_others(schema, seen.types) for schema in wanted)
    return [] if are_others_taken and all(regular.includes(one, made) for one in sought) else None


def _languages(schema: Mapping[str, Any]) -> Iterator[str | Language]:
    for word, said in schema.items():
        match word:
            case "pattern":
                yield said
            case "minLength":
                yield Lengths(least=int(said))
            case "maxLength":
                yield Lengths(most=int(said))
            case _:
                values = said if word == "enum" else [said]
                yield regular.listed(value for value in values if isinstance(value, str))


def _takes_others(schema: Mapping[str, Any], types: frozenset[str]) -> bool:
    """Whether *schema* takes what is no text as well, of *types*."""
    lists = [
        schema[word] if word == "enum" else [schema[word]]
        for word in ("enum", "const")
        if word in schema
    ]
    others = [value for name in types - {"string"} for value in _ALL_OF.get(name, [...])]
    return all(any(value is one for one in values) for values in lists for value in others)
