"""Values that one fault is about, parted by what became of them: the conditions that tell them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from leadline_openapi import jsontext
from leadline_openapi.leniency.faults import json_type
from leadline_openapi.parameters import ABSENT

_LISTED = 6
"""So many values are told one by one."""
_SHORT = 60
"""Characters of a value that is told."""
_NUMBER = r"^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$"


@dataclass(frozen=True, slots=True)
class Sample:
    """
    A *value* of a fault, and the *outcome* of it; `ABSENT` where the fault is no value.

    *given* is what came back for one that was coerced, where that does not follow from it; *converts* says
    whether there is an obvious value of the right type for it.
    """

    value: Any
    outcome: str
    given: Any = ABSENT
    converts: bool = False


Said = str | dict[str, Any]


def said(samples: Sequence[Sample]) -> Said | list[Said]:
    """
    What `x-leniency` is to say of a fault, so that each of *samples* becomes what it became.

    Outcomes come with conditions where these tell them apart; where none do, the most frequent one is said of
    all: an outcome behind one that always fits would never count.
    """
    groups = _groups(samples)
    rules: list[Said] = []
    while len(groups) > 1:
        found = _parted(groups)
        if found is None:
            rules += _most_frequent(groups)
            return rules if len(rules) > 1 else rules[0]
        rules.append(found[1])
        groups.remove(found[0])
    rules += _last(groups[0])
    return rules if len(rules) > 1 else rules[0]


def untold(samples: Sequence[Sample], told: Said | list[Said]) -> list[str]:
    """Outcomes of *samples* of which *told*, what is said of them, does not speak."""
    rules = told if isinstance(told, list) else [told]
    names = {rule if isinstance(rule, str) else rule["then"] for rule in rules}
    return [one for one in dict.fromkeys(each.outcome for each in samples) if one not in names]


def _most_frequent(groups: list[list[Sample]]) -> list[Said]:
    """What is said of *groups* that nothing tells apart."""
    counts = Counter(one.outcome for group in groups for one in group)
    (first, _), *others = counts.most_common()
    # What has no obvious value of the right type cannot be coerced: then the next outcome counts.
    return [first, others[0][0]] if first == "coerced" and others else [first]


def _last(group: list[Sample]) -> list[Said]:
    """What is said of all other values; one that was seen once is no rule for others."""
    first = group[0]
    alone = all(jsontext.same(one.value, first.value) for one in group)
    if first.given is ABSENT or first.value in (None, ABSENT) or not alone:
        return [_rule(group, None)]
    return [_rule(group, {"const": first.value}), "coerced"]


def _groups(samples: Sequence[Sample]) -> list[list[Sample]]:
    """*samples* by outcome, the smallest group first; what is refused comes last."""
    found: dict[tuple[str, bytes], list[Sample]] = {}
    for one in samples:
        given = b"" if one.given is ABSENT else jsontext.dump(one.given)
        found.setdefault((one.outcome, given), []).append(one)
    if len(found) > _LISTED:
        found = {}
        for one in samples:
            found.setdefault((one.outcome, b""), []).append(Sample(one.value, one.outcome))
    return sorted(found.values(), key=lambda group: (group[0].outcome == "rejected", len(group)))


def _parted(groups: list[list[Sample]]) -> tuple[list[Sample], Said] | None:
    """A group that a condition parts from all others, and what is said of it."""
    for group in groups[:-1]:
        others = [one for other in groups if other is not group for one in other]
        if _speaks_for_itself(group, others):
            return group, "coerced"
        for condition in _conditions([one.value for one in group]):
            if _parts(condition, group, others):
                return group, _rule(group, condition)
    return None


def _speaks_for_itself(group: list[Sample], others: list[Sample]) -> bool:
    """Whether exactly those are coerced for which there is an obvious value."""
    natural = group[0].outcome == "coerced" and group[0].given is ABSENT
    return (
        natural and all(one.converts for one in group) and not any(one.converts for one in others)
    )


def _rule(group: list[Sample], condition: dict[str, Any] | None) -> Said:
    first = group[0]
    if condition is None and first.given is ABSENT:
        return first.outcome
    rule: dict[str, Any] = {} if condition is None else {"if": condition}
    rule["then"] = first.outcome
    if first.given is not ABSENT:
        rule["as"] = first.given
    return rule


def _parts(condition: dict[str, Any], group: list[Sample], others: list[Sample]) -> bool:
    judge = jsonschema_rs.Draft202012Validator(condition)
    if any(one.value is ABSENT for one in (*group, *others)):
        return False
    return all(judge.is_valid(one.value) for one in group) and not any(
        judge.is_valid(one.value) for one in others
    )


def _conditions(values: list[Any]) -> Iterator[dict[str, Any]]:
    """Schemas that all of *values* may fit, those that are read most easily first."""
    distinct = jsontext.distinct(values)
    if len(distinct) == 1 and _is_short(distinct[0]):
        yield {"const": distinct[0]}
    kinds = {json_type(value) for value in distinct}
    if len(kinds) == 1:
        yield {"type": next(iter(kinds))}
    for words in _WORDS.values():
        for condition in words:
            yield condition
            yield {"not": condition}
    if len(distinct) <= _LISTED and all(map(_is_short, distinct)):
        yield {"enum": distinct}


_WORDS: dict[str, tuple[dict[str, Any], ...]] = {
    "string": (
        {"const": ""},
        {"pattern": r"^\s*$"},
        {"pattern": _NUMBER},
        {"pattern": r"^\s*(true|false)\s*$"},
    ),
    "number": (
        {"type": "integer"},
        {"minimum": 0},
        {"exclusiveMinimum": 0},
        {"enum": [0, 1]},
    ),
    "array": (
        {"maxItems": 0},
        {"maxItems": 1},
        {"items": {"type": "string"}},
        {"items": {"type": "number"}},
        {"items": {"type": "object"}},
    ),
    "object": ({"maxProperties": 0},),
}
"""By the kind of value, what often makes the difference."""


def _is_short(value: Any) -> bool:
    return value is not ABSENT and len(jsontext.dump(value)) <= _SHORT
