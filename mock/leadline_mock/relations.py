"""`x-relation`: ids, and above depth 0 the documents that they name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any
from weakref import WeakKeyDictionary

from leadline_mock import documented
from leadline_mock.caching import forgettable
from leadline_mock.dynamic import Maker
from leadline_mock.messages import Request
from leadline_mock.trees import EVERYWHERE, Path, put
from leadline_openapi import jsontext
from leadline_openapi.contract import MediaType, Operation, Relation
from leadline_openapi.jsontext import NotJson
from leadline_openapi.parameters import ABSENT
from leadline_openapi.sample import NoSample
from leadline_openapi.schema import Library, Schema
from leadline_openapi.words import Annotations, Finder, Overgrown

DEPTH = "depth"
"""The query parameter that says how deep relations are populated."""
DEEPEST = 10
MOST = 1000
"""How many documents one answer holds at most in place of ids; what is nearer to the top goes first."""

_ID = "id"
_SHALLOW = 2
"""Levels down to which an answer is made at once."""


def depth(operation: Operation, request: Request) -> int | None:
    """
    How many levels *request* asks to be populated, from 0 to `DEEPEST`.

    Where it does not say, the default of the parameter counts; `None` where there is none either.
    """
    for parameter in operation.parameters:
        if parameter.name == DEPTH and parameter.location == "query":
            break
    else:
        return None
    value = ABSENT
    if request.query:
        with suppress(NotJson):
            value = parameter.read(request.sent("query"))
    if value is ABSENT:
        value = parameter.default
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return max(0, min(DEEPEST, int(value)))


def is_deep(operation: Operation, request: Request) -> bool:
    """Whether the answer to *request* may hold so many documents that others should not wait for it."""
    media = documented.representation(documented.success(operation))
    levels = depth(operation, request) if media is not None and media.relations else None
    return levels is not None and levels > _SHALLOW


def asked(operation: Operation, media: MediaType, request: Request) -> int | None:
    """As `depth`; `None` also where the plain answer is right, because there are ids alone in it."""
    levels = depth(operation, request)
    return None if levels == 0 and not _shows_documents(media) else levels


def _shows_documents(media: MediaType) -> bool:
    """Whether what *media* gives as an example holds documents in place of ids."""
    if media.schema is None:
        return False
    if media.schema not in _shown:
        example = documented.example(media)
        plain = bare(example, media.relations, media.schema.library)
        _shown[media.schema] = not jsontext.same(example, plain)
    return _shown[media.schema]


_shown: WeakKeyDictionary[Schema, bool] = WeakKeyDictionary()


def populated(
    value: Any, relations: Sequence[Relation], library: Library, levels: int, stubs: Stubs
) -> Any:
    """
    A copy of *value* with documents in place of the ids that stand at *relations*, *levels* deep.

    An id stays where its schema has no place for a document, where it does not fit there, and where the
    same document is already on the way down to it.
    """
    work = _Populating(library, stubs)
    made = work.level(value, relations, frozenset())
    for _ in range(levels - 1):
        work.descend()
    return made


def bare(value: Any, relations: Sequence[Relation], library: Library) -> Any:
    """A copy of *value* with ids in place of the documents that stand at *relations*."""
    for relation in relations:
        value = put(value, relation.path, partial(_reduced, library, relation), EVERYWHERE)
    return value


def _reduced(library: Library, relation: Relation, _at: Path, old: Any) -> Any:
    for branch in _documents(library, relation.pointer) if isinstance(old, dict) else ():
        name = _identity(library, branch)
        for identity in _spellings(old[name]) if name in old else ():
            if library.at(relation.pointer).is_valid(identity):
                return identity
    return old


@dataclass(frozen=True, slots=True)
class Stubs:
    """Documents that stand for ids: for the same *seed*, *locale*, collection and id the same one."""

    seed: int
    locale: str = ""

    def make(self, library: Library, branch: str, collection: str, identity: Any) -> Any:
        """
        The document for the schema at *branch*, not to be changed.

        Raises `NoSample` where *identity* does not fit it.
        """
        return _stub(
            library,
            branch,
            f"{self.seed} {collection} {_canonical(identity)}",
            self.locale,
            identity,
        )


@forgettable
@lru_cache(maxsize=4096, typed=True)
def _stub(library: Library, branch: str, seed: str, locale: str, identity: Any) -> Any:
    name = _identity(library, branch)
    places = library.flat((branch,)).properties.get(name, ())
    for spelling in _spellings(identity):
        if all(library.at(place).is_valid(spelling) for place in places):
            return Maker(library, seed, locale).make(branch, {name: spelling})
    raise NoSample(f"the id does not fit the schema at {branch}")


_Way = frozenset[tuple[str, str]]
"""Collection and id of each document from the top of an answer down to a place in it."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A document that has just been placed: it may hold ids itself."""

    document: dict[str, Any]
    branch: str
    way: _Way


