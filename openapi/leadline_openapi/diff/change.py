"""What a comparison of two contracts gives: changes, each with its verdict, its places and its ground."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from leadline_openapi.errors import Place

Verdict = Literal["breaking", "non-breaking", "none"]
Side = Literal["request", "response", "both"]
SideName = Literal["request", "response"]
Ground = Literal["proof", "witness", "rule", "sunset", "undecided"]
Bump = Literal["major", "minor", "patch", "none"]

ORDER: tuple[Verdict, ...] = ("none", "non-breaking", "breaking")
"""Verdicts, the gravest last."""


@dataclass(frozen=True, slots=True)
class Witness:
    """
    A *value* that one contract admits and the other refuses, found by search and put to both validators.

    *where* says what it is: `POST /leads, the request body`; of a *request* the old contract admits it, of
    a *response* the new one does. *whole* is true where it is all of that, and false where it is only the
    part that changed, because no whole was found around it.
    """

    value: Any
    where: str
    side: SideName
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """
    One change, at the innermost place that has it.

    *verdict* is the gravest of *request* (what a caller sends) and *response* (what a caller reads), which
    are `None` where the place is not of that side; *side* says which of them have it. *pointer* is that
    of the new contract, and of the old one where the new one has no such place; *old* and *new* are the
    places in the files, *operation* the first of the *operations* that have the change, *code* what kind of
    change it is.

    *ground* is why: `proof` (containment of the schemas), `witness`, `rule` (what is no schema), `sunset`
    (it had been announced), or `undecided`: neither a proof nor a witness was found, which counts as
    breaking.
    """

    verdict: Verdict
    side: Side
    code: str
    pointer: str
    message: str
    advice: str
    request: Verdict | None
    response: Verdict | None
    ground: Ground
    old: Place | None = None
    new: Place | None = None
    operation: str = ""
    operations: tuple[str, ...] = ()
    witness: Witness | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """
    `info.version` of both contracts, and the least *step* between them that the changes ask for.

    *proposed* is the old version with that step made, and *enough* whether the new one is at least that;
    both are `None` where a version is no Semantic Version 2.0.0.
    """

    old: str
    new: str
    step: Bump
    proposed: str | None
    enough: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """
    All *changes* between two contracts, the gravest first; *verdict* is the gravest of theirs.

    *old* and *new* name the documents.
    """

    old: str
    new: str
    verdict: Verdict
    semver: Bump
    version: Version
    changes: tuple[Change, ...] = field(default=())

    @property
    def breaking(self) -> tuple[Change, ...]:
        """The changes that break a caller."""
        return tuple(change for change in self.changes if change.verdict == "breaking")
