"""A changelog as a file: what Leadline says stands between two comments, and everything else is people's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from leadline_openapi.errors import Place, SpecError
from leadline_openapi.markdown import prose

_START = re.compile(r"<!-- leadline (?:tag (\S+)|unreleased) -->")
_END = "<!-- /leadline -->"
_HEAD = """\
# Changelog of {title}

What has changed for callers, in the form of [Keep a Changelog](https://keepachangelog.com/en/1.1.0/).
What stands between comments is written by `leadline diff --changelog`.
"""
_LABEL = re.compile(r"## \[?v?([^\]\s]+)")


@dataclass(frozen=True, slots=True)
class Entry:
    """
    What is said of the release that is tagged *tag*, which is empty for what is not released.

    *label* is what the *heading* calls it, *lines* what stands below.
    """

    tag: str
    label: str
    heading: str
    lines: tuple[str, ...]

    @property
    def block(self) -> list[str]:
        """The lines with the comments that hold them."""
        start = f"<!-- leadline tag {self.tag} -->" if self.tag else "<!-- leadline unreleased -->"
        return [start, *(("", *self.lines, "") if self.lines else ()), _END]


UNRELEASED = Entry("", "Unreleased", "## [Unreleased]", ())
"""Nothing is unreleased."""


@dataclass(frozen=True, slots=True)
class _Section:
    """A heading and the *lines* below it; of a block, *start* and *end* are its first and last line."""

    lines: tuple[str, ...]
    tag: str | None = None
    start: int = 0
    end: int = 0

    @property
    def label(self) -> str:
        found = _LABEL.match(self.lines[0])
        return found[1] if found else ""


def updated(text: str, entries: Sequence[Entry], title: str, file: str) -> str:
    """
    The changelog *text*, empty for a new one, with *entries*, the newest first.

    What stands between Leadline's comments is exchanged, and sections that are missing are put in their
    place; every other line stays as it is. A section without comments whose heading has the label of an
    entry becomes that entry's. What people have written below `Unreleased` goes with the release that
    comes next. Raises `SpecError`, which names *file* and line, where comments do not match.
    """
    if not entries or entries[0].tag:
        entries = [UNRELEASED, *entries]
    ending = "\r\n" if "\r\n" in text else "\n"
    text = text.replace("\r\n", "\n")
    # Not `splitlines`, which would take people's form feeds and the like for ends of lines.
    lines = (text if text.strip() else _HEAD.format(title=prose(title))).split("\n")
    starts = [index for index, line in enumerate(lines) if line.startswith("## ")]
    bounds = [*starts, len(lines)]
    sections = [_section(tuple(lines[start:end]), start, file) for start, end in pairwise(bounds)]
    _check(lines[: bounds[0]], sections, bounds, file)
    sections = _merged(_adopted(_handed_over(sections, entries), entries), entries)
    told = [*lines[: bounds[0]], *(line for section in sections for line in section.lines)]
    return ending.join(told).rstrip() + ending


def _section(lines: tuple[str, ...], offset: int, file: str) -> _Section:
    found = [
        (index, match) for index, line in enumerate(lines) if (match := _START.fullmatch(line))
    ]
    if not found:
        return _Section(lines)
    start, match = found[0]
    if len(found) > 1:
        raise SpecError(
            Place(file, offset + found[1][0] + 1),
            "a section has two parts of Leadline's",
            "leave one comment, or the heading between them",
        )
    if _END not in lines[start:]:
        raise SpecError(
            Place(file, offset + start + 1),
            f"`{_END}`, which ends this part, is missing below",
            "write it below what Leadline has written, or take this comment out as well",
        )
    return _Section(lines, match[1] or "", start, lines.index(_END, start))


def _check(
    before: Sequence[str], sections: Sequence[_Section], starts: Sequence[int], file: str
) -> None:
    for index, line in enumerate(before):
        if _START.fullmatch(line):
            raise SpecError(
                Place(file, index + 1), "this part has no heading", "write one: `## [version]`"
            )
    known: set[str] = set()
    for section, offset in zip(sections, starts, strict=False):
        if section.tag is None:
            continue
        if section.tag in known:
            name = f"the tag `{section.tag}`" if section.tag else "what is unreleased"
            raise SpecError(
                Place(file, offset + section.start + 1),
                f"there is a second section of {name}",
                "leave one of them",
            )
        known.add(section.tag)


def _adopted(sections: Sequence[_Section], entries: Sequence[Entry]) -> list[_Section]:
    """*sections* that people have written under the label of an entry, with room for what it says."""
    known = {section.tag for section in sections}
    waiting = {entry.label.removeprefix("v"): entry for entry in entries if entry.tag not in known}
    found: list[_Section] = []
    for section in sections:
        if section.tag is None and (entry := waiting.pop(section.label, None)) is not None:
            block = replace(entry, lines=()).block
            rest = section.lines[1:]
            gap = () if rest and not rest[0] else ("",)
            lines = (section.lines[0], "", *block, *gap, *rest)
            found.append(_Section(lines, entry.tag, 2, 1 + len(block)))
        else:
            found.append(section)
    return found


def _handed_over(sections: list[_Section], entries: Sequence[Entry]) -> list[_Section]:
    """Make the section of what was unreleased that of the release that came next."""
    tags = [entry.tag for entry in entries]
    known = {section.tag for section in sections} & {*tags} - {""}
    newest = min((tags.index(tag) for tag in known if tag is not None), default=len(tags))
    fresh = [entry for entry in entries[:newest] if entry.tag]
    return [
        _released(section, fresh[-1]) if fresh and section.tag == "" else section
        for section in sections
    ]


def _released(section: _Section, entry: Entry) -> _Section:
    """*section* as that of *entry*; a heading that somebody has written for the release stays."""
    heading = entry.heading if section.label == UNRELEASED.label else section.lines[0]
    return replace(section, tag=entry.tag, lines=(heading, *section.lines[1:]))


def _merged(sections: list[_Section], entries: Sequence[Entry]) -> list[_Section]:
    at = 0
    for entry in entries:
        place = next((n for n, section in enumerate(sections) if section.tag == entry.tag), None)
        if place is not None:
            sections[place] = _filled(sections[place], entry)
            at = place + 1
        elif entry.tag or entry.lines:
            lines = (entry.heading, "", *entry.block, "")
            if at and sections[at - 1].lines[-1]:
                sections[at - 1] = replace(sections[at - 1], lines=(*sections[at - 1].lines, ""))
            sections.insert(at, _Section(lines, entry.tag))
            at += 1
    return sections


def _filled(section: _Section, entry: Entry) -> _Section:
    lines = (*section.lines[: section.start], *entry.block, *section.lines[section.end + 1 :])
    return replace(section, lines=lines)
