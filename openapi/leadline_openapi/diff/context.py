"""What every comparison of operations needs: both documents, and where rows and schemas are put."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from leadline_openapi import pointer as pointers
from leadline_openapi import words
from leadline_openapi.diff.change import SideName, Verdict
from leadline_openapi.diff.facing import NEW, OLD
from leadline_openapi.diff.rows import REQUEST, RESPONSE, Row
from leadline_openapi.diff.said import deprecation
from leadline_openapi.diff.schemas import Root
from leadline_openapi.diff.walk import Use

Object = tuple[str, Mapping[str, Any]]
"""Where an object of a document stands, and the object."""


@dataclass(frozen=True, slots=True)
class Context:
    """The *documents*, the old one first, and what was found so far."""

    documents: tuple[Mapping[str, Any], Mapping[str, Any]]
    today: date
    rows: list[Row] = field(default_factory=list)
    roots: list[Root] = field(default_factory=list)

    def follow(self, which: int, at: str) -> Object:
        """The object at *at* of a document, references followed, and where it really stands."""
        return words.follow(self.documents[which], at)


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
        gone = bool(sunset) and sunset <= self.context.today.isoformat()
        if gone:
            verdicts = dict.fromkeys(verdicts, "non-breaking")
        self.context.rows.append(
            Row(
                code=code,
                old_at=old_at,
                new_at=new_at,
                verdicts=verdicts,
                ground="sunset" if gone else "rule",
                subject=subject or self.label,
                before=before,
                after=after,
                operation=self.label,
            )
        )

    def schemas(self, side: SideName, old: str | None, new: str | None, where: str) -> None:
        """The schemas at *old* and *new* are about the same thing, which *where* calls by name."""
        if old is None and new is None:
            return
        use = Use(f"{self.label}, {where}", self.label)
        places = tuple((at,) if at is not None else () for at in (old, new))
        self.context.roots.append(Root(side, places[OLD], places[NEW], use))

    def texts(self, old: Object, new: Object, words_of: tuple[str, ...], subject: str = "") -> None:
        """Descriptions, which change nothing."""
        for word in words_of:
            before, after = old[1].get(word), new[1].get(word)
            if before != after:
                places = tuple(f"{at}/{word}" if word in value else at for at, value in (old, new))
                none: dict[str, Verdict] = {REQUEST: "none", RESPONSE: "none"}
                self.row(
                    "description-changed", places[OLD], places[NEW], none, subject, before, after
                )

    def ends(self, old: Object, new: Object, sides: tuple[str, ...], subject: str = "") -> None:
        """What is said about the end of an operation, a parameter or a header."""
        found = deprecation(old[1], new[1])
        if found is None:
            return
        code, verdict, word = found
        places = tuple(f"{at}/{word}" if word in value else at for at, value in (old, new))
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
        places = tuple(f"{at}/{word}" if word in value else at for at, value in (old, new))
        told: dict[str, Verdict] = {self.sent: "non-breaking"}
        self.row(f"leniency-{kind}", places[OLD], places[NEW], told, subject, before, after)


def member(at: str, *keys: str) -> str:
    """The pointer of a member of what stands at *at*."""
    return at + pointers.pointer(keys)
