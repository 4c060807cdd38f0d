"""The body of an error answer: violations in the shape that a schema asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from weakref import WeakKeyDictionary

from leadline_mock.documented import sampled_or_none
from leadline_openapi import pointer as pointers
from leadline_openapi.contract import MediaType
from leadline_openapi.flatten import Flat, Places
from leadline_openapi.schema import Library, Schema
from leadline_openapi.violation import Violation

PROBLEM = "application/problem+json"
FACTS = ("location", "field", "pointer", "keyword", "expected")
"""What is told of a violation besides its message, by the names of its members."""

_NOTHING = object()
_WORD = re.compile(rf"\{{(message|property|words|{'|'.join(FACTS)})\}}")
_INDEX = re.compile(r"\[\d+\]")
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[\s_.-]+")
_TEXTS = frozenset({"message", "detail", "error", "description", "error_description"})
_STATUSES = frozenset({"status", "statusCode", "status_code", "code"})


def problem(
    status: int, violations: Sequence[Violation], facts: Sequence[str] = FACTS
) -> dict[str, Any]:
    """
    A body after RFC 9457, for a status that the contract documents no body for.

    Each item of its `errors` has *facts*, as far as they are known.
    """
    return {
        "type": "about:blank",
        "title": _title(status),
        "status": status,
        "detail": _sentence(violations),
        "errors": [_item(violation, facts) for violation in violations],
    }


def _item(violation: Violation, facts: Sequence[str]) -> dict[str, str]:
    known = {name: str(getattr(violation, name)) for name in facts}
    told = {name: fact for name, fact in known.items() if fact or name == "pointer"}
    return {"detail": violation.message, **told}


def _title(status: int) -> str:
    """The reason phrase of *status*; an unknown one counts as the x00 of its class (RFC 9110 section 15)."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return HTTPStatus(status // 100 * 100).phrase


def error_body(media: MediaType, status: int, violations: Sequence[Violation]) -> Any:
    """
    A body for *media* that tells *violations* as well as its schema lets it.

    First by the words `x-violation` in the schema; else after RFC 9457 if that is the media type; else
    the documented example, or a value of the schema, with the obvious members (`message`, `status`)
    set.
    """
    for candidate in _candidates(media, status, violations):
        if media.schema is None or media.schema.is_valid(candidate):
            return candidate
    return problem(status, violations)


def _candidates(media: MediaType, status: int, violations: Sequence[Violation]) -> Iterator[Any]:
    if media.schema is not None:
        filled = _Filler(media.schema.library, status, violations).fill((media.schema.pointer,))
        if filled is not _NOTHING:
            yield filled
    if media.name.partition(";")[0].strip().lower() == PROBLEM:
        yield problem(status, violations)
        yield problem(status, violations, ("pointer",))  # as RFC 9457 itself shows it, section 3
    plain = list(media.examples.values())[:1]
    if media.schema is not None:
        plain += [sampled_or_none(media.schema, full=full) for full in (True, False)]
    sentence = _sentence(violations)
    yield from (_speak(value, status, sentence) for value in plain)
    yield from plain


def _sentence(violations: Sequence[Violation]) -> str:
    return "; ".join(violation.message for violation in violations)


def _speak(value: Any, status: int, sentence: str, name: str = "") -> Any:
    """*value*, with *status* and *sentence* where members are called as if they held them."""
    if isinstance(value, dict):
        return {name: _speak(member, status, sentence, name) for name, member in value.items()}
    if isinstance(value, list):
        return [_speak(item, status, sentence) for item in value[:1]]
    if isinstance(value, str) and name in _TEXTS:
        return sentence
    number = isinstance(value, int) and not isinstance(value, bool)
    return status if number and name in _STATUSES else value


