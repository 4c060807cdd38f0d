"""The wholes in which something has changed: one that is refused now, or a proof that there is none."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, islice
from typing import Any

from leadline_openapi.diff.around import holding, whole
from leadline_openapi.diff.change import SideName, Witness
from leadline_openapi.diff.difference import Difference
from leadline_openapi.diff.facing import NEW, OLD, Facing, covers, referring
from leadline_openapi.diff.grounds import Judge
from leadline_openapi.diff.rows import REQUEST
from leadline_openapi.diff.walk import SAME, Pair, Use, Walk, Way
from leadline_openapi.diff.wire import Wire

_MOST_WAYS = 12
"""Ways on which a whole document is looked for around a witness."""
_MOST_WHOLES = 100
"""Values that are looked for in a text around them, where the first one is no witness there."""


class Wholes:
    """What one document of *facing* makes, and the other judges, on *side*; *walk* leads to its parts."""

    def __init__(self, facing: Facing, side: SideName, walk: Walk, judge: Judge) -> None:
        self._facing = facing
        self._side: SideName = side
        self._walk = walk
        self._judge = judge
        # What a caller sends was made for the old contract, what it reads is made by the new one.
        self.sender = OLD if side == REQUEST else NEW
        self._contained: dict[Pair, bool] = {}
        self._wires: dict[tuple[Pair, Use], Wire] = {}

    def witness(self, difference: Difference, value: Any) -> Witness | None:
        """
        The witness *value* as somebody could send it, if that is found, and else as it is.

        `None` where it can only be sent as text, and no text is found that is refused.
        """
        starts = [value]
        if difference.step != SAME:
            own = difference.pair[self.sender]
            starts = list(holding(self._facing, self.sender, own, difference.step, value))
        every = list(islice(self._walk.ways(difference.pair), _MOST_WAYS))
        # What is refused around the pair would be so for another reason.
        ways = [way for way in every if not self._is_same_text(way)]
        tries = chain(
            (self._around(way, start) for way in ways for start in starts),
            (self._as_text(way) for way in ways if difference.step == SAME),
        )
        for found in tries:
            if found is not None:
                return found
        first = next((way for way in ways if self._wire(way) is None), None)
        if first is None:
            return None
        where = f"`{first.text}` in {first.use.label}" if first.text else first.use.label
        return Witness(starts[0] if starts else value, where, self._side, whole=False)

    def are_taken(self, pair: Pair) -> bool:
        """Whether every whole that has *pair* in it is proven to be taken, whatever *pair* itself says."""
        roots = list(self._walk.roots(pair))
        ways = list(self._walk.ways(pair))

        def is_taken(root: Pair, use: Use) -> bool:
            own = [way for way in ways if (way.pairs[0], way.use) == (root, use)]
            return self._is_contained(root) or (bool(own) and all(map(self._is_same_text, own)))

        return bool(roots) and all(is_taken(root, use) for root, use in roots)

    def _is_same_text(self, way: Way) -> bool:
        wire = self._wire(way)
        return wire is not None and wire.takes(way.pairs[-1], way.steps)

    def _around(self, way: Way, value: Any) -> Witness | None:
        found = whole(self._facing, self.sender, way, value, self._refused(way))
        return None if found is None else Witness(found[0], way.use.label, self._side, whole=True)

    def _refused(self, way: Way) -> Callable[[Any], bool]:
        if (wire := self._wire(way)) is not None:
            return wire.refuses
        asked = way.pairs[0][1 - self.sender]
        return lambda made: not self._facing.is_valid(1 - self.sender, asked, made)

    def _as_text(self, way: Way) -> Witness | None:
        """Another value than the one that was found, for of that one only the JSON type may be refused."""
        made, asked = way.pairs[-1][self.sender], way.pairs[-1][1 - self.sender]
        if self._wire(way) is None or not made or not asked:
            return None
        found: list[Witness | None] = []

        def is_refused(value: Any) -> bool:
            if len(found) < _MOST_WHOLES and not self._facing.is_valid(
                1 - self.sender, asked, value
            ):
                found.append(self._around(way, value))
            return bool(found) and found[-1] is not None

        self._judge.search(self.sender, made, referring(asked), is_refused)
        return found[-1] if found else None

    def _wire(self, way: Way) -> Wire | None:
        return self._wire_of(way.pairs[0], way.use)

    def _wire_of(self, root: Pair, use: Use) -> Wire | None:
        if use.carriers is None or not all(root):
            return None
        key = (root, use)
        if key not in self._wires:
            self._wires[key] = Wire(self._facing, self.sender, root, use.carriers)
        return self._wires[key]

    def _is_contained(self, root: Pair) -> bool:
        if root not in self._contained:
            made, wanted = (
                self._facing.canonical(which, referring(root[which]) or [{}])
                for which in (self.sender, 1 - self.sender)
            )
            self._contained[root] = covers(wanted, made)
        return self._contained[root]
