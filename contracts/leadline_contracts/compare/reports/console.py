"""The comparison for a person at a terminal: the figure first, then one paragraph for each divergence."""

from __future__ import annotations

from collections.abc import Iterator

from leadline_contracts.case import Exchange
from leadline_contracts.compare.divergence import Divergence
from leadline_contracts.compare.report import DIVERGENT, NOTHING_COMPARED, Comparison
from leadline_contracts.compare.reports import proposed
from leadline_contracts.compare.shortened import shortened
from leadline_contracts.reports.console import Paint, clean, counted, plain, told_apart
from leadline_contracts.reproduction.shell import curl

_SHOWN = 20
_BODY = 200


def render(comparison: Comparison, paint: Paint = plain) -> str:
    """The comparison as text, without a trailing newline."""
    return "\n".join(_lines(comparison, lambda text, colour: paint(clean(text), colour)))


def _lines(comparison: Comparison, paint: Paint) -> Iterator[str]:
    if comparison.suspect:
        yield paint(comparison.suspect, "red")
    yield _verdict(comparison, paint)
    yield clean(f"  A is {comparison.urls[0]}, B is {comparison.urls[1]}")
    if comparison.stopped:
        yield paint(f"  The run ended early: {comparison.stopped}.", "yellow")
    if comparison.left_out:
        left = ", ".join(f"{count:,} of {name}" for name, count in comparison.left_out.items())
        why = "" if comparison.stopped else ", which one server alone holds since before the run"
        yield paint(f"  Not compared: {left}{why}.", "yellow")
    for operation, reason in comparison.unchecked.items():
        yield paint(f"  {operation} was not compared: {reason}", "yellow")
    yield from _areas(comparison)
    for number, one in enumerate(comparison.divergences[:_SHOWN], 1):
        yield ""
        yield from _divergence(comparison, number, one, paint)
    if len(comparison.divergences) > _SHOWN:
        more = len(comparison.divergences) - _SHOWN
        yield ""
        yield f"and {more} more divergences; --report json=FILE has them all"
    if comparison.refused:
        yield ""
        yield paint("Valid requests that both refuse, so not exercised:", "yellow")
        for told, count in comparison.refused.items():
            yield clean(f"  {told}  ({counted(count, 'case')})")
    yield from map(clean, proposed.lines(comparison))


def _verdict(comparison: Comparison, paint: Paint) -> str:
    name = f"{comparison.contract.title} {comparison.contract.version}"
    if comparison.verdict == NOTHING_COMPARED:
        return paint("Nothing was compared", "red") + f": {name}."
    share, sofar, part = comparison.fidelity, "", ""
    if comparison.stopped:
        sofar, part = (
            " so far",
            f", {comparison.cases:,} of {comparison.planned:,} cases were compared",
        )
    told = f"{share} cases are the same in status and body, in {comparison.seconds:.1f} s"
    if comparison.verdict != DIVERGENT:
        same = paint(f"A and B are the same{sofar}", "green")
        return f"{same}: {name}{part or f', {told}'}."
    found = counted(len(comparison.divergences), "divergence")
    headline = paint(f"Fidelity {share.percent:g} %{sofar}", "red")
    return f"{headline}: {name}{part}, {found}; {told}."


def _areas(comparison: Comparison) -> Iterator[str]:
    """The classes of cases in which something differs."""
    for one in comparison.areas:
        if one.differing:
            told = ", ".join(f"{aspect} in {count:,}" for aspect, count in one.differing)
            yield clean(
                f"  {one.operation}, {one.area}: {one.same:,} of {one.cases:,} the same; {told}"
            )


def _divergence(
    comparison: Comparison, number: int, one: Divergence, paint: Paint
) -> Iterator[str]:
    urls, disclosed = comparison.urls, comparison.disclosed
    title = f"{number}. {one.where} {one.message}"
    yield f"{paint(title, 'bold')}  [{counted(one.count, 'case')}]"
    left, right = told_apart(one.difference.left, one.difference.right)
    yield clean(f"   A     {left}")
    yield clean(f"   B     {right}")
    yield clean(f"   case  {one.left.case.id}")
    for side, exchange in enumerate((one.left, one.right)):
        yield paint(f"   {shortened(curl(exchange.case, urls[side], disclosed[side]))}", "dim")
        yield paint(f"     {_answer(exchange)}", "dim")


def _answer(exchange: Exchange) -> str:
    """Status and the beginning of the body."""
    if exchange.failure:
        return exchange.failure
    text = exchange.body[: _BODY + 1].decode("utf-8", "replace")
    return f"{exchange.status} {text[:_BODY]}{'…' if len(text) > _BODY else ''}".rstrip()
