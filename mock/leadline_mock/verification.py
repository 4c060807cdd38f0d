"""Was the mock called with …? And if not, what came closest, and how does it differ?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice, takewhile, zip_longest
from typing import Any

from leadline_mock.entries import Entry, split_path
from leadline_mock.pattern import Count, Pattern
from leadline_mock.redaction import Redaction
from leadline_openapi import pointer as pointers
from leadline_openapi.jsontext import same
from leadline_openapi.parameters import ABSENT
from leadline_openapi.violation import show

_NEAREST = 3
_COUNTED = 100
"""Differences between a request and a pattern that are looked for; more of them say no more."""
_SHOWN = 20
_LENGTH = 200
_ADDRESS = frozenset({"/operation", "/method", "/path"})


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a request is not what was *expected*; `ABSENT` stands for what is not, or must not be, there."""

    at: str
    expected: Any
    actual: Any

    def __str__(self) -> str:
        if self.expected is ABSENT:
            return f"{self.at}: expected nothing, not {show(self.actual, _LENGTH)}"
        actual = (
            "but it is absent" if self.actual is ABSENT else f"not {show(self.actual, _LENGTH)}"
        )
        return f"{self.at}: expected {show(self.expected, _LENGTH)}, {actual}"

    def as_json(self) -> dict[str, Any]:
        """The difference as JSON values; what is absent is left out."""
        told = {"at": self.at, "expected": self.expected, "actual": self.actual}
        return {name: value for name, value in told.items() if value is not ABSENT}


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A request that does not fit a pattern, and why."""

    request: Entry
    differences: tuple[Difference, ...]

    def __str__(self) -> str:
        lines = [_line(self.request), *(f"  {one}" for one in self.differences[:_SHOWN])]
        if more := self._more:
            lines.append(f"  and {more} more")
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """The near miss as JSON values."""
        told: dict[str, Any] = {
            "request": self.request.summary(),
            "differences": [one.as_json() for one in self.differences[:_SHOWN]],
        }
        return {**told, "more": self._more} if self._more else told

    @property
    def _more(self) -> int:
        return max(0, len(self.differences) - _SHOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """
    Whether as many requests as *expected* fit a pattern; *matched* are those that did.

    *nearest* are the requests that came closest, where too few fit.
    """

    expected: Count
    matched: tuple[Entry, ...]
    nearest: tuple[NearMiss, ...]

    @property
    def verified(self) -> bool:
        """Whether they are as many as expected."""
        return self.expected.admits(self.count)

    @property
    def count(self) -> int:
        """How many requests fit."""
        return len(self.matched)

    def __str__(self) -> str:
        noun = "request" if self.expected.least == 1 else "requests"
        lines = [f"expected {self.expected} {noun} like this, and there are {self.count or 'none'}"]
        if not self.verified:
            lines += map(_line, self.matched[:_SHOWN])
        if self.nearest:
            lines += ["the nearest, and how they differ:", *map(str, self.nearest)]
        elif self._few:
            lines.append("there are no other requests in the journal")
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """The verification as JSON values."""
        told: dict[str, Any] = {
            "verified": self.verified,
            "count": self.count,
            "expected": str(self.expected),
        }
        if self._few:
            told["nearest"] = [one.as_json() for one in self.nearest]
        elif not self.verified:
            told["matched"] = [one.summary() for one in self.matched[:_SHOWN]]
        return told

    @property
    def _few(self) -> bool:
        return self.count < self.expected.least


_HIDING_NOTHING_ELSE = Redaction()


def verify(
    entries: Iterable[Entry], pattern: Pattern, redaction: Redaction = _HIDING_NOTHING_ELSE
) -> Verification:
    """
    Hold *entries* against *pattern*; *redaction* is the one that was applied to them.

        print(verify(journal.entries(), pattern(body={"name": "Rex"}), journal.redaction))

    Raises `BadPattern` where the value of a credential is asked for.
    """
    asked = pattern.without(redaction)
    matched: list[Entry] = []
    missed: list[NearMiss] = []
    for entry in entries:
        differences = tuple(islice(_differences(asked, entry), _COUNTED))
        if differences:
            missed.append(NearMiss(entry, differences))
        else:
            matched.append(entry)
    few = len(matched) < asked.count.least
    nearest = nsmallest(_NEAREST, missed, key=_distance) if few else ()
    return Verification(expected=asked.count, matched=tuple(matched), nearest=tuple(nearest))


def _distance(miss: NearMiss) -> tuple[bool, int, float, int]:
    """Requests of the same run first, then those to the same place, then the most alike, then later ones."""
    places = [one.at for one in miss.differences]
    elsewhere = sum(at in _ADDRESS for at in places)
    weight = sum(_weight(one.expected, one.actual) for one in miss.differences)
    return "/run" in places, elsewhere, weight, -miss.request.id


def _weight(expected: Any, actual: Any) -> float:
    """How far *actual* is from *expected*: from 1 for texts that are nearly the same, upwards."""
    if isinstance(expected, str) and isinstance(actual, str):
        texts = [expected[:_LENGTH].casefold(), actual[:_LENGTH].casefold()]
        alike = sum(1 for _ in takewhile(_is_pair, zip(*texts, strict=False)))
        return 2 - alike / max(1, *map(len, texts))
    if isinstance(expected, int | float) and isinstance(actual, int | float):
        return 2
    return 3 * _leaves(expected)


def _is_pair(both: tuple[str, str]) -> bool:
    return both[0] == both[1]


def _leaves(value: Any) -> int:
    """How many values that hold no others are in *value*, which is one at least."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return max(1, sum(map(_leaves, inside)))


