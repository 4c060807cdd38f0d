"""The comparison for a person at a terminal: the figure first, then one paragraph for each divergence."""

from __future__ import annotations

from collections.abc import Iterator

from leadline_contracts.case import Exchange
from leadline_contracts.compare.divergence import Divergence
from leadline_contracts.compare.report import NOTHING_COMPARED, SAME, Comparison
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
    yield _verdict(comparison, paint)
    yield clean(f"  A is {comparison.urls[0]}, B is {comparison.urls[1]}")
    if comparison.stopped:
        yield paint(f"  The run ended early: {comparison.stopped}.", "yellow")
    if comparison.left_out:
        left = ", ".join(f"{count:,} of {name}" for name, count in comparison.left_out.items())
        yield paint(f"  Not compared: {left}.", "yellow")
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
    yield from map(clean, proposed.lines(comparison))


def _verdict(comparison: Comparison, paint: Paint) -> str:
    name = f"{comparison.contract.title} {comparison.contract.version}"
    if comparison.verdict == NOTHING_COMPARED:
        return paint("Nothing was compared", "red") + f": {name}."
    share = comparison.fidelity
    told = f"{share} cases are the same in status and body, in {comparison.seconds:.1f} s"
    if comparison.verdict == SAME:
        return paint("A and B are the same", "green") + f": {name}, {told}."
    found = counted(len(comparison.divergences), "divergence")
    return paint(f"Fidelity {share.percent:g} %", "red") + f": {name}, {found}; {told}."


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
    case, urls, disclosed = one.left.case, comparison.urls, comparison.disclosed
    title = f"{number}. {one.operation.label} {one.message}"
    yield f"{paint(title, 'bold')}  [{counted(one.count, 'case')}]"
    left, right = told_apart(one.difference.left, one.difference.right)
    yield clean(f"   A     {left}")
    yield clean(f"   B     {right}")
    yield clean(f"   case  {case.id}")
    for side, exchange in enumerate((one.left, one.right)):
        yield paint(f"   {shortened(curl(case, urls[side], disclosed[side]))}", "dim")
        yield paint(f"     {_answer(exchange)}", "dim")


def _answer(exchange: Exchange) -> str:
    """Status and the beginning of the body."""
    if exchange.failure:
        return exchange.failure
    text = exchange.body[: _BODY + 1].decode("utf-8", "replace")
    return f"{exchange.status} {text[:_BODY]}{'…' if len(text) > _BODY else ''}".rstrip()
