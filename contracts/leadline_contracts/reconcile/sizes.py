"""Bodies that are too large for the server: the bound that the contract is to name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from leadline_contracts.case import Case, Due
from leadline_contracts.cases.size import LARGEST
from leadline_contracts.compare.difference import TOO_LARGE
from leadline_contracts.compare.outcome import Outcome
from leadline_contracts.draft import base, json_media, smallest
from leadline_contracts.overlays import Action
from leadline_contracts.reconcile.proposal import CONTRACT, DECIDE, Draft, Matter
from leadline_contracts.reconcile.routing import SIZES, VALID
from leadline_contracts.reconcile.setting import Setting
from leadline_openapi import jsontext
from leadline_openapi.sample import NoSample

_TRIALS = 40
"""So many more requests are made about the bodies of one operation."""
_SURE = 3
"""So many bodies have to be refused, if no status says that they are too large."""
_LARGE = 1024
"""Bytes from which on a body may be large to a server that does not say so."""
_AREA = "size of the body"


@dataclass(slots=True)
class _Bodies:
    """Bytes of valid bodies: of the largest that was *taken*, and by status of those that were *refused*."""

    taken: int = 0
    refused: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    matters: list[Matter] = field(default_factory=list)
    tried: set[int] = field(default_factory=set)
    padded: set[int] = field(default_factory=set)

    @property
    def status(self) -> int:
        """With what bodies are refused that are too large."""
        return TOO_LARGE if TOO_LARGE in self.refused else next(iter(self.refused))

    @property
    def least(self) -> int:
        """Bytes of the smallest body that is refused so."""
        return min(self.refused[self.status])

    @property
    def proven(self) -> bool:
        """Whether it is known to be the size: the status says so, or white space is refused as well."""
        return self.status == TOO_LARGE or self.status in self.padded

    @property
    def explains(self) -> bool:
        """Whether it may be the size for which bodies are refused."""
        if not self.refused or self.taken >= self.least:
            return False
        return self.status == TOO_LARGE or (
            len(self.refused) == 1
            and len(self.refused[self.status]) >= _SURE
            and self.least > _LARGE
        )


class Sizes:
    """Takes what becomes of valid bodies; proposes `x-max-bytes`."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._seen: dict[str, _Bodies] = {}

    def take(self, case: Case, right: Outcome, matters: Iterable[Matter]) -> None:
        """Note *case*, if it is valid and has a body."""
        if case.due is not Due.ACCEPT or case.body is None or right.failure:
            return
        seen, size = self._seen.setdefault(case.operation.label, _Bodies()), len(case.body)
        if right.family == 2:
            seen.taken = max(seen.taken, size)
        elif right.family == 4:
            seen.refused[right.status].append(size)
            seen.matters += (one for one in matters if one[0] == VALID)
            if case.area == _AREA:
                seen.padded.add(right.status)

    @property
    def explained(self) -> set[str]:
        """The operations in which bodies may be refused for their size."""
        return {label for label, seen in self._seen.items() if seen.explains}

    def trial(self) -> Case | None:
        """A body between the largest that is taken and the smallest that is not; `None` for no more."""
        for label in sorted(self.explained):
            seen = self._seen[label]
            # A status that does not say why asks for a proof: white space, so large as what was refused.
            size = (seen.taken + seen.least) // 2 if seen.proven else seen.least
            done = seen.proven and seen.least - seen.taken <= 1
            if done or size in seen.tried or len(seen.tried) >= _TRIALS or size > LARGEST:
                continue
            seen.tried.add(size)
            case = self._padded(label, size)
            if case is not None:
                return case
        return None

    def _padded(self, label: str, size: int) -> Case | None:
        """The simplest request with white space around it (RFC 8259 section 2), *size* bytes in all."""
        operation = self._setting.operation(label)
        media = json_media(operation)
        if media is None or operation.body is None:
            return None
        try:
            draft = base(operation)
            text = draft.body or jsontext.dump(smallest(media))
        except NoSample:
            return None
        if len(text) > size:
            return None
        padded = draft.with_body(text.ljust(size), media.name)
        return padded.case(f"{size:,} bytes", _AREA, Due.ACCEPT, operation.body.pointer)

    def drafts(self, matters: Collection[Matter]) -> Iterator[Draft]:
        """One for each operation that *matters* are about."""
        wanted = set(matters)
        for label in sorted(self.explained):
            seen = self._seen[label]
            own = seen.matters if seen.status != TOO_LARGE else ()
            about = sorted({(SIZES, label), *own} & wanted)
            if about and seen.proven:
                yield self._draft(label, seen, about)

    def _draft(self, label: str, seen: _Bodies, about: list[Matter]) -> Draft:
        operation = self._setting.operation(label)
        body = operation.body
        place = body.pointer if body else operation.pointer
        bound = bounded(seen.taken, seen.least)
        reached = bound is not None and self._setting.reaches(place)
        between = "there is nothing" if seen.least - seen.taken == 1 else "nothing was tried"
        return Draft(
            wrong=CONTRACT if reached else DECIDE,
            pointer=place,
            what=f"a body of more than {seen.taken if bound is None else bound:,} bytes is refused "
            f"({seen.status})",
            why=f"B takes a body of {seen.taken:,} bytes and refuses one of {seen.least:,}, whatever is in "
            f"it; {between} in between" + (": ask where the bound is." if bound is None else "."),
            expected="acceptance",
            actual=str(seen.status),
            matters=tuple(about),
            actions=self._actions(place, bound, seen) if bound and reached else (),
        )

    def _actions(self, place: str, bound: int, seen: _Bodies) -> tuple[Action, ...]:
        told = f"A larger body is answered {seen.status}."
        return (self._setting.update(place, told, {"x-max-bytes": bound}),)


def bounded(taken: int, refused: int) -> int | None:
    """
    The bound in bytes, where the largest body that is taken and the smallest that is not tell it.

    If they are no neighbours, it is the roundest number between them: a multiple of powers of 1024 or 1000.
    `None` if there is none, or more than one that is as round.
    """
    if refused - taken == 1:
        return taken
    for binary, decimal in _ROUND:
        found = {
            one
            for unit in (binary, decimal)
            for one in range(-(-taken // unit) * unit, refused, unit)
        }
        if found:
            return found.pop() if len(found) == 1 else None
    return None


_ROUND = (
    (1024**2, 1000**2),
    (100 * 1024, 100 * 1000),
    (10 * 1024, 10 * 1000),
    (1024, 1000),
)
