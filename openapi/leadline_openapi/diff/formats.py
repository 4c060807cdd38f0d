"""Compare `format`. It annotates, but whoever knows a format may hold values to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from leadline_openapi.diff.difference import Difference, relation
from leadline_openapi.diff.facing import NEW, OLD
from leadline_openapi.diff.grounds import Judge
from leadline_openapi.diff.limits import FORMATS, asks_more, formats_of
from leadline_openapi.diff.view import View
from leadline_openapi.diff.walk import Pair


def differences(judge: Judge, pair: Pair, old: View, new: View) -> Iterator[Difference]:
    """What `format` says otherwise; a format that nobody defines is told, and breaks nobody."""
    before, after = _formats(old), _formats(new)
    if before == after:
        return
    forward = judge.asks(OLD, pair[OLD], _asked(after, before))
    backward = judge.asks(NEW, pair[NEW], _asked(before, after))
    change = relation(forward, backward)
    is_limit = bool(FORMATS & ({*before} ^ {*after}))
    found = Difference(
        code=f"format-{change}" if is_limit else "format-annotation-changed",
        pair=pair,
        old_at=_at(old, pair[OLD]),
        new_at=_at(new, pair[NEW]),
        forward=forward,
        backward=backward,
        before=_said(old),
        after=_said(new),
    )
    if found.is_one or not is_limit:
        yield found


def _formats(seen: View) -> tuple[str, ...]:
    return tuple(sorted({name for part in seen.parts for name in formats_of(part.schema)}))


def _said(seen: View) -> str | None:
    """The formats as they are written."""
    named = {str(part.schema["format"]) for part in seen.parts if "format" in part.schema}
    encoded = {
        f"contentEncoding: {part.schema['contentEncoding']}"
        for part in seen.parts
        if "contentEncoding" in part.schema
    }
    return ", ".join([*sorted(named), *sorted(encoded)]) or None


def _asked(names: tuple[str, ...], known: tuple[str, ...]) -> list[dict[str, Any]]:
    """What *names* ask for that *known* ones do not."""
    return [{"format": name} for name in names if name in FORMATS and asks_more(name, known)]


def _at(seen: View, places: tuple[str, ...]) -> str | None:
    for word in ("format", "contentEncoding"):
        if (found := seen.first(word)) is not None:
            return found[0]
    return seen.parts[0].at if seen.parts else next(iter(places), None)
