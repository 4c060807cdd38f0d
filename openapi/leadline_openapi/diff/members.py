"""Compare what two schemas say of the members of an object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from leadline_openapi.diff.around import holding
from leadline_openapi.diff.deprecation import sunset_of
from leadline_openapi.diff.difference import Difference, relation, worst
from leadline_openapi.diff.facing import NEW, OLD, referring
from leadline_openapi.diff.grounds import PROVEN, UNDECIDED, Held
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
    yield from comparison.undeclared()


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
            else:
                yield from self._both(name)
        if len(added) == len(removed) == 1 and self._is_renamed(removed[0].name, added[0].name):
            yield _renamed(removed[0], added[0])
            return
        yield from (*added, *removed)

    def undeclared(self) -> Iterator[Difference]:
        """Members that match a pattern, and those that no schema names."""
        old, new, pair = self._old, self._new, self._pair
        for pattern in dict.fromkeys((*old.patterns, *new.patterns)):
            step = Step("member", "*")
            before = old.of_pattern(pattern) or old.extra
            self._nodes.enter(pair, before, new.of_pattern(pattern) or new.extra, step)
        if not old.extra and not new.extra:
            return
        forbidden = [
            any(self._nodes.facing.source(which, at) is False for at in seen.extra)
            for which, seen in ((OLD, old), (NEW, new))
        ]
        if old.extra and new.extra and not any(forbidden):
            self._nodes.enter(pair, old.extra, new.extra, Step("member", "*"))
            return
        if all(forbidden):
            return
        forward = self._extra(OLD, old.extra, new.extra)
        backward = self._extra(NEW, new.extra, old.extra)
        found = Difference(
            code=f"additional-properties-{relation(forward, backward)}",
            pair=pair,
            old_at=_extra_at(old, pair[OLD]),
            new_at=_extra_at(new, pair[NEW]),
            forward=forward,
            backward=backward,
            step=Step("member", "*"),
        )
        if found.is_one:
            yield found

    def _extra(self, which: int, own: Places, other: Places) -> Held:
        return self._nodes.judge.admits(which, own, other)

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
        member = self._new.member(name)
        forward = PROVEN
        if self._old.extra:
            forward = self._nodes.judge.admits(OLD, self._old.extra, member)
        backward = (
            self._nodes.judge.admits(NEW, member, self._old.extra) if self._old.extra else PROVEN
        )
        return self._presence("member-added", name, forward, backward)

    def _removed(self, name: str) -> Difference:
        member = self._old.member(name)
        forward = (
            self._nodes.judge.admits(OLD, member, self._new.extra) if self._new.extra else PROVEN
        )
        backward = self._nodes.judge.admits(NEW, self._new.extra, member)
        sunset = sunset_of(self._nodes.facing.view(OLD, member))
        return self._presence("member-removed", name, forward, backward, sunset)

    def _presence(
        self, code: str, name: str, forward: Held, backward: Held, sunset: str = ""
    ) -> Difference:
        """The difference, told by the value of the member, or by an object without it."""
        asked = (self._asks_for(OLD, name), self._asks_for(NEW, name))
        held = [
            self._with(which, name, value) if value.how == "witness" else value
            for which, value in ((OLD, forward), (NEW, backward))
        ]
        return Difference(
            code=code,
            pair=self._pair,
            old_at=_member_at(self._old, name, self._pair[OLD]),
            new_at=_member_at(self._new, name, self._pair[NEW]),
            forward=worst(held[0], asked[0]),
            backward=worst(held[1], asked[1]),
            ruled={},
            name=name,
            sunset=sunset,
        )

    def _with(self, which: int, name: str, member: Held) -> Held:
        """An object that has the witness as its member."""
        is_declared = name in (self._old if which == OLD else self._new).names
        outer = self._pair[which]
        for found in holding(self._nodes.facing, which, outer, Step("member", name), member.value):
            return Held("witness", found)
        return UNDECIDED if is_declared else PROVEN

    def _is_renamed(self, old: str, new: str) -> bool:
        before, after = self._old.member(old), self._new.member(new)
        is_required = (old in self._old.required) == (new in self._new.required)
        return is_required and self._nodes.identity.are(referring(before), referring(after))


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
        sunset=removed.sunset,
    )


def _member_at(seen: View, name: str, places: Places) -> str | None:
    if name in seen.names:
        return seen.member(name)[0]
    found = seen.first("required") if name in seen.required else None
    if found is not None:
        return found[0]
    return seen.parts[0].at if seen.parts else next(iter(places), None)


def _extra_at(seen: View, places: Places) -> str | None:
    for word in ("additionalProperties", "unevaluatedProperties"):
        if (found := seen.first(word)) is not None:
            return found[0]
    return seen.parts[0].at if seen.parts else next(iter(places), None)
