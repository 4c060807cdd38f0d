"""Related documents: populated or not, they are compared by their ids."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from leadline_contracts.answered import replaced
from leadline_contracts.case import Case
from leadline_contracts.oracles import depth
from leadline_openapi.contract import MediaType
from leadline_openapi.schema import Library

_ID = "id"
_NAMES = frozenset(("sequence", "uuid"))
"""Values of `x-server-value` that name a document."""
_DEEPEST = 8


def unpopulated(value: Any, case: Case, media: MediaType) -> Any:
    """*value* with ids in the place of documents, where the depth leaves open which there are."""
    if media.schema is None or not media.relations or depth.asked(case) == 0:
        return value
    for relation in media.relations:
        name = next(_identities(media.schema.library, relation.pointer), _ID)
        value = replaced(value, relation.path, partial(_bare, name))
    return value


def _identities(library: Library, at: str, deep: int = 0) -> Iterator[str]:
    """The members that name the documents for which there is a place at *at*."""
    flat = library.flat((at,))
    if _ID in flat.properties:
        yield _ID
    for name, places in flat.properties.items():
        if library.flat(places).keywords.get("x-server-value") in _NAMES:
            yield name
    for branch in flat.branches if deep < _DEEPEST else ():
        yield from _identities(library, branch, deep + 1)


def _bare(name: str, value: Any) -> Any:
    """The id of a document, populated or not, as text: a document may write its own id as text."""
    found = value.get(name, value) if isinstance(value, dict) else value
    if isinstance(found, bool) or not isinstance(found, int | float):
        return found
    return str(int(found) if isinstance(found, float) and found.is_integer() else found)
