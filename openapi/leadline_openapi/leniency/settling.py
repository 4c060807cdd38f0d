"""Faulty values inside a JSON value: which are refused, and what becomes of those that are taken."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from leadline_openapi import jsontext
from leadline_openapi.flatten import Flat
from leadline_openapi.leniency.conversion import convert
from leadline_openapi.leniency.declared import Outcome
from leadline_openapi.leniency.faults import Fault, reach
from leadline_openapi.parameters import ABSENT
from leadline_openapi.violation import Violation

_ROUNDS = 4
"""So often a value is judged again after it was changed: a coerced value may be wrong in its turn."""
_LOOKED = 1000
"""So many beginnings of a text are tried."""
_GRAVITY = ("rejected", "error", "dropped", "coerced", "stored")
_REJECTED = Outcome("rejected")
_OF_MISSING = frozenset(("required", "dependentRequired"))
_Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """
    What became of a value.

    *value* is what the server goes on with; *refused* and *failed* are the violations for which it
    refuses the request, or fails; *taken* are all those that it does not refuse, with their outcomes.
    """

    value: Any
    refused: tuple[Violation, ...] = ()
    failed: tuple[Violation, ...] = ()
    taken: tuple[Violation, ...] = ()


def settle(value: Any, judge: Callable[[Any], Iterable[Fault]]) -> Settled:
    """
    Take *value* as the outcomes of its faults say, which *judge* finds.

    A value that is coerced is judged again, unless the contract says itself what it is coerced to. Where one
    is rejected, only those that are rejected at the same time count; else those on which the server fails.
    """
    kept: set[tuple[_Path, str]] = set()
    final: set[_Path] = set()
    failed: list[Violation] = []
    taken: list[Violation] = []
    faults: list[Fault] = []
    for _ in range(_ROUNDS):
        faults = [
            one
            for one in judge(value)
            if (one.path, one.name) not in kept and not _is_inside(one.path, final)
        ]
        if not faults:
            return Settled(value, failed=tuple(failed), taken=tuple(taken))
        decided = [(one, *decide(one)) for one in faults]
        refused = tuple(one.violation for one, outcome, _ in decided if outcome.name == "rejected")
        if refused:
            return Settled(value, refused=refused)
        failed += [one.violation for one, outcome, _ in decided if outcome.name == "error"]
        taken += [replace(one.violation, outcome=outcome.name) for one, outcome, _ in decided]
        kept |= {
            (one.path, one.name) for one, outcome, made in decided if _stays(one, outcome, made)
        }
        final |= {one.path for one, outcome, _ in decided if outcome.value is not ABSENT}
        changes = _changes(decided)
        gone = _gone(value, changes)
        kept = {(at, name) for path, name in kept if (at := _moved(path, gone)) is not None}
        final = {at for path in final if (at := _moved(path, gone)) is not None}
        value = _changed(_completed(value, changes), changes, ())
    return Settled(value, refused=tuple(one.violation for one in faults))


def _is_inside(path: _Path, places: set[_Path]) -> bool:
    """Whether *path* is one of *places*, or leads through one."""
    return any(path[:length] in places for length in range(len(path) + 1)) if places else False


def _stays(fault: Fault, outcome: Outcome, made: Any) -> bool:
    """Whether a value is still faulty when its *outcome* has taken place."""
    missing = fault.name in _OF_MISSING and fault.value is ABSENT and made is ABSENT
    return missing or outcome.name in {"stored", "error"}


def decide(fault: Fault) -> tuple[Outcome, Any]:
    """The outcome of *fault*, and the value that takes its place; `ABSENT` for none."""
    for outcome in fault.outcomes:
        if outcome.name != "coerced":
            return outcome, ABSENT
        made = _coerced(outcome, fault)
        if made is not ABSENT and not (
            outcome.value is ABSENT and jsontext.same(made, fault.value)
        ):
            return outcome, made
    return _REJECTED, ABSENT


def _coerced(outcome: Outcome, fault: Fault) -> Any:
    if outcome.value is not ABSENT:
        return outcome.filled(fault.value)
    if fault.value is ABSENT or fault.library is None or not fault.schemas:
        return ABSENT
    wanted = fault.library.flat(fault.schemas)
    made = convert(fault.value, wanted)
    if made is ABSENT and isinstance(fault.value, str) and "format" not in wanted.keywords:
        judges = [fault.library.at(place) for place in fault.schemas]
        return _cut(fault.value, wanted, lambda text: all(one.is_valid(text) for one in judges))
    return made


def _cut(text: str, wanted: Flat, fits: Callable[[str], bool]) -> Any:
    """*text* without its end, as much as *wanted* needs to fit; `ABSENT` where no beginning does."""
    longest = text[: int(wanted.keywords.get("maxLength", len(text)))]
    ends = range(len(longest), max(-1, len(longest) - _LOOKED), -1)
    return next((longest[:end] for end in ends if fits(longest[:end])), ABSENT)


def _changes(decided: Iterable[tuple[Fault, Outcome, Any]]) -> Mapping[_Path, Any]:
    """What takes the place of each value; of several faults of one value, the gravest outcome counts."""
    found: dict[_Path, Any] = {}
    for fault, outcome, made in sorted(decided, key=lambda one: _GRAVITY.index(one[1].name)):
        if outcome.name in {"dropped", "coerced"}:
            found.setdefault(fault.path, made)
    return found


def _gone(value: Any, changes: Mapping[_Path, Any]) -> Mapping[_Path, list[int]]:
    """Which items are dropped, by the list that holds them, in order."""
    found: dict[_Path, list[int]] = {}
    for path, made in changes.items():
        if made is ABSENT and path and isinstance(reach(value, path[:-1]), list):
            found.setdefault(path[:-1], []).append(int(path[-1]))
    return {path: sorted(places) for path, places in found.items()}


def _moved(path: _Path, gone: Mapping[_Path, list[int]]) -> _Path | None:
    """Where *path* leads once the items that are *gone* are no more; `None` for what went with them."""
    made = list(path)
    for at in range(len(path)) if gone else ():
        places = gone.get(path[:at])
        if places:
            index = int(path[at])
            before = bisect_left(places, index)
            if places[before : before + 1] == [index]:
                return None
            made[at] = str(index - before)
    return tuple(made)


def _completed(value: Any, changes: Mapping[_Path, Any]) -> Any:
    """*value* with the members that are missing, where there is something for them in *changes*."""
    for path, made in changes.items():
        if made is not ABSENT and path and reach(value, path) is ABSENT:
            value = _put(value, path, made)
    return value


def _put(value: Any, path: _Path, made: Any) -> Any:
    key, rest = path[0], path[1:]
    if isinstance(value, list):
        return [_put(one, rest, made) if str(at) == key else one for at, one in enumerate(value)]
    return {**value, key: _put(value[key], rest, made) if rest else made}


def _changed(value: Any, changes: Mapping[_Path, Any], at: _Path) -> Any:
    """*value* with *changes* made; the whole of an object that is dropped is an empty one."""
    if at in changes:
        return changes[at]
    if isinstance(value, dict):
        pairs = ((key, _changed(one, changes, (*at, key))) for key, one in value.items())
        return {key: one for key, one in pairs if one is not ABSENT}
    if isinstance(value, list):
        items = (_changed(one, changes, (*at, str(index))) for index, one in enumerate(value))
        return [one for one in items if one is not ABSENT]
    return value