class _Filler:
    """
    Builds a value from a schema whose strings say, by `x-violation`, what goes where.

    The array nearest to the words has one item for each violation; arrays further out, and what is in
    no array, tell all of them at once.
    """

    def __init__(self, library: Library, status: int, violations: Sequence[Violation]) -> None:
        self._library = library
        self._status = status
        self._violations = violations

    def fill(
        self,
        places: Places,
        told: Sequence[Violation] | None = None,
        seen: frozenset[Places] = frozenset(),
    ) -> Any:
        """The value for the schemas at *places*, or `_NOTHING` where no word of ours is in them."""
        targets = _targets(self._library, places)
        if targets in seen:
            return _NOTHING
        told = self._violations if told is None else told
        seen = seen | {targets}
        flat = self._library.flat(places)
        if "x-violation" in flat.keywords:
            return _format(flat.keywords["x-violation"], told)
        if flat.properties:
            return self._object(flat, told, seen)
        if flat.items:
            return self._array(flat.items, told, seen)
        return self._branch(flat.branches, told, seen)

    def _branch(self, branches: Places, told: Sequence[Violation], seen: frozenset[Places]) -> Any:
        """The first of *branches* that what there is to tell makes valid, else the first that has words."""
        inner = ((at, self.fill((at,), told, seen)) for at in branches)
        filled = [(at, value) for at, value in inner if value is not _NOTHING]
        fitting = (value for at, value in filled if self._library.at(at).is_valid(value))
        return next(fitting, filled[0][1] if filled else _NOTHING)

    def _object(self, flat: Flat, told: Sequence[Violation], seen: frozenset[Places]) -> Any:
        required = flat.keywords.get("required", ())
        made = {name: self.fill(at, told, seen) for name, at in flat.properties.items()}
        if all(value is _NOTHING for value in made.values()):
            return _NOTHING
        for name, at in flat.properties.items():
            if made[name] is _NOTHING and name in required:
                value = sampled_or_none(Schema(at[0], self._library), full=False)
                made[name] = _speak(value, self._status, _sentence(told), name)
        return {
            name: value
            for name, value in made.items()
            if value is not _NOTHING and (value != "" or name in required)
        }

    def _array(self, items: Places, told: Sequence[Violation], seen: frozenset[Places]) -> Any:
        known = _arrays.setdefault(self._library, {})
        if (items, seen) not in known:
            known[items, seen] = self._has_array(items, seen)
        groups = [told] if known[items, seen] else self._singly(items, told)
        made = [self.fill(items, group, seen) for group in groups]
        return _NOTHING if any(item is _NOTHING for item in made) else made

    def _singly(self, items: Places, told: Sequence[Violation]) -> list[list[Violation]]:
        """Each of *told* alone; where *items* tell properties, but not their parts, one of each property."""
        words = set(_WORD.findall(" ".join(_templates(self._library, items, frozenset()))))
        if not words & {"property", "words"} or words & {"field", "pointer"}:
            return [[one] for one in told]
        first: dict[str, Violation] = {}
        for one in told:
            first.setdefault(_property(one), one)
        return [[one] for one in first.values()]

    def _has_array(self, places: Places, seen: frozenset[Places]) -> bool:
        """Whether there are words in an array below *places*."""
        targets = _targets(self._library, places)
        if targets in seen:
            return False
        flat = self._library.flat(places)
        seen = seen | {targets}
        if flat.items and self.fill(flat.items, None, seen) is not _NOTHING:
            return True
        inner = (*flat.properties.values(), *((branch,) for branch in flat.branches))
        return any(self._has_array(at, seen) for at in inner)


_arrays: WeakKeyDictionary[Library, dict[tuple[Places, frozenset[Places]], bool]]
_arrays = WeakKeyDictionary()
_known: WeakKeyDictionary[Library, dict[Places, Places]] = WeakKeyDictionary()


def _targets(library: Library, places: Places) -> Places:
    """*places* with references followed: what a schema that contains itself comes back to."""
    known = _known.setdefault(library, {})
    if places not in known:
        known[places] = tuple(_target(library, at, frozenset()) for at in places)
    return known[places]


def _target(library: Library, at: str, seen: frozenset[str]) -> str:
    schema = pointers.find(library.document, at)
    reference = schema.get("$ref") if isinstance(schema, dict) else None
    if not isinstance(reference, str) or at in seen:
        return at
    return _target(library, reference[1:], seen | {at})


def _templates(library: Library, places: Places, seen: frozenset[Places]) -> Iterator[str]:
    """Every `x-violation` below *places*."""
    targets = _targets(library, places)
    if targets in seen:
        return
    flat = library.flat(places)
    if "x-violation" in flat.keywords:
        yield flat.keywords["x-violation"]
    inner = (*flat.properties.values(), flat.items, *((branch,) for branch in flat.branches))
    for at in inner:
        if at:
            yield from _templates(library, at, seen | {targets})


def _format(template: str, told: Sequence[Violation]) -> str:
    """
    *template* with its words replaced.

    Of several violations, `{property}` and `{words}` tell every one, another fact what all have in common.
    """
    facts: Mapping[str, str] = {
        name: next(iter(values)) if len(values) == 1 else ""
        for name in FACTS
        if (values := {getattr(one, name) for one in told})
    }
    properties = list(dict.fromkeys(map(_property, told)))
    more = {
        "message": _sentence(told),
        "property": ", ".join(properties),
        "words": ", ".join(map(_in_words, properties)),
    }
    return _WORD.sub(lambda word: {**facts, **more}[word[1]], template)


def _property(violation: Violation) -> str:
    """The property, parameter or header at fault, without the place inside a list."""
    return _INDEX.sub("", violation.field)


def _in_words(name: str) -> str:
    """`timeToPurchase` as `Time To Purchase`."""
    parts = [part for part in _CAPITAL.split(name) if part]
    return " ".join(part[0].upper() + part[1:] for part in parts)
