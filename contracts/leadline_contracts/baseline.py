"""The baseline: a file of known findings, each with a reason, an owner and a day on which it expires."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import yaml

from leadline_contracts.case import AT_ONCE, SOMETIMES, Finding
from leadline_contracts.known import Entry, Known, fingerprint, fingerprints, marks
from leadline_contracts.report import Report, Tested
from leadline_openapi import Place, SpecError
from leadline_openapi.reading import display
from leadline_openapi.reading import read as read_file
from leadline_openapi.tree import Located, LocatedList

_REQUIRED = ("rule", "operation", "pointer", "reason", "owner", "expires")
_OPTIONAL = ("about",)


@dataclass(frozen=True, slots=True)
class Baseline:
    """The *entries* of a file."""

    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms new findings become known ones."""

    reason: str
    owner: str
    expires: date


def read(path: Path) -> Baseline:
    """
    Read the YAML or JSON file *path*.

    Raises `SpecError`, which names file, line and pointer, for what is missing, unknown or no date.
    """
    root = read_file(path)
    for key in root:
        if key != "known":
            _fail(root, key, f"a baseline has no `{key}`", _meant(key, ("known",)))
    listed = root.get("known")
    if "known" not in root:
        raise SpecError(Place(display(path), 1), "not a baseline: `known` is missing", _FORM)
    if not isinstance(listed, LocatedList):
        _fail(root, "known", "`known` is not a list", _FORM)
    entries: dict[str, Entry] = {}
    for item, place in zip(listed, listed.places, strict=True):
        entry = _entry(item, place)
        if (first := entries.get(entry.fingerprint)) is not None:
            raise SpecError(place, "this finding is listed twice", f"the first is {first.place}")
        entries[entry.fingerprint] = entry
    return Baseline(tuple(entries.values()))


_FORM = f"write `known:` and below it a list of entries with {', '.join(_REQUIRED)}"


def _entry(item: Any, place: Place) -> Entry:
    if not isinstance(item, Located):
        raise SpecError(place, "a known finding is not an object", _FORM)
    names = (*_REQUIRED, *_OPTIONAL)
    for key in item:
        if key not in names:
            _fail(item, key, f"a known finding has no `{key}`", _meant(key, names))
    for name in _REQUIRED:
        if name not in item:
            raise SpecError(place, f"the known finding lacks `{name}`", _ADVICE.get(name, _COPY))
    texts = {name: _text(item, name) for name in item}
    expires = _date(item, texts.pop("expires"))
    return Entry(**texts, expires=expires, place=place)


_COPY = "copy it from the JSON report, or let --write-baseline write the file"
_ADVICE = {
    "reason": "say why the finding is accepted for now",
    "owner": "name who will see to it",
    "expires": "give the last day on which it is accepted, as YYYY-MM-DD",
}


def _text(item: Located, name: str) -> str:
    value = item[name]
    if not isinstance(value, str):
        _fail(item, name, f"`{name}` is not a text", "put it in quotes")
    if not value.strip() and name not in {"pointer", "about"}:
        _fail(item, name, f"`{name}` is empty", _ADVICE.get(name, _COPY))
    return value