def _line(entry: Entry) -> str:
    return f"#{entry.id} {entry.method} {entry.path} → {entry.status}"


def _differences(asked: Pattern, entry: Entry) -> Iterator[Difference]:
    known = (None, entry.operation, entry.label)
    if asked.operation not in known:
        yield Difference("/operation", asked.operation, entry.operation)
    yield from _plain(asked, entry)
    if asked.path is not None:
        sent = split_path(asked.path)
        if sent not in (split_path(entry.path), entry.local_path):
            yield Difference("/path", asked.path, entry.path)
    yield from _query(asked.query, entry.query)
    yield from _headers(asked.headers, entry.headers)
    yield from _body(asked, entry)


def _plain(asked: Pattern, entry: Entry) -> Iterator[Difference]:
    for name, expected, actual in (
        ("method", asked.method, entry.method),
        ("status", asked.status, entry.status),
        ("run", asked.run, entry.run),
        ("violations", asked.violations, bool(entry.violations or entry.more_violations)),
    ):
        if expected is not None and expected != actual:
            yield Difference(f"/{name}", expected, actual)


def _query(
    asked: Mapping[str, Sequence[str]], sent: Mapping[str, Sequence[str]]
) -> Iterator[Difference]:
    for name, values in asked.items():
        actual = sent.get(name, ())
        if tuple(values) != tuple(actual):
            at = pointers.pointer(("query", name))
            yield Difference(at, _one_or_all(values), _one_or_all(actual))


def _one_or_all(values: Sequence[str]) -> Any:
    """One value as it is, several as a list."""
    if not values:
        return ABSENT
    return values[0] if len(values) == 1 else list(values)


def _headers(asked: Mapping[str, str], sent: Mapping[str, str]) -> Iterator[Difference]:
    known = {name.lower(): value for name, value in sent.items()}
    for name, value in asked.items():
        actual = known.get(name, ABSENT)
        if actual != value:
            yield Difference(pointers.pointer(("headers", name)), value, actual)


def _body(asked: Pattern, entry: Entry) -> Iterator[Difference]:
    body = entry.body if entry.size else ABSENT
    if asked.body is not ABSENT:
        yield from _compared(asked.body, body, "/body", exact=asked.exact)
    for at in asked.absent:
        actual = _found(body, at)
        if actual is not ABSENT:
            yield Difference(f"/body{at}", ABSENT, actual)


def _found(body: Any, at: str) -> Any:
    try:
        return pointers.find(body, at)
    except LookupError:
        return ABSENT


def _compared(expected: Any, actual: Any, at: str, *, exact: bool) -> Iterator[Difference]:
    """What differs, as deep inside as can be; further members of objects only where *exact*."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        pairs = _members(expected, actual, exact=exact)
    elif isinstance(expected, list) and isinstance(actual, list):
        both = enumerate(zip_longest(expected, actual, fillvalue=ABSENT))
        pairs = ((str(index), *pair) for index, pair in both)
    else:
        if not same(expected, actual):
            yield Difference(at, expected, actual)
        return
    for name, inner, found in pairs:
        yield from _compared(inner, found, f"{at}/{pointers.escape(name)}", exact=exact)


def _members(
    expected: Mapping[str, Any], actual: Mapping[str, Any], *, exact: bool
) -> Iterator[tuple[str, Any, Any]]:
    for name, value in expected.items():
        yield name, value, actual.get(name, ABSENT)
    for name, value in actual.items() if exact else ():
        if name not in expected:
            yield name, ABSENT, value
