"""Keywords that would explain why some values are taken and others are not, and what makes sure of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from leadline_openapi import jsontext

_NONE = object()
_SIZES_SEEN = 2
"""Values of so many sizes have to be taken before a bound is drawn."""
_NEAR = 100
"""So many sizes between two others are looked at one by one."""
_PATTERNS = 3
"""After so many values that were seen, others of the same size are made."""
_STEPS = (1e-6, 0.001, 0.01, 0.1, 0.25, 0.5)
"""What may stand behind the point of a number that is admitted."""


@dataclass(frozen=True, slots=True)
class Rule:
    """
    A *keyword* with its *value*; *items* says whether it is about those of an array.

    Of a bound, *refused* is the nearest size that is not taken.
    """

    keyword: str
    value: Any
    items: bool = False
    refused: Any = None

    @property
    def is_bound(self) -> bool:
        """Whether it is about a size."""
        return self.keyword in _SIZES


def explanation(
    refused: Sequence[Any], taken: Sequence[Any], sizes: int = _SIZES_SEEN
) -> Rule | None:
    """The first keyword that all of *refused* break, and none of *taken*, which are of so many *sizes*."""
    for rule in _candidates(refused, taken, sizes):
        if all(breaks(one, rule) for one in refused) and not any(
            breaks(one, rule) for one in taken
        ):
            return rule
    return None


def breaks(value: Any, rule: Rule) -> bool:
    """Whether *value*, or an item of it where the rule is about those, breaks *rule*."""
    parts = value if rule.items and isinstance(value, list) else [value]
    return any(not _TESTS[rule.keyword](one, rule.value) for one in parts)


def is_closed(rule: Rule, admits: Callable[[Any], bool]) -> bool:
    """Whether the bound *rule* is drawn between neighbours: *admits* tells which values are valid."""
    low, high = sorted((rule.value, rule.refused))
    if rule.keyword not in _OF_NUMBERS:
        return bool(high - low == 1)
    if high - low > _NEAR:
        return False
    inside = [*_whole(low, high), *_fractions(rule)]
    return high - low <= _STEPS[0] * 2 or not any(admits(_listed(one, rule)) for one in inside)


def trials(rule: Rule, refused: Sequence[Any], taken: Sequence[Any]) -> Iterator[Any]:
    """Values to try, the best first: those that narrow the bound *rule*, and those that confirm it."""
    low, high = sorted((rule.value, rule.refused))
    away = 1 if rule.refused > rule.value else -1
    sizes = [*_whole(low, high), rule.refused, rule.refused + away]
    if rule.keyword in _OF_NUMBERS:
        sizes = [*_whole(low, high), *_fractions(rule), rule.refused + away]
    patterns = [one for one in _flat([*refused, *taken], items=rule.items) if size_known(one, rule)]
    for size in sizes:
        for value in _sized(rule, size, patterns):
            yield _listed(value, rule)


def size_known(value: Any, rule: Rule) -> bool:
    """Whether *value* has the size that *rule* is about."""
    return _SIZES[rule.keyword][0](value) is not _NONE


def _listed(value: Any, rule: Rule) -> Any:
    return [value] if rule.items else value


def _whole(low: float, high: float) -> list[int]:
    """Whole numbers between *low* and *high*, those in the middle first."""
    middle = int((low + high) // 2)
    near = sorted(range(middle - _NEAR, middle + _NEAR + 1), key=lambda one: abs(one - middle))
    return [one for one in near if low < one < high]


def _fractions(rule: Rule) -> list[float]:
    """Numbers close beyond the bound, where whole numbers leave no gap any more."""
    gap = rule.refused - rule.value
    if abs(gap) > 1:
        return []
    found = [rule.value + (step if gap > 0 else -step) for step in _STEPS]
    return [one for one in found if abs(one - rule.value) < abs(gap)]


def _sized(rule: Rule, size: Any, patterns: Sequence[Any]) -> Iterator[Any]:
    """Values of *size*: of plain content, then the beginning of one of *patterns*."""
    if rule.keyword in _OF_NUMBERS:
        yield size
        return
    if size < 0:
        return
    if rule.keyword in _OF_TEXTS:
        yield "x" * size
    else:
        yield [f"x{number}" for number in range(size)]
        yield from islice(([one[0]] * size for one in patterns if one), _PATTERNS)
    yield from islice((one[:size] for one in patterns if len(one) >= size), _PATTERNS)


def _flat(values: Sequence[Any], *, items: bool) -> list[Any]:
    """*values*, or their items."""
    if not items:
        return list(values)
    return [one for value in values for one in (value if isinstance(value, list) else [value])]


def _candidates(all_refused: Sequence[Any], all_taken: Sequence[Any], sizes: int) -> Iterator[Rule]:
    for items in (False, True):
        refused, taken = _flat(all_refused, items=items), _flat(all_taken, items=items)
        if not refused or (items and not any(isinstance(one, list) for one in all_refused)):
            continue
        if all(isinstance(one, list) for one in refused):
            yield Rule("uniqueItems", True, items)
        yield from _bounds(refused, taken, sizes, items=items)


def _bounds(refused: list[Any], taken: list[Any], sizes: int, *, items: bool) -> Iterator[Rule]:
    for keyword, (size, upper) in _SIZES.items():
        known = [found for one in taken if (found := size(one)) is not _NONE]
        others = [size(one) for one in refused]
        if len(set(known)) < sizes or any(one is _NONE for one in others):
            continue
        bound = max(known) if upper else min(known)
        # Of the items of a list, the others may be as they should be.
        beyond = [one for one in others if (one > bound if upper else one < bound)]
        if beyond:
            yield Rule(keyword, bound, items, min(beyond) if upper else max(beyond))


def _length(value: Any) -> Any:
    return len(value) if isinstance(value, str) else _NONE


def _count(value: Any) -> Any:
    return len(value) if isinstance(value, list) else _NONE


def _number(value: Any) -> Any:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else _NONE


_SIZES: dict[str, tuple[Callable[[Any], Any], bool]] = {
    "maxLength": (_length, True),
    "minLength": (_length, False),
    "maxItems": (_count, True),
    "minItems": (_count, False),
    "maximum": (_number, True),
    "minimum": (_number, False),
}
"""Keywords that bound something, with what they measure and whether from above."""
_OF_NUMBERS = frozenset(("maximum", "minimum"))
_OF_TEXTS = frozenset(("maxLength", "minLength"))


def _bounded(keyword: str) -> Callable[[Any, Any], bool]:
    size, upper = _SIZES[keyword]

    def fits(value: Any, bound: Any) -> bool:
        measured = size(value)
        return measured is _NONE or bool(measured <= bound if upper else measured >= bound)

    return fits


def _distinct(value: Any, _: Any) -> bool:
    return not isinstance(value, list) or len(jsontext.distinct(value)) == len(value)


_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "uniqueItems": _distinct,
    **{keyword: _bounded(keyword) for keyword in _SIZES},
}
