"""One release in the form of Keep a Changelog 1.1.0."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from leadline_openapi import markdown as md
from leadline_openapi.contract import Contract
from leadline_openapi.diff.change import Change
from leadline_openapi.diff.history import Step
from leadline_openapi.diff.logfile import UNRELEASED, Entry
from leadline_openapi.diff.reports import sentence

_KINDS = ("Added", "Changed", "Deprecated", "Removed")
_DEPRECATED = ("deprecated", "sunset-added", "sunset-earlier", "sunset-later", "sunset-removed")
_THINGS = (
    *("operation", "parameter", "body", "media-type", "status", "header", "server", "member"),
    *("variant", "discriminator", "discriminator-value", "invariants"),
)
"""What is added and removed as a whole; all else is a change of something that stays."""

_MARKS = {
    "request": "**Breaking for what callers send:** ",
    "response": "**Breaking for what callers read:** ",
    "both": "**Breaking for what callers send and read:** ",
}


def entry(step: Step) -> Entry:
    """The section of *step*: its heading, and what Leadline says of it."""
    release = step.release
    if not release.name:
        return replace(UNRELEASED, lines=tuple(_lines(step)))
    version = release.contract.version if release.contract is not None else ""
    # Tags of a repository need not be those of its contract.
    label = version if version and release.name.endswith(version) else release.name
    told = () if label == version or not version else (md.prose(f"`info.version` is {version}."),)
    heading = f"## [{md.prose(label)}] - {release.day.isoformat()}"
    return Entry(release.name, label, heading, _joined([list(told), [*_lines(step)]]))


def _lines(step: Step) -> Iterator[str]:
    """Paragraphs and lists, with empty lines between them."""
    contract = step.release.contract
    if contract is None:
        yield f"The contract of this release cannot be read: {md.prose(step.release.problem)}"
    elif step.diff is None:
        yield from _joined([["### Added"], [*_whole(contract)]])
    else:
        groups = (
            [[md.prose(f"{sentence(step.diff)}.")]] if step.diff.version.enough is False else []
        )
        changes = step.diff.changes
        for kind in _KINDS:
            listed = [f"- {_told(one)}" for one in changes if _is_told(one) and _kind(one) == kind]
            if kind == "Changed":
                listed += _descriptions(changes)
            groups += [[f"### {kind}"], listed] if listed else []
        yield from _joined(groups or [["Nothing has changed for callers."]])


def _joined(groups: list[list[str]]) -> tuple[str, ...]:
    lines: list[str] = []
    for group in groups:
        if group:
            lines += ["", *group] if lines else group
    return tuple(lines)


def _whole(contract: Contract) -> Iterator[str]:
    for operation in contract.operations:
        summary = f": {md.prose(operation.summary)}" if operation.summary else ""
        yield f"- {md.code(operation.label)}{summary}"
    if not contract.operations:
        yield "- the contract, without operations"


def _is_told(change: Change) -> bool:
    return change.code != "description-changed"


def _kind(change: Change) -> str:
    if change.code in _DEPRECATED:
        return "Deprecated"
    thing, _, how = change.code.rpartition("-")
    if thing in _THINGS and how in {"added", "removed"}:
        return how.capitalize()
    return "Changed"


def _told(change: Change) -> str:
    mark = _MARKS[change.side] if change.verdict == "breaking" else ""
    where = f" ({md.code(change.pointer)})" if change.pointer else ""
    return f"{mark}{md.prose(change.message)}{where}"


def _descriptions(changes: tuple[Change, ...]) -> list[str]:
    count = sum(not _is_told(change) for change in changes)
    return [f"- descriptions, in {count} place{'s' * (count != 1)}"] if count else []
