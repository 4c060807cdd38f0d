"""Servers that refuse what they have to, but not as the contract says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from leadline_contracts.cases import size
from leadline_contracts.mutants import candidates
from leadline_contracts.mutants.members import change, json_media, members
from leadline_contracts.mutants.mutant import Mutant, Ruling, defect, equivalent, slug
from leadline_contracts.mutants.server import Answer, Ask, Behaviour, Request
from leadline_contracts.oracles.reading import MISSING
from leadline_openapi import Contract, Operation
from leadline_openapi.contract import Answer as Documented
from leadline_openapi.violation import show

_USUAL = {"400", "401", "403", "413", "415", "422", "4XX"}
_OWN = (401, 403, 413)
"""Refusals that say what is wrong: in the place of one, no other will do."""
_PAGE = b"<html><body>Bad Request</body></html>"
Edit = Callable[[Answer], None]


def mutants(contract: Contract, operation: Operation, family: str) -> Iterator[Mutant]:
    """The mutants of *operation* that spoil a documented refusal."""
    del contract
    for answer in operation.answers:
        if answer.status in _answered(operation):
            yield from _of(operation, answer, f"{family}/{slug(operation)}/{answer.status}")


def _answered(operation: Operation) -> set[str]:
    """The refusals that a server can be brought to: the first documented one of each kind."""
    documented = [answer.status for answer in operation.answers]
    kinds: list[tuple[str, ...]]
    kinds = [("415", "400", "422"), ("400", "422")] if operation.body else [("400", "422")]
    if operation.needs_key:
        kinds.append(("401", "403"))
    if size.limit(operation) is not None:
        kinds.append(("413",))
    if not operation.body and not operation.parameters:
        kinds.remove(("400", "422"))
    found: set[str] = set()
    for kind in kinds:
        found |= set([status for status in kind if status in documented][:1])
    return found & _USUAL


def _of(operation: Operation, documented: Documented, start: str) -> Iterator[Mutant]:
    status = int(documented.status)
    said = f"refusal {status}"
    for other in (200, 302, 400, 418, 500):
        if other == status or (other == 400 and status not in _OWN):
            continue
        rule = defect("it is not documented")
        if other == 200:
            rule = defect("it says yes to what is not allowed")
        elif other == 418 and operation.answer_for(418) is not None:
            rule = equivalent("it is documented too")
        yield _mutant(
            operation, start, f"status:{other}", f"{said}: is {other}", rule, status, _to(other)
        )
    if not documented.body.content:
        return
    page = partial(_page, "text/html", _PAGE)
    rule = defect("it is not documented")
    yield _mutant(operation, start, "page", f"{said}: is a page", rule, status, page)
    media = json_media(documented)
    if media is None or media.schema is None:
        return
    empty = partial(_page, media.name, b"")
    yield _mutant(operation, start, "empty", f"{said}: has no body", rule, status, empty)
    for member in members(operation, media):
        must = member.required
        why = defect("it is required") if must else equivalent("it is optional")
        lost = partial(_edit, partial(_spoilt, member.path, MISSING))
        yield _mutant(
            operation,
            start,
            f"{member.name}/dropped",
            f"{said}: `{member.name}` is left out",
            why,
            status,
            lost,
        )
        wrongs: tuple[Any, ...] = (None, [], 7, "text")
        for wrong in wrongs:
            if not candidates.fits(member.library, member.places, wrong):
                spoil = partial(_spoilt, member.path, wrong)
                does = f"{said}: `{member.name}` is {show(wrong)}"
                bad = defect("its schema forbids that")
                key = f"{member.name}/is:{show(wrong)}"
                yield _mutant(operation, start, key, does, bad, status, partial(_edit, spoil))


def _spoilt(path: tuple[str, ...], wrong: Any, value: Any) -> Any:
    return change(value, path, lambda _: wrong)


def _mutant(
    operation: Operation,
    start: str,
    key: str,
    does: str,
    rule: Callable[[], Ruling],
    status: int,
    edit: Edit,
) -> Mutant:
    return Mutant(
        id=f"{start}/{key}",
        does=does,
        operation=operation,
        behaviour=partial(_behaviour, status, edit),
        rule=rule,
    )


def _behaviour(status: int, edit: Edit) -> Behaviour:
    def behave(_request: Request, ask: Ask) -> Answer:
        answer = ask()
        if answer.status == status:
            edit(answer)
        return answer

    return behave


def _to(status: int) -> Edit:
    def edit(answer: Answer) -> None:
        answer.status = status

    return edit


def _page(media_type: str, body: bytes, answer: Answer) -> None:
    answer.with_header("Content-Type", media_type)
    answer.body = body


def _edit(spoil: Callable[[Any], Any], answer: Answer) -> None:
    if answer.is_json:
        answer.value = spoil(answer.value)
