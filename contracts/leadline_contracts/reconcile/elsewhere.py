"""What concerns no single answer: the order of checks, and requests that no operation takes."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from leadline_contracts.case import Case, Due
from leadline_contracts.compare.difference import Difference
from leadline_contracts.compare.outcome import Outcome
from leadline_contracts.overlays import Action
from leadline_contracts.reconcile.proposal import CONTRACT, Draft, Matter
from leadline_contracts.reconcile.routing import CHECKS, UNROUTED
from leadline_contracts.reconcile.setting import Setting
from leadline_contracts.reconcile.shapes import Shape

_STAGES = {
    "credentials": "credentials",
    "media type": "media-type",
    "malformed body": "malformed",
    "body": "body",
    "query": "parameters",
    "path": "parameters",
    "header": "parameters",
}
"""By the name under which an order is told, the check that it is about."""
_ORDER = re.compile(r"(?P<one>[a-z ]+) and (?P<other>[a-z ]+): .* / (?P<first>[a-z ]+) first")
_NOT_FOUND = 404


class Checks:
    """Takes in which order checks are made; proposes `x-check-order`."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._before: defaultdict[Matter, set[tuple[str, str]]] = defaultdict(set)

    def take(self, at: Matter, one: Difference) -> None:
        """Note the difference *one*."""
        found = _ORDER.fullmatch(one.kind)
        if found is None:
            return
        first = found["first"]
        second = found["other"] if first == found["one"] else found["one"]
        if first in _STAGES and second in _STAGES:
            self._before[at].add((_STAGES[first], _STAGES[second]))

    def drafts(self, matters: Iterable[Matter]) -> Iterator[Draft]:
        """One for each operation."""
        for at in sorted(set(matters)):
            operation = self._setting.operation(at[1])
            made = _ordered(operation.check_order, self._before[at])
            if made == operation.check_order or not self._setting.reaches(operation.pointer):
                continue
            word = f"{operation.pointer}/x-check-order"
            old = self._setting.find(word)
            said = {"x-check-order": list(made)}
            yield Draft(
                wrong=CONTRACT,
                pointer=operation.pointer,
                what=f"checks are made in the order {', '.join(made)}",
                why="Of two faults in one request, B speaks of the one that it looks at first.",
                expected=", ".join(operation.check_order),
                actual=", ".join(made),
                matters=(at,),
                actions=(
                    *((self._setting.remove(word, "Said anew below."),) if old else ()),
                    self._setting.update(operation.pointer, "What is looked at first.", said),
                ),
            )


def _ordered(usual: Sequence[str], before: set[tuple[str, str]]) -> tuple[str, ...]:
    """*usual*, but that of each two in *before* the first one comes first, where that can be."""
    made = list(usual)
    for _ in made:
        for first, second in sorted(before, key=lambda two: usual.index(two[0])):
            if made.index(first) > made.index(second):
                made.remove(first)
                made.insert(made.index(second), first)
    held = all(made.index(first) < made.index(second) for first, second in before)
    return tuple(made) if held else tuple(usual)


class Unrouted:
    """Takes what is answered where the contract has no operation; proposes `x-unrouted`."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._statuses: Counter[int] = Counter()
        self._shapes: defaultdict[str, Shape] = defaultdict(Shape)
        self._texts: dict[str, str] = {}

    def take(self, case: Case, right: Outcome) -> None:
        """Note the answer *right* to a request that no operation takes."""
        if case.due is not Due.NOWHERE or right.failure or right.family != 4:
            return
        self._statuses[right.status] += 1
        exchange = right.exchange
        if right.status != _NOT_FOUND or not exchange.body or case.method == "HEAD":
            return
        if right.is_json and not right.unread:
            self._shapes[exchange.media_type].take(exchange.value, {})
        elif exchange.media_type:
            self._texts.setdefault(
                exchange.media_type, exchange.body[:400].decode("utf-8", "replace")
            )

    def drafts(self, matters: Iterable[Matter]) -> Iterator[Draft]:
        """One, where methods that nobody documented are answered as unknown paths are."""
        found = [at for at in sorted(set(matters)) if at[2] != "status" or at[3].endswith(" / 404")]
        usual = self._statuses.most_common(1)
        if (
            not found
            or not usual
            or usual[0][0] != _NOT_FOUND
            or not self._setting.reaches("/paths")
        ):
            return
        yield Draft(
            wrong=CONTRACT,
            pointer="/paths",
            what="a method that is no operation is answered 404, as an unknown path is",
            why=f"B says so in {usual[0][1]:,} cases.",
            expected="405",
            actual="404",
            matters=tuple(found),
            actions=tuple(self._actions()),
        )

    def _actions(self) -> Iterator[Action]:
        setting = self._setting
        content: dict[str, Any] = {
            media: {"schema": setting.spelt(shape.schema(refusal=True))}
            for media, shape in self._shapes.items()
        }
        for media, text in self._texts.items():
            content.setdefault(media, {"schema": {"type": "string"}, "example": text})
        response = {
            "description": "there is nothing there",
            **({"content": content} if content else {}),
        }
        if setting.find("/paths/x-unrouted"):
            yield setting.remove("/paths/x-unrouted", "Said anew below.")
        told = "A request that no operation takes."
        yield setting.update("/paths", told, {"x-unrouted": {"404": response}})


def routed(at: Matter) -> bool:
    """Whether *at* is for one of these two."""
    return at[0] in {CHECKS, UNROUTED}