@dataclass(slots=True)
class _Populating:
    """Populates one answer, level by level."""

    library: Library
    stubs: Stubs
    left: int = MOST
    placed: list[_Placed] = field(default_factory=list)

    def level(self, value: Any, relations: Sequence[Relation], way: _Way) -> Any:
        """*value* with its own ids populated."""
        for relation in relations:
            value = put(value, relation.path, partial(self._place, relation, way), EVERYWHERE)
        return value

    def descend(self) -> None:
        """Populate the documents of the last level."""
        last, self.placed = self.placed, []
        for one in last:
            relations = _words(self.library, one.branch).relations
            one.document.update(self.level(one.document, relations, one.way))

    def _place(self, relation: Relation, way: _Way, _at: Path, old: Any) -> Any:
        """The document for the id *old*, or *old* itself."""
        if not isinstance(old, str | int | float) or isinstance(old, bool) or self.left == 0:
            return old
        key = (relation.collection, _canonical(old))
        if key in way:
            return old
        for branch in _documents(self.library, relation.pointer):
            with suppress(NoSample):
                document = dict(self.stubs.make(self.library, branch, relation.collection, old))
                self.left -= 1
                self.placed.append(_Placed(document, branch, way | {key}))
                return document
        return old


def _canonical(identity: Any) -> str:
    """*identity* as text that is the same for the same JSON value."""
    whole = isinstance(identity, float) and identity.is_integer()
    return str(int(identity) if whole else identity)


def _spellings(identity: Any) -> Iterator[Any]:
    """*identity*, and how a document may write it: a number as text, or the other way round."""
    yield identity
    if isinstance(identity, str):
        with suppress(ValueError):
            if str(int(identity)) == identity:
                yield int(identity)
    else:
        yield str(identity)


def _identity(library: Library, branch: str) -> str:
    """The name of the member that identifies a document of the schema at *branch*."""
    if _ID in library.flat((branch,)).properties:
        return _ID
    assigned = (
        one.path[0]
        for one in _words(library, branch).server_values
        if len(one.path) == 1 and one.kind in {"sequence", "uuid"}
    )
    return next(assigned, _ID)


def _documents(library: Library, at: str, depth: int = 0) -> Iterator[str]:
    """The schemas of related documents: the branches of the one at *at* that take an object, or it itself."""
    branches = library.flat((at,)).branches
    if branches and depth < DEEPEST:
        for branch in branches:
            yield from _documents(library, branch, depth + 1)
    elif "object" in library.flat((at,)).types:
        yield at


_finders: WeakKeyDictionary[Library, tuple[Finder, dict[str, Annotations]]] = WeakKeyDictionary()


def _words(library: Library, at: str) -> Annotations:
    """The words in the schema at *at*; none where they are too entangled to be found."""
    if library not in _finders:
        _finders[library] = (Finder(library.document), {})
    finder, known = _finders[library]
    if at not in known:
        try:
            known[at] = finder.find(at)
        except Overgrown:
            known[at] = Annotations()
    return known[at]
