"""What a recording shows of a change: who is met by it, and by which row of the comparison."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from leadline_openapi import Place
from leadline_openapi.diff import Change

Effect = Literal["refused", "ignored", "disallowed"]
"""
What becomes of an exchange: the request is refused by the new contract, or something in it means nothing
any more; or the answer is not allowed any more.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """The first exchange that is met: the entry *number* at *place*; *request* is its method and target."""

    place: Place
    number: int
    time: str
    request: str
    problem: str
    actual: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """
    What *count* recorded exchanges meet, by *callers*; the first of them is the *example*.

    *change* is the row that explains it, `None` where no one row does; *pointer* leads to the rule of the
    new contract that is broken, or to what is gone from the old one.
    """

    effect: Effect
    change: Change | None
    pointer: str
    count: int
    callers: Mapping[str, int]
    example: Example


@dataclass(frozen=True, slots=True)
class Caller:
    """How many *requests* of a caller were judged, and how many exchanges with it meet the change."""

    requests: int
    affected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """
    What *files* with so many *entries* show of a change; *requests* of them were judged by both contracts.

    *refused*, *ignored* and *disallowed* count exchanges (see `Effect`), each once. *refused_before* and
    *disallowed_before* count those that the old contract did not allow either: the change is not to blame.
    *skipped* are entries that are not judged, and *unchecked* what could not be told of one that is.
    """

    files: tuple[str, ...]
    entries: int
    requests: int = 0
    refused: int = 0
    ignored: int = 0
    disallowed: int = 0
    refused_before: int = 0
    disallowed_before: int = 0
    affected: tuple[Affected, ...] = ()
    callers: Mapping[str, Caller] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=dict)
    unchecked: Mapping[str, int] = field(default_factory=dict)
