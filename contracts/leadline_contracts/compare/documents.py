"""Documents that both servers were made to hold: which one of A stands for which one of B."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from leadline_contracts.case import Case, Due, Exchange
from leadline_contracts.compare.both import Pair
from leadline_contracts.compare.collection import (
    SAFE,
    Collection,
    Segments,
    is_about,
    segments,
    ways,
)
from leadline_contracts.judge import sent
from leadline_contracts.oracles.reading import reach
from leadline_openapi import Operation
from leadline_openapi import pointer as pointers
from leadline_openapi.contract import ServerValue

DELETED = "deleted"
"""The area of cases that ask for the document that was deleted last."""
_GONE = frozenset((404, 410))
_LOST = 3
"""So often it is believed of an operation that a document is gone to which it answers so."""
_ASKED = frozenset((Due.ACCEPT, Due.EITHER))


@dataclass(slots=True, eq=False)
class Document:
    """
    What one request has made, the *number*th: its path on A and on B; none where a server made nothing.

    *unlike* says that the answers that gave it differ, *apart* that it may not be the same any more.
    """

    number: int
    collection: Collection
    places: tuple[Segments, Segments]
    unlike: bool = False
    apart: bool = False

    @property
    def is_shared(self) -> bool:
        """Whether both servers hold it."""
        return all(self.places)


class Documents:
    """What was made of *collections*, as far as answers have told."""

    def __init__(self, collections: Sequence[Collection] = ()) -> None:
        self.collections = tuple(collections)
        self._made = 0
        self._known: tuple[dict[Segments, Document], ...] = ({}, {})
        self._by_id: tuple[dict[tuple[Segments, str], Document], ...] = ({}, {})
        self._alike: dict[Segments, list[Document]] = {one.template: [] for one in collections}
        self._unlike: dict[Segments, list[Document]] = {one.template: [] for one in collections}
        self._drifted: set[Segments] = set()
        self._deleted: dict[Segments, Document] = {}
        self._turns: Counter[str] = Counter()
        self._not_there: Counter[str] = Counter()

    def alike(self, collection: Collection) -> int:
        """How many there are that are the same on both."""
        return len(self._alike[collection.template])

    def usable(self, collection: Collection) -> list[Document]:
        """Those that are there and the same on both; where there are none, those that were made unlike."""
        return self._alike[collection.template] or self._unlike[collection.template]

    def find(
        self, side: int, operation: Operation, value: ServerValue, text: str
    ) -> Document | None:
        """The document that *value* names, as *text* in an answer of *operation* from one *side*."""
        for one in self.collections:
            found = self._by_id[side].get((one.template, text))
            if found is not None and one.names(value, operation):
                return found
        return None

    def have_drifted(self, operation: Operation, value: ServerValue) -> bool:
        """Whether one server holds documents that the other one does not, of those that *value* names."""
        return any(
            one.template in self._drifted for one in self.collections if one.names(value, operation)
        )

    def is_out(self, document: Document) -> bool:
        """Whether *document* is left out of lists: it differs, and that was told where it came to be."""
        if document.apart or not document.is_shared:
            return True
        return document.unlike and bool(self._alike[document.collection.template])

    def aimed(self, case: Case) -> tuple[Case, Case]:
        """*case* as it is sent to A and to B: each is asked for its own document."""
        way = ways(case.operation, self.collections) if self.collections else []
        at = segments(case.target.partition("?")[0])
        if len(at) != len(segments(case.operation.path)):
            return case, case
        for one in way:
            if not is_about(case, one) and _is_valid(case, one):
                document = self._next(one, case)
                if document is not None:
                    return _at(case, document)
        for one in way:
            pair = self._pair(at[: len(one.of_one)], one, case)
            if pair is not None:
                return pair
        return case, case

    def _next(self, collection: Collection, case: Case) -> Document | None:
        """Another one for each valid request; always the first one for requests that are to be refused."""
        if case.area == DELETED:
            return self._deleted.get(collection.template)
        usable = self.usable(collection)
        if not usable or case.due not in _ASKED:
            return next(iter(usable), None)
        label = case.operation.label
        self._turns[label] += 1
        return usable[self._turns[label] % len(usable)]

    def _pair(
        self, place: Segments, collection: Collection, case: Case
    ) -> tuple[Case, Case] | None:
        """*case*, which asks for what is at *place*; the names of A are led to those of B, one to one."""
        document = self._known[0].get(place)
        if document is not None:
            if self.is_out(document):
                document = next(iter(self.usable(collection)), None)
            return _at(case, document) if document else None
        other = place
        while (known := self._known[1].get(other)) is not None:
            if not known.is_shared:
                instead = next(iter(self.usable(collection)), None)
                return _at(case, instead) if instead else None
            other = known.places[0]
        return None if other == place else (case, _moved(case, other))

    def learn(self, pair: Pair, unlike: Sequence[str]) -> None:
        """What *pair* has made, changed or deleted; at the pointers *unlike* its bodies differ."""
        if not self.collections:
            return
        making = self._making(pair.case)
        if making is not None:
            self._take(making, pair, unlike)
        if (document := self._asked(pair)) is not None:
            self._follow(document, pair, unlike)

    def makes(self, case: Case) -> bool:
        """Whether *case* asks for a new document."""
        return self._making(case) is not None

    def _making(self, case: Case) -> Collection | None:
        for one in self.collections:
            if case.operation is one.operation and case.method == one.operation.method:
                return one
        return None

    def is_older(self, pair: Pair) -> bool:
        """
        Whether *pair* asks for what one server alone has held since before the run.

        That is no difference between two servers on which there is something to be asked for on both.
        """
        way = ways(pair.case.operation, self.collections) if self.collections else []
        sides = pair.left, pair.right
        if pair.case.due is not Due.ACCEPT or not way or not self.usable(way[0]):
            return False
        if self._asked(pair) or pair.left.case is not pair.right.case:
            return False
        found = any(one.accepted for one in sides) and any(one.status in _GONE for one in sides)
        if found:
            self._drifted.add(way[0].template)
        return found

    def _asked(self, pair: Pair) -> Document | None:
        """The document that was asked for."""
        for one in ways(pair.case.operation, self.collections):
            for known, exchange in zip(self._known, (pair.left, pair.right), strict=True):
                found = known.get(segments(_path(exchange.case))[: len(one.of_one)])
                if found is not None:
                    return found
        return None

    def _follow(self, document: Document, pair: Pair, unlike: Sequence[str]) -> None:
        sides = pair.left, pair.right
        accepted = {one.accepted for one in sides}
        gone = {one.status in _GONE for one in sides}
        inner = len(segments(pair.case.operation.path)) > len(document.collection.of_one)
        if pair.case.method in SAFE:
            apart = pair.case.due in _ASKED and len(gone) > 1
        else:
            written = accepted == {True} and not inner
            apart = len(accepted) > 1 or (written and bool(unlike))
        if apart:
            self._set_apart(document)
        elif pair.case.method == "DELETE" and accepted == {True} and not inner:
            self._deleted[document.collection.template] = document
            self._forget(document)
        elif gone == {True} and pair.case.due is Due.ACCEPT:
            label = pair.case.operation.label
            self._not_there[label] += 1
            if self._not_there[label] <= _LOST:
                self._forget(document)

    def _set_apart(self, document: Document) -> None:
        document.apart = True
        self._drifted.add(document.collection.template)
        self._forget(document)

    def _forget(self, document: Document) -> None:
        """Ask for *document* no more, nor for what is below it."""
        for pools in (self._alike, self._unlike):
            for pool in pools.values():
                pool[:] = [one for one in pool if not _is_below(one, document)]

    def _take(self, making: Collection, pair: Pair, unlike: Sequence[str]) -> None:
        """Note what both have made in one case; what only one has made has no match."""
        names = tuple(self._name(making, side, pair) for side in (0, 1))
        if not any(names):
            return
        places = tuple(
            (*segments(_path(one.case)), quote(name, safe="")) if name else ()
            for one, name in zip((pair.left, pair.right), names, strict=True)
        )
        self._made += 1
        document = Document(self._made, making, (places[0], places[1]))
        for side, name in enumerate(names):
            if name:
                self._known[side].setdefault(places[side], document)
                self._by_id[side].setdefault((making.template, name), document)
        if not document.is_shared:
            self._drifted.add(making.template)
            return
        within = pointers.pointer(making.identity.path[:-1])
        document.unlike = any(one.startswith(within) for one in unlike)
        pools = self._unlike if document.unlike else self._alike
        pools[making.template].append(document)

    def _name(self, making: Collection, side: int, pair: Pair) -> str:
        """How one server calls what it has just made; empty where it tells no name that is new."""
        exchange: Exchange = (pair.left, pair.right)[side]
        if not exchange.accepted or not exchange.is_json:
            return ""
        value = reach(exchange.value, making.identity.path)
        text = "" if isinstance(value, bool) or not isinstance(value, str | int) else str(value)
        return "" if (making.template, text) in self._by_id[side] else text


def _path(case: Case) -> str:
    return case.target.partition("?")[0]


def _is_below(one: Document, other: Document) -> bool:
    return one.places[0][: len(other.places[0])] == other.places[0]


def _is_valid(case: Case, collection: Collection) -> bool:
    """Whether *case* asks for what may be a document of *collection*."""
    way = segments(case.operation.path)[: len(collection.of_one)]
    values = sent(case, "path")
    return not any(
        one.violations(values)
        for one in case.operation.parameters
        if one.location == "path" and f"{{{one.name}}}" in way
    )


def _at(case: Case, document: Document) -> tuple[Case, Case]:
    return _moved(case, document.places[0]), _moved(case, document.places[1])


def _moved(case: Case, place: Segments) -> Case:
    """*case*, but that the first parts of its path are those of *place*."""
    path, mark, query = case.target.partition("?")
    parts = segments(path)
    return replace(case, target="/".join((*place, *parts[len(place) :])) + mark + query)
