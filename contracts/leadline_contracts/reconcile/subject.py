"""One member of answers in which two servers differ, and what may be proposed about it at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from leadline_contracts.overlays import Action
from leadline_contracts.reconcile.evidence import Seen, apart
from leadline_contracts.reconcile.places import Place
from leadline_contracts.reconcile.proposal import CONTRACT, DECIDE, Draft, Matter
from leadline_contracts.reconcile.setting import Setting
from leadline_openapi import pointer as pointers

_OF_REQUESTS = (
    " The schema is that of requests too, and it would be said of those: it has to be split first."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """
    The member at *place*, which differs in so many *kinds*; *types* are those of A and of B, in pairs;
    *empty* says whether B has nothing but `null` or `[]` there.

    *own* is what was seen of it there, *others* what was seen of it elsewhere, where the same schema stands.
    """

    setting: Setting
    place: Place
    kinds: frozenset[str]
    types: frozenset[tuple[str, str]]
    empty: bool
    matters: tuple[Matter, ...]
    own: Seen
    others: list[Seen]

    @property
    def name(self) -> str:
        """What the member is called."""
        return self.place.path[-1]

    @property
    def often(self) -> str:
        """In how many answers it is."""
        return f"It is in {len(self.own.there):,} of {len(self.own.given):,} answers of B"

    @property
    def of_requests(self) -> bool:
        """Whether requests have the member too, by the same schema; what is `readOnly` is in none."""
        if self.place.told.get("readOnly") is True:
            return False
        return self.place.pointer in self.setting.requested

    def drafted(
        self, what: str, why: str, actions: Iterable[Action] = (), *, wrong: str = CONTRACT
    ) -> Draft:
        """What is said in any case."""
        return Draft(
            wrong=wrong,
            pointer=self.place.pointer,
            what=what,
            why=why,
            expected="an answer as the contract describes it",
            actual=what,
            matters=self.matters,
            actions=tuple(actions),
        )

    def settled(
        self, what: str, why: str, actions: Iterable[Action], alike: Callable[[Seen], bool]
    ) -> Draft:
        """
        What is said where *actions* are about nothing else; where they would be, a person has to decide.

        Other answers that the same schema describes have to be *alike*: what is said of all because of one
        would hide what is wrong with the rest.
        """
        held_back = _OF_REQUESTS if self.of_requests else apart(self.others, alike)
        if held_back:
            return self.drafted(what, why + held_back, wrong=DECIDE)
        return self.drafted(what, why, actions)

    def completed(self) -> Iterator[Action]:
        """What puts the member into examples, which are not right without it any more."""
        for holder in self.place.holders():
            told = {self.name: self.own.values[0]}
            yield self.setting.update(holder, "As it was answered.", told)

    def exemplified(self) -> Iterator[Action]:
        """What makes examples say what was seen."""
        for example in self.place.examples():
            at, _, name = example.rpartition("/")
            told: dict[str, Any] = {pointers.tokens(f"/{name}")[0]: self.own.values[0]}
            yield self.setting.update(at, "As it was answered.", told)
