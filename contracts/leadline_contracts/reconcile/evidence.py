"""What was seen of one member of answers: where it differs, and wherever else the same schema is kept to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from leadline_contracts.case import Exchange
from leadline_contracts.compare.normalise import described
from leadline_contracts.oracles.reading import MISSING
from leadline_contracts.reconcile.places import Path
from leadline_contracts.reconcile.proposal import listed
from leadline_openapi.flatten import Places
from leadline_openapi.leniency.faults import inside, json_type
from leadline_openapi.schema import Library
from leadline_openapi.words import ITEMS

SURE = 3
"""So many answers make a rule."""
_STORED = frozenset(("GET", "HEAD"))
"""Methods that are answered with what is there, whoever put it there."""


@dataclass(slots=True)
class Seen:
    """The values of one member in the answers to one operation, `MISSING` where it is not there."""

    label: str
    given: list[tuple[Exchange, Any]] = field(default_factory=list)

    @property
    def there(self) -> list[tuple[Exchange, Any]]:
        """Those answers that have it."""
        return [(one, value) for one, value in self.given if value is not MISSING]

    @property
    def values(self) -> list[Any]:
        """What it is where it is there."""
        return [value for _, value in self.there]

    @property
    def types(self) -> set[str]:
        """The JSON types of those values."""
        return {json_type(value) for value in self.values}

    @property
    def presence(self) -> str:
        """How often it is there: `always`, `never`, or `not always`."""
        if not self.there:
            return "never"
        return "always" if len(self.there) == len(self.given) else "not always"

    @property
    def tells(self) -> bool:
        """
        Whether what is always so may be said of any answer.

        It may not of what was stored before, and not of one document, however often that was answered.
        """
        first = self.given[0][0].case.operation if self.given else None
        if first is None or first.method in _STORED:
            return False
        by_path = "{" in first.path
        asked = {
            one.case.target.partition("?")[0] if by_path else (one.case.target, one.case.body)
            for one, _ in self.there
        }
        return len(asked) >= SURE


class Evidence:
    """The members of all answers, by the property of the contract that they are."""

    def __init__(
        self, answers: Mapping[str, Sequence[Exchange]], real: Callable[[str], str]
    ) -> None:
        """*real* says where a schema really stands, references followed."""
        self._real = cache(real)
        self._members: dict[str, dict[tuple[str, Path], Seen]] = defaultdict(dict)
        self._objects: dict[str, dict[tuple[str, Path], list[tuple[Exchange, Any]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for exchanges in answers.values():
            for one in exchanges:
                media = described(one)
                if media is not None and media.schema is not None:
                    schema = media.schema
                    self._walk(one, one.value, schema.library, (schema.pointer,), ())

    def _walk(
        self, exchange: Exchange, value: Any, library: Library, places: Places, path: Path
    ) -> None:
        if isinstance(value, dict):
            self._note(exchange, value, library, places, path)
        for key, step, one in _within(value):
            inner = inside(library, places, key)[1] if isinstance(one, dict | list) else ()
            if inner:
                self._walk(exchange, one, library, inner, (*path, step))

    def _note(
        self,
        exchange: Exchange,
        value: dict[str, Any],
        library: Library,
        places: Places,
        path: Path,
    ) -> None:
        label, told = exchange.case.operation.label, library.flat(places)
        named = dict(told.properties)
        for name in value.keys() - named.keys() if told.branches else ():
            named[name] = inside(library, places, name)[1]
        for name, where in named.items():
            for at in where:
                seen = self._members[at].setdefault((label, (*path, name)), Seen(label))
                seen.given.append((exchange, value.get(name, MISSING)))
        for at in {self._real(place) for place in places}:
            self._objects[at][label, path].append((exchange, value))

    def others(self, label: str, path: Path, known: Places, holder: str) -> list[Seen]:
        """
        What was seen of the same member elsewhere than at *path* of the answers to *label*.

        That is the property at *known*; where the contract knows none, the member of what *holder* describes.
        """
        if known:
            found = self._members.get(known[0], {})
            return [seen for at, seen in found.items() if at != (label, path)]
        return [
            Seen(name, [(one, value.get(path[-1], MISSING)) for one, value in objects])
            for (name, at), objects in self._objects.get(holder, {}).items()
            if (name, at) != (label, path[:-1])
        ]


def _within(value: Any) -> Iterator[tuple[str, str, Any]]:
    """The members or items of *value*: under which key they are there, and in a path."""
    if isinstance(value, dict):
        yield from ((name, name, one) for name, one in value.items())
    elif isinstance(value, list):
        yield from ((str(number), ITEMS, one) for number, one in enumerate(value))


def apart(others: Sequence[Seen], alike: Callable[[Seen], bool]) -> str:
    """Which of *others* are not *alike*, in a sentence; empty where all of them are."""
    labels = list(dict.fromkeys(one.label for one in others if not alike(one)))
    if not labels:
        return ""
    return (
        f" The schema is that of {listed(labels)} too, where B does otherwise: said here, it would be said "
        "of that as well. Give each its own schema first."
    )
