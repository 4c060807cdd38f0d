"""The kill matrix for a person and for a machine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from leadline_contracts.mutants.score import Score, percent
from leadline_contracts.mutants.trial import KILLED, OUTCOMES, SURVIVED, Verdict

_SHOWN = 50
_REASON = 110
Paint = Callable[[str, str], str]


def as_json(score: Score, least: float) -> str:
    """The matrix as JSON text; *least* is the score that is asked for."""
    lowest, median, most = score.times
    held: dict[str, Any] = {
        "verdict": verdict(score, least),
        "contract": score.contract,
        "suite": score.suite,
        "score": score.percent,
        "min-score": least,
        "derived": score.derived,
        "meant": score.meant,
        "tried": len(score.verdicts),
        "seed": score.seed,
        "interrupted": score.stopped,
        **{outcome: score.count(outcome) for outcome in OUTCOMES},
        "seconds": {"all": score.seconds, "min": lowest, "median": median, "max": most},
        "families": {
            family: {
                **{outcome: counts[outcome] for outcome in OUTCOMES},
                "score": percent(counts[KILLED], counts[SURVIVED]),
            }
            for family, counts in score.families.items()
        },
        "rules": dict(score.killers.most_common()),
        "mutants": [asdict(one) for one in score.verdicts],
    }
    return json.dumps(held, indent=2, ensure_ascii=False) + "\n"


def verdict(score: Score, least: float) -> str:
    """`holds`, `broken` (the score is below *least*) or `nothing-checked`."""
    if score.percent is None:
        return "nothing-checked"
    return "holds" if score.percent >= least else "broken"


def console(score: Score, least: float, paint: Paint, command: str) -> str:
    """The matrix for a terminal; *command* is how the survivors are tried again."""
    return "\n".join(_lines(score, least, paint, command))


def _lines(score: Score, least: float, paint: Paint, command: str) -> Iterator[str]:
    yield _headline(score, least, paint)
    if score.stopped:
        yield paint(f"  Interrupted after {len(score.verdicts):,} of {score.meant:,}.", "yellow")
    if score.meant < score.derived:
        yield f"  {score.meant:,} of {score.derived:,} mutants, seed {score.seed}."
    yield ""
    yield from _table(score, paint)
    yield ""
    least_s, median_s, most_s = score.times
    yield f"seconds for a mutant: {least_s:.2f} at least, {median_s:.2f} median, {most_s:.2f} at most"
    if any(score.requests):
        low, middle, high = score.requests
        yield f"requests for a kill:  {low:,.0f} at least, {middle:,.0f} median, {high:,.0f} at most"
    rules = ", ".join(f"{rule} {count:,}" for rule, count in score.killers.most_common())
    if rules:
        yield f"killed by:            {rules}"
    for title, missed in (
        ("Survived: the suite does not notice", score.survivors),
        ("Not decided: survived, and may be right", score.undecided),
    ):
        if missed:
            yield ""
            yield paint(title, "bold")
            yield from _missed(missed, paint, command)


def _headline(score: Score, least: float, paint: Paint) -> str:
    held = verdict(score, least)
    if score.percent is None:
        return paint("Nothing was checked", "red") + f": {score.contract}."
    killed, counted = score.count(KILLED), score.count(KILLED) + score.count(SURVIVED)
    told = f"{_rounded(score.percent)} %"
    asked = "" if held == "holds" else f", less than {least:g} %"
    colour = "green" if held == "holds" else "red"
    return (
        paint(f"The score is {told}{asked}", colour)
        + f": {score.suite} kills {killed:,} of {counted:,} mutants of {score.contract}"
        + f" in {score.seconds:.0f} s."
    )


def _rounded(value: float) -> str:
    """Never 100 for less."""
    return "100" if value == 100 else f"{min(value, 99.9):.1f}"


def _table(score: Score, paint: Paint) -> Iterator[str]:
    columns = (*OUTCOMES, "score")
    yield paint("".join([f"{'family':<14}", *(f"{name:>12}" for name in columns)]), "dim")
    for family, counts in score.families.items():
        reached = percent(counts[KILLED], counts[SURVIVED])
        cells = [f"{counts[outcome]:,}" for outcome in OUTCOMES]
        cells.append("-" if reached is None else f"{_rounded(reached)} %")
        yield f"{family:<14}" + "".join(f"{cell:>12}" for cell in cells)


def _missed(missed: tuple[Verdict, ...], paint: Paint, command: str) -> Iterator[str]:
    for one in missed[:_SHOWN]:
        reason = one.reason if len(one.reason) <= _REASON else f"{one.reason[:_REASON]}…"
        yield f"  {one.id}"
        yield f"      {one.operation}, {one.does}"
        yield paint(f"      {reason}", "dim")
    if len(missed) > _SHOWN:
        yield f"  and {len(missed) - _SHOWN:,} more; --report json=FILE has them all"
    yield paint(f"  again: {command} --only '{missed[0].id}'", "dim")
