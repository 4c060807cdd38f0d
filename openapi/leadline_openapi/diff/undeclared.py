"""Compare what two schemas say of members and items that they do not declare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, combinations
from typing import TYPE_CHECKING

from leadline_openapi.diff import regular
from leadline_openapi.diff.difference import Difference, relation
from leadline_openapi.diff.facing import NEW, OLD, referring
from leadline_openapi.diff.grounds import PROVEN, Held
from leadline_openapi.diff.leaving import Leaving
from leadline_openapi.diff.view import Places, View, matches
from leadline_openapi.diff.walk import Pair, Step

if TYPE_CHECKING:
    from leadline_openapi.diff.nodes import Nodes

_NEVER = r"^[^\s\S]"
_FEW = 5
"""So many patterns are looked at in every combination; of more of them, two at a time."""


@dataclass(frozen=True, slots=True)
class _Names:
    """Names of members that match *patterns* and no others, one of which is *example* if that was found."""

    patterns: frozenset[str]
    example: str = ""

    @property
    def step(self) -> Step:
        return Step("member", "*", example=self.example)


def members(nodes: Nodes, pair: Pair, old: View, new: View) -> Iterator[Difference]:
    """Members that match patterns, those that no schema names, and those that only some branches name."""
    for name in dict.fromkeys((*old.noticed, *new.noticed)):
        if name not in old.names and name not in new.names:
            nodes.enter(pair, _always(old, name), _always(new, name), Step("member", name))
    for names in _telling(nodes, old, new):
        before, after = old.matching(names.patterns), new.matching(names.patterns)
        closed = (nodes.is_false(OLD, before), nodes.is_false(NEW, after))
        if names.patterns or (before and after and not any(closed)):
            nodes.enter(pair, before, after, names.step)
        elif (before or after) and not all(closed):
            yield from _closed(nodes, pair, old, new, names.step)
    yield from _left(nodes, pair, old, new, "unevaluatedProperties")


def _always(seen: View, name: str) -> Places:
    """The schemas of the member *name*, but for what depends on branches."""
    left = {f"{at}/unevaluatedProperties" for at in _depending(seen, "unevaluatedProperties")}
    return tuple(at for at in seen.member(name) if at not in left)


def items(nodes: Nodes, pair: Pair, old: View, new: View) -> Iterator[Difference]:
    """Items by their place, and those that only some branches name."""
    for index in (*range(max(old.prefix, new.prefix)), None):
        nodes.enter(pair, old.item(index), new.item(index), Step("item", index=index))
    yield from _left(nodes, pair, old, new, "unevaluatedItems")


def _telling(nodes: Nodes, old: View, new: View) -> Iterator[_Names]:
    """The kinds of members that differ, but for those of which no more is to be told than of others."""
    told: list[tuple[Places, Places]] = []
    for names in _kinds(old, new):
        both = old.matching(names.patterns), new.matching(names.patterns)
        if not any(_adds_the_same(nodes, known, both) for known in told):
            told.append(both)
            yield names


def _adds_the_same(nodes: Nodes, known: tuple[Places, Places], both: tuple[Places, Places]) -> bool:
    """Whether *both* ask what *known* do, and besides something that has not changed."""
    if not all(set(known[which]) <= set(both[which]) for which in (OLD, NEW)):
        return False
    before, after = (
        tuple(at for at in both[which] if at not in known[which]) for which in (OLD, NEW)
    )
    return nodes.are_same(before, after)


def _kinds(old: View, new: View) -> Iterator[_Names]:
    """The kinds of undeclared members that there may be, by the patterns that their names match."""
    every = frozenset((*old.patterns, *new.patterns))
    if not every:
        yield _Names(every)
        return
    declared = {*old.names, *new.names, *old.noticed, *new.noticed}
    if len(every) > _FEW:
        # Whatever a name matches besides is asked of it in addition.
        few = (
            frozenset(some) for count in (0, 1, 2) for some in combinations(sorted(every), count)
        )
        yield from (_Names(patterns) for patterns in few)
        return
    ways = (combinations(sorted(every), count) for count in range(len(every) + 1))
    for patterns in map(frozenset, chain.from_iterable(ways)):
        taken = [name for name in declared if all(matches(one, name) for one in patterns)]
        others = [*sorted(every - patterns), *(f"^{re.escape(name)}$" for name in sorted(taken))]
        wanted = "|".join(others) or _NEVER
        if not regular.includes(wanted, sorted(patterns)):
            yield _Names(patterns, regular.counterexample(wanted, sorted(patterns)) or "")


def _closed(nodes: Nodes, pair: Pair, old: View, new: View, step: Step) -> Iterator[Difference]:
    """Only one of both refuses members that it does not declare."""
    forward = nodes.judge.admits(OLD, old.extra, new.extra)
    backward = nodes.judge.admits(NEW, new.extra, old.extra)
    found = Difference(
        code=f"additional-properties-{relation(forward, backward)}",
        pair=pair,
        old_at=_said_at(old, pair[OLD], ("additionalProperties", "unevaluatedProperties")),
        new_at=_said_at(new, pair[NEW], ("additionalProperties", "unevaluatedProperties")),
        forward=forward,
        backward=backward,
        step=step,
    )
    if found.is_one:
        yield found


def _left(nodes: Nodes, pair: Pair, old: View, new: View, word: str) -> Iterator[Difference]:
    """What is left for *word* by branches that hold or not; only whole values can show that."""
    depending = (_depending(old, word), _depending(new, word))
    if not any(depending):
        return
    forward, backward = (
        _leaves_no_more(nodes, which, pair, depending, word) for which in (OLD, NEW)
    )
    kind = "properties" if word == "unevaluatedProperties" else "items"
    found = Difference(
        code=f"unevaluated-{kind}-{relation(forward, backward)}",
        pair=pair,
        old_at=_said_at(old, pair[OLD], (word,)),
        new_at=_said_at(new, pair[NEW], (word,)),
        forward=forward,
        backward=backward,
    )
    if found.is_one:
        yield found


def _leaves_no_more(
    nodes: Nodes, which: int, pair: Pair, depending: tuple[Places, Places], word: str
) -> Held:
    """Whether what the document *which* takes, and leaves for *word*, the other one takes too."""
    own, others = depending[which], depending[1 - which]
    finds = [partial(nodes.facing.source, one) for one in (which, 1 - which)]
    leaving = Leaving(*finds)
    if len(own) == len(others) and all(
        leaving.leaves_no_more(one, other, word) for one, other in zip(own, others, strict=True)
    ):
        return PROVEN
    return nodes.judge.asks(which, pair[which], referring(others), is_deep=True)


def _depending(seen: View, word: str) -> Places:
    """The parts of *seen* whose *word* is about what their branches leave."""
    return tuple(
        part.at
        for part in seen.parts
        if part.schema.get(word, True) not in (True, {}) and seen.reaches[part.at].depends(word)
    )


def _said_at(seen: View, places: Places, words: tuple[str, ...]) -> str | None:
    for word in words:
        if (found := seen.first(word)) is not None:
            return found[0]
    return seen.parts[0].at if seen.parts else next(iter(places), None)
