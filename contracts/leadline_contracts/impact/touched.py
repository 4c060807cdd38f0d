"""Which cases of the certificate a change touches."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from leadline_contracts.case import Case, Due
from leadline_contracts.cases import cases_of, reason_not_checked
from leadline_contracts.impact.reach import is_within, reach, touches
from leadline_contracts.judge import judge, violations
from leadline_openapi import Contract, Operation, Violation
from leadline_openapi import pointer as pointers
from leadline_openapi.contract import Answer
from leadline_openapi.diff import Change, Diff

Fits = Callable[[Case], bool]

_TAKEN = frozenset((Due.ACCEPT, Due.EITHER))
_DENIALS = frozenset(("401", "403"))
_ABOUT_MEMBERS = ("required", "additionalProperties", "unevaluatedProperties")
"""Keywords of a schema by which a case about one of its members may be named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """
    The *cases* that a change touches, by label of operation, and of how many of the certificate (*of*).

    *turned* are requests that the old contract takes and the new one refuses: no certificate of the new
    one has them, as nothing in it names what is gone. *unchecked* are operations that are touched and have
    no cases, with the reason. *contract* is the new one with the touched operations alone, *operations* is
    how many it has in all.
    """

    contract: Contract
    cases: Mapping[str, tuple[Case, ...]]
    turned: Mapping[str, tuple[Case, ...]]
    unchecked: Mapping[str, str]
    of: int
    operations: int

    @property
    def count(self) -> int:
        """How many cases of the certificate are touched."""
        return sum(map(len, self.cases.values()))

    @property
    def tried(self) -> tuple[Operation, ...]:
        """The touched operations of which something is sent."""
        return tuple(one for one in self.contract.operations if one.label not in self.unchecked)

    def make(self, operation: Operation) -> Sequence[Case]:
        """What is to be sent of *operation*: what it must refuse now first."""
        label = operation.label
        return (*self.turned.get(label, ()), *self.cases.get(label, ()))


def touched(old: Contract, new: Contract, diff: Diff) -> Touched:
    """
    The cases of *new* that try what has changed since *old*, by *diff*.

    A schema is everywhere where it is referred to. What is sent is tried by the cases about the place that
    has changed, and by the valid requests that have it in them or that were refused; what is read, by all
    cases that get such an answer. Of an operation that is new or moved, or that has lost something, all
    cases are touched.
    """
    changes = [one for one in diff.changes if one.verdict != "none"]
    finder = _Finder(old, new, changes)
    breaks = any(one.request == "breaking" for one in changes)
    known = {one.label: one for one in old.operations}
    found: dict[str, tuple[Case, ...]] = {}
    turned: dict[str, tuple[Case, ...]] = {}
    unchecked: dict[str, str] = {}
    total = 0
    for operation in new.operations:
        if reason := reason_not_checked(operation):
            if any(True for _ in finder.changes(operation)):
                unchecked[operation.label] = reason
            continue
        cases = cases_of(operation)
        total += len(cases)
        fits = list(finder.of(operation))
        if chosen := tuple(case for case in cases if any(fit(case) for fit in fits)):
            found[operation.label] = chosen
        before = known.get(operation.label) if breaks and cases else None
        if before is not None and (refused := tuple(_turned(before, operation))):
            turned[operation.label] = refused
    labels = found.keys() | turned.keys() | unchecked.keys()
    kept = tuple(one for one in new.operations if one.label in labels)
    return Touched(
        contract=replace(new, operations=kept),
        cases=found,
        turned=turned,
        unchecked=unchecked,
        of=total,
        operations=len(new.operations),
    )


def _turned(before: Operation, now: Operation) -> Iterator[Case]:
    """Of each way to be right *before* and wrong *now*, one request that is wrong in that alone."""
    known: set[tuple[str, ...]] = set()
    for case in cases_of(before):
        moved = replace(case, operation=now, due=Due.REFUSE, compound=False)
        if case.due not in _TAKEN or judge(moved) is not Due.REFUSE:
            continue
        broken = violations(moved)
        if len(broken) == 1 and (way := _way(moved, broken[0])) not in known:
            known.add(way)
            yield replace(moved, rule=broken[0].rule, name=f"{case.name} (was right)")


def _way(case: Case, broken: Violation) -> tuple[str, ...]:
    """In which way *case* is wrong; of values that are listed, each one that is gone is a way of its own."""
    value = broken.problem if broken.keyword == "enum" else ""
    where = re.sub(r"\[\d+\]", "[*]", broken.field)
    return broken.rule, where, case.media_type, value


