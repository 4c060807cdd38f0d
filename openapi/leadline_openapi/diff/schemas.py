"""Compare all schemas of one side: from what travels down to what changed, and back up to a witness."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from leadline_openapi.diff.around import holding, whole
from leadline_openapi.diff.change import Ground, SideName, Verdict, Witness
from leadline_openapi.diff.difference import Difference
from leadline_openapi.diff.facing import NEW, OLD, Facing, covers, referring
from leadline_openapi.diff.grounds import Held
from leadline_openapi.diff.nodes import Nodes
from leadline_openapi.diff.rows import REQUEST, Row
from leadline_openapi.diff.view import Places
from leadline_openapi.diff.walk import SAME, Pair, Use, Walk, Way

_MOST_WAYS = 12
"""Ways on which a whole document is looked for around a witness."""


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
        # What a caller sends was made for the old contract, what it reads is made by the new one.
        self._sender = OLD if side == REQUEST else NEW
        self._walk = Walk()
        self._nodes = Nodes(facing, self._walk)
        self._contained: dict[Pair, bool] = {}

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
        if (
            verdict == "breaking"
            and difference.sunset
            and difference.sunset <= self._today.isoformat()
        ):
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
            operation=way.use.operation,
            witness=witness,
            detail=difference.detail,
        )

    def _judged(self, difference: Difference, held: Held) -> tuple[Verdict, Ground, Witness | None]:
        if self._side in difference.ruled:
            return difference.ruled[self._side], "rule", None
        if held.holds:
            return "non-breaking", "proof", None
        if held.how == "witness":
            witness = self._witness(difference, held.value)
            if witness.whole or not self._is_contained(difference.pair):
                return "breaking", "witness", witness
            return "non-breaking", "proof", None
        if self._is_contained(difference.pair):
            return "non-breaking", "proof", None
        return "breaking", "undecided", None

    def _witness(self, difference: Difference, value: Any) -> Witness:
        """The witness as somebody could send it, if that is found."""
        starts = [value]
        if difference.step != SAME:
            own = difference.pair[self._sender]
            starts = list(holding(self._facing, self._sender, own, difference.step, value))
        is_about_format = difference.code.startswith("format-")
        for way in islice(self._walk.ways(difference.pair), _MOST_WAYS):
            root = way.pairs[0][1 - self._sender]
            for start in starts:
                found = whole(
                    self._facing,
                    self._sender,
                    way,
                    start,
                    lambda made, root=root: is_about_format or not self._is_taken(root, made),  # type: ignore[misc]
                )
                if found is not None:
                    return Witness(found[0], way.use.label, self._side, whole=True)
        first = self._walk.way(difference.pair)
        where = f"`{first.text}` in {first.use.label}" if first.text else first.use.label
        return Witness(starts[0] if starts else value, where, self._side, whole=False)

    def _is_taken(self, root: Places, value: Any) -> bool:
        return self._facing.is_valid(1 - self._sender, root, value)

    def _is_contained(self, pair: Pair) -> bool:
        """Whether every whole that has *pair* in it is proven to be taken, whatever *pair* itself says."""
        roots = [root for root, _ in self._walk.roots(pair)]
        return bool(roots) and all(self._is_whole_contained(root) for root in roots)

    def _is_whole_contained(self, root: Pair) -> bool:
        if root not in self._contained:
            made = self._facing.canonical(self._sender, referring(root[self._sender]) or [{}])
            wanted = self._facing.canonical(
                1 - self._sender, referring(root[1 - self._sender]) or [{}]
            )
            self._contained[root] = covers(wanted, made)
        return self._contained[root]


def _subject(way: Way, difference: Difference) -> str:
    """What the change is about, as people call it."""
    inner = f".{difference.name}" if difference.name and "variant" not in difference.code else ""
    text = f"{way.text}{inner}".removeprefix(".")
    return f"`{text}`" if text else way.use.label
