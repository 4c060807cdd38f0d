"""The history of a contract as a changelog: what each release says, and that people's own words stay."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.openapi.diff.specs import contract_of, loaded

from leadline_openapi import SpecError
from leadline_openapi.diff.changelog import entry
from leadline_openapi.diff.history import Release, Step, steps
from leadline_openapi.diff.logfile import Entry, updated

TEXT = {"type": "string"}
LEAVING = {**TEXT, "deprecated": True, "x-sunset": "2026-03-10"}


def _release(folder: Path, day: str, version: str, members: Mapping[str, Any]) -> Release:
    schema = {"type": "object", "properties": dict(members), "additionalProperties": False}
    document = contract_of({"X": schema}, "request")
    document["info"]["version"] = version
    contract = loaded(folder, version, document)
    return Release(name=f"v{version}", day=date.fromisoformat(day), contract=contract)


def _told(step: Step) -> list[str]:
    return [line for line in entry(step).lines if line]


def test_the_first_release_adds_its_operations(tmp_path: Path) -> None:
    """There is nothing to compare it with."""
    (step,) = steps([_release(tmp_path, "2026-01-02", "1.0.0", {})])

    assert entry(step).heading == "## [1.0.0] - 2026-01-02"
    assert _told(step) == ["### Added", "- `POST /x`"]


def test_changes_stand_under_their_kinds_with_who_is_broken(tmp_path: Path) -> None:
    """Added, changed, deprecated with the day, removed; what breaks is marked, and for whom."""
    before = {"kept": TEXT, "old": TEXT, "gone": TEXT}
    after = {"kept": {**TEXT, "maxLength": 5}, "old": LEAVING, "new": {"type": "boolean"}}
    releases = [
        _release(tmp_path, "2026-01-02", "1.0.0", before),
        _release(tmp_path, "2026-02-02", "2.0.0", after),
    ]
    *_, step = steps(releases)

    kinds = [line for line in _told(step) if line.startswith("### ")]
    assert kinds == ["### Added", "### Changed", "### Deprecated", "### Removed"]
    told = "\n".join(entry(step).lines)
    assert "### Added\n\n- `new` is new" in told
    assert "- **Breaking for what callers send:** `maxLength` of `kept` admits less" in told
    assert '- `old` is deprecated now, and may go from `"2026-03-10"` on' in told
    assert "### Removed\n\n- **Breaking for what callers send:** `gone` is not described" in told


@pytest.mark.parametrize(
    ("day", "breaks"), [("2026-03-09", True), ("2026-03-10", False), ("2026-03-11", False)]
)
def test_the_day_of_the_tag_decides_whether_a_sunset_has_come(
    day: str, breaks: bool, tmp_path: Path
) -> None:
    """And not the day on which the log is written, or history would change by itself."""
    releases = [
        _release(tmp_path, "2026-01-02", "1.0.0", {"old": LEAVING}),
        _release(tmp_path, day, "1.1.0", {}),
    ]
    *_, step = steps(releases)

    assert any("**Breaking" in line for line in _told(step)) is breaks
    assert step.is_short is breaks


def test_a_release_that_changes_nothing_has_no_entry(tmp_path: Path) -> None:
    """A tag of the repository need not be one of the contract; another version alone is told."""
    first = _release(tmp_path, "2026-01-02", "1.0.0", {})
    again = Release(name="v1.0.1", day=date(2026, 1, 3), contract=first.contract)
    raised = _release(tmp_path, "2026-01-04", "1.0.2", {})

    found = list(steps([first, again, raised]))

    assert [step.release.name for step in found] == ["v1.0.0", "v1.0.2"]
    assert _told(found[1]) == ["Nothing has changed for callers."]


def test_what_cannot_be_read_is_told_and_bridged(tmp_path: Path) -> None:
    """The next release is compared with the last one that can be read."""
    releases = [
        _release(tmp_path, "2026-01-02", "1.0.0", {"a": TEXT}),
        Release(name="v1.1.0", day=date(2026, 1, 3), contract=None, problem="x.yaml:3: no"),
        _release(tmp_path, "2026-01-04", "1.2.0", {"a": TEXT, "b": TEXT}),
    ]
    _, unreadable, last = steps(releases)

    assert entry(unreadable).heading == "## [v1.1.0] - 2026-01-03"
    assert _told(unreadable) == ["The contract of this release cannot be read: x.yaml:3: no"]
    assert last.diff is not None
    assert (last.diff.version.old, len(last.diff.changes)) == ("1.0.0", 1)


@pytest.mark.parametrize(
    ("name", "version", "short"),
    [
        ("v1.1.0", "1.1.0", False),
        ("v1.0.1", "1.0.1", True),
        ("", "1.0.1", True),
        ("", "1.0.0", False),
    ],
)
def test_a_version_has_to_be_raised_by_what_changed(
    name: str, version: str, short: bool, tmp_path: Path
) -> None:
    """What is not released may still have the old version, but no wrong new one."""
    first = _release(tmp_path / "..", "2026-01-02", "1.0.0", {})
    (tmp_path / "new").mkdir()
    second = _release(tmp_path / "new", "2026-01-03", version, {"b": TEXT})
    *_, step = steps([first, Release(name=name, day=second.day, contract=second.contract)])

    assert step.is_short is short
    assert ("which it is not" in "\n".join(entry(step).lines)) is (version != "1.1.0")


def test_a_tag_that_is_not_the_version_heads_the_section(tmp_path: Path) -> None:
    """The version of the contract is told below."""
    one = _release(tmp_path, "2026-01-02", "1.0.0", {})
    (step,) = steps([Release(name="2026-01", day=one.day, contract=one.contract)])

    assert entry(step).heading == "## [2026-01] - 2026-01-02"
    assert entry(step).lines[0] == "`info.version` is 1.0.0."


# The file


def _entry(number: int, *lines: str) -> Entry:
    day = date(2026, 1, 1) + timedelta(number)
    return Entry(f"v1.{number}.0", f"1.{number}.0", f"## [1.{number}.0] - {day}", lines or ("- x",))


def _entries(count: int, *, unreleased: bool = False) -> list[Entry]:
    found = [_entry(number) for number in range(count, 0, -1)]
    return [Entry("", "Unreleased", "## [Unreleased]", ("- y",)), *found] if unreleased else found


def _log(text: str, entries: list[Entry]) -> str:
    return updated(text, entries, "Notes", "LOG.md")


def _headings(text: str) -> list[str]:
    return re.findall(r"^## \[(.+?)\]", text, re.MULTILINE)


WORDS = st.lists(
    st.sampled_from(["Our words.", "a\x0cpage", "", "### Fixed", "- a thing", "```"]), max_size=3
)


@given(
    words=st.lists(WORDS, min_size=12, max_size=12),
    before=st.integers(1, 3),
    more=st.integers(0, 2),
)
def test_what_people_write_stays(words: list[list[str]], before: int, more: int) -> None:
    """Lines anywhere outside Leadline's comments are there afterwards, in their order."""
    lines, inside, own = [], False, []
    for index, line in enumerate(_log("", _entries(before, unreleased=True)).splitlines()):
        inside = (inside or line.startswith("<!-- leadline ")) and line != "<!-- /leadline -->"
        lines.append(line)
        if not inside and line:
            put = [f"{word} {index}" for word in words[index % 12]]
            lines += put
            own += put
    text = "\n".join(lines) + "\n"

    for count in (before, before + more):
        after = _log(text, _entries(count, unreleased=True))
        assert [line for line in after.split("\n") if line in own] == own
        assert _log(after, _entries(count, unreleased=True)) == after


