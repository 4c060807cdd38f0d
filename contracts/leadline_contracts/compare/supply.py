"""Sees to it that there are documents to be asked for, before they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import cycle

from leadline_contracts.case import Case, Due
from leadline_contracts.compare.both import Both, Pair
from leadline_contracts.compare.collection import SAFE, Collection, template, ways
from leadline_contracts.compare.documents import Documents

_FEW = 6
"""So many documents are kept in a collection: a list of them has an order."""
_KINDS = 12
"""So many requests make them in turn."""
_TRIALS = 3
"""After so many requests that made nothing, a collection is left as it is."""


class Supply:
    """
    *both* servers, each asked for its own one of *documents*.

    *cases* are those among which there is what makes documents; what comes back is given to *made*, and
    counts for nothing else. *may* says whether one more request may be sent.
    """

    def __init__(
        self,
        both: Both,
        documents: Documents,
        cases: Sequence[Case],
        made: Callable[[Pair], None],
        may: Callable[[Case], bool],
    ) -> None:
        self._both, self._documents, self._made, self._may = both, documents, made, may
        self._making = {
            one.template: cycle(making)
            for one in documents.collections
            if (making := _simplest(cases, one))
        }

    def send(self, case: Case) -> Pair:
        """Send *case* to both, and wait for both answers."""
        for one in self._wanted(case):
            self._fill(one)
        return self._both.send_each(case, *self._documents.aimed(case))

    def another(self) -> Both:
        """The same servers over connections of their own."""
        return self._both.another()

    def close(self) -> None:
        """Let go of the connections."""
        self._both.close()

    def _wanted(self, case: Case) -> Iterator[Collection]:
        """The collection of which *case* asks for a document, or for all of them."""
        known = self._documents.collections
        yield from ways(case.operation, known)[:1] if known else ()
        own = template(case.operation.path) if known and case.method in SAFE else ()
        yield from (one for one in known if one.template == own)

    def _fill(self, collection: Collection) -> None:
        failed = 0
        while collection.template in self._making and self._documents.alike(collection) < _FEW:
            case, before = (
                next(self._making[collection.template]),
                self._documents.alike(collection),
            )
            if not self._may(case):
                return
            self._made(self.send(case))
            failed = 0 if self._documents.alike(collection) > before else failed + 1
            if failed == _TRIALS:
                del self._making[collection.template]


def _simplest(cases: Sequence[Case], collection: Collection) -> list[Case]:
    """The smallest valid requests that make documents of *collection*."""
    making = [
        one
        for one in cases
        if one.operation is collection.operation
        and one.due is Due.ACCEPT
        and not one.area.startswith("path ")
    ]
    return sorted(making, key=lambda one: len(one.body or b"") + len(one.target))[:_KINDS]
