"""Take exchanges one by one, and count what each exercises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from leadline_contracts.case import PROPER, Case, Due, Exchange
from leadline_contracts.coverage.facts import KINDS, Covered
from leadline_contracts.coverage.keywords import REACHED
from leadline_contracts.coverage.plan import Node, Plan, value_key
from leadline_contracts.judge import sent, violations
from leadline_openapi import Contract, Operation, Violation
from leadline_openapi import pointer as pointers
from leadline_openapi.jsontext import NotJson
from leadline_openapi.parameters import ABSENT, Parameter
from leadline_openapi.schema import Schema

_SMALL = 1_000
"""Characters or items of a value that is remembered."""
_REMEMBERED = 500
"""Values of one schema that are remembered."""
_BRANCHING = frozenset(("anyOf", "oneOf"))


class Coverage:
    """
    What a run exercises of *contract*.

    What a valid request holds is exercised when the request is accepted; the broken side of a keyword when
    a request that breaks it is answered, whatever the answer is.
    """

    def __init__(self, contract: Contract) -> None:
        self._plans = {one.label: Plan(_askable(one)) for one in contract.operations}

    def take(self, exchange: Exchange) -> None:
        """Count what *exchange* exercises."""
        case = exchange.case
        if exchange.failure or case.due is Due.NOWHERE:
            return
        plan = self._plans[case.operation.label]
        items = _answered(plan, exchange)
        if exchange.accepted or case.due is not Due.ACCEPT:
            items |= _due(plan, case)
        for number in items:
            plan.counts[number] += 1

    def due(self, case: Case) -> set[tuple[str, int]]:
        """What *case* exercises if it is answered as it is due: operations, and the numbers of items."""
        label = case.operation.label
        return {(label, number) for number in _due(self._plans[label], case)}

    def exercised(self) -> set[tuple[str, int]]:
        """What was exercised until now, told as by `due`."""
        return {
            (label, number)
            for label, plan in self._plans.items()
            for number, count in enumerate(plan.counts)
            if count
        }

    def expect(self, case: Case) -> None:
        """Count what *case* exercises if it is accepted, where it has to be."""
        if case.due is Due.ACCEPT:
            plan = self._plans[case.operation.label]
            for number in _accepted(plan, case):
                plan.counts[number] += 1

    def covered(self) -> Covered:
        """Everything there is to exercise, with how often it was."""
        items = [item for plan in self._plans.values() for item in plan.items()]
        return Covered(tuple(sorted(items, key=lambda item: KINDS.index(item.kind))))


def _askable(operation: Operation) -> Operation:
    """*operation* with what can be exercised: of one that nobody can speak for, only that it is there."""
    if not operation.unsupported:
        return operation
    return replace(operation, parameters=(), body=None, answers=(), security=())


def _due(plan: Plan, case: Case) -> set[int]:
    """The items that a request exercises once it is answered as it is due."""
    match case.due:
        case Due.ACCEPT:
            return _accepted(plan, case)
        case Due.REFUSE:
            return _refused(plan, case)
        case Due.DENY:
            return {denied for _, denied in plan.credentials}
    return set()


def _accepted(plan: Plan, case: Case) -> set[int]:
    """The items that an accepted request exercises."""
    items = {plan.accepted}
    if case.credential == PROPER:
        items |= {proper for proper, _ in plan.credentials}
    for parameter, number, node in plan.parameters:
        if parameter.location == "query" and "?" not in case.target:
            continue
        value = _read(case, parameter)
        if value is not ABSENT:
            items.add(number)
            _exercise(node, value, items)
    body = case.operation.body
    media = body.for_type(case.media_type) if body and case.body else None
    if media is not None:
        number, inside = plan.sent[media.pointer]
        items.add(number)
        if plan.largest is not None and body and len(case.body or b"") == body.max_bytes:
            items.add(plan.largest)
        if inside is not None:
            _exercise(inside, case.value, items)
    return items


def _refused(plan: Plan, case: Case) -> set[int]:
    """The items that a request exercises which has to be refused."""
    believed = -1 if case.compound else plan.broken.get(case.rule, -1)
    if believed >= 0 and plan.counts[believed]:
        # That the rule can be broken so was seen; to ask the validator every time would slow the run down.
        return {believed}
    return {plan.broken[rule] for rule in _broken(case) if rule in plan.broken}


def _read(case: Case, parameter: Parameter) -> Any:
    try:
        return parameter.read(sent(case, parameter.location))
    except NotJson:
        return ABSENT


def _exercise(node: Node, value: Any, items: set[int]) -> None:
    """Add the *items* at *node* that *value* exercises. The same small values come again and again."""
    if isinstance(value, dict) or (isinstance(value, str | list) and len(value) > _SMALL):
        _walk(node, value, items)
        return
    key = repr(value)
    known = node.known.get(key)
    if known is None:
        if len(node.known) >= _REMEMBERED:
            node.known.clear()
        found: set[int] = set()
        _walk(node, value, found)
        known = node.known[key] = frozenset(found)
    items |= known


def _walk(node: Node, value: Any, items: set[int]) -> None:
    for word, limit, number in node.keywords:
        if REACHED[word](limit, value):
            items.add(number)
    if node.values and (chosen := node.values.get(value_key(value), -1)) >= 0:
        items.add(chosen)
    for other in node.also:
        _exercise(other, value, items)
    for branch in node.branches:
        if branch.schema.is_valid(value):
            _exercise(branch, value, items)
    for field, inner, part in _parts(node, value):
        if field is not None:
            items.add(field)
        _exercise(inner, part, items)


def _parts(node: Node, value: Any) -> Iterator[tuple[int | None, Node, Any]]:
    """The members and items of *value*: the number of the field, the schema, and what is there."""
    if isinstance(value, dict):
        yield from _members(node, value)
    elif isinstance(value, list):
        for inner, item in zip(node.prefix, value, strict=False):
            yield None, inner, item
        if node.items is not None:
            for item in value[len(node.prefix) :]:
                yield None, node.items, item


def _members(node: Node, value: Mapping[str, Any]) -> Iterator[tuple[int | None, Node, Any]]:
    loose = node.patterns or node.extra is not None
    for name, member in value.items():
        known = node.members.get(name)
        if known is not None:
            yield known[0], known[1], member
        if not loose:
            continue
        fitting = [inner for pattern, inner in node.patterns if pattern.search(name)]
        if node.extra is not None and known is None and not fitting:
            fitting = [node.extra]
        for inner in fitting:
            yield None, inner, member


def _broken(case: Case) -> Iterator[str]:
    """
    The rules that *case* shows to be enforced or not.

    That is the first that it breaks, and the one that it was made to break; where no branch of an
    alternative fits, the first of every branch.
    """
    found = violations(case)
    if not found:
        return
    yield from _rules(case, found[0])
    if not case.compound and any(violation.rule == case.rule for violation in found):
        yield case.rule


def _rules(case: Case, violation: Violation) -> Iterator[str]:
    yield violation.rule
    if violation.keyword not in _BRANCHING:
        return
    library = next(_schemas(case)).library
    try:
        value = pointers.find(_whole(case, violation), violation.pointer)
    except LookupError:
        return
    for number in range(len(pointers.find(library.document, violation.rule))):
        inside = Schema(f"{violation.rule}/{number}", library).violations(value)
        if inside:
            yield inside[0].rule


def _schemas(case: Case) -> Iterator[Schema]:
    yield from (parameter.schema for parameter in case.operation.parameters)
    if case.operation.body is not None:
        yield from (one.schema for one in case.operation.body.content if one.schema)


def _whole(case: Case, violation: Violation) -> Any:
    """What the pointer of *violation* starts from."""
    if violation.location == "body":
        return case.value
    return {
        parameter.name: _read(case, parameter)
        for parameter in case.operation.parameters
        if parameter.location == violation.location
    }


def _answered(plan: Plan, exchange: Exchange) -> set[int]:
    """The items that an answer exercises, whatever the request was."""
    answer, media = exchange.answer, exchange.media
    if answer is None:
        return set()
    items = {plan.statuses[answer.status]}
    if media is not None:
        number, node = plan.received[media.pointer]
        items.add(number)
        if node is not None and exchange.is_json and not exchange.malformed:
            _exercise(node, exchange.value, items)
    return items
