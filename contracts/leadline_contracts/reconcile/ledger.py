"""Takes the differences of two servers one after the other, and says in the end what to do about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from leadline_contracts.case import Case, Due
from leadline_contracts.compare.difference import STATUS, TOO_LARGE, Difference
from leadline_contracts.compare.outcome import Outcome
from leadline_contracts.overlays import Action
from leadline_contracts.reconcile import rest, routing
from leadline_contracts.reconcile.answers import Answers
from leadline_contracts.reconcile.elsewhere import Checks, Unrouted
from leadline_contracts.reconcile.heads import Heads
from leadline_contracts.reconcile.leniency import Leniency
from leadline_contracts.reconcile.proposal import CONTRACT, DECIDE, WRONGS, Draft, Matter, Proposal
from leadline_contracts.reconcile.refusals import Refusals
from leadline_contracts.reconcile.routing import matter
from leadline_contracts.reconcile.setting import Setting
from leadline_contracts.reconcile.sizes import Sizes
from leadline_contracts.reconcile.statuses import Statuses
from leadline_contracts.reconcile.valid import Valid
from leadline_openapi import Contract
from leadline_openapi.tree import plain

_LOCKED = frozenset((401, 403))
_SURE = 5
"""So many valid requests, all of them denied, say that it is the key."""


@dataclass(slots=True)
class _Entry:
    """The differences of one matter: the smallest case that shows it, and how many there are."""

    difference: Difference
    left: Outcome
    right: Outcome
    count: int = 0


class Ledger:
    """Proposes what to do about the differences that it is told."""

    def __init__(self, contract: Contract, document: Mapping[str, Any]) -> None:
        """*document* is that of *contract* as it is written: what the next overlay is applied to."""
        setting = Setting(contract, plain(document))
        self._entries: dict[Matter, _Entry] = {}
        self._shown: dict[Matter, _Entry] = {}
        self._statuses = Statuses(setting)
        self._refusals = Refusals(setting, self._statuses)
        self._answers, self._heads = Answers(setting), Heads(setting, self._statuses)
        self._leniency, self._valid = Leniency(setting), Valid(setting)
        self._checks, self._unrouted = Checks(setting), Unrouted(setting)
        self._sizes = Sizes(setting)
        self._setting = setting
        self._due: dict[str, list[int]] = {}

    def take(self, left: Outcome, right: Outcome, found: Iterable[Difference]) -> None:
        """Note what both servers make of one case; *found* are the differences."""
        case = left.exchange.case
        own = (one for one in found if not _follows(left, right, one))
        matters = [self._enter(case, left, right, one) for one in own]
        if case.due is Due.ACCEPT:
            self._due.setdefault(case.operation.label, []).append(right.status)
        self._statuses.take(case, left, right)
        self._refusals.take(case, right)
        self._answers.take(case, left, right, matters)
        self._heads.take(case, right)
        self._leniency.take(case, right)
        self._valid.take(case, right, matters)
        self._sizes.take(case, right, matters)
        self._unrouted.take(case, right)

    def more(self) -> Case | None:
        """The next request that would say more; `None` where there is none."""
        return self._sizes.trial() or self._valid.trial(self._sizes.explained)

    def _enter(self, case: Case, left: Outcome, right: Outcome, one: Difference) -> Matter:
        at = matter(case, left, right, one)
        entry = self._entries.setdefault(at, _Entry(one, left, right))
        entry.count += 1
        self._shown.setdefault(
            (case.operation.label, str(right.status)), _Entry(one, left, right, 1)
        )
        if _size(case) < _size(entry.left.exchange.case):
            entry.difference, entry.left, entry.right = one, left, right
        if at[0] == routing.CHECKS:
            self._checks.take(at, one)
        return at

    def proposals(self) -> tuple[Proposal, ...]:
        """What to do, those first that change the contract."""
        drafts = list(self._drafts())
        explained = {at for draft in drafts for at in draft.matters}
        drafts += self._left(explained)
        found = [self._proposal(one) for one in drafts]
        return tuple(sorted(found, key=lambda one: (not one.actions, WRONGS.index(one.wrong))))

    def _drafts(self) -> Iterator[Draft]:
        """Statuses come first: the others have to know where responses stand."""
        locked = list(self._locked())
        yield from locked
        out = {at for draft in locked for at in draft.matters}

        def of(name: str) -> list[Matter]:
            return [at for at in self._entries if at[0] == name and at not in out]

        sizes = list(self._sizes.drafts([*of(routing.SIZES), *of(routing.VALID)]))
        yield from sizes
        out |= {at for draft in sizes for at in draft.matters}
        statuses = list(self._statuses.drafts([*of(routing.SUCCESS), *of(routing.REFUSED)]))
        refusals = list(self._refusals.drafts([*of(routing.REFUSAL), *self._undocumented(out)]))
        orphans = self._refusals.orphans(refusals)
        yield from _with_last([*statuses, *refusals], orphans)
        yield from self._answers.drafts()
        yield from self._heads.drafts(of(routing.HEADER))
        yield from self._checks.drafts(of(routing.CHECKS))
        yield from self._unrouted.drafts(of(routing.UNROUTED))
        yield from self._valid.drafts(of(routing.VALID))
        yield from self._leniency.drafts(of(routing.LENIENCY))

    def _undocumented(self, out: set[Matter]) -> Iterator[Matter]:
        """Failures on faulty requests, and what large bodies are answered, for which no response is there."""
        found = {
            (label, status)
            for label in self._leniency.failing
            for status in self._refusals.failures(label)
        }
        found |= {(at[1], TOO_LARGE) for at in self._entries if at[0] == routing.SIZES}
        for label, status in sorted(found):
            at = (routing.REFUSAL, label, str(status))
            known = self._setting.operation(label).answer_for(status)
            if known is None and at not in out and at[1:] in self._shown:
                yield at

    def _locked(self) -> Iterator[Draft]:
        """Operations of which every valid request is denied: how the key is written cannot be guessed."""
        for label, statuses in self._due.items():
            if len(statuses) < _SURE or not set(statuses) <= _LOCKED:
                continue
            matters = tuple(
                at for at in self._entries if label in at[1:2] or at[0] == routing.LENIENCY
            )
            if matters:
                yield Draft(
                    wrong=DECIDE,
                    pointer=f"{self._setting.operation(label).pointer}/security",
                    what=f"B denies every valid request ({statuses[0]})",
                    why="Either the key is none of B's, or it is written in another way than the contract "
                    "says. That cannot be guessed: declare it with `x-credential`.",
                    expected="acceptance",
                    actual=str(statuses[0]),
                    matters=matters,
                )

    def _left(self, explained: set[Matter]) -> Iterator[Draft]:
        """What nobody has an action for, put together by what is said of it."""
        groups: dict[tuple[str, ...], Draft] = {}
        for at, entry in self._entries.items():
            if at in explained:
                continue
            parts = at, entry.left.exchange.case, entry.right, entry.difference
            key = rest.kind(*parts)
            known = groups.get(key)
            groups[key] = (
                replace(known, matters=(*known.matters, at)) if known else rest.draft(*parts)
            )
        yield from groups.values()

    def _proposal(self, draft: Draft) -> Proposal:
        """*draft* with the smallest case that shows it."""
        entries = [self._entries[at] for at in draft.matters if at in self._entries]
        entries = entries or [self._shown[draft.matters[0][1:]]]
        first = min(entries, key=lambda entry: _size(entry.left.exchange.case))
        patched = draft.actions or draft.wrong != CONTRACT
        return Proposal(
            wrong=draft.wrong if patched else DECIDE,
            operation=first.left.exchange.case.operation.label,
            pointer=draft.pointer,
            what=draft.what,
            why=draft.why,
            expected=draft.expected,
            actual=draft.actual,
            left=first.left.exchange,
            right=first.right.exchange,
            count=sum(entry.count for entry in entries),
            actions=draft.actions,
        )


def _with_last(drafts: list[Draft], more: tuple[Action, ...]) -> Iterator[Draft]:
    """*drafts*, the last of which that has actions has *more* of them."""
    last = max((at for at, one in enumerate(drafts) if one.actions), default=-1)
    for at, one in enumerate(drafts):
        yield replace(one, actions=(*one.actions, *more)) if at == last else one


def _follows(left: Outcome, right: Outcome, one: Difference) -> bool:
    """Whether *one* is put down to another case, which shows it by itself."""
    if one.aspect != STATUS or left.failure or right.failure:
        return False
    return (one.left, one.right) != (str(left.status), str(right.status))


def _size(case: Case) -> tuple[int, str]:
    return len(case.body or b"") + len(case.target), case.id
