"""`x-echo`: does what was sent come back, and does nothing come back that was not sent?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from leadline_contracts.case import Breach, Case, Exchange
from leadline_contracts.judge import sent
from leadline_contracts.oracles.memory import Memory
from leadline_contracts.oracles.reading import MISSING, accepted, faulty, reach
from leadline_openapi import jsontext
from leadline_openapi.contract import Echo, MediaType
from leadline_openapi.expressions import evaluate
from leadline_openapi.violation import show
from leadline_openapi.words import ITEMS

_TELLING = frozenset((str, int, float, list, dict))


def check(exchange: Exchange, memory: Memory) -> Iterator[Breach]:  # noqa: ARG001
    """The echo of an accepted request."""
    media = accepted(exchange)
    if media is None:
        return
    for echo in media.echoes:
        wanted = _source(echo.expression, exchange.case)
        given = reach(exchange.value, echo.path)
        if wanted is MISSING or given is MISSING:
            continue  # nothing to echo, or the schema has said that it is missing
        if not isinstance(wanted, dict) or not isinstance(given, dict):
            if not faulty(exchange, echo.path) and not _Comparison(media).same(
                wanted, given, echo.path
            ):
                yield _breach(echo.pointer, "the value", wanted, given)
            continue
        differing = {
            name: pair
            for name, pair in _differences(echo, media, wanted, given)
            if not faulty(exchange, (*echo.path, name))
        }
        yield from _told(echo, media, differing)


def _source(expression: str, case: Case) -> Any:
    """What the runtime expression names in the request; without a body, nothing was sent in it."""
    body = case.value if case.body else {}
    return evaluate(expression, case.operation, partial(sent, case), body)


def _differences(
    echo: Echo, media: MediaType, wanted: Mapping[str, Any], given: Mapping[str, Any]
) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """The members that do not come back as they were sent: what was sent, what came back."""
    comparison = _Comparison(media)
    assigned = {value.path for value in media.server_values}
    read_only = {value.path for value in media.server_values if value.read_only}
    for name, value in wanted.items():
        path = (*echo.path, name)
        back = given.get(name, MISSING)
        if path not in read_only and not comparison.same(value, back, path):
            yield name, (value, comparison.bare(back, path))
    rules = _member_rules(media, echo)
    for name, back in given.items():
        unsent = name in rules and name not in wanted and (*echo.path, name) not in assigned
        if unsent and back is not None and back != [] and not _is_read_only(media, rules[name]):
            yield name, (MISSING, back)


def _is_read_only(media: MediaType, at: str) -> bool:
    """Whether the member whose schema is *at* is the server's own: callers cannot send it."""
    return (
        media.schema is not None
        and media.schema.library.flat((at,)).keywords.get("readOnly") is True
    )


def _told(
    echo: Echo, media: MediaType, differing: Mapping[str, tuple[Any, Any]]
) -> Iterator[Breach]:
    """A breach for each member of *differing*, but one for two members that are mixed up."""
    rules = _member_rules(media, echo)
    done: set[str] = set()
    for name, (wanted, given) in differing.items():
        if name in done:
            continue
        other = _partner(name, differing)
        if other is not None:
            done |= {name, other}
            first, second = sorted((name, other), key=lambda one: [*rules, one].index(one))
            who = f"`{first}` and `{second}` are mixed up: `{name}`"
            yield _breach(rules.get(first, echo.pointer), who, wanted, given)
        else:
            yield _breach(rules.get(name, echo.pointer), f"`{name}`", wanted, given)


def _partner(name: str, differing: Mapping[str, tuple[Any, Any]]) -> str | None:
    """The member that holds what *name* should hold, and the other way round."""
    wanted, given = differing[name]
    if type(wanted) not in _TELLING and type(given) not in _TELLING:
        return None
    for other, (its_wanted, its_given) in differing.items():
        if other != name and _equal(wanted, its_given) and _equal(given, its_wanted):
            return other
    return None


