"""What to do about the divergences, for a person at a terminal: who is wrong, and bugs to report."""

from __future__ import annotations

from collections.abc import Iterator

from leadline_contracts.compare.report import Comparison
from leadline_contracts.compare.shortened import shortened
from leadline_contracts.reconcile.proposal import CONTRACT, DECIDE, NOBODY, SERVER, Proposal
from leadline_contracts.reports.console import counted
from leadline_contracts.reproduction.shell import curl

_WHO = {
    CONTRACT: "The contract is wrong",
    SERVER: "B is wrong",
    DECIDE: "A person has to decide",
    NOBODY: "Nobody is wrong",
}
_SHOWN = 160


def lines(comparison: Comparison) -> Iterator[str]:
    """The proposals of *comparison*, by who is wrong; nothing where none were asked for."""
    for wrong, title in _WHO.items():
        found = [one for one in comparison.proposals or () if one.wrong == wrong]
        if found:
            yield ""
            yield f"{title} ({counted(len(found), 'proposal')})"
        for one in found:
            yield from _proposal(comparison, one)


def _proposal(comparison: Comparison, one: Proposal) -> Iterator[str]:
    patched = f"; {counted(len(one.actions), 'action')} in the overlay" if one.actions else ""
    yield f"- {shortened(one.title)}  [{counted(one.count, 'case')}{patched}]"
    yield f"    {shortened(one.why)}"
    if one.is_bug:
        yield f"    expected {_short(one.expected)}; actual {_short(one.actual)}"
        command = curl(one.right.case, comparison.urls[1], comparison.disclosed[1])
        yield f"    {shortened(command)}"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
