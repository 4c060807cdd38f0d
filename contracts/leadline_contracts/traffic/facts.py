"""What there is to tell of a recording beside its findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Caller:
    """How many *requests* a caller sent, and how many of them were *wrong*."""

    requests: int
    wrong: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """
    What *files* hold: how many *entries*, and below which *bases* operations were met, how often each.

    *skipped* counts entries that are no request to an API, *elsewhere* those below none of the bases;
    *undocumented* counts those that are no operation, by method and path, and query parameters that no
    operation names. *unchecked* counts what could not be checked of an entry that was; *denied* the
    requests whose credential was not taken; *callers* tells who sent what.
    """

    files: tuple[str, ...]
    creators: tuple[str, ...]
    entries: int
    bases: Mapping[str, int]
    skipped: Mapping[str, int] = field(default_factory=dict)
    elsewhere: int = 0
    undocumented: Mapping[str, int] = field(default_factory=dict)
    unchecked: Mapping[str, int] = field(default_factory=dict)
    denied: Mapping[str, int] = field(default_factory=dict)
    callers: Mapping[str, Caller] = field(default_factory=dict)
