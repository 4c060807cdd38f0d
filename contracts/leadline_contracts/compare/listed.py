"""Lists of documents: those of two servers are laid side by side document by document, not place by place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from leadline_contracts.answered import replaced
from leadline_contracts.case import Exchange
from leadline_contracts.compare.documents import Documents
from leadline_contracts.compare.normalise import described
from leadline_contracts.compare.values import NUMBER, ORDER, Path, Unlike
from leadline_contracts.oracles.reading import reach
from leadline_openapi.contract import ServerValue
from leadline_openapi.words import ITEMS


@dataclass(frozen=True, slots=True)
class Item:
    """
    An item of a list: the number of the document, where it *is_known*, or what the server calls it.

    What *is_out* differs for a reason that was told before.
    """

    name: str
    is_known: bool
    is_out: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """The *items* of a list; *drifted* says that the other server is known to hold other documents."""

    items: tuple[Item, ...]
    drifted: bool


Lists = dict[Path, Listed]
"""The lists of an answer, by their path."""


def listed(exchange: Exchange, documents: Documents, side: int) -> Lists:
    """The lists in the answer *exchange* of one *side* whose items have names that the server gave."""
    media = described(exchange) if exchange.accepted and exchange.is_json else None
    found: Lists = {}
    for one in media.server_values if media else ():
        if one.kind == "now" or one.path.count(ITEMS) != 1:
            continue
        at = one.path.index(ITEMS)
        items = reach(exchange.value, one.path[:at])
        if isinstance(items, list) and one.path[:at] not in found:
            names = (reach(item, one.path[at + 1 :]) for item in items)
            found[one.path[:at]] = Listed(
                tuple(_item(exchange, documents, side, one, name) for name in names),
                documents.have_drifted(exchange.case.operation, one),
            )
    return found


def _item(exchange: Exchange, documents: Documents, side: int, one: ServerValue, name: Any) -> Item:
    document = documents.find(side, exchange.case.operation, one, str(name))
    if document is None:
        return Item(str(name), is_known=False, is_out=False)
    return Item(str(document.number), is_known=True, is_out=documents.is_out(document))


def aligned(
    values: tuple[Any, Any], lists: tuple[Lists, Lists]
) -> tuple[tuple[Any, Any], list[Unlike]]:
    """*values* with the same documents in the same places of their lists, and what is unlike in those."""
    found: list[Unlike] = []
    left, right = values
    for path, one in lists[0].items():
        other = lists[1].get(path)
        mine, its = reach(left, path), reach(right, path)
        places = _places(one, other) if other else None
        if places is None:
            continue  # a list that holds one document twice is compared place by place
        found += _unlike(path, mine, its, *places)
        common = [name for name in places[0] if name in places[1]]
        left = replaced(left, path, _these(mine, places[0], common))
        right = replaced(right, path, _these(its, places[1], common))
    return (left, right), found


_Name = tuple[str, str]
_Places = dict[_Name, int]
"""The places of documents in a list, in its order."""


def _places(left: Listed, right: Listed) -> tuple[_Places, _Places] | None:
    """Which documents are where; those that are older than the run go by their name, or by their number."""
    shared = _old(left) & _old(right)
    drifted = left.drifted or right.drifted
    found: list[_Places] = []
    for one in (left, right):
        places: _Places = {}
        unshared = 0
        for at, item in enumerate(one.items):
            name = ("document" if item.is_known else "old", item.name)
            if not item.is_known and item.name not in shared:
                name, unshared = ("unshared", str(unshared)), unshared + 1
            if name in places:
                return None
            if not item.is_out and not (drifted and name[0] == "unshared"):
                places[name] = at
        found.append(places)
    mine, its = found
    if drifted:  # what comes after one that is missing moves up, and on to this page
        common = mine.keys() & its.keys()
        mine, its = ({name: at for name, at in one.items() if name in common} for one in found)
    return mine, its


def _old(listed: Listed) -> set[str]:
    return {one.name for one in listed.items if not one.is_known}


def _these(items: list[Any], places: _Places, names: Sequence[_Name]) -> Callable[[Any], list[Any]]:
    return lambda _: [items[places[name]] for name in names]


def _unlike(
    path: Path, left: list[Any], right: list[Any], mine: _Places, its: _Places
) -> Iterator[Unlike]:
    """How the lists *left* and *right* differ as lists."""
    if len(mine) != len(its):
        yield Unlike(path, NUMBER, of_shape=True, left=left, right=right)
    elif mine.keys() != its.keys():
        yield Unlike(path, "other documents", of_shape=False, left=left, right=right)
    elif list(mine) != list(its):
        yield Unlike(path, ORDER, of_shape=False, left=left, right=right)