def test_the_log_is_the_same_whether_it_grows_or_is_new() -> None:
    """Release by release, it comes to what one that is written at once has."""
    grown = ""
    for count in (1, 2, 3):
        grown = _log(grown, _entries(count))

    assert grown == _log("", _entries(3))
    assert _headings(grown) == ["1.3.0", "1.2.0", "1.1.0"]


def test_older_releases_find_their_place() -> None:
    """Where other tags count now, their sections come between those that are there, and below them."""
    third, second, first = _entries(3)
    text = _log(_log("", [second]), [third, second]) + "\n## [0.1.0]\n"

    after = _log(_log(text, [third, second, first]), [third, second, first])
    between = _log(_log("", [third, first]), [third, second, first])

    assert _headings(after) == ["1.3.0", "1.2.0", "1.1.0", "0.1.0"]
    assert _headings(between) == ["1.3.0", "1.2.0", "1.1.0"]


def test_the_words_below_unreleased_go_with_the_release() -> None:
    """As in every changelog: the section gets the release's heading, and a new one is begun."""
    text = _log("", _entries(1, unreleased=True))
    text = text.replace("## [Unreleased]\n", "## [Unreleased]\n\nPlease migrate.\n")

    after = _log(text, _entries(2, unreleased=True))

    assert _headings(after) == ["Unreleased", "1.2.0", "1.1.0"]
    assert "## [1.2.0] - 2026-01-03\n\nPlease migrate.\n\n<!-- leadline tag v1.2.0 -->" in after


