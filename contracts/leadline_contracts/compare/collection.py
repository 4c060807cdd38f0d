"""Collections of a contract: where a POST makes documents, and the paths that name one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from leadline_contracts.case import Case, successes
from leadline_contracts.cases import reason_not_checked
from leadline_contracts.compare.twos import AREA, simplest
from leadline_contracts.oracles.server_values import gives
from leadline_openapi import Contract, Operation
from leadline_openapi.contract import ServerValue
from leadline_openapi.words import ITEMS

SAFE = frozenset(("GET", "HEAD", "OPTIONS", "TRACE"))
"""Methods that ask for nothing to be changed (RFC 9110 section 9.2.1)."""
_BY_OTHERS = frozenset(("409", "412"))
"""Statuses that speak of what other requests have left behind (RFC 9110 sections 15.5.10 and 15.5.13)."""
_NAME = "{}"

Segments = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Collection:
    """
    Documents that *operation* makes, at the path *template* (`{}` for every parameter).

    *identity* is the value of its answer that names the new document.
    """

    template: Segments
    operation: Operation
    identity: ServerValue

    @property
    def of_one(self) -> Segments:
        """The path of one document."""
        return (*self.template, _NAME)

    def names(self, value: ServerValue, operation: Operation) -> bool:
        """Whether *value*, in an answer of *operation*, is the name of one of these documents."""
        if value.pointer == self.identity.pointer:
            return True
        own = template(operation.path)
        related = own == self.template or own[: len(self.of_one)] == self.of_one
        return related and value.path[-1] == self.identity.path[-1]


def segments(path: str) -> Segments:
    """The parts of a *path* between its slashes."""
    return tuple(path.split("/"))


def template(path: str) -> Segments:
    """The parts of the path of an operation, with `{}` in the place of every parameter."""
    return tuple(
        _NAME if one.startswith("{") and one.endswith("}") else one for one in segments(path)
    )


def collections(contract: Contract) -> tuple[Collection, ...]:
    """The collections of *contract* in which there are documents to be asked for."""
    checked = [one for one in contract.operations if not reason_not_checked(one)]
    asked = [template(one.path) for one in checked]
    found = []
    for operation in checked:
        own = (*template(operation.path), _NAME)
        if operation.method == "POST" and any(one[: len(own)] == own for one in asked):
            found += [Collection(own[:-1], operation, one) for one in _identities(operation)][:1]
    return tuple(found)


def _identities(operation: Operation) -> Iterator[ServerValue]:
    """What may name the document that *operation* makes: the outermost id of an answer that gives one."""
    found = [
        one
        for answer in operation.answers
        if answer.status in successes(operation)
        for media in answer.body.content
        for one in media.server_values
        if one.kind != "now" and ITEMS not in one.path and gives(operation, answer.status, one)
    ]
    yield from sorted(found, key=lambda one: len(one.path))


def ways(operation: Operation, known: tuple[Collection, ...]) -> list[Collection]:
    """The collections of *known* of which the path of *operation* names a document, the innermost first."""
    own = template(operation.path)
    found = [one for one in known if own[: len(one.of_one)] == one.of_one]
    return sorted(found, key=lambda one: -len(one.template))


def is_about(case: Case, collection: Collection) -> bool:
    """Whether *case* tries a parameter that leads to a document of *collection*: it has to stay as it is."""
    way = segments(case.operation.path)[: len(collection.of_one)]
    if case.area == AREA:
        simple = simplest(case.operation)
        return segments(case.target)[: len(way)] != segments(simple.target)[: len(way)]
    return case.area.startswith("path ") and f"{{{case.area.removeprefix('path ')}}}" in way


def shares_state(contract: Contract) -> bool:
    """
    Whether a request may show what another one left behind.

    It does not where nothing is ever changed, nor where all that can be done is to make something new,
    and nothing speaks of what is there already.
    """
    checked = [one for one in contract.operations if not reason_not_checked(one)]
    changing = [one for one in checked if one.method not in SAFE]
    return bool(changing) and any(
        one.method != "POST"
        or "{" in one.path
        or _BY_OTHERS & {answer.status for answer in one.answers}
        for one in checked
    )
