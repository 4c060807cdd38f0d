"""Headers of answers, and media types of successes: what the contract is to say of them."""

from __future__ import annotations

import copy
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from leadline_contracts.case import Case, Due
from leadline_contracts.compare.outcome import Outcome
from leadline_contracts.overlays import Action
from leadline_contracts.reconcile.proposal import CONTRACT, DECIDE, Draft, Matter
from leadline_contracts.reconcile.routing import HEADER
from leadline_contracts.reconcile.setting import Setting
from leadline_contracts.reconcile.statuses import Statuses, response
from leadline_openapi import pointer as pointers

_MEDIA = "content-type"


@dataclass(slots=True)
class _Seen:
    """The values of one header under one status, as they were written and as they are compared."""

    answers: int = 0
    written: Counter[str] = field(default_factory=Counter)
    spelling: str = ""


class Heads:
    """Takes the headers of answers; proposes which of them the contract should name."""

    def __init__(self, setting: Setting, statuses: Statuses) -> None:
        self._setting, self._statuses = setting, statuses
        self._seen: defaultdict[Matter, _Seen] = defaultdict(_Seen)

    def take(self, case: Case, right: Outcome) -> None:
        """Note the headers of *right*."""
        if right.failure or case.due is Due.NOWHERE:
            return
        given = {name.lower(): (name, value) for name, value in right.exchange.headers}
        for name in _TOLD:
            seen = self._seen[HEADER, case.operation.label, str(right.status), name]
            seen.answers += 1
            if name in given:
                seen.spelling, value = given[name]
                seen.written[value] += 1

    def drafts(self, matters: Iterable[Matter]) -> Iterator[Draft]:
        """One for each header of each status."""
        for at in sorted(set(matters)):
            place = response(self._setting, self._statuses.added, at[1], int(at[2]))
            if place and self._setting.reaches(self._reached(place)):
                yield self._of_media(at, place) if at[3] == _MEDIA else self._of_header(at, place)

    def _reached(self, place: str) -> str:
        """*place*, or what holds it where it is new."""
        return place if self._setting.find(place) is not None else place.rpartition("/")[0]

    def _of_header(self, at: Matter, place: str) -> Draft:
        seen = self._seen[at]
        name = seen.spelling or at[3].title()
        shown = next(iter(seen.written), "")
        return Draft(
            wrong=CONTRACT,
            pointer=f"{place}/headers" + pointers.pointer((name,)),
            what=f"{at[2]} comes with `{name}: {shown}`"
            if shown
            else f"{at[2]} comes without {name}",
            why=f"{seen.written.total():,} of {seen.answers:,} such answers of B have it.",
            expected="the headers of the contract",
            actual=shown or "none",
            matters=(at,),
            actions=tuple(self._header(place, name, seen)),
        )

    def _header(self, place: str, name: str, seen: _Seen) -> Iterator[Action]:
        setting = self._setting
        if not seen.written:
            at = f"{place}/headers"
            for known in setting.find(at) or ():
                if known.lower() == name.lower():
                    yield setting.remove(at + pointers.pointer((known,)), "It is never answered.")
            return
        value = next(iter(seen.written))
        schema: dict[str, Any] = {"type": "string"}
        schema |= {"const": value} if len(seen.written) == 1 else {"examples": [value]}
        header = {"required": seen.written.total() == seen.answers, "schema": setting.spelt(schema)}
        yield setting.update(place, "It comes with the answer.", {"headers": {name: header}})

    def _of_media(self, at: Matter, place: str) -> Draft:
        seen = self._seen[at]
        value = seen.written.most_common(1)[0][0] if seen.written else ""
        operation = self._setting.operation(at[1])
        answer = operation.answer_for(int(at[2]))
        source = self._statuses.added.get((at[1], int(at[2])))
        written = self._setting.find(place) or (self._setting.find(source) if source else {})
        content = written.get("content", {}) if isinstance(written, dict) else {}
        known = next((name for name in content), "")
        actions: tuple[Action, ...] = ()
        if value and known and (answer or source):
            media = copy.deepcopy(content[known])
            actions = (
                self._setting.update(f"{place}/content", "As it is answered.", {value: media}),
                self._setting.remove(
                    f"{place}/content" + pointers.pointer((known,)), "It is never answered."
                ),
            )
        return Draft(
            wrong=CONTRACT if actions else DECIDE,
            pointer=f"{place}/content",
            what=f"{at[2]} is answered as `{value}`",
            why=f"{seen.written[value]:,} of {seen.answers:,} such answers of B are.",
            expected=known,
            actual=value,
            matters=(at,),
            actions=actions,
        )


_TOLD = (_MEDIA, "retry-after", "www-authenticate", "location", "allow")
