"""Compare what two schemas say of the members of an object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from leadline_openapi.diff import undeclared
from leadline_openapi.diff.around import holding
from leadline_openapi.diff.deprecation import sunset_of
from leadline_openapi.diff.difference import Difference, worst
from leadline_openapi.diff.facing import NEW, OLD, referring
from leadline_openapi.diff.grounds import PROVEN, RULED, Held
from leadline_openapi.diff.mentions import is_declared, is_spoken_of
from leadline_openapi.diff.view import Places, View
from leadline_openapi.diff.walk import Pair, Step

if TYPE_CHECKING:
    from leadline_openapi.diff.nodes import Nodes


def differences(nodes: Nodes, pair: Pair, old: View, new: View) -> Iterator[Difference]:
    """Members that are added, removed, renamed, required or not, and those that nobody has declared."""
    if "object" not in old.types & new.types:
        return
    comparison = _Members(nodes, pair, old, new)
    yield from comparison.declared()
    yield from undeclared.members(nodes, pair, old, new)


class _Members:
    def __init__(self, nodes: Nodes, pair: Pair, old: View, new: View) -> None:
        self._nodes = nodes
        self._pair = pair
        self._old = old
        self._new = new

    def declared(self) -> Iterator[Difference]:
        old, new = self._old, self._new
        names = dict.fromkeys((*old.names, *new.names, *sorted(old.required ^ new.required)))
        added, removed = [], []
        for name in names:
            in_old, in_new = name in old.names, name in new.names
            if in_new and not in_old:
                added.append(self._added(name))
            elif in_old and not in_new:
                removed.append(self._removed(name))
                if name in self._new.required:
                    yield from self._required(name)
            else:
                yield from self._both(name)
        if len(added) == len(removed) == 1 and self._is_renamed(removed[0], added[0]):
            yield _renamed(removed[0], added[0])
            return
        yield from (*added, *removed)

    def _both(self, name: str) -> Iterator[Difference]:
        old, new = self._old.member(name), self._new.member(name)
        yield from self._required(name)
        if name in self._old.names:
            self._nodes.enter(self._pair, old, new, Step("member", name))

    def _required(self, name: str) -> Iterator[Difference]:
        was, now = name in self._old.required, name in self._new.required
        if was == now:
            return
        forward, backward = self._asks_for(OLD, name), self._asks_for(NEW, name)
        code, word = self._marked(name) or ("member-required" if now else "member-optional", "")
        found = Difference(
            code=code,
            pair=self._pair,
            old_at=self._word_at(OLD, name, word),
            new_at=self._word_at(NEW, name, word),
            forward=forward,
            backward=backward,
            name=name,
            detail=name if name not in (*self._old.names, *self._new.names) else "",
        )
        if found.is_one:
            yield found

    def _asks_for(self, which: int, name: str) -> Held:
        """Whether objects of one document always have the member that the other one may ask for."""
        other = (self._new if which == OLD else self._old).required
        if name not in other:
            return PROVEN
        return self._nodes.judge.asks(
            which, self._pair[which], [{"type": ["object"], "required": [name]}]
        )

    def _marked(self, name: str) -> tuple[str, str] | None:
        """Where `readOnly` or `writeOnly` decides whether a member is asked for, the code of that."""
        for word, code in (("readOnly", "read-only"), ("writeOnly", "write-only")):
            said = (self._member_view(which, name).first(word) for which in (OLD, NEW))
            was, now = (found is not None and found[1] is True for found in said)
            if was != now:
                return f"{code}-{'added' if now else 'removed'}", word
        return None

    def _member_view(self, which: int, name: str) -> View:
        seen = self._old if which == OLD else self._new
        return self._nodes.facing.view(which, seen.member(name))

    def _word_at(self, which: int, name: str, word: str) -> str | None:
        """Where the keyword *word* of the member stands, or the member itself."""
        seen = self._old if which == OLD else self._new
        found = self._member_view(which, name).first(word) if word else None
        return found[0] if found else _member_at(seen, name, self._pair[which])

    def _added(self, name: str) -> Difference:
        """A member that only the new document declares: callers who keep to the old one do not send it."""
        known = is_spoken_of(self._nodes.facing, OLD, self._pair[OLD], name)
        forward = taken(self._nodes, OLD, self._pair, name) if known else RULED
        return self._presence("member-added", name, worst(forward, self._asks_for(OLD, name)))

    def _removed(self, name: str) -> Difference:
        """A member that only the old document declares; that it is asked for all the same is told apart."""
        facing, (_, new) = self._nodes.facing, self._pair
        forward = taken(self._nodes, OLD, self._pair, name)
        is_gone = not is_declared(facing, NEW, new, name)
        sunset = sunset_of(facing.view(OLD, self._old.member(name))) if is_gone else ""
        return self._presence("member-removed", name, forward, sunset)

    def _presence(self, code: str, name: str, forward: Held, sunset: str = "") -> Difference:
        """The difference, told by the value of the member, or by an object without it."""
        backward = taken(self._nodes, NEW, self._pair, name)
        return Difference(
            code=code,
            pair=self._pair,
            old_at=_member_at(self._old, name, self._pair[OLD]),
            new_at=_member_at(self._new, name, self._pair[NEW]),
            forward=forward,
            backward=worst(backward, self._asks_for(NEW, name)),
            name=name,
            sunset=sunset,
        )

    def _is_renamed(self, removed: Difference, added: Difference) -> bool:
        if (
            removed.sunset
        ):  # it had been announced to go, and the other one has nothing to do with that
            return False
        before, after = self._old.member(removed.name), self._new.member(added.name)
        is_required = (removed.name in self._old.required) == (added.name in self._new.required)
        return is_required and self._nodes.identity.are(referring(before), referring(after))


def taken(nodes: Nodes, which: int, pair: Pair, name: str) -> Held:
    """Whether what objects of the document *which* have as the member *name*, the other one takes there."""
    own, other = (nodes.facing.view(one, pair[one]).member(name) for one in (which, 1 - which))
    held = nodes.judge.admits(which, own, other)
    if held.holds:
        return held
    if held.how == "witness":
        step = Step("member", name)
        for found in holding(nodes.facing, which, pair[which], step, held.value):
            return Held("witness", found)
    # No object may have such a member at all: more than its schemas alone can tell.
    said = {"properties": {name: {"allOf": referring(other)}}}
    return nodes.judge.asks(which, pair[which], [said])


def _renamed(removed: Difference, added: Difference) -> Difference:
    return Difference(
        code="member-renamed",
        pair=removed.pair,
        old_at=removed.old_at,
        new_at=added.new_at,
        forward=worst(removed.forward, added.forward),
        backward=worst(removed.backward, added.backward),
        before=removed.name,
        after=added.name,
        name=added.name,
    )


def _member_at(seen: View, name: str, places: Places) -> str | None:
    if name in seen.names:
        return seen.member(name)[0]
    found = seen.first("required") if name in seen.required else None
    if found is not None:
        return found[0]
    return seen.parts[0].at if seen.parts else next(iter(places), None)
