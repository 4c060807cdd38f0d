"""Compare what a schema says that no validator checks: who sends a member, what is assumed, our own words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from leadline_openapi import jsontext
from leadline_openapi.diff.change import Verdict
from leadline_openapi.diff.deprecation import day, has_come
from leadline_openapi.diff.difference import Difference
from leadline_openapi.diff.facing import NEW, OLD
from leadline_openapi.diff.view import View
from leadline_openapi.diff.walk import Pair

B: Verdict = "breaking"
N: Verdict = "non-breaking"
NONE: Verdict = "none"

Sides = tuple[Verdict, Verdict]
"""The verdict for what a caller sends, and for what a caller reads."""


def _fixed(added: Sides, removed: Sides, changed: Sides) -> Callable[[str], Sides]:
    return {"added": added, "removed": removed, "changed": changed}.__getitem__


_PROMISE = _fixed((N, N), (N, B), (N, B))
"""The server promises something of its answers; whoever relies on it must not lose it."""

_WORDS: Mapping[str, tuple[str, Callable[[str], Sides]]] = {
    # "expected to be ignored or rejected by the owning authority" (Validation 2020-12 section 9.4)
    "readOnly": ("read-only", _fixed((B, N), (N, N), (N, N))),
    "writeOnly": ("write-only", _fixed((N, N), (N, N), (N, N))),
    # What the receiver assumes where nothing is sent (OAS 3.1.1 section 4.8.24.1)
    "default": ("default", _fixed((N, N), (B, N), (B, N))),
    # What is encoded in a text: whoever reads it knows only what was named (Validation section 8.4)
    "contentMediaType": ("content-media-type", _fixed((B, N), (N, B), (B, B))),
    "x-echo": ("echo", _PROMISE),
    "x-server-value": ("server-value", _PROMISE),
    "x-localized": ("localized", _PROMISE),
    "x-relation": ("relation", _fixed((N, N), (N, B), (B, B))),
    "x-leniency": ("leniency", _fixed((N, N), (N, N), (N, N))),
    "x-violation": ("violation", _fixed((NONE, NONE), (NONE, NONE), (NONE, NONE))),
}
_ANY_BYTES = ("contentMediaType", "application/octet-stream")
"""What says nothing of the bytes; OpenAPI 3.0 says it by `format: binary`, which limits nothing."""
_TEXTS = ("title", "description", "example", "examples", "externalDocs", "summary")


def differences(pair: Pair, old: View, new: View, today: date) -> Iterator[Difference]:
    """What the words of *old* and *new* say otherwise."""
    keywords = old.keywords | new.keywords
    for word, (name, rule) in _WORDS.items():
        if word not in keywords:
            continue
        before, after = _telling(word, old), _telling(word, new)
        if _is_same(before, after):
            continue
        kind = "added" if before is None else "removed" if after is None else "changed"
        yield ruled(f"{name}-{kind}", pair, old, new, word, rule(kind))
    yield from _deprecation(pair, old, new, today)
    for word in _TEXTS:
        if not _is_same(old.first(word), new.first(word)):
            yield ruled("description-changed", pair, old, new, word, (NONE, NONE))


def _telling(word: str, seen: View) -> tuple[str, Any] | None:
    found = seen.first(word)
    return None if found is not None and (word, found[1]) == _ANY_BYTES else found


def ruled(code: str, pair: Pair, old: View, new: View, word: str, sides: Sides) -> Difference:
    """The difference of *word*, on which *sides* is the verdict."""
    before, after = old.first(word), new.first(word)
    return Difference(
        code=code,
        pair=pair,
        old_at=before[0] if before else _place(old, pair[OLD]),
        new_at=after[0] if after else _place(new, pair[NEW]),
        ruled={"request": sides[0], "response": sides[1]},
        is_for_absent=word == "default",
        before=before[1] if before else None,
        after=after[1] if after else None,
    )


def deprecation(
    before: Mapping[str, Any], after: Mapping[str, Any], today: date
) -> tuple[str, Verdict, str] | None:
    """The code and the verdict of what two objects say otherwise of their end, and the word that says it."""
    was, now = before.get("deprecated") is True, after.get("deprecated") is True
    old, new = day(before.get("x-sunset")), day(after.get("x-sunset"))
    if now and has_come(new, today) and not (was and old):
        return (
            "sunset-passed",
            B,
            "x-sunset",
        )  # or else whatever was never announced could go at once
    if was != now:
        return ("deprecated" if now else "deprecation-removed"), N, "deprecated"
    if not now or old == new:
        return None
    if new and (not old or new < old):
        # Without a day nobody had said when it would end.
        return ("sunset-earlier", B, "x-sunset") if old else ("sunset-added", N, "x-sunset")
    return ("sunset-later" if new else "sunset-removed"), N, "x-sunset"


def _deprecation(pair: Pair, old: View, new: View, today: date) -> Iterator[Difference]:
    before, after = (
        {
            word: said[1]
            for word in ("deprecated", "x-sunset")
            if (said := seen.first(word)) is not None
        }
        for seen in (old, new)
    )
    if (found := deprecation(before, after, today)) is not None:
        code, verdict, word = found
        told = ruled(code, pair, old, new, word, (verdict, verdict))
        yield replace(told, before=before.get("x-sunset"), after=after.get("x-sunset"))


def _is_same(before: tuple[str, Any] | None, after: tuple[str, Any] | None) -> bool:
    if before is None or after is None:
        return before is after
    return jsontext.same(before[1], after[1])


def _place(seen: View, places: tuple[str, ...]) -> str | None:
    return seen.parts[0].at if seen.parts else next(iter(places), None)
