"""Compare all schemas of one side: from what travels down to what changed, and back up to a witness."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from leadline_openapi.diff.change import Ground, SideName, Verdict, Witness
from leadline_openapi.diff.deprecation import has_come
from leadline_openapi.diff.difference import Difference
from leadline_openapi.diff.facing import OLD, Facing
from leadline_openapi.diff.grounds import Held
from leadline_openapi.diff.members import taken
from leadline_openapi.diff.mentions import is_spoken_of
from leadline_openapi.diff.nodes import Nodes
from leadline_openapi.diff.rows import REQUEST, Row
from leadline_openapi.diff.view import Places
from leadline_openapi.diff.walk import Pair, Use, Walk, Way
from leadline_openapi.diff.wholes import Wholes


@dataclass(frozen=True, slots=True)
class Root:
    """What travels at *use*: the schemas of it in the old and in the new document."""

    side: SideName
    old: Places
    new: Places
    use: Use


def rows(facing: Facing, side: SideName, roots: Iterable[Root], today: date) -> list[Row]:
    """What has changed in the schemas of *roots*, all of them of *side*, and what it means there."""
    comparison = _Comparison(facing, side, today)
    for root in roots:
        comparison.add(root)
    return list(comparison.rows())


class _Comparison:
    def __init__(self, facing: Facing, side: SideName, today: date) -> None:
        self._facing = facing
        self._side: SideName = side
        self._today = today
        self._walk = Walk()
        self._nodes = Nodes(facing, self._walk, today)
        self._wholes = Wholes(facing, side, self._walk, self._nodes.judge)

    def add(self, root: Root) -> None:
        self._nodes.start((root.old, root.new), root.use)

    def rows(self) -> Iterator[Row]:
        found = [one for pair in self._walk.pairs() for one in self._nodes.compare(pair)]
        for difference in found:  # by now every way to each of them is known
            yield self._row(difference)

    def _row(self, difference: Difference) -> Row:
        way = self._walk.way(difference.pair)
        held = difference.forward if self._side == REQUEST else difference.backward
        verdict, ground, witness = self._judged(difference, held)
        gone = has_come(difference.sunset, self._today)
        if verdict == "breaking" and gone:
            verdict, ground = "non-breaking", "sunset"
        return Row(
            code=difference.code,
            old_at=difference.old_at,
            new_at=difference.new_at,
            verdicts={self._side: verdict},
            ground=ground,
            subject=_subject(way, difference),
            before=difference.before,
            after=difference.after,
            operations=self._operations(way, difference.pair),
            witness=witness,
            detail=difference.detail,
            sunset="" if gone else difference.sunset,
        )

    def _operations(self, way: Way, pair: Pair) -> tuple[str, ...]:
        """The operations that have *pair*, that of *way* first."""
        others = (use.operation for _, use in self._walk.roots(pair))
        return tuple(dict.fromkeys((way.use.operation, *others)))

    def _judged(self, difference: Difference, held: Held) -> tuple[Verdict, Ground, Witness | None]:
        if self._side in difference.ruled:
            ruled = difference.ruled[self._side]
            if difference.is_for_absent and not self._is_left_out(difference.pair):
                ruled = "non-breaking"
            return ruled, "rule", None
        if held.how == "rule":
            if not self._is_spoken_of_around(difference):
                return "non-breaking", "rule", None
            held = taken(self._nodes, OLD, difference.pair, difference.name)
        if held.holds:
            return "non-breaking", "proof", None
        witness = None
        if held.how == "witness":
            witness = self._wholes.witness(difference, held.value)
            if witness is not None and witness.whole:
                return "breaking", "witness", witness
        if self._wholes.are_taken(difference.pair):
            return "non-breaking", "proof", None
        if witness is not None:
            return "breaking", "witness", witness
        return "breaking", "undecided", None

    def _is_left_out(self, pair: Pair) -> bool:
        """Whether a sender may leave the value of *pair* out."""
        return self._walk.is_left_out(
            pair,
            lambda outer, name: (
                name in self._facing.view(self._wholes.sender, outer[self._wholes.sender]).required
            ),
        )

    def _is_spoken_of_around(self, difference: Difference) -> bool:
        """Whether what the variants belong to says something of the member of which they do not."""
        return any(
            is_spoken_of(self._facing, OLD, outer[OLD], difference.name)
            for outer in self._walk.around(difference.pair)
        )


def _subject(way: Way, difference: Difference) -> str:
    """What the change is about, as people call it."""
    inner = f".{difference.name}" if difference.name and "variant" not in difference.code else ""
    text = f"{way.text}{inner}".removeprefix(".")
    return f"`{text}`" if text else way.use.label
