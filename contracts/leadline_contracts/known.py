"""Known findings: what a baseline says of one, and how it is told apart from others."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from leadline_contracts.case import Finding
from leadline_openapi import Place


def fingerprint(rule: str, operation: str, pointer: str, about: str = "") -> str:
    """What stays the same of a finding from run to run, as SHA-256 in hexadecimal."""
    return hashlib.sha256(f"{rule}\n{operation}\n{pointer}\n{about}".encode()).hexdigest()


def marks(finding: Finding) -> tuple[tuple[str, str], ...]:
    """The pointer, and what it is about, of each rule that *finding* stands for."""
    breach = finding.breach
    return finding.marks or ((breach.pointer, breach.when or breach.about),)


def fingerprints(finding: Finding) -> tuple[str, ...]:
    """The fingerprint of each rule that *finding* stands for."""
    rule, label = finding.breach.rule, finding.operation.label
    return tuple(fingerprint(rule, label, *mark) for mark in marks(finding))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """
    One entry of a baseline, which stands at *place*.

    The finding that breaks *rule* at *pointer* in *operation* is accepted by *owner* for *reason*, up to
    and including the day *expires*; *about* tells apart what one rule says of several things.
    """

    rule: str
    operation: str
    pointer: str
    about: str = ""
    reason: str
    owner: str
    expires: date
    place: Place

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the finding that is meant."""
        return fingerprint(self.rule, self.operation, self.pointer, self.about)

    def has_expired(self, today: date) -> bool:
        """Whether the entry counts no more on the day *today*."""
        return today > self.expires


@dataclass(frozen=True, slots=True)
class Known:
    """A *finding* with the *entries* that know it: one for each rule that it stands for."""

    finding: Finding
    entries: tuple[Entry, ...]

    @property
    def expires(self) -> date:
        """The last day on which all of it is known."""
        return min(entry.expires for entry in self.entries)