def _equal(left: Any, right: Any) -> bool:
    if left is MISSING or right is MISSING:
        return left is right
    return jsontext.same(left, right)


def _member_rules(media: MediaType, echo: Echo) -> dict[str, str]:
    """The documented members at the echo, each with the pointer of its schema."""
    if media.schema is None:
        return {}
    told = media.schema.library.flat((echo.pointer,))
    return {name: places[0] for name, places in told.properties.items()}


@dataclass(frozen=True, slots=True)
class _Comparison:
    """JSON equality, but that a populated document of a relation stands for its id."""

    media: MediaType

    def same(self, wanted: Any, given: Any, path: tuple[str, ...]) -> bool:
        if given is MISSING:
            return False
        if isinstance(given, dict) and not isinstance(wanted, dict) and self._relates(path):
            # A document may write its own id as text while a relation holds it as a number.
            its_id = given.get("id")
            return jsontext.same(wanted, its_id) or str(wanted) == str(its_id)
        if isinstance(wanted, list) and isinstance(given, list):
            inner = (*path, ITEMS)
            return len(wanted) == len(given) and all(
                self.same(one, other, inner) for one, other in zip(wanted, given, strict=True)
            )
        if isinstance(wanted, dict) and isinstance(given, dict):
            return wanted.keys() == given.keys() and all(
                self.same(wanted[name], given[name], (*path, name)) for name in wanted
            )
        return jsontext.alike(wanted, given)

    def bare(self, given: Any, path: tuple[str, ...]) -> Any:
        """*given* with ids in place of populated documents: a list that is out of order shows so."""
        if isinstance(given, list):
            return [self.bare(item, (*path, ITEMS)) for item in given]
        is_document = isinstance(given, dict) and "id" in given and self._relates(path)
        return given["id"] if is_document else given

    def _relates(self, path: tuple[str, ...]) -> bool:
        return any(relation.path == path for relation in self.media.relations)


def _breach(rule: str, who: str, wanted: Any, given: Any) -> Breach:
    kind = _kind(wanted, given)
    return Breach(
        rule="echo",
        pointer=rule,
        message=f"{who} {kind}",
        expected="nothing, null or []" if wanted is MISSING else show(wanted),
        actual="nothing" if given is MISSING else show(given),
        kind=kind,
    )


def _kind(wanted: Any, given: Any) -> str:
    """In what way *given* is not *wanted*."""
    if wanted is MISSING:
        return "was not sent and comes back with a value"
    if given is MISSING:
        return "was sent and does not come back"
    if given is None:
        return "comes back as null"
    if isinstance(wanted, list) and isinstance(given, list):
        return _kind_of_array(wanted, given)
    if isinstance(wanted, str) and isinstance(given, str):
        return _kind_of_text(wanted, given)
    numbers = isinstance(wanted, int | float) and isinstance(given, int | float)
    if type(wanted) is not type(given) and not numbers:
        return "comes back as another type"
    return "comes back changed"


def _kind_of_array(wanted: list[Any], given: list[Any]) -> str:
    sent_texts, texts = ([show(one, 10_000) for one in items] for items in (wanted, given))
    if sorted(sent_texts) == sorted(texts):
        return "comes back in another order"
    if set(sent_texts) == set(texts):
        return "comes back with duplicates lost" if len(texts) < len(sent_texts) else "is doubled"
    return "comes back with items lost" if len(texts) < len(sent_texts) else "comes back changed"


def _kind_of_text(wanted: str, given: str) -> str:
    if wanted.strip() == given:
        return "comes back trimmed"
    if wanted.casefold() == given.casefold():
        return "comes back in another case"
    if given and wanted.startswith(given):
        return "comes back cut off"
    if unicodedata.normalize("NFC", wanted) == unicodedata.normalize("NFC", given):
        return "comes back normalised"
    return "comes back changed"