def _date(item: Located, text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:
        _fail(item, "expires", f"`{text}` is not a date", "write a day of the calendar: YYYY-MM-DD")
    return found


def _fail(item: Located, key: str, problem: str, hint: str) -> NoReturn:
    raise SpecError(item.places[key], problem, hint)


def _meant(key: str, names: Iterable[str]) -> str:
    close = difflib.get_close_matches(key, names, n=1)
    return f"did you mean `{close[0]}`?" if close else f"there are: {', '.join(names)}"


def apply(report: Report, baseline: Baseline, today: date, *, complete: bool = True) -> Report:
    """
    *report* with the findings that *baseline* knows on the day *today* set apart.

    A finding whose entry has expired stays one, and says so. An entry that no finding matches is fixed,
    if the run was *complete* and tried its operation.
    """
    entries = {entry.fingerprint: entry for entry in baseline.entries}
    known: list[Known] = []
    expired: list[Known] = []
    left: dict[_Same, Finding] = {}
    for finding in report.findings:
        prints = fingerprints(finding)
        matched = Known(finding, tuple(entries[one] for one in prints if one in entries))
        if not matched.entries:
            left[_same(finding)] = finding
        elif len(matched.entries) < len(prints):
            left[_same(finding)] = _partly_new(finding, entries)
        elif any(entry.has_expired(today) for entry in matched.entries):
            told = left[_same(finding)] = _expired(matched, today)
            expired.append(replace(matched, finding=told))
        else:
            known.append(matched)
    return replace(
        report,
        findings=tuple(left.values()),
        tested=tuple(_left_of(tested, left) for tested in report.tested),
        known=tuple(known),
        expired=tuple(expired),
        fixed=tuple(_fixed(report, baseline)) if complete else (),
    )


_Same = tuple[str, ...]


def _same(finding: Finding) -> _Same:
    """What tells a finding from the others of its report: one place may break in several ways."""
    return (*fingerprints(finding), finding.breach.kind)


def _left_of(tested: Tested, left: Mapping[_Same, Finding]) -> Tested:
    names = map(_same, tested.findings)
    return replace(tested, findings=tuple(left[name] for name in names if name in left))


def _partly_new(finding: Finding, entries: Mapping[str, Entry]) -> Finding:
    pairs = zip(fingerprints(finding), marks(finding), strict=True)
    new = ", ".join(pointer for print_, (pointer, _) in pairs if print_ not in entries)
    return _saying(finding, f"new since the baseline: {new}")


def _expired(known: Known, today: date) -> Finding:
    told = {
        f"known until {entry.expires} ({entry.owner}: {entry.reason})": None
        for entry in known.entries
        if entry.has_expired(today)
    }
    return _saying(known.finding, "; ".join(told))


def _saying(finding: Finding, text: str) -> Finding:
    breach = finding.breach
    return replace(finding, breach=replace(breach, message=f"{breach.message}; {text}"))


def _fixed(report: Report, baseline: Baseline) -> Iterator[Entry]:
    """The entries that this run would have met."""
    if report.stopped:
        return
    met = {one for finding in report.findings for one in fingerprints(finding)}
    tried = {tested.operation for tested in report.tested} - report.not_fuzzed.keys()
    there = {operation.label for operation in report.contract.operations}
    for entry in baseline.entries:
        was_tried = entry.operation in tried or entry.operation not in there
        steady = entry.about not in {SOMETIMES, AT_ONCE}
        if entry.fingerprint not in met and was_tried and steady and not _noted(report, entry):
            yield entry


def _noted(report: Report, entry: Entry) -> bool:
    """Whether it was met again, but is no breach without `--strict`."""
    names = {entry.about, f"status {entry.about} of {entry.operation}"}
    return entry.rule in {"undocumented", "status"} and not names.isdisjoint(report.undocumented)


def updated(report: Report, baseline: Baseline, terms: Terms, today: date) -> Baseline:
    """
    The entries that *report*, to which *baseline* was applied, asks for from *today* on.

    What is known stays as it is, what was fixed goes, every finding gets an entry on *terms*.
    """
    entries = {
        entry.fingerprint: entry
        for entry in baseline.entries
        if entry not in report.fixed and not entry.has_expired(today)
    }
    for finding in report.findings:
        rule, label = finding.breach.rule, finding.operation.label
        for pointer, about in marks(finding):
            entry = Entry(
                rule=rule,
                operation=label,
                pointer=pointer,
                about=about,
                reason=terms.reason,
                owner=terms.owner,
                expires=terms.expires,
                place=Place(""),
            )
            entries.setdefault(fingerprint(rule, label, pointer, about), entry)
    return Baseline(tuple(sorted(entries.values(), key=_order)))


def _order(entry: Entry) -> tuple[str, ...]:
    return (entry.operation, entry.rule, entry.pointer, entry.about)


def written(baseline: Baseline, *, as_json: bool) -> str:
    """*baseline* as the text of a file."""
    known = [
        {
            name: str(getattr(entry, name))
            for name in ("rule", "operation", "pointer", "about", "reason", "owner", "expires")
            if getattr(entry, name)
        }
        for entry in baseline.entries
    ]
    if as_json:
        return json.dumps({"known": known}, indent=2, ensure_ascii=False) + "\n"
    return _HEAD + yaml.safe_dump({"known": known}, sort_keys=False, allow_unicode=True, width=110)


_HEAD = "# Findings that are known and accepted, each up to the day on which it expires.\n"
