"""A comparison as text for a person, as JSON for a machine, and as Markdown for a pull request."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from leadline_openapi import markdown as md
from leadline_openapi.diff.change import Change, Diff, Version
from leadline_openapi.errors import Place
from leadline_openapi.violation import cut

Paint = Callable[[str, str], str]

_SIDES = {"request": "what callers send", "response": "what callers read", "both": "both sides"}
_COLOURS = {"breaking": "red", "non-breaking": "green", "none": "dim"}
_MEANS = {"request": "was right, and is refused now", "response": "is right now, and had not been"}
_WITNESS = 300
"""Characters of a witness that are shown; JSON has it whole."""
_TEXT, _BEGINNING = 80, 20
"""Characters of a text in a witness that are shown, and of which the beginning stands for a longer one."""


def as_object(diff: Diff) -> dict[str, Any]:
    """The comparison as JSON values."""
    return {
        "verdict": diff.verdict,
        "semver": diff.semver,
        "version": _version(diff.version),
        "old": diff.old,
        "new": diff.new,
        "changes": [_change(change) for change in diff.changes],
    }


def as_json(diff: Diff) -> str:
    """The comparison as JSON, with a newline at the end."""
    return written(as_object(diff))


def written(told: dict[str, Any]) -> str:
    """JSON values as the reports write them, with a newline at the end."""
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _version(version: Version) -> dict[str, Any]:
    return {
        "old": version.old,
        "new": version.new,
        "proposed": version.proposed,
        "enough": version.enough,
    }


def _change(change: Change) -> dict[str, Any]:
    witness = change.witness
    return {
        "verdict": change.verdict,
        "side": change.side,
        "pointer": change.pointer,
        "code": change.code,
        "message": change.message,
        "advice": change.advice,
        "request": change.request,
        "response": change.response,
        "ground": change.ground,
        "operation": change.operation,
        "operations": list(change.operations),
        "old": _place(change.old),
        "new": _place(change.new),
        "witness": witness
        and {
            "value": witness.value,
            "where": witness.where,
            "side": witness.side,
            "whole": witness.whole,
        },
    }


def _place(place: Place | None) -> dict[str, Any] | None:
    return (
        None
        if place is None
        else {"file": place.file, "line": place.line, "pointer": place.pointer}
    )


def text(diff: Diff, paint: Paint) -> str:
    """The comparison for a terminal; *paint* colours a text."""
    lines = [f"{diff.old} → {diff.new}", _verdict(diff, paint), ""]
    for change in diff.changes:
        lines += [*_told(change, paint), ""]
    return "\n".join([*lines, sentence(diff)])


def _verdict(diff: Diff, paint: Paint) -> str:
    if not diff.changes:
        return paint("nothing has changed", "green")
    return f"{paint(diff.verdict, _COLOURS[diff.verdict])}: {_counted(diff)}"


def _counted(diff: Diff) -> str:
    names = {
        "breaking": "breaking",
        "non-breaking": "non-breaking",
        "none": "without meaning for callers",
    }
    counts = {
        word: sum(change.verdict == verdict for change in diff.changes)
        for verdict, word in names.items()
    }
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count)


def _told(change: Change, paint: Paint) -> Iterator[str]:
    colour = _COLOURS[change.verdict]
    yield f"{paint(change.verdict, colour)}  {change.code}  ({_SIDES[change.side]})"
    yield f"  {_plain(change.message)}"
    yield f"  {paint(_plain(_where(change)), 'dim')}"
    if (shown := _witness(change)) is not None:
        yield f"  for example, {_plain(shown)}"
    if change.advice:
        yield f"  {paint('to do:', 'bold')} {change.advice}"


def _plain(told: str) -> str:
    """*told* without what would do something to a terminal."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in told)


def _where(change: Change) -> str:
    places = [_line(place) for place in (change.old, change.new) if place is not None]
    where = " → ".join(dict.fromkeys(places))
    return f"{where} (at {change.pointer})" if change.pointer else where


def _line(place: Place) -> str:
    return f"{place.file}:{place.line}" if place.line is not None else place.file


def _witness(change: Change) -> str | None:
    if change.witness is None:
        return None
    value = cut(_written(change.witness.value), _WITNESS)
    return f"{value} as {change.witness.where} {_MEANS[change.witness.side]}"


def _written(value: Any) -> str:
    written = json.dumps(_abridged(value), ensure_ascii=False)
    return written.encode("utf-8", "backslashreplace").decode()


def _abridged(value: Any) -> Any:
    """*value* with long texts cut, for of one that is too long only the length matters."""
    if isinstance(value, str) and len(value) > _TEXT:
        return f"{value[:_BEGINNING]}… ({len(value):,} characters)"
    if isinstance(value, dict):
        return {_abridged(name): _abridged(member) for name, member in value.items()}
    return [_abridged(item) for item in value] if isinstance(value, list) else value


def sentence(diff: Diff) -> str:
    """What the version should be, and whether it is."""
    version = diff.version
    if version.proposed is None:
        asked = (
            f"a {version.step} step is asked for"
            if version.step != "none"
            else "no step is asked for"
        )
        return f"`info.version` {version.old} → {version.new} is no Semantic Version; {asked}"
    if version.step == "none":
        return f"`info.version` is {version.new}; the changes ask for no other"
    least = f"the changes ask for a {version.step} step, to at least {version.proposed}"
    told = "which it is" if version.enough else "which it is not"
    return f"`info.version` {version.old} → {version.new}: {least}, {told}"


def markdown(diff: Diff) -> str:
    """The comparison as a comment of a pull request, with a newline at the end."""
    told = md.prose(sentence(diff))
    if not diff.changes:
        return f"### The contract has not changed\n\n{told}\n"
    heads = {
        "breaking": "The contract breaks callers",
        "non-breaking": "The contract has changed, and breaks nobody",
        "none": "The contract is described in other words",
    }
    lines = [
        f"### {heads[diff.verdict]}",
        "",
        f"{md.code(diff.old)} → {md.code(diff.new)}: {_counted(diff)}. {told}.",
        "",
        "| | side | change | place |",
        "|---|---|---|---|",
        *(_table_row(change) for change in diff.changes),
    ]
    details = [one for change in diff.changes for one in _details(change)]
    return "\n".join([*lines, *details]) + "\n"


_SIGNS = {"breaking": "🔴 breaking", "non-breaking": "🟢 non-breaking", "none": "⚪ none"}
_SHORT = {"request": "sent", "response": "read", "both": "both"}


def _table_row(change: Change) -> str:
    place = change.new or change.old
    where = _line(place) if place is not None else change.pointer
    cells = (_SIGNS[change.verdict], _SHORT[change.side], change.message, f"`{where}`")
    return "| " + " | ".join(map(md.cell, cells)) + " |"


def _details(change: Change) -> Iterator[str]:
    if change.verdict != "breaking":
        return
    yield from ("", f"<details><summary>{md.html(change.message)}</summary>", "")
    yield f"{md.code(change.pointer)} ({change.code}), first met in {md.code(change.operation)}"
    if change.witness is not None:
        where = md.prose(change.witness.where)
        yield from ("", f"As {where}, this {_MEANS[change.witness.side]}:", "")
        yield from md.fenced(cut(_written(change.witness.value), _WITNESS * 4), "json")
    if change.advice:
        yield from ("", f"**To do:** {md.prose(change.advice)}")
    yield from ("", "</details>")
