"""Answers without what two right servers may answer differently: the vocabulary says what that is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from leadline_contracts.answered import is_near, moment, replaced
from leadline_contracts.case import Case, Due, Exchange
from leadline_contracts.compare.documents import Documents
from leadline_contracts.compare.related import unpopulated
from leadline_contracts.judge import sent
from leadline_contracts.oracles.reading import MISSING, faulty, reach
from leadline_contracts.oracles.server_values import gives, names_one
from leadline_openapi import Operation, jsontext
from leadline_openapi.contract import MediaType, ServerValue
from leadline_openapi.expressions import evaluate
from leadline_openapi.flatten import Places
from leadline_openapi.leniency.faults import inside
from leadline_openapi.schema import Library

TEXT = "<text>"
"""Stands for a text that people read, and whose wording is no part of the contract."""
_FACTS = re.compile(r"\{(field|property|pointer|keyword|location)\}")
_WORDING = re.compile(r"\{(message|expected)\}")


class Normaliser:
    """
    Takes from one server's answers what is its own; remembers which ids were given.

    *side* is which of the two servers it is, to which *documents* are known.
    """

    def __init__(self, documents: Documents | None = None, side: int = 0) -> None:
        self.documents, self.side = documents or Documents(), side
        self._given: dict[str, set[str]] = {}

    def value(self, exchange: Exchange) -> Any:
        """The JSON of the answer *exchange*, normalised; what is not to be normalised is left as it is."""
        media = described(exchange)
        if not exchange.accepted:
            return _worded(exchange.value, media)
        if media is None:
            return exchange.value
        value = unpopulated(exchange.value, exchange.case, media)
        for one in media.server_values:
            given = self._is_given(exchange, media, one)
            value = replaced(
                value, one.path, partial(self._assigned, exchange, media, one, given=given)
            )
        return _without_blanks(value, exchange, media)

    def _is_given(self, exchange: Exchange, media: MediaType, one: ServerValue) -> bool:
        """Whether the answer gives *one*, and does not tell of what was there before."""
        if not gives(exchange.case.operation, exchange.status, one):
            return False
        return self.documents.makes(exchange.case) or not names_one(exchange, media)

    def _assigned(
        self, exchange: Exchange, media: MediaType, one: ServerValue, value: Any, *, given: bool
    ) -> Any:
        """
        What stands for a *value* that the server assigned; a wrong one stands for itself.

        Where it is not *given* now, it may be as old as it likes, and has been given before.
        """
        if value in (None, "") or _is_echo(exchange.case, media, one, value):
            return value
        if one.kind == "now":
            fine = is_near(value, exchange) if given else moment(value) is not None
            return "<now>" if fine else value
        text, kind = str(value), "a text" if isinstance(value, str) else "a number"
        if given:
            known = self._given.setdefault(one.pointer, set())
            told = "given before" if text in known else kind
            known.add(text)
            return f"<{one.kind}, {told}>"
        if text in own_ids(exchange.case):
            return f"<the id of the path, {kind}>"
        document = self.documents.find(self.side, exchange.case.operation, one, text)
        return f"<{one.kind}, {f'document {document.number}, ' if document else ''}{kind}>"


def own_ids(case: Case) -> tuple[str, ...]:
    """What the path of *case* holds for its parameters."""
    return tuple(text for texts in sent(case, "path").values() for text in texts)


def described(exchange: Exchange) -> MediaType | None:
    """
    How the contract describes the body of *exchange*.

    Where it has nothing for the status, the first answer that says the same (yes or no) is taken: a
    server that answers 201 in the place of 200 is compared to the end.
    """
    case = exchange.case
    if case.due is Due.NOWHERE and exchange.accepted:
        return None
    answer = case.operation.answer_for(exchange.status)
    kind = str(exchange.status)[0]
    found = [answer] if answer else []
    found += [one for one in case.operation.answers if one.status.startswith(kind)]
    medias = (one.body.for_type(exchange.media_type) for one in found)
    return next((media for media in medias if media is not None), None)


def source(expression: str, case: Case) -> Any:
    """What the runtime *expression* of an echo names in the request, or `MISSING`."""
    body = case.value if case.body and not case.malformed else MISSING
    return evaluate(expression, case.operation, partial(sent, case), body)


def echoed(exchange: Exchange) -> Iterator[tuple[tuple[str, ...], Any]]:
    """What was sent and is to be echoed, as it is compared, each with the path of its echo."""
    media = described(exchange)
    for echo in media.echoes if media else ():
        wanted = source(echo.expression, exchange.case)
        for key in reversed(echo.path):
            wanted = {key: wanted}
        if media is not None:
            yield echo.path, reach(unpopulated(wanted, exchange.case, media), echo.path)


def server_texts(operation: Operation, exchange: Exchange) -> set[str]:
    """The values in the answer that the server assigned, as text."""
    media = described(exchange) if exchange.is_json and operation.answers else None
    values = [reach(exchange.value, one.path) for one in media.server_values] if media else []
    return {str(one) for one in values if isinstance(one, str | int) and one != ""}


def _is_echo(case: Case, media: MediaType, one: ServerValue, value: Any) -> bool:
    """Whether *value* is what the caller sent for it."""
    if one.read_only:
        return False
    for echo in media.echoes:
        if one.path[: len(echo.path)] == echo.path:
            wanted = reach(source(echo.expression, case), one.path[len(echo.path) :])
            if wanted is not MISSING and jsontext.same(wanted, value):
                return True
    return False


def _without_blanks(value: Any, exchange: Exchange, media: MediaType) -> Any:
    """*value* without members that were not sent and come back as `null` or `[]`."""
    for echo in media.echoes:
        wanted = source(echo.expression, exchange.case)
        names = wanted if isinstance(wanted, dict) else {}

        def kept(given: Any, names: Any = names, path: tuple[str, ...] = echo.path) -> Any:
            if not isinstance(given, dict):
                return given
            return {
                name: one
                for name, one in given.items()
                if name in names
                or (one is not None and one != [])
                or faulty(exchange, (*path, name))
            }

        value = replaced(value, echo.path, kept)
    return value


def _worded(value: Any, media: MediaType | None) -> Any:
    """The refusal *value* with `TEXT` for every text of which the contract does not say what it is."""
    if media is None or media.schema is None:
        return _reworded(value, None, ())
    return _reworded(value, media.schema.library, (media.schema.pointer,))


def _reworded(value: Any, library: Library | None, places: Places) -> Any:
    if library and places:
        places = _chosen(library, places, value)

    def below(key: str) -> Places:
        return inside(library, places, key)[1] if library and places else ()

    if isinstance(value, dict):
        return {name: _reworded(one, library, below(name)) for name, one in value.items()}
    if isinstance(value, list):
        return [_reworded(one, library, below(str(at))) for at, one in enumerate(value)]
    if isinstance(value, str) and not (library and places and _told(library, places)):
        return TEXT
    return value


def _chosen(library: Library, places: Places, value: Any) -> Places:
    """*places* with the branch that *value* fits, where there are several."""
    branches = library.flat(places).branches
    return (
        (*places, *(at for at in branches if library.at(at).is_valid(value)))
        if branches
        else places
    )


def _told(library: Library, places: Places) -> bool:
    """Whether the schemas at *places* say which text it is."""
    words = library.flat(places).keywords
    template = str(words.get("x-violation", ""))
    facts = bool(_FACTS.search(template)) and not _WORDING.search(template)
    return facts or "const" in words or "enum" in words
