"""What a recording shows of a change, as text, as JSON values, and as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from leadline_contracts.impact.result import Affected, Example, Impact
from leadline_contracts.reports.console import clean
from leadline_openapi.markdown import cell, code
from leadline_openapi.violation import cut

Paint = Callable[[str, str], str]

_COLOURS = {"refused": "red", "ignored": "yellow", "disallowed": "yellow"}
_MEANS = {
    "refused": (
        "request that was right is refused now",
        "requests that were right are refused now",
    ),
    "ignored": (
        "request sends what has no meaning any more",
        "requests send what has no meaning any more",
    ),
    "disallowed": (
        "answer that was right is not allowed any more",
        "answers that were right are not allowed any more",
    ),
}
_CALLERS = 5
_TARGET = 200
"""Callers of one change, and characters of a request line, that are told; JSON has all."""


def as_object(impact: Impact) -> dict[str, Any]:
    """The impact as JSON values."""
    told = asdict(impact)
    told["affected"] = [_affected(one) for one in impact.affected]
    return told


def _affected(one: Affected) -> dict[str, Any]:
    example = one.example
    return {
        "effect": one.effect,
        "change": one.change and {"code": one.change.code, "pointer": one.change.pointer},
        "pointer": one.pointer,
        "count": one.count,
        "callers": dict(one.callers),
        "example": {
            "file": example.place.file,
            "pointer": example.place.pointer,
            "entry": example.number,
            "time": example.time,
            "request": example.request,
            "problem": example.problem,
            "actual": example.actual,
        },
    }


def text(impact: Impact, paint: Paint) -> str:
    """The impact for a terminal; *paint* colours a text."""
    lines = [paint(f"Recorded traffic: {', '.join(impact.files)}", "bold")]
    lines += [f"  {one}" for one in _counted(impact)]
    for one in impact.affected:
        lines += ["", *_told(one, paint)]
    return "\n".join([*lines, *_left_out(impact)])


def _counted(impact: Impact) -> Iterator[str]:
    entries = _many(impact.entries, "entry", "entries")
    if not impact.requests:
        yield f"{entries}, of which none can be judged: whom the change meets is not known"
        return
    yield f"{entries}, {_many(impact.requests, 'request')} judged by both contracts"
    counts = {
        "refused": impact.refused,
        "ignored": impact.ignored,
        "disallowed": impact.disallowed,
    }
    for effect, count in counts.items():
        if count:
            yield _many(count, *_MEANS[effect])
    if not any(counts.values()):
        yield "none of them meets the change; that says nothing of who is not in the recording"
    if impact.refused_before:
        yield f"{_many(impact.refused_before, 'request')} the old contract refuses as well"
    if impact.disallowed_before:
        yield f"{_many(impact.disallowed_before, 'answer')} the old contract does not allow either"


def _told(one: Affected, paint: Paint) -> Iterator[str]:
    effect = paint(one.effect, _COLOURS[one.effect])
    yield f"{effect}  {_many(one.count, 'time')}  by {_callers(one.callers)}"
    yield f"  {_reason(one)}"
    yield f"  {paint(_row(one), 'dim')}"
    yield f"  first: {_first(one.example)}"
    yield f"    {clean(one.example.problem)}"


def _reason(one: Affected) -> str:
    return one.change.message if one.change else "no one row of the comparison explains it"


def _row(one: Affected) -> str:
    return f"{one.change.code} at {one.change.pointer}" if one.change else f"at {one.pointer}"


def _callers(callers: Mapping[str, int]) -> str:
    told = [f"{clean(name)} ({count:,})" for name, count in list(callers.items())[:_CALLERS]]
    more = len(callers) - _CALLERS
    return ", ".join(told) + (f" and {more:,} more" if more > 0 else "")


def _first(example: Example) -> str:
    request = cut(clean(example.request), _TARGET)
    return f"{request}, entry {example.number:,} of {example.place}, {example.time}"


def _left_out(impact: Impact) -> Iterator[str]:
    for title, told in (("Left out", impact.skipped), ("Not known", impact.unchecked)):
        if told:
            yield ""
            yield f"{title}:"
            yield from (
                f"  {clean(reason)}  ({_many(count, 'time')})" for reason, count in told.items()
            )


def _many(count: int, one: str, several: str = "") -> str:
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def markdown(impact: Impact) -> str:
    """The impact as a part of a comment of a pull request, with a newline at the end."""
    lines = ["### Whom it meets in recorded traffic", ""]
    lines += [
        f"{'; '.join(_counted(impact))}. Recorded in {', '.join(map(code, impact.files))}.",
        "",
    ]
    if impact.affected:
        lines += [
            "| | times | change | callers | first |",
            "|---|---|---|---|---|",
            *(_table_row(one) for one in impact.affected),
        ]
    return "\n".join(lines).rstrip() + "\n"


def _table_row(one: Affected) -> str:
    first = f"{_first(one.example)}: {clean(one.example.problem)}"
    cells = (one.effect, f"{one.count:,}", _reason(one), _callers(one.callers), first)
    return "| " + " | ".join(cell(told) for told in cells) + " |"