class _Finder:
    """Finds what *changes* touch of an operation."""

    def __init__(self, old: Contract, new: Contract, changes: Sequence[Change]) -> None:
        self._old = {one.label: one for one in old.operations}
        self._documents = (old.document, new.document)
        self._changes = changes
        self._reached: dict[tuple[int, str], frozenset[str]] = {}

    def of(self, operation: Operation) -> Iterator[Fits]:
        """What tells whether a case of *operation* is touched."""
        before = self._old.get(operation.label)
        if before is not None and self._changes:
            yield lambda case: case.due in _TAKEN and _was_refused(case, before)
        yield from self.changes(operation)

    def changes(self, operation: Operation) -> Iterator[Fits]:
        """What tells, for each change that touches *operation*, whether it touches a case of it."""
        before = self._old.get(operation.label)
        for change in self._changes:
            if change.code.startswith("server-"):
                continue  # what is asked is the server that was named
            if change.code.startswith("security-"):
                if _is_asked(change, before, operation):
                    yield lambda case: case.due is Due.DENY or case.due in _TAKEN
            elif change.new is None:
                if self._has_lost(change, operation):
                    yield lambda _: True
            elif is_within(operation.pointer, change.pointer):
                yield lambda _: True
            else:
                yield from self._inside(change, operation)

    def _reach(self, which: int, at: str) -> frozenset[str]:
        if (which, at) not in self._reached:
            self._reached[which, at] = reach(self._documents[which], at)
        return self._reached[which, at]

    def _has_lost(self, change: Change, operation: Operation) -> bool:
        """Whether something is gone with *change* that the old *operation* had."""
        before = self._old.get(operation.label)
        own = _places(before) if before else ()
        return any(touches(self._reach(0, at), change.pointer) for at in own)

    def _inside(self, change: Change, operation: Operation) -> Iterator[Fits]:
        at = change.pointer
        inputs = [*(one.pointer for one in operation.parameters), *operation.unread]
        inputs += [operation.body.pointer] if operation.body else []
        sent = change.request not in {None, "none"}
        if sent and any(self._leads(one, at) for one in inputs):
            place = _schema_at(self._documents[1], at)
            yield lambda case: self._tries(case, place, at)
        if change.response in {None, "none"}:
            return
        for answer in operation.answers:
            if is_within(answer.pointer, at) or self._leads(answer.pointer, at):
                yield lambda case, answer=answer: _gets(case, answer)  # type: ignore[misc]
        if at == f"{operation.pointer}/responses":
            yield lambda case: case.due in _TAKEN

    def _leads(self, start: str, at: str) -> bool:
        return any(is_within(at, one) for one in self._reach(1, start))

    def _tries(self, case: Case, place: str, at: str) -> bool:
        """Whether *case* is about *place*, or is a valid request that may have *at* in it."""
        if is_within(case.rule, place):
            return True
        above, _, member = place.rpartition("/")
        schema, _, word = above.rpartition("/")
        if (
            member
            and word == "properties"
            and case.rule in {f"{schema}/{w}" for w in _ABOUT_MEMBERS}
        ):
            return True
        return case.due in _TAKEN and self._leads(case.rule, at)


def _places(operation: Operation) -> tuple[str, ...]:
    """Where *operation* is said: at itself, and parameters of its path beside it."""
    parameters = (one.pointer for one in operation.parameters)
    return (operation.pointer, *parameters, *operation.unread)


def _schema_at(document: Mapping[str, Any], at: str) -> str:
    """The innermost object at *at*, or around it: of a keyword, the schema that has it."""
    while at:
        try:
            if isinstance(pointers.find(document, at), Mapping):
                return at
        except LookupError:
            pass
        at = at.rpartition("/")[0]
    return at


def _is_asked(change: Change, before: Operation | None, now: Operation) -> bool:
    """Whether *now* is one of the operations of which *change* says who may call."""
    if is_within(change.pointer, now.pointer) or now.label in change.operations:
        return True
    return before is not None and before.security != now.security


def _was_refused(case: Case, before: Operation) -> bool:
    return judge(replace(case, operation=before)) is Due.REFUSE


def _gets(case: Case, answer: Answer) -> bool:
    """Whether *case* is due an answer such as *answer*."""
    if answer.status in _DENIALS:
        return case.due is Due.DENY
    if answer.status[0] in "23":
        return case.due in _TAKEN
    return answer.status == "default" or case.due is Due.REFUSE
