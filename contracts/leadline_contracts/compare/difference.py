"""In what the outcomes of one case differ on two servers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from leadline_contracts.case import Case, Due
from leadline_contracts.compare.documents import DELETED
from leadline_contracts.compare.members import parted
from leadline_contracts.compare.outcome import OF_STATUS, Outcome
from leadline_contracts.compare.values import merged
from leadline_contracts.leniency.faults import faults
from leadline_contracts.oracles.reading import MISSING
from leadline_openapi.violation import show

STATUS, SHAPE, VALUES, SENT, HEADERS, ORDER = (
    "status",
    "shape",
    "values",
    "sent value",
    "headers",
    "order of checks",
)
ASPECTS = (STATUS, SHAPE, VALUES, SENT, HEADERS, ORDER)
"""What is compared, in the order in which it is told."""
SIZE = "size"
"""The cause of what one server refuses because the body is too large for it, whatever is in that."""
CREDENTIALS = "credentials"
"""The cause of what becomes of requests whose credentials are not as they should be."""
TOO_LARGE = 413
BODY = frozenset((SHAPE, VALUES, SENT))
"""What differs in bodies."""
_OF_FIDELITY = BODY | {STATUS}
_SHOWN = 200
_REFUSED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """
    One way in which two answers differ: *left* and *right* are what each server says, as text.

    *kind* names the way, *pointer* the place: in the answer, or in the contract where the place is what the
    request is about. *cause* is what is special about the request; where that is a mixture of many
    things, the difference is *vague*. *is_refusal* says that both servers say no.
    """

    aspect: str
    kind: str
    pointer: str
    left: str
    right: str
    cause: str = ""
    vague: bool = False
    is_refusal: bool = False

    @property
    def costs_fidelity(self) -> bool:
        """Whether it is one in status or in body."""
        return self.aspect in _OF_FIDELITY


def differences(case: Case, left: Outcome, right: Outcome) -> tuple[Difference, ...]:
    """Every difference of *left* and *right*, but for those that follow from another one."""
    return tuple(_differences(case, left, right))


def _differences(case: Case, left: Outcome, right: Outcome) -> Iterator[Difference]:
    if _word(left) != _word(right):
        yield _of_status(case, left, right)
    if left.failure or right.failure or left.family != right.family:
        return
    if left.status == right.status:
        yield from _headers(left, right)
    if case.due is Due.NOWHERE and left.family == 2:
        return  # nothing in the contract speaks of what is answered there
    if (left.is_json, bool(left.media)) != (right.is_json, bool(right.media)):
        yield _body(SHAPE, f"{left.media or 'no body'} / {right.media or 'no body'}", left, right)
        return
    if left.media != right.media:
        kind = f"content-type: {left.media} / {right.media}"
        yield _header(kind, left.media, right.media)
    yield from _bodies(case, left, right)


def _word(outcome: Outcome) -> str:
    """The status; why there is none, where the other server may answer whatever it likes."""
    return outcome.failure or str(outcome.status)


def _kind(left: Outcome, right: Outcome) -> str:
    """What each says; beside no answer at all it does not matter which answer there is."""
    if bool(left.failure) != bool(right.failure):
        return " / ".join(one.failure or "an answer" for one in (left, right))
    return f"{_word(left)} / {_word(right)}"


def _of_status(case: Case, left: Outcome, right: Outcome) -> Difference:
    cause, pointer, vague = _cause(case)
    body = case.operation.body
    if body is not None and TOO_LARGE in {left.status, right.status}:
        cause, pointer, vague = SIZE, f"{body.pointer}/x-max-bytes", False
    return Difference(
        aspect=STATUS,
        kind=_kind(left, right),
        pointer=pointer,
        left=_word(left),
        right=_word(right),
        cause=cause,
        vague=vague,
        is_refusal=left.family == right.family == _REFUSED,
    )


def _cause(case: Case) -> tuple[str, str, bool]:
    """What is special about the request, where the contract speaks of it, and whether it is many things."""
    if case.due is Due.REFUSE:
        found = faults(case)
        if len(found) == 1:
            return found[0].name, found[0].place, case.compound
        return "several faults", case.operation.pointer, True
    if case.area == DELETED:
        return DELETED, case.operation.pointer, False
    if case.due in {Due.ACCEPT, Due.EITHER}:
        if case.compound:
            return "valid", case.operation.pointer, True
        return case.name, case.rule, False
    if case.due is Due.DENY:
        return CREDENTIALS, case.rule, False
    return f"{case.area}: {case.name}", case.rule, False


def _headers(left: Outcome, right: Outcome) -> Iterator[Difference]:
    for name in OF_STATUS:
        one, other = left.headers.get(name, "nothing"), right.headers.get(name, "nothing")
        if one != other:
            yield _header(f"{name} of {left.status}: {one} / {other}", one, other)


def _header(kind: str, left: str, right: str) -> Difference:
    return Difference(aspect=HEADERS, kind=kind, pointer="", left=left, right=right)


def _bodies(case: Case, left: Outcome, right: Outcome) -> Iterator[Difference]:
    if left.unread != right.unread and not (left.unread and right.unread):
        kind = "JSON / not JSON" if right.unread else "not JSON / JSON"
        yield _body(SHAPE, kind, left, right)
    elif not left.is_json:
        telling = left.family == 2 and left.text != right.text
        if telling or bool(left.text) != bool(right.text):
            yield _body(VALUES, "another text", left, right)
    elif not left.unread:
        yield from _values(case, left, right)


def _values(case: Case, left: Outcome, right: Outcome) -> Iterator[Difference]:
    members, rest = parted(left, right)
    rest = merged(rest)
    for one in members:
        yield Difference(
            aspect=SENT,
            kind=f"{one.left_became} / {one.right_became}",
            pointer=one.pointer,
            left=_shown(one.left),
            right=_shown(one.right),
        )
    refusal = left.family == _REFUSED
    vague = refusal and (case.compound or _cause(case)[2])
    for other in rest:
        yield Difference(
            aspect=SHAPE if other.of_shape else VALUES,
            kind=f"{other.kind}{_where(left)}",
            pointer=other.pointer,
            left=_shown(other.left),
            right=_shown(other.right),
            vague=vague,
            is_refusal=refusal,
        )


def _where(outcome: Outcome) -> str:
    """Answers that say no have a shape of their own, which may differ in its own way."""
    return "" if outcome.family == 2 else " (refusal)"


def _body(aspect: str, kind: str, left: Outcome, right: Outcome) -> Difference:
    shown = [
        one.exchange.body[:_SHOWN].decode("utf-8", "replace") or "nothing" for one in (left, right)
    ]
    return Difference(aspect=aspect, kind=kind, pointer="", left=shown[0], right=shown[1])


def _shown(value: Any) -> str:
    return "nothing" if value is MISSING else show(value, _SHOWN)
