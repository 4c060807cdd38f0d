"""What a schema says that values near its limits are made from: numbers, lengths, texts and names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_LENGTHS = (
    *("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"),
    *("minContains", "maxContains"),
)
_LONGEST = 2000
"""No list or text longer than this is made to show that it is too long."""


@dataclass(frozen=True, slots=True)
class Hints:
    """
    The *numbers* and *lengths* at which schemas change their mind, the *values* and *names* they speak of.

    *patterns* are those of texts.
    """

    numbers: tuple[float, ...] = ()
    lengths: tuple[int, ...] = ()
    values: tuple[Any, ...] = ()
    names: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()


def hints(schemas: Iterable[Any]) -> Hints:
    """What *schemas* say; references are not followed."""
    found: dict[str, dict[Any, Any]] = {name: {} for name in Hints.__slots__}
    for schema in schemas:
        _gather(schema, found)
    numbers = [n for number in found["numbers"] for n in _around(number)]
    lengths = [n for length in found["lengths"] for n in (length - 1, length, length + 1)]
    return Hints(
        tuple(dict.fromkeys(numbers)),
        tuple(sorted({n for n in lengths if 0 <= n <= _LONGEST})),
        tuple(found["values"].values()),
        tuple(found["names"]),
        tuple(found["patterns"]),
    )


def _around(number: float) -> tuple[float, ...]:
    if isinstance(number, float) and number.is_integer() and abs(number) < 2**53:
        number = int(number)
    return (number, number - 1, number + 1, number - 0.5, number + 0.5, number * 2)


def _gather(schema: Any, found: dict[str, dict[Any, Any]]) -> None:
    if isinstance(schema, list):
        for inner in schema:
            _gather(inner, found)
    elif isinstance(schema, dict):
        for word, value in schema.items():
            _gather_word(word, value, found)


def _gather_word(word: str, value: Any, found: dict[str, dict[Any, Any]]) -> None:
    match word:
        case "enum" | "const":
            found["values"].update(
                {repr(one): one for one in (value if word == "enum" else [value])}
            )
        case "pattern":
            found["patterns"][value] = None
        case "required":
            found["names"].update(dict.fromkeys(value))
        case "dependentRequired":
            every = [name for names in value.values() for name in names]
            found["names"].update(dict.fromkeys([*value, *every]))
        case "properties" | "dependentSchemas" | "patternProperties":
            named = value if word != "patternProperties" else ()
            found["names"].update(dict.fromkeys(named))
            _gather(list(value.values()), found)
        case _ if word in _NUMBERS and isinstance(value, int | float):
            found["numbers"][value] = None
        case _ if word in _LENGTHS and isinstance(value, int | float):
            found["lengths"][int(value)] = None
        case _:
            _gather(value, found)
