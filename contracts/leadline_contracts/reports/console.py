"""The report for a person at a terminal: the verdict first, then one paragraph for each finding."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import takewhile

from leadline_contracts.case import Finding
from leadline_contracts.coverage import KINDS, Covered
from leadline_contracts.report import BROKEN, HOLDS, LeftOut, Report
from leadline_contracts.reports import living, recorded
from leadline_contracts.reports.titles import TITLES
from leadline_contracts.reproduction import commands

_SHOWN = 20
_LIMIT = 160
_CONTEXT = 40
_MISSING = 9
_UNDOCUMENTED = 10
_PHASES = 9
Paint = Callable[[str, str], str]
"""Gives a text in a colour (`red`, `green`, `yellow`, `bold`, `dim`)."""


def plain(text: str, _colour: str) -> str:
    """No colours: the paint for anything but a terminal."""
    return text


def render(report: Report, paint: Paint = plain) -> str:
    """The report as text, without a trailing newline."""
    return "\n".join(_lines(report, lambda text, colour: paint(clean(text), colour)))


def _lines(report: Report, paint: Paint) -> Iterator[str]:
    yield _verdict(report, paint)
    yield from map(clean, recorded.where(report))
    if report.stopped:
        yield paint(f"  The run ended early: {report.stopped}.", "yellow")
    for line in _left_out(report.left_out):
        yield paint(line, "yellow")
    for operation, reason in report.unchecked.items():
        yield paint(f"  {operation} was not checked: {reason}", "yellow")
    for operation, reason in report.not_fuzzed.items():
        yield paint(f"  {operation}: nothing could be generated: {reason}", "yellow")
    for number, finding in enumerate(report.findings[:_SHOWN], 1):
        yield ""
        yield from _finding(report, number, finding, paint)
    if len(report.findings) > _SHOWN:
        yield ""
        yield f"and {len(report.findings) - _SHOWN} more findings; --report json=FILE has them all"
    if notes := list(living.notes(report)):
        yield ""
        yield from map(clean, notes)
    yield from _coverage(report.coverage, paint)
    yield from _undocumented(report, paint)
    yield from map(clean, recorded.notes(report))
    if report.of_state:
        yield ""
        yield paint(
            "Refused for what the server holds or does not hold, so not exercised:", "yellow"
        )
        for told, count in report.of_state.items():
            yield clean(f"  {told}  ({counted(count, 'answer')})")


def _verdict(report: Report, paint: Paint) -> str:
    noun = "request" if report.traffic is None else "recorded request"
    sent = f"{counted(report.cases, noun)} in {report.seconds:.1f} s"
    name = f"{report.contract.title} {report.contract.version}"
    if report.verdict == HOLDS:
        told = "The contract holds so far" if report.stopped else "The contract holds"
        return paint(told, "green") + f": {name}, {sent}, no findings."
    if report.verdict == BROKEN:
        found = counted(len(report.findings), "finding")
        return paint("The contract is broken", "red") + f": {name}, {found}, {sent}."
    return paint("Nothing was checked", "red") + f": {name}."


def _left_out(left: LeftOut) -> Iterator[str]:
    if left.total:
        classes = ", ".join(f"{count:,} of {kind}" for kind, count in left.classes.items())
        of = f"{left.total:,} of {left.of:,}" if left.of else f"at least {left.total:,}"
        yield f"  Not sent: {of} cases: {classes}."
    if left.phases:
        more = len(left.phases) - _PHASES
        told = "; ".join(left.phases[:_PHASES]) + (f"; and {more} more" if more > 0 else "")
        yield f"  Not gone through: {told}."
    for one in left.limits:
        yield f"  {one.reason}: {one.advice}."


def _finding(report: Report, number: int, finding: Finding, paint: Paint) -> Iterator[str]:
    breach = finding.breach
    title = f"{finding.operation.label} {TITLES.get(breach.rule, breach.rule)}"
    yield f"{paint(f'{number}. {title}', 'bold')}  [{breach.rule}, {counted(finding.count, 'time')}]"
    yield clean(f"   {breach.message}")
    expected, actual = told_apart(breach.expected, breach.actual)
    yield clean(f"   expected  {expected}")
    yield clean(f"   actual    {actual}")
    yield clean(f"   rule      {breach.pointer}")
    yield paint(f"             {_where(report, breach.pointer)}", "dim")
    yield clean(f"   case      {finding.exchange.case.id}")
    for command in commands(finding, report.url, report.disclosed):
        yield paint(f"   {command}", "dim")


def _coverage(covered: Covered, paint: Paint) -> Iterator[str]:
    """One line of what was exercised, and the first names of what was not."""
    shares = [(kind, covered.of(kind)) for kind in KINDS]
    told = [
        f"{share.exercised} of {share.total} {_words(kind)}"
        for kind, share in shares
        if share.total
    ]
    if not told:
        return
    yield ""
    yield f"Coverage: {', '.join(told)}."
    missing = covered.missing()
    for item in missing[:_MISSING]:
        name = f"{_words(item.kind)}: {item.name}"
        yield paint(f"  not exercised: {name}", "yellow")
    if len(missing) > _MISSING:
        yield f"  and {len(missing) - _MISSING} more; --report json=FILE has them all"


def _undocumented(report: Report, paint: Paint) -> Iterator[str]:
    """What was answered most often of all that the contract does not name."""
    if not report.undocumented:
        return
    yield ""
    yield paint("Not documented, but answered (a breach with --strict):", "yellow")
    counts = sorted(report.undocumented.items(), key=lambda pair: -pair[1])
    for member, count in counts[:_UNDOCUMENTED]:
        yield clean(f"  {member}  (in {counted(count, 'answer')})")
    if len(counts) > _UNDOCUMENTED:
        yield f"  and {len(counts) - _UNDOCUMENTED} more; --report json=FILE has them all"


def _words(kind: str) -> str:
    return kind.replace("-", " ")


def clean(text: str) -> str:
    """*text* without characters that would do something to a terminal, or that it cannot show."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def _where(report: Report, pointer: str) -> str:
    place = report.contract.place(pointer)
    return place.file if place.line is None else f"{place.file}:{place.line}"


def told_apart(expected: str, actual: str) -> tuple[str, str]:
    """*expected* and *actual*, cut where they are long, but not before they differ."""
    pairs = zip(expected, actual, strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    start = max(0, same - _CONTEXT) if same > _LIMIT - _CONTEXT else 0
    lead = f"… {start} characters …" if start else ""
    return lead + _short(expected[start:]), lead + _short(actual[start:])


def _short(text: str) -> str:
    return text if len(text) <= _LIMIT else f"{text[:_LIMIT]}… ({len(text)} characters)"


def counted(number: int, noun: str) -> str:
    """`1 finding`, `2 findings`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
