"""Statuses that are documented, and those that the server answers instead."""

from __future__ import annotations

import copy
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from leadline_contracts.case import Case, Due
from leadline_contracts.compare.difference import TOO_LARGE
from leadline_contracts.compare.outcome import Outcome
from leadline_contracts.reconcile.proposal import CONTRACT, DECIDE, Draft, Matter
from leadline_contracts.reconcile.routing import REFUSED, SIZE, SUCCESS, role
from leadline_contracts.reconcile.setting import Setting
from leadline_openapi import Operation
from leadline_openapi import pointer as pointers

_ACCEPTED = "an accepted request"
_ROLES = {
    "credentials": "a key that is not accepted",
    "media type": "another media type",
    SIZE: "a body that is too large",
}
_SAY_NO = {
    "credentials": (frozenset((401, 403)), frozenset((401, 403))),
    "media type": (frozenset((415,)), frozenset((400, 415, 422))),
    SIZE: (frozenset((413,)), frozenset((400, 413))),
    "the request": (frozenset((400, 422)), frozenset((400, 422))),
}
"""By what is refused: the statuses that are for nothing else, and those that may be in their place."""


class Statuses:
    """Takes what both servers answer; proposes which statuses the contract should name."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._left: defaultdict[Matter, Counter[int]] = defaultdict(Counter)
        self._right: defaultdict[Matter, Counter[int]] = defaultdict(Counter)
        self._answered: defaultdict[str, set[int]] = defaultdict(set)
        self.added: dict[tuple[str, int], str] = {}
        """Statuses that are new to an operation, with the pointer of the response that they are a copy of."""

    def take(self, case: Case, left: Outcome, right: Outcome) -> None:
        """Note one case."""
        label = case.operation.label
        if case.due is Due.NOWHERE or left.failure or right.failure:
            return
        self._answered[label].add(right.status)
        if left.family == right.family == 2:
            at: Matter = (SUCCESS, label)
        elif left.family == right.family == 4 and case.due in {Due.REFUSE, Due.DENY}:
            if right.status == TOO_LARGE and role(case) != SIZE:
                return  # that says nothing of what the case is about
            at = (REFUSED, label, role(case))
        else:
            return
        self._left[at][left.status] += 1
        self._right[at][right.status] += 1

    def drafts(self, matters: Iterable[Matter]) -> Iterator[Draft]:
        """One for each of *matters* that is about a status, successes first."""
        for at in sorted(set(matters), key=lambda one: (one[0] != SUCCESS, one)):
            usual = [said[at].most_common(1)[0][0] for said in (self._left, self._right)]
            if usual[0] != usual[1]:
                yield self._draft(at)

    def _draft(self, at: Matter) -> Draft:
        operation = self._setting.operation(at[1])
        new = self._right[at].most_common(1)[0][0]
        documented = [one for one in self._left[at] if one != new]
        old = max(documented, key=lambda one: self._left[at][one])
        who = (
            _ACCEPTED
            if at[0] == SUCCESS
            else _ROLES.get(at[2], "a request that breaks the contract")
        )
        parent = f"{operation.pointer}/responses"
        gone = self._gone(at, documented, new)
        reached = self._setting.reaches(parent)
        return Draft(
            wrong=CONTRACT if reached else DECIDE,
            pointer=f"{parent}/{old}" if _names(operation, old) else parent,
            what=f"{who} is answered {new}, not {old}",
            why=f"In {self._right[at][new]:,} cases B answers {new}"
            + (f", and never {', '.join(map(str, gone))}" if gone else "")
            + ": so clients have to expect it."
            + self._kept(operation, old, new, gone),
            expected=str(old),
            actual=str(new),
            matters=(at,),
            actions=tuple(self._actions(operation, old, new, gone)) if reached else (),
        )

    def _kept(self, operation: Operation, old: int, new: int, gone: list[int]) -> str:
        """Why the contract goes on naming *old*, where it does."""
        if old in gone or not _names(operation, old):
            return ""
        used = old in self._answered[operation.label]
        return f" {old} stays: " + (
            "B answers it, too." if used else f"{new} does not say the same."
        )

    def _gone(self, at: Matter, old: Iterable[int], new: int) -> list[int]:
        """
        Those of *old* that the contract names, that the server never answers, and that *new* stands for.

        A status that is taken away while no other one of its kind is there is answered all the same.
        """
        operation, answered = self._setting.operation(at[1]), self._answered[at[1]]
        found = {one for one in set(old) - answered if _names(operation, one)}
        if at[0] == REFUSED:
            own, instead = _SAY_NO[at[2]]
            found = found & own if new in instead else set()
        return sorted(found)

    def _actions(self, operation: Operation, old: int, new: int, gone: list[int]) -> Iterator[Any]:
        setting, parent = self._setting, f"{operation.pointer}/responses"
        if not _names(operation, new) and (operation.label, new) not in self.added:
            source = operation.answer_for(old)
            at = f"{parent}/{source.status}" if source else ""
            self.added[operation.label, new] = at
            response = copy.deepcopy(setting.find(at)) if source else _bare(new)
            told = f"{new} is answered in the place of {old}."
            yield setting.update(parent, told, {str(new): response})
        for one in gone:
            at = f"{parent}/{one}"
            if at not in setting.moved:
                yield setting.remove(at, f"{one} is never answered.")
                setting.moved[at] = f"{parent}/{new}"


def _names(operation: Operation, status: int) -> bool:
    """Whether *operation* has a response for *status* alone."""
    return any(answer.status == str(status) for answer in operation.answers)


def _bare(status: int) -> dict[str, Any]:
    return {"description": f"what the server answers with {status}"}


def response(setting: Setting, added: dict[tuple[str, int], str], label: str, status: int) -> str:
    """Where the response of *status* stands, once statuses are added; empty where there is none."""
    operation = setting.operation(label)
    at = f"{operation.pointer}/responses/{status}"
    if (label, status) in added:
        source = added[label, status]
        real = setting.real(source) if source else at
        return at if real == source or not source else real
    answer = operation.answer_for(status)
    return (
        setting.real(f"{operation.pointer}/responses{pointers.pointer([answer.status])}")
        if answer
        else ""
    )
