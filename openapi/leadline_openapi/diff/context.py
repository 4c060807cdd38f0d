"""What every comparison of operations needs: both documents, and where rows and schemas are put."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from leadline_openapi import pointer as pointers
from leadline_openapi import words
from leadline_openapi.diff.carriers import Carrier
from leadline_openapi.diff.change import SideName, Verdict
from leadline_openapi.diff.deprecation import has_come
from leadline_openapi.diff.facing import NEW, OLD
from leadline_openapi.diff.rows import REQUEST, RESPONSE, Row
from leadline_openapi.diff.said import deprecation
from leadline_openapi.diff.schemas import Root
from leadline_openapi.diff.walk import Use

Object = tuple[str, Mapping[str, Any]]
"""Where an object of a document stands, and the object."""


class Referred(dict[str, Any]):
    """
    An object behind a reference that says some of its words itself, at *beside*.

    "By default this SHOULD override that of the referenced component" (OAS 3.1.1 section 4.8.23).
    """

    WORDS = ("summary", "description")

    def __init__(self, value: Mapping[str, Any], own: Mapping[str, Any], beside: str) -> None:
        said = {word: own[word] for word in self.WORDS if word in own}
        super().__init__({**value, **said})
        self.places = dict.fromkeys(said, beside)


@dataclass(frozen=True, slots=True)
class Context:
    """The *documents*, the old one first, and what was found so far."""

    documents: tuple[Mapping[str, Any], Mapping[str, Any]]
    today: date
    rows: list[Row] = field(default_factory=list)
    roots: list[Root] = field(default_factory=list)

    def follow(self, which: int, at: str) -> Object:
        """The object at *at* of a document, references followed, and where it really stands."""
        found, value = words.follow(self.documents[which], at)
        if found != at:
            own = pointers.find(self.documents[which], at)
            if any(word in own for word in Referred.WORDS):
                return found, Referred(value, own, at)
        return found, value


@dataclass(frozen=True, slots=True)
class Scene:
    """
    One operation in both documents: *label* names it.

    *sent* is the side of its request, and *read* that of its answers: of a callback and of a webhook the
    API sends the request, so that a caller reads it.
    """

    context: Context
    label: str
    sent: SideName = "request"
    read: SideName = "response"

    def row(
        self,
        code: str,
        old_at: str | None,
        new_at: str | None,
        verdicts: dict[str, Verdict],
        subject: str = "",
        before: Any = None,
        after: Any = None,
        sunset: str = "",
    ) -> None:
        """A change that a rule decides; what had been announced to go by now breaks nobody."""
        gone = has_come(sunset, self.context.today)
        if gone:
            verdicts = dict.fromkeys(verdicts, "non-breaking")
        self.context.rows.append(
            Row(
                code=code,
                old_at=old_at,
                new_at=new_at,
                verdicts=verdicts,
                ground="sunset" if gone else "rule",
                subject=subject,
                before=before,
                after=after,
                operations=(self.label,),
                is_named=True,
                detail=subject,
                sunset="" if gone else sunset,
            )
        )

    def schemas(
        self,
        side: SideName,
        old: str | None,
        new: str | None,
        where: str,
        *,
        is_always: bool = False,
        carriers: tuple[Carrier | None, Carrier | None] = (None, None),
    ) -> None:
        """
        The schemas at *old* and *new* are about the same thing, which *where* calls by name.

        It *is always* there if the old contract requires it; *carriers* are what writes it as text.
        """
        if old is None and new is None:
            return
        before, after = carriers
        both = (before, after) if before is not None and after is not None else None
        use = Use(f"{self.label}, {where}", self.label, is_always, both)
        places = tuple((at,) if at is not None else () for at in (old, new))
        self.context.roots.append(Root(side, places[OLD], places[NEW], use))

    def texts(self, old: Object, new: Object, words_of: tuple[str, ...], subject: str = "") -> None:
        """Descriptions, which change nothing."""
        for word in words_of:
            before, after = old[1].get(word), new[1].get(word)
            if before != after:
                places = [_place(one, word) for one in (old, new)]
                none: dict[str, Verdict] = {REQUEST: "none", RESPONSE: "none"}
                self.row(
                    "description-changed", places[OLD], places[NEW], none, subject, before, after
                )

    def ends(self, old: Object, new: Object, sides: tuple[str, ...], subject: str = "") -> None:
        """What is said about the end of an operation, a parameter or a header."""
        found = deprecation(old[1], new[1], self.context.today)
        if found is None:
            return
        code, verdict, word = found
        places = [_place(one, word) for one in (old, new)]
        before, after = old[1].get("x-sunset"), new[1].get("x-sunset")
        told: dict[str, Verdict] = dict.fromkeys(sides, verdict)
        self.row(code, places[OLD], places[NEW], told, subject, before, after)

    def leniency(self, old: Object, new: Object, subject: str) -> None:
        """`x-leniency` is beyond the contract, so that nobody can count on it."""
        word = "x-leniency"
        before, after = old[1].get(word), new[1].get(word)
        if before == after:
            return
        kind = "added" if before is None else "removed" if after is None else "changed"
        places = [_place(one, word) for one in (old, new)]
        told: dict[str, Verdict] = {self.sent: "non-breaking"}
        self.row(f"leniency-{kind}", places[OLD], places[NEW], told, subject, before, after)


def _place(said: Object, word: str) -> str:
    at, value = said
    if isinstance(value, Referred):
        at = value.places.get(word, at)
    return f"{at}/{word}" if word in value else at


def member(at: str, *keys: str) -> str:
    """The pointer of a member of what stands at *at*."""
    return at + pointers.pointer(keys)
