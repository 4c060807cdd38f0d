"""The step between two versions that the changes ask for (Semantic Versioning 2.0.0)."""

from __future__ import annotations

import re

from leadline_openapi.diff.change import Bump, Verdict, Version

_NUMBER = r"(0|[1-9]\d*)"
_NAME = r"(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)"
_SEMVER = re.compile(
    rf"v?{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-({_NAME}(?:\.{_NAME})*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?",
    re.ASCII,
)
_Parts = tuple[int, int, int]


def bump(verdict: Verdict, *, is_changed: bool) -> Bump:
    """The step for the gravest *verdict*; descriptions that are others are a patch."""
    if verdict == "breaking":
        return "major"
    if verdict == "non-breaking":
        return "minor"
    return "patch" if is_changed else "none"


def version(old: str, new: str, step: Bump) -> Version:
    """
    Whether `info.version` was raised from *old* to *new* by at least *step*.

    Before 1.0.0 "anything may change" (section 4), so there the minor version is raised for what breaks,
    and the patch version for the rest. A pre-release of the version that is due is enough.
    """
    before, after = _SEMVER.fullmatch(old.strip()), _SEMVER.fullmatch(new.strip())
    if before is None or after is None:
        return Version(old, new, step, None, None)
    was, now = _parts(before), _parts(after)
    due = _raised(was, step)
    is_released = before[4] is None
    if step == "none":
        return Version(old, new, step, old, True)
    if not is_released and due == _base(was, step):
        due = was  # a pre-release of that very version
    is_raised = now >= due and _order(after) >= _order(before)
    return Version(old, new, step, ".".join(map(str, due)), is_raised)


def _base(was: _Parts, step: Bump) -> _Parts:
    """*was*, if it is itself a version that *step* leads to."""
    _, minor, patch = was
    fits = {"major": minor == patch == 0, "minor": patch == 0}.get(step, True)
    return _raised(was, step) if fits else (-1, -1, -1)


def _parts(match: re.Match[str]) -> _Parts:
    return int(match[1]), int(match[2]), int(match[3])


def _order(match: re.Match[str]) -> tuple[_Parts, bool, list[tuple[bool, int, str]]]:
    """What precedence compares (section 11): a pre-release comes before its release, numbers before names."""
    names = match[4].split(".") if match[4] else []
    told = [(not name.isdigit(), int(name) if name.isdigit() else 0, name) for name in names]
    return _parts(match), not names, told


def _raised(was: _Parts, step: Bump) -> _Parts:
    major, minor, patch = was
    if major == 0:
        return (0, minor + 1, 0) if step == "major" else (0, minor, patch + (step != "none"))
    match step:
        case "major":
            return major + 1, 0, 0
        case "minor":
            return major, minor + 1, 0
        case "patch":
            return major, minor, patch + 1
    return was
