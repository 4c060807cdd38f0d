"""Which row of a comparison explains that a contract refuses what the other took."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from leadline_contracts.case import Breach
from leadline_contracts.impact.reach import is_within, reach
from leadline_openapi import Contract, Operation
from leadline_openapi.diff import Change, Diff
from leadline_openapi.diff.change import SideName

_OF_ALL_MEMBERS = frozenset(("required", "additionalProperties", "unevaluatedProperties"))


class Explanations:
    """The changes of *diff* as reasons; pointers of what is broken are those of *new*."""

    def __init__(self, new: Contract, diff: Diff) -> None:
        self._new = new
        self._changes = diff.changes
        self._reached: dict[str, frozenset[str]] = {}

    def of_breach(self, breach: Breach, side: SideName, operation: Operation) -> Change | None:
        """The change by which *breach* is one now; `None` where no one change is the reason."""
        if breach.kind == "credential":
            return self._security(operation)
        told = [one for one in self._changes if one.new is not None and _verdict(one, side)]
        at = breach.pointer
        return (
            _first(_of_member(told, breach), side)
            or _first((one for one in told if one.pointer == at), side)
            or _deepest([one for one in told if one.pointer and is_within(at, one.pointer)], side)
            or self._only(told, side, lambda one: is_within(one.pointer, at))
            or self._below(told, side, at)
        )

    def of_operation(self, operation: Operation) -> Change | None:
        """The change by which *operation* of the old contract is gone."""
        codes = {"operation-removed", "operation-moved"}
        gone = (one for one in self._changes if one.code in codes)
        return next((one for one in gone if _old_pointer(one) == operation.pointer), None) or next(
            (
                one
                for one in self._changes
                if one.code in codes and one.operation == operation.label
            ),
            None,
        )

    def of_parameter(self, pointer: str) -> Change | None:
        """The change by which the parameter at *pointer* of the old contract is gone."""
        gone = (one for one in self._changes if one.code == "parameter-removed")
        return next((one for one in gone if pointer in {one.pointer, _old_pointer(one)}), None)

    def _security(self, operation: Operation) -> Change | None:
        """Who may call is said at the operation, at the scheme, or once for all."""
        told = [one for one in self._changes if one.code.startswith("security-")]
        own = [one for one in told if is_within(one.pointer, operation.pointer)]
        return _first(
            own or [one for one in told if operation.label in one.operations], "request"
        ) or (self._only(told, "request", lambda one: not one.pointer.startswith("/paths/")))

    def _below(self, told: Sequence[Change], side: SideName, at: str) -> Change | None:
        """Of a choice (`anyOf`), the only change in what it leads to."""
        reached = self._reached.get(at)
        if reached is None:
            reached = self._reached[at] = reach(self._new.document, at)
        return self._only(told, side, lambda one: any(is_within(one.pointer, r) for r in reached))

    def _only(
        self, told: Iterable[Change], side: SideName, fits: Callable[[Change], bool]
    ) -> Change | None:
        """The only one of the changes that fit, of those that break callers if there are any."""
        fitting = [one for one in told if fits(one)]
        breaking = [one for one in fitting if _verdict(one, side) == "breaking"] or fitting
        return breaking[0] if len(breaking) == 1 else None


def _verdict(change: Change, side: SideName) -> str | None:
    verdict = change.request if side == "request" else change.response
    return None if verdict == "none" else verdict


def _first(changes: Iterable[Change], side: SideName) -> Change | None:
    """One of *changes*, one that breaks callers if there is any."""
    known = sorted(changes, key=lambda one: _verdict(one, side) != "breaking")
    return known[0] if known else None


def _deepest(changes: Sequence[Change], side: SideName) -> Change | None:
    longest = max((len(one.pointer) for one in changes), default=0)
    return _first((one for one in changes if len(one.pointer) == longest), side)


def _old_pointer(change: Change) -> str | None:
    """Where the change stands in the old contract, where its only pointer is not that one."""
    return change.pointer if change.new is None else change.old.pointer if change.old else None


def _of_member(changes: Iterable[Change], breach: Breach) -> Iterator[Change]:
    """What *changes* say of the one member for which *breach* breaks a rule about many."""
    if breach.kind not in _OF_ALL_MEMBERS:
        return
    schema, member = breach.pointer.rpartition("/")[0], breach.about.rpartition(".")[2]
    for one in changes:
        named = one.message.partition("`")[2].partition("`")[0].rpartition(".")[2]
        if named == member and one.code.startswith("member-") and is_within(one.pointer, schema):
            yield one
