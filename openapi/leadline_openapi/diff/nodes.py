"""Compare two schemas that face each other: keyword by keyword, and go on to what is inside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from leadline_openapi.diff import discriminators, formats, members, said, undeclared, variants
from leadline_openapi.diff.difference import Difference, relation
from leadline_openapi.diff.facing import NEW, OLD, Facing
from leadline_openapi.diff.grounds import PROVEN, Judge
from leadline_openapi.diff.identical import Identity
from leadline_openapi.diff.references import refers
from leadline_openapi.diff.unchanged import Unchanged
from leadline_openapi.diff.view import ASPECTS, Places, View
from leadline_openapi.diff.walk import SAME, Pair, Step, Use, Walk

_STRUCTURAL = frozenset(("one-of", "any-of"))
_INSIDE = frozenset(("not", "if", "contains", "property-names", "dependent-schemas"))


class Nodes:
    """Compares pairs of *facing*, and tells *walk* what they lead to."""

    def __init__(self, facing: Facing, walk: Walk, today: date) -> None:
        self.facing = facing
        self.judge = Judge(facing)
        self.identity = Identity(facing)
        self.walk = walk
        self._today = today
        self._unchanged = Unchanged(facing)

    def compare(self, pair: Pair) -> Iterator[Difference]:
        """What the schemas of *pair* differ in, without what is inside of them."""
        old, new = self.views(pair)
        yield from said.differences(pair, old, new, self._today)
        if old.impossible and new.impossible:
            return
        is_false = old.impossible or new.impossible
        if not is_false and not old.types & new.types:
            yield from self._disjoint(pair, old, new)
            return
        if is_false or _are_of_other_shape(old, new):
            yield from self._whole(pair, old, new)
            return
        yield from formats.differences(self.judge, pair, old, new)
        said_by = old.keywords | new.keywords
        for name in ASPECTS:
            if name not in _STRUCTURAL and not said_by.isdisjoint(ASPECTS[name]):
                yield from self._aspect(name, pair, old, new)
        yield from variants.differences(self, pair, old, new)
        yield from discriminators.differences(self, pair, old, new)
        yield from members.differences(self, pair, old, new)
        if "array" in old.types & new.types:
            yield from undeclared.items(self, pair, old, new)

    def views(self, pair: Pair) -> tuple[View, View]:
        """What both sides of *pair* say."""
        return self.facing.view(OLD, pair[OLD]), self.facing.view(NEW, pair[NEW])

    def is_false(self, which: int, places: Places) -> bool:
        """Whether one of the schemas at *places* of the document *which* is `false`."""
        return bool(places) and self.facing.view(which, places).impossible

    def are_same(self, old: Places, new: Places) -> bool:
        """Whether *old* and *new* say the same to the letter."""
        return self._unchanged.are(*self._faced(old, new))

    def start(self, pair: Pair, use: Use) -> None:
        """Have *pair* compared, which travels at *use*."""
        faced = self._faced(*pair)
        if not self._unchanged.are(*faced):
            self.walk.start(faced, use)

    def enter(self, outer: Pair, old: Places, new: Places, step: Step = SAME) -> None:
        """Have *old* and *new*, which *step* leads to from *outer*, compared too."""
        pair = self._faced(old, new)
        if not self._unchanged.are(*pair):
            self.walk.enter(pair, outer, step)

    def _faced(self, old: Places, new: Places) -> Pair:
        return self._resolved(OLD, old), self._resolved(NEW, new)

    def _resolved(self, which: int, places: Places) -> Places:
        """*places* with mere references followed, so that what is shared is met once."""
        found = []
        for place in places:
            at, source = place, self.facing.source(which, place)
            while (
                isinstance(source, dict)
                and isinstance(source.get("$ref"), str)
                and len(source) == 1
            ):
                at = source["$ref"][1:]
                source = self.facing.source(which, at)
            found.append(at)
        return tuple(dict.fromkeys(found))

    def _disjoint(self, pair: Pair, old: View, new: View) -> Iterator[Difference]:
        """No value is of types of both, so nothing but what says so is worth telling."""
        for name in ("type", "enum"):
            told = list(self._aspect(name, pair, old, new))
            yield from told
            if any(not one.forward.holds and not one.backward.holds for one in told):
                return

    def _aspect(self, name: str, pair: Pair, old: View, new: View) -> Iterator[Difference]:
        before, after = old.aspect(name), new.aspect(name)
        if repr(before) == repr(after) and not any(refers(said) for said in before):
            return
        if name in _INSIDE and self.identity.are(before, after):
            return
        forward = self.judge.asks(OLD, pair[OLD], after)
        backward = self.judge.asks(NEW, pair[NEW], before)
        found = Difference(
            code=_code(name, before, after, relation(forward, backward)),
            pair=pair,
            old_at=_pointer(name, old, pair[OLD]),
            new_at=_pointer(name, new, pair[NEW]),
            forward=forward,
            backward=backward,
            before=_short(before),
            after=_short(after),
        )
        if found.is_one:
            yield found

    def _whole(self, pair: Pair, old: View, new: View) -> Iterator[Difference]:
        """Schemas written so differently that only one as a whole can be held against the other."""
        forward, backward = (
            PROVEN
            if variants.is_among(self, which, pair)
            else self.judge.admits(which, pair[which], pair[1 - which])
            for which in (OLD, NEW)
        )
        change = "forbidden" if new.impossible else "allowed" if old.impossible else ""
        found = Difference(
            code=f"schema-{change or relation(forward, backward)}",
            pair=pair,
            old_at=own_place(old, pair[OLD]),
            new_at=own_place(new, pair[NEW]),
            forward=forward,
            backward=backward,
        )
        if found.is_one:
            yield found


def own_place(seen: View, places: Places) -> str | None:
    """Where a schema stands that says something, or that is pointed to at all."""
    if seen.parts:
        return seen.parts[0].at
    return places[0] if places else None


def _pointer(name: str, seen: View, places: Places) -> str | None:
    for word in ASPECTS[name]:
        if (found := seen.first(word)) is not None:
            return found[0]
    return own_place(seen, places)


def _are_of_other_shape(old: View, new: View) -> bool:
    """Whether one is made of variants, and the other is not, but has something inside."""
    one, other = (
        bool(old.variants("oneOf") or old.variants("anyOf")),
        bool(new.variants("oneOf") or new.variants("anyOf")),
    )
    if one == other:
        return False
    return any(seen.names or seen.item(None) or seen.prefix or seen.extra for seen in (old, new))


def _code(name: str, before: list[Any], after: list[Any], change: str) -> str:
    if name == "enum" and all("const" in said for said in (*before, *after)):
        return f"const-{change}"
    if name == "type" and before and after:
        differing = _types(before) ^ _types(after)
        if differing == {"null"} and change != "changed":
            return "null-allowed" if change == "widened" else "null-refused"
    return f"{name}-{change}"


def _types(said: list[Any]) -> set[str]:
    found: set[str] = set()
    for one in said:
        found |= {one["type"]} if isinstance(one["type"], str) else set(one["type"])
    return found


def _short(said: list[dict[str, Any]]) -> Any:
    """What is said, as the message shows it: the value itself where it is one."""
    if len(said) == 1 and len(said[0]) == 1:
        return next(iter(said[0].values()))
    return said[0] if len(said) == 1 else said or None