def test_a_heading_that_was_written_for_the_release_stays() -> None:
    """Who prepares the release in the file itself finds it so after the tag."""
    text = _log("", _entries(1, unreleased=True)).replace("[Unreleased]", "[1.2.0] - the big one")

    after = _log(text, _entries(2))

    assert "## [1.2.0] - the big one" in after
    assert _headings(after) == ["1.2.0", "1.1.0"]


def test_a_changelog_kept_by_hand_is_taken_over() -> None:
    """Sections are found by their headings; those that no tag has stay where they are."""
    text = "# Log\n\n## [1.2.0] - 2020\n\nBig.\n\n## v1.1.0\nFirst.\n\n## [0.9.0]\n\n- old\n"

    after = _log(text, _entries(3))

    assert _headings(after) == ["1.3.0", "1.2.0", "0.9.0"]
    assert "<!-- leadline tag v1.2.0 -->\n\n- x\n\n<!-- /leadline -->\n\nBig." in after
    assert (
        "## v1.1.0\n\n<!-- leadline tag v1.1.0 -->\n\n- x\n\n<!-- /leadline -->\n\nFirst." in after
    )
    assert after.startswith("# Log\n\n## [1.3.0]")
    assert after.endswith("## [0.9.0]\n\n- old\n")


def test_what_is_no_longer_unreleased_is_taken_out() -> None:
    """A change that was taken back is not told."""
    after = _log(_log("", _entries(1, unreleased=True)), _entries(1))

    assert "- y" not in after
    assert _headings(after) == ["Unreleased", "1.1.0"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "<!-- /leadline -->",
            "",
            "LOG.md:8: `<!-- /leadline -->`, which ends this part, is missing",
        ),
        ("## [1.2.0] - 2026-01-03\n", "", "LOG.md:7: this part has no heading"),
        ("## [1.1.0] - 2026-01-02\n", "", "LOG.md:15: a section has two parts"),
        ("tag v1.1.0", "tag v1.2.0", "LOG.md:16: there is a second section of the tag `v1.2.0`"),
    ],
)
def test_comments_that_do_not_match_are_an_error_with_its_line(
    old: str, new: str, told: str
) -> None:
    """Rather than to write over what somebody has written."""
    text = _log("", _entries(2))

    with pytest.raises(SpecError) as caught:
        _log(text.replace(old, new, 1), _entries(2))

    assert told in str(caught.value)


def test_a_text_of_the_contract_ends_no_comment(tmp_path: Path) -> None:
    """Whatever a contract holds, the file can be read again."""
    first = _release(tmp_path, "2026-01-02", "1.0.0", {"a": {"enum": ["x"]}})
    text = "<!-- /leadline -->\n<!-- leadline unreleased -->"
    second = _release(tmp_path, "2026-01-03", "1.1.0", {"a": {"enum": ["x", text]}})
    entries = [entry(step) for step in steps([first, second])][::-1]

    log = _log("", entries)

    assert _log(log, entries) == log
    assert log.count("<!-- /leadline -->") == 2


def test_a_text_of_the_contract_is_no_markdown(tmp_path: Path) -> None:
    """Neither a name, nor a summary, nor a version gets a tag, a heading or a mention into the log."""
    first = _release(tmp_path, "2026-01-02", "1.0.0", {"a`\n# b <i>": TEXT})
    document = contract_of({"X": {"type": "object"}}, "request")
    document["info"]["version"] = "2.0.0`\n# <b>"
    document["paths"]["/y"] = {
        "get": {"summary": "<b> of @octocat", "responses": {"200": {"description": ""}}}
    }
    second = Release(name="v2", day=date(2026, 1, 3), contract=loaded(tmp_path, "second", document))
    whole, changed = steps([first, second])
    alone = entry(Step(second, None))

    lines = [
        *(alone.heading, *alone.lines, entry(changed).heading, *entry(changed).lines),
        *entry(whole).lines,
    ]
    outside = "\n".join("".join(line.split("`")[::2]) for line in lines)
    assert not [one for one in ("<b>", "<i>", "@octocat") if one in outside]
    assert all("\n" not in line for line in lines)
    assert "- `GET /y`: &lt;b&gt; of @<!-- -->octocat" in lines
