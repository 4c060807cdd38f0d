"""Which differences have one reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from leadline_contracts.compare.difference import (
    CREDENTIALS,
    ORDER,
    SENT,
    SIZE,
    STATUS,
    TOO_LARGE,
    Difference,
)
from leadline_contracts.compare.documents import DELETED
from leadline_openapi import pointer as pointers
from leadline_openapi.words import ITEMS

_PLACES = 5
"""At so many places that are taken in another way, there is one reason."""
_NEARLY_ALL = 0.9
"""Where a status means another one in so many of its answers, it does so always."""
_MANY = 5
_PROPERTIES = "properties"
_EVERYWHERE = ""
"""Stands for the operation, where a difference has one reason in all of them."""

_OF_ALL = frozenset((CREDENTIALS, DELETED))
"""Causes that have nothing to do with what an operation is for."""

Key = tuple[str, ...]
"""Label of the operation, aspect, kind, cause and pointer of a difference; or the first of them."""


def key_of(label: str, one: Difference) -> Key:
    """What tells *one*, in the operation called *label*, from other differences."""
    return (label, one.aspect, one.kind, one.cause, one.pointer)


class Grouping:
    """
    Groups *differences*, which were seen in so many cases as *counts* says.

    *said* is how often each server gave a status, by label and status.
    """

    def __init__(
        self,
        differences: Mapping[Key, Difference],
        counts: Mapping[Key, int],
        said: tuple[Counter[Key], Counter[Key]],
    ) -> None:
        self._differences, self._counts, self._said = differences, counts, said
        self._total, self._only = self._always(), self._one_sided()
        self._places: defaultdict[Key, set[str]] = defaultdict(set)
        self._clear: dict[Key, Key] = {}
        for key, one in differences.items():
            if not one.vague:
                self._places[key[:4]].add(_member(key[4]))
                self._clear.setdefault(key[:3], key)
        self._sent = {(key[0], key[4]): key for key in differences if key[1] == SENT}
        self._orders = self._common_orders()

    def of(self, key: Key) -> Key:
        """The group of the difference with this *key*; those of one group are told as one."""
        one = self._differences[key]
        if one.aspect == STATUS:
            return self._of_status(key, one)
        if one.aspect == ORDER:
            return (*key[:2], self._orders.get(key, key[2]))
        if one.aspect != SENT and (key[0], key[4]) in self._sent:
            key = self._sent[key[0], key[4]]
        elif one.vague and key[:3] not in self._clear and (known := self._decided(key[0])):
            return self.of(known)
        label = _EVERYWHERE if one.is_refusal else key[0]
        return (label, *key[1:3], _parent(key[4]))

    def _of_status(self, key: Key, one: Difference) -> Key:
        kind = key[:3]
        if one.cause == SIZE:
            return (*key[:2], SIZE, str(one.left == str(TOO_LARGE)))
        for side, word in enumerate((one.left, one.right)):
            if (side, key[0], word) in self._only:
                return (*key[:2], str(side), word)
        if one.is_refusal and kind in self._total:
            return (_EVERYWHERE, *kind[1:])
        if one.cause in _OF_ALL and one.left.isdigit() and one.right.isdigit():
            return (_EVERYWHERE, STATUS, one.cause, *map(_refusal, (one.left, one.right)))
        if kind in self._total:
            return kind
        if one.vague and kind in self._clear:
            return self.of(self._clear[kind])
        alike = len(self._places[key[:4]]) >= _PLACES
        return key[:4] if alike else (*kind, "", _member(one.pointer))

    def _decided(self, label: str) -> Key | None:
        """
        What one server takes and the other one refuses, in the operation called *label*; of several, the
        one that was seen most: where a request has more faults to one of them, it is one that tells more.
        """
        found = [
            key
            for key, one in self._differences.items()
            if key[0] == label and one.aspect == STATUS and _family(one.left) != _family(one.right)
        ]
        return max(found, key=lambda key: self._counts[key], default=None)

    def _common_orders(self) -> dict[Key, str]:
        """By the keys of orders, what one server looks at first in all of them of an operation."""
        found: dict[Key, str] = {}
        keys = [key for key, one in self._differences.items() if one.aspect == ORDER]
        for label in {key[0] for key in keys}:
            own = [key for key in keys if key[0] == label]
            for side in ("left", "right"):
                words: set[str] = {
                    getattr(self._differences[key], side).partition(": ")[2] for key in own
                }
                if len(words) == 1:
                    found |= dict.fromkeys(own, next(iter(words)))
                    break
        return found

    def _one_sided(self) -> set[tuple[int, str, str]]:
        """By side and operation, what one server says to nearly everything, and the other one hardly ever."""
        totals = Counter(label for label, _ in self._said[0].elements())
        return {
            (side, label, word)
            for side, said in enumerate(self._said)
            for (label, word), count in said.items()
            if count >= max(_MANY, _NEARLY_ALL * totals[label])
            and self._said[1 - side][label, word] < (1 - _NEARLY_ALL) * totals[label]
        }

    def _always(self) -> set[Key]:
        """
        The kinds of difference in status that have one reason, whatever was asked.

        Two that say the same (200 and 201), and those of nearly all answers of a status, on either side.
        """
        counts: Counter[Key] = Counter()
        sides: dict[Key, tuple[str, str]] = {}
        for key, one in self._differences.items():
            if one.aspect == STATUS:
                counts[key[:3]] += self._counts[key]
                sides[key[:3]] = one.left, one.right
        return {
            kind
            for kind, count in counts.items()
            if _family(sides[kind][0]) == _family(sides[kind][1])
            or any(
                count >= max(_MANY, _NEARLY_ALL * said[kind[0], word])
                for said, word in zip(self._said, sides[kind], strict=True)
            )
        }


def _family(word: str) -> str:
    """The first digit of a status; for a failure, what it says."""
    return word[0] if word.isdigit() else word


def _refusal(word: str) -> str:
    """A status that says no; of one that says yes, that it does."""
    return "2XX" if _family(word) == "2" else word


def _parent(pointer: str) -> str:
    """What holds the member at *pointer*: siblings that differ in one way have one reason."""
    keys = list(pointers.tokens(pointer))
    while keys and keys[-1] == ITEMS:
        keys.pop()
    return pointers.pointer(keys[:-1]) if keys else pointer


def _member(pointer: str) -> str:
    """The property of which the keyword at *pointer* speaks; any other place is itself."""
    keys = list(pointers.tokens(pointer))
    for at in range(len(keys) - 3, -1, -1):
        if keys[at] == _PROPERTIES:
            return pointers.pointer(keys[: at + 2]) if at == len(keys) - 3 else pointer
    return pointer
